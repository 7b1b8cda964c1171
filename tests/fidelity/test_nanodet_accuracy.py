"""The shipped detector against labels: COCO's average precision on 128 labelled images, executed in f32.

The images come from the set the model was trained on, so the figure is optimistic; it stands guard over the decoder.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.records import DETECTION, Detections
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.runtime import embed_conversion
from edgeperf_gui.zoo.catalogue import load_card

ROOT = Path(__file__).resolve().parents[2]
COCO = ROOT.parent / "shared" / "data" / "coco128"
IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
LOW_THRESHOLD = 0.01

Floats = NDArray[np.float64]
Truth = tuple[NDArray[np.int64], Floats]
"""Labels [n] and corners [n, 4] of one image."""


def detect(card: ModelCard, images: list[Path], precision: str) -> list[Detections]:
    core = ov.Core()
    model = embed_conversion(core.read_model(card.path(card.variants["FP32"].xml)), card.input)
    request = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": precision}).create_infer_request()
    names, decode = DECODERS[card.decoder](card, score_threshold=LOW_THRESHOLD)
    preprocessor = Preprocessor(card.input, request.get_input_tensor().data)
    outputs = [request.get_tensor(name).data for name in names]
    found = []
    for image in images:
        letterbox = preprocessor.fill(cv2.imread(str(image), cv2.IMREAD_COLOR))
        request.infer()
        found.append(decode(outputs, letterbox))
    return found


def read_truth(image: Path) -> Truth:
    """Labels as YOLO writes them: class, centre and size as shares of the image."""
    height, width = cv2.imread(str(image)).shape[:2]
    file = COCO / "labels" / f"{image.stem}.txt"
    rows = np.array([line.split() for line in file.read_text().splitlines()] if file.exists() else [], float).reshape(-1, 5)
    centre, half = rows[:, 1:3], rows[:, 3:5] / 2
    return rows[:, 0].astype(int), np.hstack([centre - half, centre + half]) * (width, height, width, height)


def overlaps(a: Floats, b: Floats) -> Floats:
    """IoU of every box of `a` with every box of `b`."""
    size = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    shared = np.clip(size, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (a, b)]
    return shared / (areas[0][:, None] + areas[1][None] - shared)


def match(iou: Floats, threshold: float) -> NDArray[np.bool_]:
    """Which detections (best first) hit: each takes the best label that is still free, as COCO's evaluation does."""
    hits = np.zeros(len(iou), bool)
    free = np.ones(iou.shape[1], bool)
    for row, candidates in enumerate(iou):
        best = np.where(free, candidates, -1.0).argmax() if free.any() else -1
        if best >= 0 and candidates[best] >= threshold:
            hits[row], free[best] = True, False
    return hits


def average_precision(scores: Floats, hits: NDArray[np.bool_], positives: int) -> float:
    """Mean precision at 101 recalls, precision made monotone from the right."""
    order = np.argsort(-scores, kind="stable")
    true = np.cumsum(hits[order])
    precision = true / np.arange(1, len(true) + 1)
    monotone = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(true / positives, RECALLS, side="left")
    return float(np.append(monotone, 0.0)[np.minimum(at, len(monotone))].mean())


def evaluate(found: list[Detections], truths: list[Truth]) -> Floats:
    """AP per IoU threshold, mean over the classes that are labelled at all."""
    table = []
    for label in sorted({int(label) for labels, _ in truths for label in labels}):
        scores: list[Floats] = []
        hits: list[NDArray[np.bool_]] = []
        positives = 0
        for detections, (labels, corners) in zip(found, truths, strict=True):
            mine = detections[detections["label"] == label]
            boxes = np.stack([mine[name] for name in ("x1", "y1", "x2", "y2")], axis=1).astype(float)
            iou = overlaps(boxes, corners[labels == label])
            scores.append(mine["score"].astype(float))
            hits.append(np.array([match(iou, threshold) for threshold in IOU_THRESHOLDS]).reshape(len(IOU_THRESHOLDS), -1))
            positives += int((labels == label).sum())
        all_scores, all_hits = np.concatenate(scores), np.concatenate(hits, axis=1)
        table.append([average_precision(all_scores, row, positives) for row in all_hits])
    return np.array(table).mean(axis=0)


@pytest.mark.skipif(not COCO.is_dir(), reason="the labelled images are not part of the project")
def test_average_precision_is_that_of_the_model():
    images = sorted((COCO / "images").glob("*.jpg"))
    found = detect(load_card(ROOT / "models" / "nanodet-g"), images, "f32")
    by_threshold = evaluate(found, [read_truth(image) for image in images])
    ap, ap50 = by_threshold.mean(), by_threshold[0]
    print(f"AP {ap:.4f}, AP50 {ap50:.4f}, {len(images)} images, {sum(map(len, found))} detections")
    assert ap >= 0.27
    assert ap50 >= 0.42


def test_the_evaluation_gives_known_answers():
    labels, corners = np.array([3, 3]), np.array([[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]])
    exact = np.array([(0, 0, 10, 10, 0.9, 3), (20, 20, 30, 30, 0.8, 3)], DETECTION)
    assert evaluate([exact], [(labels, corners)]).tolist() == [1.0] * 10
    # One of two found: precision 1 up to recall 0.5, which is 51 of the 101 points.
    np.testing.assert_allclose(evaluate([exact[:1]], [(labels, corners)]), 51 / 101)
    # A better-scored miss halves the precision at every recall that is reached.
    miss = np.array([(50, 50, 60, 60, 0.95, 3)], exact.dtype)
    np.testing.assert_allclose(evaluate([np.concatenate([miss, exact[:1]])], [(labels, corners)]), 51 / 101 / 2)
    # IoU 0.8 counts at the seven thresholds up to 0.8.
    shifted = np.array([(0, 0, 10, 8, 0.9, 3)], exact.dtype)
    assert (evaluate([shifted], [(labels, corners)]) > 0).tolist() == [True] * 7 + [False] * 3
    assert evaluate([exact[:0]], [(labels, corners)]).tolist() == [0.0] * 10
