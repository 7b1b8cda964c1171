"""Segmentation: the winning label of each pixel, the letterbox's bars cut off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, TENFOLD, build
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.decoders.segmentation import highest, picture_part


def mask(output, letterbox=SAME_SIZE, **options):
    found = build("segmentation", **options)([output], letterbox)
    assert found.mask.dtype == np.uint8
    assert (len(found.boxes), found.classes, found.values) == (0, (), ())
    return found.mask


def test_the_highest_map_wins():
    maps = np.zeros((1, 3, 2, 4), np.float32)
    maps[0, 1, 0] = 1
    maps[0, 2, :, 3] = 2
    assert mask(maps).tolist() == [[1, 1, 1, 2], [0, 0, 0, 2]]
    assert mask(np.ascontiguousarray(maps.transpose(0, 2, 3, 1)), layout="NHWC").tolist() == [[1, 1, 1, 2], [0, 0, 0, 2]]


def test_the_first_of_equals_wins_and_no_number_never():
    maps = np.full((1, 3, 1, 3), -5, np.float32)
    maps[0, 0, 0] = [1, math.nan, math.nan]
    maps[0, 1, 0] = [1, -math.inf, -9]
    maps[0, 2, 0, 2] = math.nan
    assert mask(maps).tolist() == [[0, 2, 1]]


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8, np.float32])
@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 1, 2, 3), (2, 3)])
def test_label_numbers_are_taken_as_they_are(kind, shape):
    assert mask(np.array([0, 1, 2, 3, 4, 100], kind).reshape(shape), kind="labels").tolist() == [[0, 1, 2], [3, 4, 100]]


def test_label_numbers_beyond_a_byte_and_damaged_ones():
    assert mask(np.array([[[300, -4]]], np.int64), kind="labels").tolist() == [[255, 0]]
    assert mask(np.array([[[math.nan, math.inf, -math.inf, 7]]], np.float32), kind="labels").tolist() == [[0, 255, 0, 7]]


def test_one_map_of_probabilities():
    output = np.array([[[[0.2, 0.5], [0.8, math.nan]]]], np.float32)
    assert mask(output, kind="probability").tolist() == [[0, 1], [1, 0]]
    assert mask(output, kind="probability", threshold=0.6).tolist() == [[0, 0], [1, 0]]


def test_the_bars_are_cut_off():
    # The frame lies at 16 … 48 of 64 pixels, so at 4 … 12 of a map a quarter the size.
    maps = np.zeros((1, 2, 8, 16), np.float32)
    maps[0, 1, :, 4:8] = 1
    found = mask(maps, TENFOLD)
    assert found.shape == (8, 8)
    assert (found[:, :4] == 1).all() and (found[:, 4:] == 0).all()


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 100), st.integers(1, 100))
def test_whatever_the_frame_some_of_the_map_remains(width, height, across, down):
    rows, columns = picture_part((down, across), Letterbox.fit((width, height), (64, 32)))
    assert 0 <= rows.start < rows.stop <= down
    assert 0 <= columns.start < columns.stop <= across


@settings(max_examples=60)
@given(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6), elements=st.floats(width=32, allow_nan=False))
)
def test_the_winner_is_numpys(maps):
    assert (highest(maps) == maps.argmax(axis=0)).all()


def test_more_labels_than_a_byte_holds():
    maps = np.zeros((1, 300, 1, 2), np.float32)
    maps[0, 299, 0, 0] = maps[0, 254, 0, 1] = 1
    assert mask(maps).tolist() == [[255, 254]]


@pytest.mark.parametrize("kind", ["scores", "labels", "probability"])
@pytest.mark.parametrize("shape", [(), (5,), (0, 3), (2, 3, 4, 4), (1, 2, 3, 4, 5), (1, 0, 4, 4)])
def test_outputs_of_another_shape_are_refused(kind, shape):
    with pytest.raises(ModelError, match="expected"):
        mask(np.zeros(shape, np.float32), kind=kind)


def test_results_do_not_share_memory_with_the_outputs():
    output = np.full((1, 2, 3), 7, np.uint8)
    found = mask(output, kind="labels")
    output[:] = 0
    assert (found == 7).all()
