"""Whether two variants found the same things in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.detection_matches import corners_of, overlaps
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import Detections

LEAST_IOU: Final = 0.5
"""Overlap (intersection over union) from which two boxes of a class are of the same thing."""
MARGIN: Final = 0.01
"""Scores (and leads of a first class) that differ by less than this around the threshold are no difference."""
_SLACK: Final = 1e-6
"""Scores are single precision: 0.4 there is a little more than 0.4 here."""


def lowest_score(threshold: float) -> float:
    """The score from which boxes must be decoded to judge them at this threshold."""
    return max(threshold - MARGIN, 0.01)


def missing(found: Detections, other: Detections, threshold: float) -> NDArray[np.intp]:
    """Rows of `found` that `other` lacks.

    A box counts when it scores at least threshold + 0.01. It has a partner when the other variant has a box of the same class
    with IoU ≥ 0.5 that scores at least threshold − 0.01. So a score of 0.399 here and 0.401 there is no difference at a threshold
    of 0.4, nor is a box that only just shows up. Two overlapping boxes may share a partner.
    """
    rows: NDArray[np.intp] = np.flatnonzero(found["score"] >= threshold + MARGIN - _SLACK)
    partners = other[other["score"] >= threshold - MARGIN - _SLACK]
    lone: NDArray[np.intp] = rows[~_have_partners(found[rows], partners)]
    return lone


def shown(found: Detections, others: Sequence[Detections], threshold: float) -> Detections:
    """The boxes to draw: those from the threshold on, and behind them partners, just below it, of boxes that others show.

    Without those a box would look as if only some had found it where the scores are too close to tell.
    """
    above = found["score"] >= np.float32(threshold)
    below = found[~above & (found["score"] >= threshold - MARGIN - _SLACK)]
    wanted = np.zeros(len(below), bool)
    for other in others:
        wanted |= _have_partners(below, other[other["score"] >= np.float32(threshold)])
    together: Detections = np.concatenate([found[above], below[wanted]])
    return together


def _have_partners(found: Detections, others: Detections) -> NDArray[np.bool_]:
    """`[found]`: whether a box of the same class lies on it."""
    if not len(found) or not len(others):
        return np.zeros(len(found), bool)
    close = overlaps(corners_of(found), corners_of(others)) >= LEAST_IOU
    have: NDArray[np.bool_] = (close & (found["label"][:, None] == others["label"][None])).any(axis=1)
    return have


def first_classes_differ(one: Findings, other: Findings) -> bool:
    """Whether two rankings have another class first, and neither is torn between the two: each prefers its own by ≥ 0.01."""
    if not one.classes or not other.classes:
        return bool(one.classes) != bool(other.classes)
    mine, theirs = one.classes[0][0], other.classes[0][0]
    return mine != theirs and all(
        ranking.classes[0][1] - dict(ranking.classes).get(rival, 0.0) >= MARGIN - _SLACK
        for ranking, rival in ((one, theirs), (other, mine))
    )


def apart(one: Findings, other: Findings, threshold: float | None) -> tuple[list[int], list[int]]:
    """Rows of the boxes of each that the other lacks; without a threshold (a classifier) −1 where the first class is another.

    Symmetric: changing the two round changes the two lists round. Two equal findings are never apart.
    """
    if threshold is None:
        return ([-1], [-1]) if first_classes_differ(one, other) else ([], [])
    return missing(one.boxes, other.boxes, threshold).tolist(), missing(other.boxes, one.boxes, threshold).tolist()
