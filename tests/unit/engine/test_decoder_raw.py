"""The raw decoder: what can be said of any output."""

from __future__ import annotations

import math

import numpy as np
import pytest
from decoder_cards import SAME_SIZE, build
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def values(*outputs, **options):
    found = build("raw", **options)(outputs, SAME_SIZE)
    assert found.count == 0 and found.mask is None
    return found.values


def test_shape_range_and_the_highest_with_their_places():
    output = np.array([[1, 5, 3, -1, 2]], np.float32)
    assert values(output, outputs=["prob"]) == (
        "prob  [1, 5] float32  min -1  mean 2  max 5",
        "  highest 5 at [0, 1],  3 at [0, 2],  2 at [0, 4]",
    )


def test_an_output_without_a_name_is_called_by_its_place():
    first, _, second, _ = values(np.ones(1, np.int64), np.ones((2, 2), np.float16))
    assert first == "output 0  [1] int64  min 1  mean 1  max 1"
    assert second.startswith("output 1  [2, 2] float16")


def test_a_large_output_is_told_by_its_highest_alone():
    output = np.zeros((300, 300), np.float32)
    output[7, 8] = 4
    assert values(output)[1] == "  highest 4 at [7, 8]"


def test_half_precision_does_not_overflow_its_mean():
    assert "mean 6e+04" in values(np.full(1000, 60_000, np.float16))[0]


def test_damaged_values_are_counted_and_left_out():
    head, best = values(np.array([math.nan, 2, math.inf, 1], np.float32))
    assert head == "output 0  [4] float32  min 1  mean 1.5  max 2  2 of 4 no finite number"
    assert best.startswith("  highest 2 at [1]")
    assert values(np.array([math.nan], np.float32)) == ("output 0  [1] float32  1 of 1 no finite number",)


def test_empty_outputs_and_scalars():
    assert values(np.empty((1, 0, 6), np.float32)) == ("output 0  [1, 0, 6] float32  empty",)
    assert values(np.array(3.5, np.float32)) == ("output 0  [] float32  min 3.5  mean 3.5  max 3.5", "  highest 3.5 at []")


def test_too_many_outputs_are_counted():
    told = values(*[np.zeros(1, np.float32)] * 30, lines=5)
    assert len(told) == 5
    assert told[-1] == "… 28 more outputs"


@pytest.mark.parametrize("kind", ["?", "u1", "i4", "f2", "f4", "f8"])
@given(data=st.data())
def test_whatever_the_output_there_are_lines(kind, data):
    output = data.draw(hnp.arrays(kind, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
    told = values(output)
    assert 1 <= len(told) <= 2
    assert all(len(line) < 300 for line in told)
