"""The protocol every decoder follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import Detections
from edgeperf_gui.engine.letterbox import Letterbox

Outputs = Sequence[NDArray[np.float32]]
"""The model's outputs in the order of the names that the decoder asked for."""

Decode = Callable[[Outputs, Letterbox], Detections]
"""A pure function from outputs to objects in source pixels, best score first; safe to call from one thread at a time."""
