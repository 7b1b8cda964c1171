"""What a decoder finds in one frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import DETECTION, Detections

NO_BOXES: Final[Detections] = np.empty(0, DETECTION)
NO_BOXES.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Boxes, ranked classes, a class map, or bare values, whichever the model's task gives."""

    boxes: Detections = field(default_factory=lambda: NO_BOXES)  # an array counts as mutable, and may be no plain default
    classes: tuple[tuple[int, float], ...] = ()
    """Classification: (label, probability), best first."""
    mask: NDArray[np.uint8] | None = None
    """Segmentation: label of every pixel of the picture `[height, width]`, at the model's resolution, letterbox bars cut off."""
    values: tuple[str, ...] = ()
    """Raw: the telling values of each output, one line each."""

    @property
    def count(self) -> int:
        """How many things were found."""
        return len(self.boxes) or len(self.classes)
