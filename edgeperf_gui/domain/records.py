"""Frame records: the stamps of one frame's life, as one row of a structured array.

Every `_ns` field is a `time.perf_counter_ns()` stamp, which is system-wide, so stamps of the engine and of the window share one
axis. Zero means "never stamped".
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

STAGES: Final = ("decode", "preprocess", "queue", "inference", "postprocess", "present")
"""Stage names in the order in which they are drawn and listed."""

BATCH_WAIT: Final = "batch wait"
"""One more, where frames are answered together."""
_WITH_BATCHES: Final = (*STAGES[:2], BATCH_WAIT, *STAGES[2:])

FRAME: Final = np.dtype(
    [
        ("frame", np.int64),  # running number of the completed frame in its session, from 0
        ("due_ns", np.int64),  # when a perfect source would have delivered it; 0 when read flat out
        ("decode_start_ns", np.int64),
        ("decode_end_ns", np.int64),
        ("preprocess_start_ns", np.int64),
        ("preprocess_end_ns", np.int64),
        ("submit_ns", np.int64),  # start_async called
        ("complete_ns", np.int64),  # stamped in the completion callback
        ("postprocess_end_ns", np.int64),
        ("shown_ns", np.int64),  # painted by the window; 0 when it was not shown
        ("openvino_latency_ns", np.int64),  # InferRequest.latency, the runtime's own figure
        ("dropped", np.int64),  # frames dropped so far in this session
        ("request", np.int32),  # which infer request served it
        ("detections", np.int32),
    ]
)
"""One completed frame."""

DETECTION: Final = np.dtype(
    [
        ("x1", np.float32),
        ("y1", np.float32),
        ("x2", np.float32),
        ("y2", np.float32),
        ("score", np.float32),
        ("label", np.int32),
    ]
)
"""One found object; corners in pixels of the source frame, score 0…1, label an index into the model's label list."""

Records = NDArray[np.void]
"""A one-dimensional array of dtype `FRAME`."""


def stages_of(batch: int) -> tuple[str, ...]:
    """The stages of a run with such batches, in order."""
    return STAGES if batch == 1 else _WITH_BATCHES


Detections = NDArray[np.void]
"""A one-dimensional array of dtype `DETECTION`, best score first."""
