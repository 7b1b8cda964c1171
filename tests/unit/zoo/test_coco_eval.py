"""Our figures are COCO's: the same as pycocotools on the same detections."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from edgeperf_gui.analysis.detection_accuracy import average_precision, class_precision
from edgeperf_gui.analysis.detection_matches import Objects, match_images
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.zoo.coco_eval import CocoFigures, coco_figures, detections_as_coco, truth_as_coco

CLASSES = 4


def by_pycocotools(found, truth) -> list[float]:
    """The twelve figures of the original."""
    coco = pytest.importorskip("pycocotools.coco")
    evaluating = pytest.importorskip("pycocotools.cocoeval")
    with contextlib.redirect_stdout(io.StringIO()):
        labels = coco.COCO()
        labels.dataset = {**truth_as_coco(truth), "info": {}}
        labels.createIndex()
        evaluation = evaluating.COCOeval(labels, labels.loadRes(detections_as_coco(found)), "bbox")
        evaluation.params.catIds = [row["id"] for row in labels.dataset["categories"]]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return list(evaluation.stats)


def scene(random: np.random.Generator, images: int):
    """Labelled images and a middling detector's answers: shifted boxes, wrong classes, inventions, doubles."""
    found, truth = [], []
    for _ in range(images):
        n = int(random.integers(0, 9))
        corner, size = random.uniform(0, 400, (n, 2)), np.exp(random.uniform(2, 5.5, (n, 2)))
        corners = np.hstack([corner, corner + size])
        labels = random.integers(0, CLASSES, n)
        truth.append(Objects(corners, labels, random.random(n) < 0.1, size.prod(axis=1) * random.uniform(0.5, 1, n)))
        source = np.concatenate([random.integers(0, n, 12), np.full(3, -1)]) if n else np.full(4, -1)
        rows = np.zeros(source.size, DETECTION)
        for row, at in zip(rows, source, strict=True):
            box = corners[at] + random.normal(0, 0.06, 4) * np.tile(size[at], 2) if at >= 0 else np.array([5, 5, 60, 70.0])
            low, high = np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])
            label = labels[at] if at >= 0 and random.random() < 0.9 else random.integers(0, CLASSES)
            row["x1"], row["y1"], row["x2"], row["y2"] = *low, *high
            row["score"], row["label"] = random.random(), label
        found.append(rows[np.argsort(-rows["score"], kind="stable")])
    return found, truth


@pytest.mark.parametrize("seed", range(8))
def test_all_twelve_equal_those_of_pycocotools(seed: int) -> None:
    found, truth = scene(np.random.default_rng(seed), 25)
    ours = coco_figures(found, truth)
    theirs = by_pycocotools(found, truth)
    values = [getattr(ours, name) for name in CocoFigures.__slots__]
    assert [-1.0 if value is None else value for value in values] == pytest.approx(theirs, abs=1e-6)
    assert ours.ap is not None and 0.1 < ours.ap < 0.95


@pytest.mark.parametrize("seed", range(8))
def test_the_resampled_figure_starts_from_the_same_number(seed: int) -> None:
    found, truth = scene(np.random.default_rng(100 + seed), 25)
    matches = match_images(found, truth, CLASSES)
    assert average_precision(matches)[0] == pytest.approx(by_pycocotools(found, truth)[0], abs=1e-6)
    once = np.ones((1, 25), np.int64)
    ap50 = np.mean([class_precision(matches, label, once)[0, 0] for label in np.flatnonzero(matches.objects.any(axis=0))])
    assert ap50 == pytest.approx(coco_figures(found, truth).ap50, abs=1e-6)


def test_nothing_labelled_and_nothing_found() -> None:
    nothing = np.zeros(0, DETECTION)
    bare = Objects(np.empty((0, 4)), np.empty(0, np.int64), np.empty(0, bool))
    one = Objects(np.array([[0.0, 0.0, 50.0, 50.0]]), np.array([2]), np.array([False]))
    assert coco_figures([nothing], [bare]) == CocoFigures()
    blind = coco_figures([nothing], [one])
    assert (blind.ap, blind.ar100, blind.ap_small, blind.ap_medium) == (0.0, 0.0, None, 0.0)
    exact = np.array([(0, 0, 50, 50, 0.9, 2), (0, 0, 50, 50, 0.95, 3)], DETECTION)
    assert coco_figures([exact], [one]).ap == pytest.approx(1.0)
    crowd = Objects(one.corners, one.labels, np.array([True]))
    assert coco_figures([exact], [crowd]).ap is None
