"""Classification: probabilities, logits and what is between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, build
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.errors import ModelError


def classes(output, **options):
    found = build("classification", **options)([np.asarray(output, np.float32)], SAME_SIZE)
    assert (found.mask, found.values, len(found.boxes)) == (None, (), 0)
    assert found.count == len(found.classes)
    return found.classes


def test_probabilities_are_taken_as_they_are():
    assert classes([[0.125, 0.5, 0.25, 0.125]]) == ((1, 0.5), (2, 0.25), (0, 0.125), (3, 0.125))


def test_logits_go_through_the_softmax():
    # e^0 : e^log 2 : e^log 5 = 1 : 2 : 5
    assert classes([[0, math.log(2), math.log(5)]]) == (
        (2, pytest.approx(5 / 8)),
        (1, pytest.approx(2 / 8)),
        (0, pytest.approx(1 / 8)),
    )


def test_shares_that_do_not_add_up_are_logits():
    (best, other) = classes([[0.9, 0.9]])
    assert best == (0, 0.5) and other == (1, 0.5)


def test_half_precision_shares_still_count_as_shares():
    shares = np.full((1, 1000), 1e-3, np.float16)
    assert classes(shares)[0] == (0, pytest.approx(1e-3, rel=0.01))


def test_the_card_can_say_what_the_scores_are():
    assert classes([[0.5, 0.5]], scores="sigmoid")[0][1] == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert classes([[0.9, 0.9]], scores="probabilities")[0][1] == pytest.approx(0.9)
    assert classes([[0.0, 1.0]], scores="logits")[0][1] == pytest.approx(math.e / (math.e + 1))


def test_only_the_best_few():
    scores = np.zeros((1, 1000, 1, 1))
    scores[0, [7, 8, 9], 0, 0] = [0.5, 0.3, 0.2]
    assert [label for label, _ in classes(scores, top=3)] == [7, 8, 9]
    assert len(classes(scores)) == 5
    assert len(classes([[1.0, 0.0]], top=10)) == 2


def test_damaged_scores_are_left_out():
    assert classes([[math.nan, math.log(3), 0.0]]) == ((1, pytest.approx(0.75)), (2, pytest.approx(0.25)))
    assert classes([[math.nan, math.nan]]) == ()
    assert classes([[math.inf, 0.0]])[0] == (0, 1.0)
    assert classes([[-math.inf, 0.0]])[0] == (1, 1.0)
    assert classes([[math.nan, -math.inf]]) == ((1, 0.0),)


@pytest.mark.parametrize("shape", [(0,), (1, 0), (2, 3), (1, 10, 2, 2)])
def test_outputs_of_another_shape_are_refused(shape):
    with pytest.raises(ModelError, match=r"\[1, classes\] was expected"):
        classes(np.zeros(shape))


def test_the_output_is_left_as_it_was():
    scores = np.array([[math.nan, 3.0, 2.0]], np.float32)
    kept = scores.copy()
    build("classification")([scores], SAME_SIZE)
    np.testing.assert_array_equal(scores, kept)


@given(
    hnp.arrays(np.float32, st.integers(1, 40), elements=st.floats(width=32)),
    st.sampled_from(["auto", "probabilities", "logits", "sigmoid"]),
)
def test_whatever_the_network_says_shares_are_shares_best_first(scores, kind):
    found = classes(scores, scores=kind)
    shares = [share for _, share in found]
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)
    assert len({label for label, _ in found}) == len(found)
