"""Looks at a passing object, against values worked out by hand and a simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.looks import (
    in_view_s,
    metres_per_frame,
    needed_fps,
    probability_of_looks,
    probability_of_looks_by_chance,
)
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
    # three frames, each processed by half: 1.5 looks when thinned evenly; by chance, at least two in 4 of 8 cases
    assert probability_of_looks(2, 0.3, 10, 0.5) == pytest.approx(0.5)
    assert probability_of_looks_by_chance(2, 0.3, 10, 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize("probability", [probability_of_looks, probability_of_looks_by_chance])
def test_many_looks_of_one_that_stands_for_long(probability) -> None:
    assert probability(200, 120, 25, 0.5) == pytest.approx(1)
    assert probability(2000, 120, 25, 0.5) < 1e-9
    assert probability(1, 120, 25, 0.0) == 0 and probability(3000, 120, 25, 1.0) == 1
    assert probability(10_000, 1e9, 1000, 0.3) == pytest.approx(1)


@given(st.integers(1, 6), st.floats(0.1, 2), st.floats(1, 30), st.floats(0.05, 1))
def test_it_is_a_probability_and_falls_with_the_looks_asked(looks: int, seconds: float, fps: float, share: float) -> None:
    for probability in (probability_of_looks, probability_of_looks_by_chance):
        value = probability(looks, seconds, fps, share)
        assert 0 <= value <= 1
        assert probability(looks + 1, seconds, fps, share) <= value + 1e-9
        assert probability(looks, seconds, fps, share / 2) <= value + 1e-9


def test_frames_taken_by_chance_agree_with_a_simulation() -> None:
    random = np.random.default_rng(3)
    seconds, fps, share, looks, objects = 0.37, 12.0, 0.8, 3, 40_000
    phase = random.random(objects)
    frames = np.floor(seconds * fps - phase).astype(int) + 1
    seen = random.binomial(frames, share)
    assert probability_of_looks_by_chance(looks, seconds, fps, share) == pytest.approx((seen >= looks).mean(), abs=0.01)


def taken_in_turn(cameras: int, fps: float, capacity: float, frames: int, random: np.random.Generator) -> list[float]:
    """When the processed frames of the first camera were taken: cameras in turn, each with its newest frame, event by event."""
    phases = random.random(cameras) / fps
    taken: list[float] = []
    newest = [-1] * cameras
    now, turn = 1.0, 0
    for _ in range(frames):
        while True:
            for step in range(cameras):
                camera = (turn + step) % cameras
                number = int((now - phases[camera]) * fps)
                if number > newest[camera]:
                    break
            else:
                now = min((newest[one] + 1) / fps + phases[one] for one in range(cameras)) + 1e-9
                continue
            break
        newest[camera], turn = number, camera + 1
        if camera == 0:
            taken.append(phases[0] + number / fps)
        now += 1 / capacity
    return taken


@pytest.mark.parametrize("looks", [3, 4, 5, 6, 7])
def test_cameras_in_turn_are_thinned_evenly(looks: int) -> None:
    """Eight cameras of 25 FPS, a capacity of 147.5 FPS: by chance 95 % of the objects were seen four times, in truth all are."""
    random = np.random.default_rng(5)
    seconds = 11 / (130 / 3.6)
    taken = np.array(taken_in_turn(8, 25.0, 147.5, 20_000, random))
    comes = random.uniform(taken[5], taken[-20], 20_000)
    seen = np.searchsorted(taken, comes + seconds) - np.searchsorted(taken, comes)
    assert probability_of_looks(looks, seconds, 25.0, 147.5 / 200) == pytest.approx((seen >= looks).mean(), abs=0.02)
    assert probability_of_looks_by_chance(4, seconds, 25.0, 147.5 / 200) == pytest.approx(0.948, abs=0.001)
