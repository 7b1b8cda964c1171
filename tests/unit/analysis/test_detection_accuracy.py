"""Detection figures: hand-checked answers, and what COCO's rules demand."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.analysis.detection_accuracy import at_threshold, average_precision, class_precision, class_table, curve, f1
from edgeperf_gui.analysis.detection_matches import Objects, match_images, overlaps
from edgeperf_gui.domain.records import DETECTION

TWO = np.array([[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]])


def objects(corners=TWO, labels=(3, 3), ignored=None) -> Objects:
    corners = np.asarray(corners, float).reshape(-1, 4)
    flags = np.zeros(len(corners), bool) if ignored is None else np.array(ignored, bool)
    return Objects(corners, np.array(labels, np.int64), flags)


def detections(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(list(rows), DETECTION)


FIRST, SECOND = (0, 0, 10, 10, 0.9, 3), (20, 20, 30, 30, 0.8, 3)


def by_threshold(found: np.ndarray, truth: Objects | None = None) -> list[float]:
    matches = match_images([found], [truth or objects()], 80)
    return class_precision(matches, 3, np.ones((1, 1), np.int64))[:, 0].tolist()


def test_known_answers() -> None:
    assert by_threshold(detections(FIRST, SECOND)) == [1.0] * 10
    # One of two found: precision 1 up to recall 0.5, which is 51 of the 101 points.
    assert by_threshold(detections(FIRST)) == pytest.approx([51 / 101] * 10)
    # A better-scored miss halves the precision at every recall that is reached.
    miss = (50, 50, 60, 60, 0.95, 3)
    assert by_threshold(detections(miss, FIRST)) == pytest.approx([51 / 202] * 10)
    # IoU 0.8 counts at the seven thresholds up to 0.8.
    assert [ap > 0 for ap in by_threshold(detections((0, 0, 10, 8, 0.9, 3)))] == [True] * 7 + [False] * 3
    assert by_threshold(detections()) == [0.0] * 10
    assert by_threshold(detections((0, 0, 10, 10, 0.9, 4))) == [0.0] * 10


def test_an_object_is_found_once_and_by_the_best_score() -> None:
    twice = match_images([detections((0, 0, 10, 9, 0.5, 3), FIRST)], [objects()], 80)
    assert twice.score.tolist() == pytest.approx([0.9, 0.5])
    assert twice.hit[:, 0].tolist() == [True, False]
    assert twice.iou.tolist() == [1.0, 0.0]


def test_what_lies_on_an_ignored_object_counts_as_nothing() -> None:
    crowd = objects(ignored=[False, True])
    many = detections(FIRST, (21, 21, 29, 29, 0.8, 3), (20, 20, 25, 25, 0.7, 3))
    matches = match_images([many], [crowd], 80)
    assert matches.hit[:, 0].tolist() == [True, False, False]
    assert matches.ignored[:, 0].tolist() == [False, True, True]
    assert matches.objects.sum() == 1
    assert average_precision(matches).tolist() == [1.0]
    precision, recall = at_threshold(matches, 0.5)
    assert (precision.hits, precision.n, recall.n) == (1, 1, 1)


def test_precision_recall_and_f1_at_a_threshold() -> None:
    found = detections(FIRST, (50, 50, 60, 60, 0.6, 3), (20, 20, 30, 30, 0.3, 3))
    matches = match_images([found], [objects()], 80)
    precision, recall = at_threshold(matches, 0.5)
    assert (precision.hits, precision.n, recall.hits, recall.n) == (1, 2, 1, 2)
    assert f1(precision, recall) == pytest.approx(0.5)
    assert at_threshold(matches, 0.3)[1].value == 1.0  # a score equal to the threshold counts
    nothing = at_threshold(matches, 0.99)
    assert nothing[0].value is None
    assert nothing[1].value == 0.0
    assert f1(*nothing) == 0.0


def test_the_curve_falls_and_rises_the_right_way() -> None:
    matches = match_images([detections(FIRST, (50, 50, 60, 60, 0.6, 3), (20, 20, 30, 30, 0.3, 3))], [objects()], 80)
    points = curve(matches)
    assert [point.threshold for point in points] == sorted(point.threshold for point in points)
    recalls = [point.recall for point in points]
    assert recalls == sorted(recalls, reverse=True)
    assert (points[0].precision, points[0].recall) == (pytest.approx(2 / 3), 1.0)
    assert points[-1].precision is None


def test_a_row_for_each_labelled_class() -> None:
    truth = objects(labels=(3, 1))
    (one, three) = class_table(match_images([detections(FIRST)], [truth], 4), ["a", "b", "c", "d"], 0.5)
    assert (one.name, one.boxes, one.ap, one.precision.value, one.recall.value) == ("b", 1, 0.0, None, 0.0)
    assert (three.name, three.ap, three.ap50, three.recall.value) == ("d", 1.0, 1.0, 1.0)


def test_without_objects_there_is_no_figure() -> None:
    none = objects(corners=[], labels=())
    matches = match_images([detections(FIRST)], [none], 80)
    assert np.isnan(average_precision(matches)).all()
    assert class_table(matches, ["x"] * 80, 0.5) == ()
    empty = match_images([], [], 80)
    assert np.isnan(average_precision(empty)).all()


def test_an_image_drawn_twice_counts_as_two_images() -> None:
    random = np.random.default_rng(4)
    found, truth = zip(*(random_image(random) for _ in range(6)), strict=True)
    drawn = np.array([[2, 0, 1, 3, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 6]])
    weighted = average_precision(match_images(found, truth, 3), drawn)
    for row, value in zip(drawn, weighted, strict=True):
        chosen = np.repeat(np.arange(6), row)
        again = match_images([found[at] for at in chosen], [truth[at] for at in chosen], 3)
        # Copies tie in score; a tie's order may move a hit before or behind a miss.
        assert average_precision(again)[0] == pytest.approx(value, abs=0.02)


def random_image(random: np.random.Generator, classes: int = 3) -> tuple[np.ndarray, Objects]:
    """Objects, and detections that hit some of them more or less."""
    n = int(random.integers(0, 7))
    corner, size = random.uniform(0, 200, (n, 2)), random.uniform(4, 150, (n, 2))
    truth = Objects(np.hstack([corner, corner + size]), random.integers(0, classes, n), random.random(n) < 0.15, None)
    m = int(random.integers(0, 12))
    rows = np.zeros(m, DETECTION)
    for row in rows:
        near = truth.corners[random.integers(n)] if n and random.random() < 0.7 else np.array([10, 10, 90, 90.0])
        box = near + random.normal(0, 4, 4)
        row["x1"], row["y1"] = np.minimum(box[:2], box[2:])
        row["x2"], row["y2"] = np.maximum(box[:2], box[2:])
        row["score"], row["label"] = random.random(), random.integers(0, classes)
    if n:
        rows["label"][: m // 2] = truth.labels[random.integers(0, n, m // 2)]
    return rows[np.argsort(-rows["score"], kind="stable")], truth


def test_overlaps_of_boxes_without_area() -> None:
    flat = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])
    assert overlaps(flat, flat).tolist() == [[0.0, 0.0], [0.0, 1.0]]
