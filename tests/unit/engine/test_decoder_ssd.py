"""`DetectionOutput` rows and pairs of boxes and labels, made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, TENFOLD, build, card, lies_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders import DECODERS


def output(*objects):
    return np.array([[objects]], np.float32)


def test_rows_are_shares_of_the_input_best_first():
    said = output((0, 1, 0.5, 0.25, 0.5, 0.5, 0.75), (0, 2, 0.9, 0, 0, 0.5, 0.5), (0, 1, 0.1, 0, 0, 1, 1))
    assert rows(build("ssd")([said], SAME_SIZE)) == [(0, 0, 32, 16, 0.9, 2), (16, 16, 32, 24, 0.5, 1)]
    # in the input (16, 16) … (32, 24), of which the frame starts at x = 16, ten pixels to one
    assert rows(build("ssd")([said], TENFOLD)) == [(0, 0, 160, 160, 0.9, 2), (0, 160, 160, 240, 0.5, 1)]


def test_a_negative_image_number_ends_the_list():
    said = output((0, 1, 0.9, 0, 0, 1, 1), (-1, 0, 0, 0, 0, 0, 0), (0, 1, 0.9, 0, 0, 0.5, 0.5))
    assert len(rows(build("ssd")([said], SAME_SIZE))) == 1


def test_nothing_found():
    assert build("ssd")([output((-1, 0, 0, 0, 0, 0, 0))], SAME_SIZE).count == 0
    assert build("ssd")([np.empty((1, 1, 0, 7), np.float32)], SAME_SIZE).count == 0


def test_a_background_that_is_not_listed():
    said = output((0, 1, 0.9, 0, 0, 1, 1), (0, 0, 0.9, 0, 0, 1, 1))
    assert [row[5] for row in rows(build("ssd", first_label=1)([said], SAME_SIZE))] == [0]


def test_boxes_in_pixels_with_labels_beside_them():
    boxes = np.array([(20, 4, 28, 12, 0.5), (20, 4, 28, 12, 0.2), (16, 0, 48, 32, 0.9)], np.float32)
    labels = np.array([3, 4, 5], np.int64)
    decode = build("ssd", boxes="boxes", labels="labels")
    expected = [(0, 0, 320, 320, 0.9, 5), (40, 40, 120, 120, 0.5, 3)]
    assert rows(decode([boxes, labels], TENFOLD)) == expected
    assert rows(decode([boxes[None], labels[None]], TENFOLD)) == expected
    assert rows(build("ssd", boxes="boxes")([boxes], TENFOLD))[0][5] == 0


def test_the_outputs_are_asked_for_by_name():
    assert DECODERS["ssd"](card("ssd", boxes="b", labels="l"))[0] == ("b", "l")
    assert DECODERS["ssd"](card("ssd", output="o"))[0] == ("o",)
    assert DECODERS["ssd"](card("ssd"))[0] == ()


def test_labels_need_boxes():
    with pytest.raises(ModelError, match="no boxes"):
        build("ssd", labels="l")


@pytest.mark.parametrize("shape", [(), (7,), (1, 1, 7, 6), (2, 2, 3, 7), (1, 200, 8)])
def test_outputs_of_another_shape_are_refused(shape):
    with pytest.raises(ModelError, match="expected"):
        build("ssd")([np.zeros(shape, np.float32)], SAME_SIZE)


def test_labels_that_do_not_match_their_boxes_are_refused():
    decode = build("ssd", boxes="b", labels="l")
    with pytest.raises(ModelError, match="as many labels as boxes"):
        decode([np.zeros((4, 5), np.float32), np.zeros(3, np.int64)], SAME_SIZE)
    with pytest.raises(ModelError, match="has 1 outputs"):
        decode([np.zeros((4, 5), np.float32)], SAME_SIZE)


@pytest.mark.parametrize("damage", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", range(1, 7))
def test_damaged_rows_are_dropped(damage, place):
    row = [0, 1, 0.9, 0.1, 0.1, 0.9, 0.9]
    row[place] = damage
    found = build("ssd")([output(tuple(row), (0, 2, 0.5, 0, 0, 0.5, 0.5))], SAME_SIZE)
    assert (0, 0, 32, 16, 0.5, 2) in rows(found)
    assert lies_in(found, 64, 32)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.float32, (1, 1, 6, 7), elements=st.one_of(st.floats(0, 1, width=32), st.floats(width=32))),
    st.integers(1, 4000),
    st.integers(1, 4000),
)
def test_whatever_the_network_says_boxes_lie_in_the_frame(said, width, height):
    assert lies_in(build("ssd")([said], Letterbox.fit((width, height), (64, 32))), width, height)
