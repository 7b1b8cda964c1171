"""Text detection: bright islands in a probability map of 64 × 32 pixels, grown and framed."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from decoder_cards import SAME_SIZE, TENFOLD, build, lies_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.letterbox import Letterbox


def chances(*islands, value=0.9, size=(32, 64)):
    """A dark map with bright rectangles (left, top, right, bottom; the last two inclusive)."""
    drawn = np.zeros((1, 1, *size), np.float32)
    for left, top, right, bottom in islands:
        drawn[0, 0, top : bottom + 1, left : right + 1] = value
    return drawn


def test_an_island_grows_back_by_its_own_measure():
    # From pixel centre to pixel centre 20 × 6: reach = 20 · 6 · 1.5 / (2 · 26) = 3.4615.
    (found,) = rows(build("db_text")([chances((20, 10, 40, 16))], SAME_SIZE))
    reach = 20 * 6 * 1.5 / 52
    assert found[:4] == pytest.approx((20 - reach, 10 - reach, 40 + reach, 16 + reach), abs=1e-4)
    assert found[4:] == (0.9, 0)


def test_the_frame_goes_back_through_the_letterbox():
    (found,) = rows(build("db_text", unclip_ratio=0)([chances((20, 10, 40, 16))], TENFOLD))
    assert found[:4] == pytest.approx((40, 100, 240, 160), abs=1e-3)


def test_a_map_smaller_than_the_input_is_scaled():
    half = chances((10, 5, 20, 10), size=(16, 32))
    (found,) = rows(build("db_text", unclip_ratio=0)([half], SAME_SIZE))
    assert found[:4] == pytest.approx((20, 10, 40, 20), abs=1e-3)


def test_a_slanted_line_gets_an_upright_frame():
    drawn = np.zeros((32, 64), np.float32)
    cv2.fillPoly(drawn, [np.array([(20, 4), (40, 24), (36, 28), (16, 8)])], 1.0)
    (found,) = rows(build("db_text", unclip_ratio=0)([drawn[None, None]], SAME_SIZE))
    assert found[:4] == pytest.approx((16, 4, 40, 28), abs=1)


def test_specks_and_weak_islands_are_passed_over():
    decode = build("db_text")
    assert decode([chances((10, 10, 12, 12))], SAME_SIZE).count == 0  # two pixels from centre to centre
    assert decode([chances((10, 10, 30, 18), value=0.5)], SAME_SIZE).count == 0
    assert build("db_text", 0.45)([chances((10, 10, 30, 18), value=0.5)], SAME_SIZE).count == 1
    assert decode([chances((10, 10, 30, 18), value=0.2)], SAME_SIZE).count == 0


def test_best_first_and_bounded():
    drawn = chances((2, 2, 20, 10), value=0.7) + chances((30, 2, 50, 10), value=0.9) + chances((2, 20, 20, 28), value=0.8)
    assert [row[4] for row in rows(build("db_text")([drawn], SAME_SIZE))] == [0.9, 0.8, 0.7]
    assert [row[4] for row in rows(build("db_text", max_detections=2)([drawn], SAME_SIZE))] == [0.9, 0.8]
    assert build("db_text", max_candidates=1)([drawn], SAME_SIZE).count == 1


def test_an_island_at_the_edge_stays_in_the_frame():
    (found,) = rows(build("db_text")([chances((0, 0, 63, 10))], SAME_SIZE))
    assert found[:3] == (0, 0, 64)


@pytest.mark.parametrize("damage", [math.nan, math.inf, -math.inf])
def test_damaged_pixels_do_not_disturb_other_islands(damage):
    drawn = chances((20, 10, 40, 16))
    drawn[0, 0, 25:30, 50:60] = damage
    found = build("db_text")([drawn], SAME_SIZE)
    assert 0.9 in [row[4] for row in rows(found)]
    assert lies_in(found, 64, 32)


@pytest.mark.parametrize("shape", [(), (64,), (1, 2, 32, 64), (1, 1, 0, 5)])
def test_outputs_of_another_shape_are_refused(shape):
    with pytest.raises(ModelError, match="expected"):
        build("db_text")([np.zeros(shape, np.float32)], SAME_SIZE)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.float32, (1, 1, 16, 32), elements=st.one_of(st.sampled_from([0.0, 0.9, 1.0]), st.floats(width=32))),
    st.integers(1, 4000),
    st.integers(1, 4000),
)
def test_whatever_the_network_says_boxes_lie_in_the_frame(drawn, width, height):
    assert lies_in(build("db_text", 0.1)([drawn], Letterbox.fit((width, height), (64, 32))), width, height)
