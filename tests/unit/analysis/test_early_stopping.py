"""The binomial rule, against the published table and a direct sum."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.early_stopping import (
    judge_cameras,
    judge_misses,
    least_frames,
    look_times,
    most_misses,
    upper_estimate,
)


def test_one_miss_at_99_percent_confidence_takes_64_frames_for_p90_and_662_for_p99() -> None:
    assert least_frames(1, 0.10) == 64
    assert least_frames(1, 0.01) == 662


def test_without_a_miss_it_takes_the_well_known_numbers() -> None:
    assert least_frames(0, 0.01) == 459
    assert least_frames(0, 0.01, confidence=0.95) == 299
    assert least_frames(9, 0.999) == 10, "a limit that nearly all may miss is kept by one that did not"


@given(st.integers(1, 300), st.integers(0, 300), st.sampled_from((0.01, 0.05, 0.1, 0.3)))
def test_it_is_the_binomial_sum(n: int, misses: int, limit: float) -> None:
    misses = min(misses, n)
    at_most = sum(comb(n, k) * limit**k * (1 - limit) ** (n - k) for k in range(misses + 1))
    fewer = at_most - comb(n, misses) * limit**misses * (1 - limit) ** (n - misses)
    wanted = "PASS" if at_most <= 0.01 else "FAIL" if misses and 1 - fewer <= 0.01 else "UNDECIDED"
    if min(abs(at_most - 0.01), abs(1 - fewer - 0.01)) > 1e-9:
        assert judge_misses(n, misses, limit) == wanted


@given(st.integers(1, 2000), st.integers(0, 2000), st.floats(0.001, 0.5))
def test_a_further_miss_never_makes_it_better(n: int, misses: int, limit: float) -> None:
    order = ("PASS", "UNDECIDED", "FAIL")
    misses = min(misses, n - 1)
    assert order.index(judge_misses(n, misses, limit)) <= order.index(judge_misses(n, misses + 1, limit))


def test_a_million_frames_do_not_underflow() -> None:
    assert judge_misses(1_000_000, 9_000, 0.01) == "PASS"
    assert judge_misses(1_000_000, 11_000, 0.01) == "FAIL"
    assert judge_misses(0, 0, 0.01) == "UNDECIDED"


@pytest.mark.parametrize(("n", "misses", "limit"), [(1, 2, 0.1), (5, -1, 0.1), (5, 1, 0.0), (5, 1, 1.0)])
def test_what_cannot_be_is_refused(n: int, misses: int, limit: float) -> None:
    with pytest.raises(ValueError, match="misses are among"):
        judge_misses(n, misses, limit)


def test_looks_end_with_the_run_and_each_is_at_half_of_the_next() -> None:
    assert look_times(30, 3) == (3.75, 7.5, 15, 30)
    assert look_times(1, 3) == (1,)


def test_one_camera_that_starves_fails_all() -> None:
    assert judge_cameras([(1000, 0)] * 63 + [(1000, 200)], 0.01) == "FAIL"
    assert judge_cameras([(1000, 0)] * 64, 0.01) == "PASS"
    # one of 64 will have a bad day: 4 misses of 100 are broken for certain only where there is no other camera to choose from
    assert judge_cameras([(100, 4)] * 1, 0.01) == "UNDECIDED"
    assert judge_cameras([(100, 5)] * 1, 0.01) == "FAIL"
    assert judge_cameras([(100, 0)] * 63 + [(100, 5)], 0.01) != "FAIL"


def test_without_a_frame_nothing_is_known() -> None:
    assert judge_cameras([(0, 0)] * 3, 0.01) == "UNDECIDED"


@pytest.mark.parametrize("cameras", [1, 8, 64])
@pytest.mark.parametrize(("share", "wrong"), [(0.007, "FAIL"), (0.0099, "FAIL"), (0.0101, "PASS")])
def test_looking_often_at_many_cameras_is_seldom_wrong(cameras: int, share: float, wrong: str) -> None:
    """Whole runs of 30 s at 10 FPS, looked at as the engine does."""
    chance = np.random.default_rng(7)
    looks = look_times(30, 3)
    runs, bad = 150, 0
    for _ in range(runs):
        missed = chance.random((300, cameras)) < share
        for look_s in looks:
            frames = int(look_s * 10)
            counts = [(frames, int(misses)) for misses in missed[:frames].sum(axis=0)]
            verdict = judge_cameras(counts, 0.01, len(looks))
            if verdict != "UNDECIDED":
                bad += verdict == wrong
                break
    assert bad <= 0.02 * runs


@given(st.integers(1, 400), st.sampled_from((0.01, 0.05, 0.1, 0.5)))
def test_the_most_misses_are_those_for_which_there_are_frames_enough(n: int, limit: float) -> None:
    most = most_misses(n, limit)
    assert least_frames(0 if most is None else most + 1, limit) > n
    assert most is None or least_frames(most, limit) <= n


@given(st.lists(st.floats(0, 1e6), max_size=250), st.sampled_from((0.05, 0.1, 0.3)))
def test_the_estimate_is_the_highest_once_all_misses_but_one_are_left_out(values: list[float], above: float) -> None:
    found = upper_estimate(np.array(values), above)
    n = len(values)
    allowed = [t for t in range(1, n) if sum(comb(n, k) * above**k * (1 - above) ** (n - k) for k in range(t + 1)) <= 0.01]
    if not allowed:
        assert found is None
    else:
        left_out = max(allowed) - 1
        assert found == (max(sorted(values)[: n - left_out]), left_out)


def test_the_first_estimate_is_the_highest_of_64_and_of_662() -> None:
    for above, least in ((0.1, 64), (0.01, 662)):
        values = np.random.default_rng(3).random(least)
        assert upper_estimate(values[1:], above) is None
        assert upper_estimate(values, above) == (values.max(), 0)


def test_the_estimate_is_too_low_in_one_case_of_a_hundred_at_most() -> None:
    samples = np.random.default_rng(5).random((3000, 200))
    estimates = np.array([found[0] for row in samples if (found := upper_estimate(row, 0.1)) is not None])
    assert estimates.size == 3000 and (estimates < 0.9).mean() <= 0.013
