"""Where a frame lands in the input tensor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.preprocess import Preprocessor

CARD = InputCard(width=416, height=416)


def tensor() -> np.ndarray:
    return np.zeros((1, 416, 416, 3), np.uint8)


def test_a_wide_frame_lies_between_two_bars() -> None:
    target = tensor()
    box = Preprocessor(CARD, target).fill(np.full((272, 640, 3), 200, np.uint8))
    assert (box.width, box.height, box.left, box.top) == (416, 177, 0, 119)
    assert (target[0, 119:296] == 200).all()
    assert (target[0, :119] == 114).all() and (target[0, 296:] == 114).all()


@pytest.mark.parametrize("shape", [(480, 160), (321, 241), (416, 416), (2160, 3840), (1, 1)])
def test_any_size_fills_its_box_and_nothing_else(shape: tuple[int, int]) -> None:
    target = tensor()
    box = Preprocessor(CARD, target).fill(np.full((*shape, 3), 200, np.uint8))
    inside = np.zeros((416, 416), bool)
    inside[box.top : box.top + box.height, box.left : box.left + box.width] = True
    assert (target[0][inside] == 200).all() and (target[0][~inside] == 114).all()


def test_bars_are_laid_anew_when_the_geometry_changes() -> None:
    target = tensor()
    preprocessor = Preprocessor(CARD, target)
    preprocessor.fill(np.full((416, 416, 3), 9, np.uint8))
    preprocessor.fill(np.full((208, 416, 3), 200, np.uint8))
    assert set(np.unique(target)) == {114, 200}


def test_stretching_fills_all() -> None:
    target = tensor()
    box = Preprocessor(InputCard(width=416, height=416, keep_aspect=False), target).fill(np.full((100, 400, 3), 7, np.uint8))
    assert (target == 7).all()
    assert (box.x_scale, box.y_scale) == (400 / 416, 100 / 416)


@given(st.tuples(st.integers(1, 8192), st.integers(1, 8192)), st.tuples(st.integers(8, 1280), st.integers(8, 1280)))
def test_the_box_is_inside_and_touches_two_sides(source: tuple[int, int], target: tuple[int, int]) -> None:
    box = Letterbox.fit(source, target)
    assert box.left >= 0 and box.left + box.width <= target[0]
    assert box.top >= 0 and box.top + box.height <= target[1]
    assert box.width == target[0] or box.height == target[1]
