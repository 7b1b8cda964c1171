"""Suppression against a plain reference, and the steps that all box decoders share."""

from __future__ import annotations

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, lies_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.suppression import (
    BoxOptions,
    best_pairs,
    corners_of,
    finish,
    rank,
    suppress,
    to_source,
)


def overlap(a, b):
    """Shared area over joint area, in plain Python."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def naive(corners, labels, scores, threshold):
    """Take the best that is left; drop what overlaps it within its class; again."""
    left = sorted(range(len(scores)), key=lambda index: -scores[index])
    kept = []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [other for other in left if labels[other] != labels[best] or overlap(corners[best], corners[other]) <= threshold]
    return kept


# whole pixels, so that no overlap lies within rounding of the threshold; scores all different, so that the order is one
boxes = st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(1, 30), st.integers(1, 20), st.integers(0, 2))


@settings(max_examples=300, deadline=None)
@given(st.lists(boxes, max_size=40), st.sampled_from([0.301, 0.4503, 0.6007]), st.randoms(use_true_random=False))
def test_suppression_is_that_of_the_plain_reference(found, threshold, random):
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h, _ in found], np.float32).reshape(-1, 4)
    labels = np.array([label for *_, label in found], np.intp)
    scores = np.array([(place + 1) / 64 for place in range(len(found))], np.float32)
    random.shuffle(order := list(range(len(found))))
    scores = scores[order]
    kept = suppress(corners, labels, scores, BoxOptions(iou_threshold=threshold))
    assert kept.tolist() == naive(corners.tolist(), labels.tolist(), scores.tolist(), threshold)


def test_a_limit_keeps_the_best():
    corners = np.array([(10 * i, 0, 10 * i + 9, 9) for i in range(6)], np.float32)
    scores = np.array([0.1, 0.6, 0.3, 0.9, 0.2, 0.5], np.float32)
    assert suppress(corners, np.zeros(6, int), scores, BoxOptions(max_detections=3)).tolist() == [3, 1, 5]


def test_best_pairs_are_those_at_or_above_the_threshold_and_bounded():
    scores = np.array([[0.1, 0.5, 0.2], [0.9, np.nan, 0.7]], np.float32)
    row, label, value = best_pairs(scores, BoxOptions(score_threshold=0.5))
    assert (row.tolist(), label.tolist()) == ([0, 1, 1], [1, 0, 2])
    assert value.tolist() == pytest.approx([0.5, 0.9, 0.7])
    row, label, value = best_pairs(scores, BoxOptions(score_threshold=0.0, max_candidates=2))
    assert sorted(zip(row.tolist(), label.tolist(), strict=True)) == [(1, 0), (1, 2)]


def test_half_precision_scores_become_single():
    assert best_pairs(np.ones((2, 2), np.float16), BoxOptions())[2].dtype == np.float32


def test_centres_become_corners():
    assert corners_of(np.array([(10, 20, 4, 6)], np.float32)).tolist() == [[8, 17, 12, 23]]


@pytest.mark.parametrize(
    ("source", "box", "expected"),
    [
        ((64, 32), (1, 2, 3, 4), (1, 2, 3, 4)),
        ((320, 320), (16, 0, 48, 32), (0, 0, 320, 320)),  # the picture's own corners
        ((320, 320), (0, 0, 24, 16), (0, 0, 80, 160)),  # what lies in the bars is cut off
        ((640, 80), (0, 12, 64, 20), (0, 0, 640, 80)),  # bars above and below
    ],
)
def test_the_way_back_through_the_letterbox(source, box, expected):
    assert to_source(np.array([box], np.float32), Letterbox.fit(source, (64, 32)))[0].tolist() == list(expected)


def test_a_stretched_frame_has_a_scale_for_each_direction():
    stretched = Letterbox.fit((640, 640), (64, 32), keep_aspect=False)
    assert to_source(np.array([(1, 1, 2, 2)], np.float32), stretched)[0].tolist() == [10, 20, 20, 40]


@pytest.mark.parametrize("damage", [np.nan, np.inf, -np.inf, 3e38, -3e38])
@pytest.mark.parametrize("end", [finish, rank])
def test_damaged_boxes_and_scores_are_dropped(end, damage):
    corners = np.array([(1, 1, 9, 9), (10, 1, 19, 9), (20, 1, 29, 9)], np.float32)
    corners[1, 2] = damage
    corners[1, 0] = damage
    score = np.array([0.5, 0.9, damage], np.float32)
    found = end(corners, np.zeros(3, np.int32), score, SAME_SIZE, BoxOptions())
    assert rows(found) == [(1, 1, 9, 9, 0.5, 0)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.floats(width=32)] * 5), max_size=12), st.integers(1, 4000), st.integers(1, 4000))
def test_whatever_comes_in_boxes_lie_in_the_frame(found, width, height):
    table = np.array(found, np.float32).reshape(-1, 5)
    box = Letterbox.fit((width, height), (64, 32))
    labels = np.zeros(len(table), np.int32)
    for end in (finish, rank):
        scores = table[:, 4]
        likely = scores >= 0.35
        assert lies_in(end(table[likely, :4].copy(), labels[likely], scores[likely], box, BoxOptions()), width, height)
