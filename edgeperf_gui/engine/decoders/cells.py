"""What the heads that keep objectness and class scores apart have in common: a table with a row for every candidate."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.engine.decoders.decoder import Floats, Outputs, take_outputs, wrong_shape
from edgeperf_gui.engine.decoders.suppression import LEAST_THRESHOLD, BoxOptions, Indices, best_pairs

OBJECTNESS: Final = 4
"""Column of the objectness, after the four of the box and before the classes."""


def one_table(outputs: Outputs, least_columns: int) -> NDArray[Any]:
    """The first output as `[rows, columns]`, its leading ones taken off; ModelError when it is no such table."""
    (output,) = take_outputs(outputs, 1)
    if output.ndim < 2 or output.shape[-1] < least_columns or any(size != 1 for size in output.shape[:-2]):
        raise wrong_shape([output], f"[1, rows, {least_columns} or more]")
    return output.reshape(output.shape[-2:])


def centre_scores(table: NDArray[Any], options: BoxOptions) -> tuple[Indices, Indices, Floats]:
    """Row, label and objectness × class score of the best pairs of `[rows, 5 + classes]`, all shares 0…1."""
    # no class score is above one, so a row whose objectness is too low needs no look at its classes
    likely = np.flatnonzero(table[:, OBJECTNESS] >= max(options.score_threshold, LEAST_THRESHOLD))
    with np.errstate(invalid="ignore", over="ignore"):
        scores = table[likely, OBJECTNESS + 1 :].astype(np.float32) * table[likely, OBJECTNESS, None].astype(np.float32)
    rows, labels, score = best_pairs(scores, options)
    return likely[rows], labels, score
