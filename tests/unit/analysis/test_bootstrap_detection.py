"""The interval of a difference in average precision covers the true difference."""

from __future__ import annotations

import numpy as np

from edgeperf_gui.analysis.bootstrap import paired_difference
from edgeperf_gui.analysis.detection_accuracy import average_precision
from edgeperf_gui.analysis.detection_matches import Matches, Objects, match_images
from edgeperf_gui.domain.records import DETECTION

CLASSES = 4
TRIALS = 24


def pair(random: np.random.Generator, images: int) -> tuple[Matches, Matches]:
    """A detector, and one that sees the same but misses 5 % more and draws its boxes less well, on the same images."""
    found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    truth = []
    for _ in range(images):
        n, inventions = random.poisson(5), random.poisson(4)
        corner, size = random.uniform(0, 400, (n, 2)), np.exp(random.uniform(2.5, 5, (n, 2)))
        corners, labels = np.hstack([corner, corner + size]), random.integers(0, CLASSES, n)
        truth.append(Objects(corners, labels, np.zeros(n, bool)))
        seen = random.random(n) < 1 / (1 + np.exp(random.normal(-1, 1)))  # easy images and hard ones
        shift, score = random.normal(0, 0.05, (n, 4)), random.beta(4, 2, n)
        false_corner, false_score = random.uniform(0, 400, (inventions, 2)), random.beta(2, 4, inventions)
        false_label = random.integers(0, CLASSES, inventions)
        for worse, detections in enumerate(found):
            kept = seen & (random.random(n) > 0.05 * worse)
            box = corners + (shift + random.normal(0, 0.015 * worse, (n, 4))) * np.tile(size, (1, 2))
            rows = np.zeros(int(kept.sum()) + inventions, DETECTION)
            corner_rows = np.vstack([box[kept], np.hstack([false_corner, false_corner + 50])])
            rows["x1"], rows["y1"], rows["x2"], rows["y2"] = corner_rows.T
            rows["score"] = np.concatenate([score[kept], false_score])
            rows["label"] = np.concatenate([labels[kept], false_label])
            detections.append(rows)
    return match_images(found[0], truth, CLASSES), match_images(found[1], truth, CLASSES)


def test_the_interval_covers_the_difference_that_many_images_show() -> None:
    random = np.random.default_rng(8)
    better, worse = pair(random, 2500)
    true = float(average_precision(better)[0] - average_precision(worse)[0])
    assert 0.02 < true < 0.05
    covered = 0
    for _ in range(TRIALS):
        a, b = pair(random, 40)
        covered += paired_difference(
            40, lambda drawn, a=a: average_precision(a, drawn), lambda drawn, b=b: average_precision(b, drawn)
        ).contains(true)
    assert covered >= 0.85 * TRIALS
