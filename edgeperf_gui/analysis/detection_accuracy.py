"""Detection figures from matches: average precision (also on resampled images), precision, recall and F1 at a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.detection_matches import IOU_THRESHOLDS, Matches
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import ClassDetection, OperatingPoint, Proportion

RECALLS: Final = np.linspace(0.0, 1.0, 101)
CURVE_THRESHOLDS: Final = np.round(np.arange(0.01, 1.0, 0.01), 2)

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def average_precision(matches: Matches, drawn: Counts | None = None) -> Floats:
    """AP (mean over IoU 0.50…0.95 and classes) `[resamples]`; `drawn` `[resamples, images]` says how often each image counts.

    NaN where no object of any class was drawn.
    """
    if drawn is None:
        drawn = np.ones((1, len(matches.objects)), np.int64)
    labelled = np.flatnonzero(matches.objects.any(axis=0))
    if not labelled.size:
        return np.full(len(drawn), np.nan)
    table = np.stack([class_precision(matches, int(label), drawn).mean(axis=0) for label in labelled])
    present = ~np.isnan(table)
    total = np.where(present, table, 0.0).sum(axis=0)
    count = present.sum(axis=0)
    mean: Floats = np.divide(total, count, out=np.full(len(drawn), np.nan), where=count > 0)
    return mean


def class_precision(matches: Matches, label: int, drawn: Counts) -> Floats:
    """AP of one class per IoU threshold `[10, resamples]`: mean over 101 recalls of the best precision from there on."""
    positives = drawn @ matches.objects[:, label]
    mine = matches.label == label
    weight = drawn[:, matches.image[mine]]
    counted = np.cumsum(weight, axis=1)
    table = np.full((IOU_THRESHOLDS.size, len(drawn)), np.nan)
    hits, ignored = matches.hit[mine], matches.ignored[mine]
    for row, (hit, ignore) in enumerate(zip(hits.T, ignored.T, strict=True)):
        reported = counted if not ignore.any() else np.cumsum(weight * ~ignore, axis=1)
        table[row] = _interpolated(weight[:, hit], reported[:, hit], positives)
    return table


def _interpolated(hit_weight: Counts, reported: Counts, positives: Counts) -> Floats:
    """AP `[resamples]` from the hits alone, best score first: between two hits precision only falls, so no other place matters.

    `hit_weight`: how often each hit counts `[resamples, hits]`; `reported`: detections up to and with it.
    """
    known = positives > 0
    if not hit_weight.shape[1]:
        return np.where(known, 0.0, np.nan)
    true = np.cumsum(hit_weight, axis=1)
    precision = np.divide(true, reported, out=np.zeros(true.shape), where=reported > 0)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    recall = true / np.maximum(positives, 1)[:, None]
    reached = np.searchsorted(RECALLS, recall, side="right")
    steps = np.diff(reached, axis=1, prepend=0)
    return np.where(known, (best * steps).sum(axis=1) / RECALLS.size, np.nan)


def at_threshold(matches: Matches, threshold: float, label: int | None = None) -> tuple[Proportion, Proportion]:
    """Precision and recall at IoU 0.5 of detections that score at least `threshold`, of one class or of all together."""
    chosen = matches.score >= np.float32(threshold)
    if label is not None:
        chosen = chosen & (matches.label == label)
    hits = int(matches.hit[chosen, 0].sum())
    reported = int((~matches.ignored[chosen, 0]).sum())
    objects = int(matches.objects.sum() if label is None else matches.objects[:, label].sum())
    return proportion(hits, reported), proportion(hits, objects)


def f1(precision: Proportion, recall: Proportion) -> float | None:
    """2·hits / (reported + labelled), the harmonic mean of precision and recall; None when both sides are empty."""
    both = precision.n + recall.n
    return 2 * recall.hits / both if both else None


def curve(matches: Matches) -> tuple[OperatingPoint, ...]:
    """Precision and recall over the score threshold, from the lowest; IoU 0.5, all classes together."""
    points = []
    for threshold in CURVE_THRESHOLDS:
        precision, recall = at_threshold(matches, float(threshold))
        points.append(OperatingPoint(float(threshold), precision.value, recall.value))
    return tuple(points)


def class_table(matches: Matches, names: Sequence[str], threshold: float) -> tuple[ClassDetection, ...]:
    """A row for each class that is labelled at all, in the order of class numbers."""
    rows = []
    once = np.ones((1, len(matches.objects)), np.int64)
    for label in np.flatnonzero(matches.objects.any(axis=0)).tolist():
        by_iou = class_precision(matches, label, once)[:, 0]
        precision, recall = at_threshold(matches, threshold, label)
        boxes = int(matches.objects[:, label].sum())
        rows.append(ClassDetection(names[label], boxes, float(by_iou.mean()), float(by_iou[0]), precision, recall))
    return tuple(rows)
