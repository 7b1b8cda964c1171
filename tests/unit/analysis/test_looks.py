"""Looks at a passing object, against values worked out by hand and a simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.looks import in_view_s, metres_per_frame, needed_fps, probability_of_looks
from edgeperf_gui.domain.scenario import Scenario


def scenario(**fields) -> Scenario:
    return Scenario(title="Trial", why="It tries. Nothing else.", **fields)


def test_rates_from_geometry_are_those_of_the_book() -> None:
    # parking 1 m/s, 4 m, 3 looks → 0.75 FPS; highway 36 m/s, 20 m, 3 looks → 5.4 FPS
    assert needed_fps(scenario(speed_km_h=3.6, visible_m=4, looks=3)) == pytest.approx(0.75)
    assert needed_fps(scenario(speed_km_h=129.6, visible_m=20, looks=3)) == pytest.approx(5.4)
    assert needed_fps(scenario(dwell_s=3, looks=3)) == pytest.approx(1)
    assert needed_fps(scenario(rate_fps=7)) == 7
    assert needed_fps(scenario()) is None and in_view_s(scenario()) is None
    assert metres_per_frame(scenario(speed_km_h=129.6, visible_m=20), 36) == pytest.approx(1)
    assert metres_per_frame(scenario(), 36) is None


def test_the_phase_decides_between_two_numbers_of_frames() -> None:
    # 2.5 frames in view: half of the objects get 2, half get 3
    assert probability_of_looks(3, 0.25, 10, 1.0) == pytest.approx(0.5)
    assert probability_of_looks(2, 0.25, 10, 1.0) == 1
    assert probability_of_looks(4, 0.25, 10, 1.0) == 0
    # three frames, each processed by half: at least two looks in 4 of 8 cases
    assert probability_of_looks(2, 0.3, 10, 0.5) == pytest.approx(0.5)


@given(st.integers(1, 6), st.floats(0.1, 2), st.floats(1, 30), st.floats(0.05, 1))
def test_it_is_a_probability_and_falls_with_the_looks_asked(looks: int, seconds: float, fps: float, share: float) -> None:
    chance = probability_of_looks(looks, seconds, fps, share)
    assert 0 <= chance <= 1
    assert probability_of_looks(looks + 1, seconds, fps, share) <= chance + 1e-12
    assert probability_of_looks(looks, seconds, fps, share / 2) <= chance + 1e-12


def test_a_simulation_agrees() -> None:
    random = np.random.default_rng(3)
    seconds, fps, share, looks, objects = 0.37, 12.0, 0.8, 3, 40_000
    phase = random.random(objects)
    frames = np.floor(seconds * fps - phase).astype(int) + 1
    seen = random.binomial(frames, share)
    assert probability_of_looks(looks, seconds, fps, share) == pytest.approx((seen >= looks).mean(), abs=0.01)
