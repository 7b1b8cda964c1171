"""Looks from the intervals of a run: exact where frames come evenly, and never better for more that is asked."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from edgeperf_gui.analysis.looks import probability_of_looks
from edgeperf_gui.analysis.looks_seen import looks_evenly, looks_seen, probability
from edgeperf_gui.analysis.stats import ranks_of

EVEN = ranks_of(np.full(3000, 40.0))
UNEVEN = ranks_of(np.random.default_rng(3).gamma(4.0, 3.0, 20_000))


def test_even_frames_are_seen_as_the_geometry_says() -> None:
    shares = looks_seen(EVEN, seconds=0.3, scale=1.0)
    assert set(shares) == {7, 8} and shares[8] == pytest.approx(0.5, abs=0.02)  # 7.5 frames
    assert looks_seen(EVEN, seconds=0.4) == pytest.approx({10: 1.0}, abs=1e-6)
    assert looks_seen(EVEN, seconds=4000.0, camera_fps=25, cameras=10) == pytest.approx({10_000: 1.0}, abs=1e-6)


def test_a_mean_rate_alone_is_thinned_evenly() -> None:
    for looks in range(1, 9):
        assert probability(looks_evenly(0.3, 25, 0.5), looks) == pytest.approx(probability_of_looks(looks, 0.3, 25, 0.5))


def test_the_camera_gives_no_more_than_it_has() -> None:
    fast = ranks_of(np.full(1000, 1.0))
    assert looks_seen(fast, seconds=0.3, camera_fps=25) == pytest.approx({7: 0.5, 8: 0.5}, abs=1e-6)


def test_pauses_are_seen_that_a_mean_rate_hides() -> None:
    stalls = ranks_of(np.array([10.0] * 900 + [500.0] * 2))
    steady = ranks_of(np.full(902, float(np.mean([10.0] * 900 + [500.0] * 2))))
    few, enough = (probability(looks_seen(one, seconds=0.3, camera_fps=25), 5) for one in (stalls, steady))
    assert few < 0.99 < enough


@pytest.mark.parametrize("intervals", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_more_that_is_asked_never_gives_more_looks(intervals) -> None:
    def chance(seconds: float = 0.31, fps: float = 25.0, cameras: int = 3, looks: int = 4) -> float:
        return probability(looks_seen(intervals, seconds=seconds, camera_fps=fps, cameras=cameras), looks)

    def falls(values: list[float]) -> bool:
        return all(later <= before + 1e-9 for before, later in itertools.pairwise(values))

    assert falls([chance(cameras=cameras) for cameras in range(1, 40)])
    assert falls([chance(looks=looks) for looks in range(1, 12)])
    assert falls([chance(seconds=seconds) for seconds in np.linspace(3.0, 0.02, 120)])
    assert falls([chance(fps=fps) for fps in np.linspace(120.0, 2.0, 120)])


def test_shares_are_of_all_objects_and_nothing_is_made_of_nothing() -> None:
    for cameras in (1, 2, 7):
        assert sum(looks_seen(UNEVEN, seconds=0.4, camera_fps=25, cameras=cameras).values()) == pytest.approx(1.0)
    assert looks_seen(ranks_of(np.zeros(5)), seconds=1.0) is None
    assert ranks_of(np.full(3, np.nan)) is None
