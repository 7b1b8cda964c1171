"""The end that all box decoders share: thresholds, the way back to source pixels, class-wise non-maximum suppression."""

from __future__ import annotations

from typing import Annotated, Any, Final

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.domain.records import DETECTION, Detections
from edgeperf_gui.engine.decoders.decoder import Floats, Share

Indices = NDArray[np.intp]

NOTHING: Final = Findings()
# a score equal to a threshold of exactly 0 would let everything through
LEAST_THRESHOLD: Final = 1e-6


class BoxOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every box decoder lets a card choose."""

    score_threshold: Share = 0.35
    iou_threshold: Share = 0.6
    max_candidates: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1000
    """Best (cell, class) pairs that are decoded and compared: bounds a frame's time."""
    max_detections: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100


def to_source(corners: Floats, letterbox: Letterbox) -> Floats:
    """Corners from input pixels to source pixels, in place, clipped to the frame."""
    points = corners.reshape(-1, 2)
    with np.errstate(invalid="ignore", over="ignore"):
        points -= np.array((letterbox.left, letterbox.top), np.float32)
        points *= np.array((letterbox.x_scale, letterbox.y_scale), np.float32)
    np.maximum(points, 0.0, out=points)
    np.minimum(points, np.array((letterbox.source_width, letterbox.source_height), np.float32), out=points)
    return corners


def suppress(corners: Floats, labels: NDArray[Any], score: Floats, options: BoxOptions) -> NDArray[np.int32]:
    """Indices of the objects that remain after class-wise non-maximum suppression, best first."""
    if not score.size:
        return np.empty(0, np.int32)
    rectangles = corners.copy()
    rectangles[:, 2:] -= rectangles[:, :2]
    # Lists: OpenCV takes them faster than arrays, element by element either way.
    kept = cv2.dnn.NMSBoxesBatched(
        rectangles.tolist(),
        score.tolist(),
        labels.tolist(),
        score_threshold=0.0,
        nms_threshold=options.iou_threshold,
        top_k=options.max_candidates,
    )
    return np.asarray(kept, np.int32).reshape(-1)[: options.max_detections]


def best_pairs(scores: Floats, options: BoxOptions) -> tuple[Indices, Indices, Floats]:
    """Row, label and value of the best entries of `scores` `[rows, labels]` at or above the threshold."""
    flat = scores.reshape(-1)
    hits = np.flatnonzero(flat >= np.float32(max(options.score_threshold, LEAST_THRESHOLD)))
    value = flat[hits].astype(np.float32, copy=False)
    if hits.size > options.max_candidates:
        best = np.argpartition(value, -options.max_candidates)[-options.max_candidates :]
        hits, value = hits[best], value[best]
    row, label = np.divmod(hits, scores.shape[1])
    return row, label, value


def finish(corners: Floats, labels: NDArray[Any], score: Floats, letterbox: Letterbox, options: BoxOptions) -> Findings:
    """From candidates in input pixels (`corners` is used up) to what was found, overlapping ones of a class merged."""
    corners, labels, score = whole(to_source(corners, letterbox), labels, score)
    return found(corners, labels, score, suppress(corners, labels, score, options))


def rank(corners: Floats, labels: NDArray[Any], score: Floats, letterbox: Letterbox, options: BoxOptions) -> Findings:
    """The same for a model that has suppressed already: threshold, way back and order only."""
    enough = score >= np.float32(max(options.score_threshold, LEAST_THRESHOLD))
    corners, labels, score = whole(to_source(corners[enough], letterbox), labels[enough], score[enough])
    return found(corners, labels, score, np.argsort(-score, kind="stable")[: options.max_detections])


def whole(corners: Floats, labels: NDArray[Any], score: Floats) -> tuple[Floats, NDArray[Any], Floats]:
    """Only boxes with an area and a possible score; not-a-number fails every comparison and goes the way of empty boxes."""
    good = (corners[:, 2] > corners[:, 0]) & (corners[:, 3] > corners[:, 1]) & (score <= 1.0)
    if good.all():
        return corners, labels, score
    return corners[good], labels[good], score[good]


def found(corners: Floats, labels: NDArray[Any], score: Floats, keep: NDArray[Any]) -> Findings:
    """The kept ones as findings."""
    if not len(keep):
        return NOTHING
    boxes: Detections = np.empty(len(keep), DETECTION)
    boxes["x1"], boxes["y1"], boxes["x2"], boxes["y2"] = corners[keep].T
    boxes["score"] = score[keep]
    boxes["label"] = labels[keep]
    return Findings(boxes)


def corners_of(centres: Floats) -> Floats:
    """Centre x, centre y, width, height `[n, 4]` to corners, as a new array; damaged numbers stay damaged."""
    corners = np.empty((len(centres), 4), np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        half = centres[:, 2:4] * np.float32(0.5)
        np.subtract(centres[:, :2], half, out=corners[:, :2])
        np.add(centres[:, :2], half, out=corners[:, 2:])
    return corners
