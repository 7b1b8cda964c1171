from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.disagreement import MARGIN, apart, first_classes_differ, lowest_score, missing, shown
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION

THRESHOLD = 0.4


def boxes(*rows) -> np.ndarray:
    """Rows of x1, y1, x2, y2, score, label."""
    return np.array([tuple(row) for row in rows], DETECTION)


PERSON = (10, 10, 50, 90, 0.8, 0)
CAR = (100, 40, 180, 90, 0.7, 2)


def test_a_box_without_partner_is_missing_on_the_other_side() -> None:
    assert missing(boxes(PERSON, CAR), boxes(PERSON), THRESHOLD).tolist() == [1]
    assert missing(boxes(PERSON), boxes(PERSON, CAR), THRESHOLD).tolist() == []
    assert missing(boxes(PERSON), boxes(), THRESHOLD).tolist() == [0]
    assert missing(boxes(), boxes(PERSON), THRESHOLD).tolist() == []


def test_another_class_is_no_partner() -> None:
    assert missing(boxes(PERSON), boxes((*PERSON[:5], 1)), THRESHOLD).tolist() == [0]


@pytest.mark.parametrize(("right", "lone"), [(20, []), (20.2, [0])])
def test_partners_overlap_by_half(right: float, lone: list[int]) -> None:
    """IoU of widths 10 and `right` is 10 / right."""
    assert missing(boxes((0, 0, 10, 10, 0.9, 0)), boxes((0, 0, right, 10, 0.9, 0)), THRESHOLD).tolist() == lone


@pytest.mark.parametrize(
    ("mine", "theirs", "lone"),
    [
        (0.401, 0.399, []),  # on two sides of the threshold, and yet no difference
        (0.42, 0.391, []),
        (0.42, 0.38, [0]),
        (0.409, 0.05, []),  # only just there
        (0.411, 0.05, [0]),
        (0.3, 0.05, []),
    ],
)
def test_scores_close_to_the_threshold_are_no_event(mine: float, theirs: float, lone: list[int]) -> None:
    assert missing(boxes((*PERSON[:4], mine, 0)), boxes((*PERSON[:4], theirs, 0)), THRESHOLD).tolist() == lone


def test_drawn_are_boxes_from_the_threshold_on_and_partners_just_below() -> None:
    weak, weaker = (*PERSON[:4], 0.395, 0), (*CAR[:4], 0.395, 2)
    assert shown(boxes(CAR, weak), [boxes(PERSON)], THRESHOLD).tolist() == boxes(CAR, weak).tolist()
    assert shown(boxes(CAR, weak), [boxes(CAR), boxes()], THRESHOLD).tolist() == boxes(CAR).tolist()
    assert not len(shown(boxes(weak, weaker), [boxes(weak, weaker)], THRESHOLD))  # nobody shows it
    assert not len(shown(boxes((*PERSON[:4], 0.38, 0)), [boxes(PERSON)], THRESHOLD))


def test_two_overlapping_boxes_may_share_a_partner() -> None:
    assert missing(boxes(PERSON, (12, 10, 52, 90, 0.6, 0)), boxes(PERSON), THRESHOLD).size == 0


def test_boxes_are_decoded_from_below_the_threshold() -> None:
    assert lowest_score(0.4) == pytest.approx(0.4 - MARGIN)
    assert lowest_score(0.005) > 0


def ranked(*pairs: tuple[int, float]) -> Findings:
    return Findings(classes=pairs)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (ranked((1, 0.9), (2, 0.1)), ranked((1, 0.6), (2, 0.4)), False),
        (ranked((1, 0.9), (2, 0.1)), ranked((2, 0.6), (1, 0.4)), True),
        (ranked((1, 0.502), (2, 0.498)), ranked((2, 0.6), (1, 0.4)), False),  # torn
        (ranked((1, 0.6)), ranked((2, 0.501), (1, 0.499)), False),
        (ranked((1, 0.6)), ranked((3, 0.6)), True),  # not even in the other's list
        (ranked(), ranked(), False),
        (ranked((1, 0.6)), ranked(), True),
    ],
)
def test_first_classes(one: Findings, other: Findings, differ: bool) -> None:
    assert first_classes_differ(one, other) is first_classes_differ(other, one) is differ
    assert apart(one, other, None) == (([-1], [-1]) if differ else ([], []))


coordinate = st.floats(0, 500, width=32)
box = st.tuples(coordinate, coordinate, st.floats(1, 200, width=32), st.floats(1, 200, width=32)).map(
    lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3])
)
found = st.lists(st.tuples(box, st.floats(0, 1, width=32), st.integers(0, 3)), max_size=12).map(
    lambda rows: boxes(*((*corners, score, label) for corners, score, label in rows))
)
threshold = st.floats(0.05, 0.95)


@given(found, threshold)
def test_equal_answers_never_disagree(one: np.ndarray, limit: float) -> None:
    assert apart(Findings(one), Findings(one.copy()), limit) == ([], [])


@given(found, found, threshold)
def test_changing_the_two_round_changes_the_answer_round(one: np.ndarray, other: np.ndarray, limit: float) -> None:
    mine, theirs = apart(Findings(one), Findings(other), limit)
    assert apart(Findings(other), Findings(one), limit) == (theirs, mine)


@given(found, found, threshold, st.randoms())
def test_the_order_of_the_boxes_does_not_matter(one: np.ndarray, other: np.ndarray, limit: float, random) -> None:
    order = list(range(len(one)))
    random.shuffle(order)
    rows = missing(one[order], other, limit)
    assert sorted(order[row] for row in rows) == missing(one, other, limit).tolist()


@given(found, found, threshold)
def test_only_boxes_above_the_threshold_count(one: np.ndarray, other: np.ndarray, limit: float) -> None:
    assert (one["score"][missing(one, other, limit)] >= limit).all()
