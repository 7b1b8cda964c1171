"""Which detections hit which labelled objects, by COCO's rules: best score first, each object once, same class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import Detections

IOU_THRESHOLDS: Final = np.linspace(0.5, 0.95, 10)
MOST_PER_CLASS: Final = 100
"""Best detections of a class in an image that count."""
_ALMOST_ONE: Final = 1 - 1e-10
_CORNERS: Final = ("x1", "y1", "x2", "y2")

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """Labelled objects of one image."""

    corners: Floats
    """`[n, 4]`: x1, y1, x2, y2 in pixels."""
    labels: Numbers
    """`[n]`, class numbers of the model."""
    ignored: Flags
    """`[n]`: neither missed nor wrong when found (crowds, difficult ones)."""
    areas: Floats | None = None
    """`[n]` in pixels², where the labels state an outline's; None takes the boxes'."""

    @property
    def box_areas(self) -> Floats:
        """`[n]`, width × height."""
        area: Floats = (self.corners[:, 2:] - self.corners[:, :2]).prod(axis=1)
        return area


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Every detection of a set of images, best score first."""

    image: Numbers
    """`[n]`"""
    label: Numbers
    score: Floats
    hit: Flags
    """`[n, 10]`: hits an object, per IoU threshold."""
    ignored: Flags
    """`[n, 10]`: lies on an object that is to be ignored, and counts as nothing."""
    iou: Floats
    """`[n]` with the object it hits at IoU 0.5; 0 without."""
    objects: Numbers
    """`[images, classes]`: labelled objects that count."""


def corners_of(detections: Detections) -> Floats:
    """`[n, 4]`, in double precision."""
    return np.stack([detections[name].astype(np.float64) for name in _CORNERS], axis=1)


def overlaps(found: Floats, truth: Floats, crowd: Flags | None = None) -> Floats:
    """IoU `[found, truth]` of corner boxes; over a crowd the share of the found box alone."""
    size = np.minimum(found[:, None, 2:], truth[None, :, 2:]) - np.maximum(found[:, None, :2], truth[None, :, :2])
    shared: Floats = np.clip(size, 0.0, None).prod(axis=2)
    found_area, truth_area = ((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (found, truth))
    union = found_area[:, None] + truth_area[None] - shared
    if crowd is not None:
        union = np.where(crowd[None], found_area[:, None], union)
    iou: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou


def match_images(found: Sequence[Detections], truth: Sequence[Objects], classes: int) -> Matches:
    """Match each image's detections (labels below `classes`) with its objects."""
    counted = np.zeros((len(truth), classes), np.int64)
    parts: list[tuple[Numbers, Detections, Flags, Flags, Floats]] = []
    for image, (detections, objects) in enumerate(zip(found, truth, strict=True)):
        np.add.at(counted[image], objects.labels[~objects.ignored], 1)
        parts += [(np.full(len(part[0]), image), *part) for part in _match_image(detections, objects)]
    if not parts:
        none = np.empty((0, IOU_THRESHOLDS.size), bool)
        return Matches(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), none, none, np.empty(0), counted)
    image_numbers, rows, hit, ignored, iou = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(-rows["score"], kind="stable")
    label_numbers, score = rows["label"].astype(np.int64), rows["score"].astype(np.float64)
    return Matches(image_numbers[order], label_numbers[order], score[order], hit[order], ignored[order], iou[order], counted)


def _match_image(detections: Detections, objects: Objects) -> Iterator[tuple[Detections, Flags, Flags, Floats]]:
    """Class by class: detections, best score first, with their hits, ignored flags and IoU."""
    detections = detections[np.argsort(-detections["score"], kind="stable")]
    labels = detections["label"]
    for label in set(objects.labels.tolist()):
        mine = detections[labels == label][:MOST_PER_CLASS]
        of_class = objects.labels == label
        yield mine, *_match(corners_of(mine), objects.corners[of_class], objects.ignored[of_class])
    # most detections are of classes that are not in the picture: all of those miss, and need no table
    strangers = detections[~np.isin(labels, objects.labels)]
    if len(strangers) > MOST_PER_CLASS:
        kept = [np.flatnonzero(strangers["label"] == label)[:MOST_PER_CLASS] for label in np.unique(strangers["label"])]
        strangers = strangers[np.sort(np.concatenate(kept))]
    none = np.zeros((len(strangers), IOU_THRESHOLDS.size), bool)
    yield strangers, none, none, np.zeros(len(strangers))


def _match(found: Floats, truth: Floats, crowd: Flags) -> tuple[Flags, Flags, Floats]:
    """Hits `[n, 10]`, ignored `[n, 10]` and IoU at 0.5 `[n]` of one class in one image."""
    thresholds = IOU_THRESHOLDS.size
    hit = np.zeros((len(found), thresholds), bool)
    ignored = np.zeros_like(hit)
    best_iou = np.zeros(len(found))
    if not len(truth):
        return hit, ignored, best_iou
    table = overlaps(found, truth, crowd)
    least = np.minimum(IOU_THRESHOLDS, _ALMOST_ONE)[:, None]
    free = np.ones((thresholds, len(truth)), bool)
    rows = np.arange(thresholds)
    for number, iou in enumerate(table):
        if iou.max() < least[0, 0]:
            continue
        enough = free & (iou >= least)
        for kind, marks in ((~crowd, hit), (crowd, ignored)):  # a crowd is only second choice, and is never used up
            open_here = enough & kind & ~hit[number][:, None]
            some = open_here.any(axis=1)
            if not some.any():
                continue
            # among equals the last one, as COCO's evaluation has it
            chosen = len(truth) - 1 - np.where(open_here, iou, -1.0)[:, ::-1].argmax(axis=1)
            marks[number] = some
            if marks is hit:
                free[rows[some], chosen[some]] = False
                best_iou[number] = iou[chosen[0]] if some[0] else 0.0
    return hit, ignored, best_iou
