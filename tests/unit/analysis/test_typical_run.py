from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.service_times import ServiceTimes
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.typical_run import at_other_paces, simulated_runs, spans, typical
from edgeperf_gui.domain.simulation import Outcome, Situation, Spans


def outcome(ages_ms: list[float], fps: float | None = 30.0) -> Outcome:
    return Outcome(fps, len(ages_ms), len(ages_ms), 0, stage_stats(np.array(ages_ms)) if ages_ms else None)


def with_one_pause() -> ServiceTimes:
    """5 ms, and once in 1000 frames 100 ms: at 150 FPS twenty frames then wait."""
    rows = np.zeros((1000, 4))
    rows[:, 2] = 5.0
    rows[500, 2] = 100.0
    return ServiceTimes({150.0: rows})


def test_a_pause_that_one_run_in_nine_drew_is_not_typical() -> None:
    nine = [outcome([5.0] * 400) for _ in range(8)] + [outcome([5.0] * 390 + [90.0] * 10)]
    assert typical(nine) == outcome([5.0] * 400)
    assert typical(nine[-1:]) == nine[-1]


def test_the_span_of_a_figure_is_known_where_each_run_has_it() -> None:
    calm, paused = outcome([5.0] * 400), outcome([6.0] * 390 + [90.0] * 10, 29.0)
    assert spans([calm, paused, calm]) == Spans((29.0, 30.0), (0.0, 0.0), (5.0, 6.0), (5.0, 90.0))
    assert spans([calm, outcome([5.0] * 200)]).age_p99_ms is None
    assert spans([calm, outcome([], None)]) == Spans(None, None, None, None)
    assert spans([]) == Spans(None, None, None, None)


def slow_for_a_while(slow_ms: float) -> ServiceTimes:
    """10 ms, and an eighth of the time longer."""
    rows = np.zeros((800, 4))
    rows[:, 2] = 10.0
    rows[300:400, 2] = slow_ms
    return ServiceTimes({60.0: rows})


def test_the_slowdowns_are_those_of_the_fastest_and_the_slowest_eighth() -> None:
    fastest, slowest = slow_for_a_while(26.0).slowdowns()  # 12 ms on average
    assert (fastest, slowest) == (pytest.approx(10 / 12), pytest.approx(26 / 12))
    assert slow_for_a_while(10.0).slowdowns() == (1.0, 1.0)
    assert ServiceTimes({60.0: np.zeros((30, 4))}).slowdowns() == (1.0, 1.0)
    # each rate has its own, and too few frames for parts of their own are one part
    both = ServiceTimes({30.0: np.full((59, 4), 7.0), 60.0: np.full((59, 4), 3.0)})
    assert both.slowdowns() == (1.0, 1.0)


def test_a_machine_that_was_once_too_slow_may_be_it_all_the_time() -> None:
    """26 ms of 16.7: each frame waits 9.3 ms longer than the one before, while the typical run hardly waits."""
    situation, times = Situation(rate_fps=60, line="all", seconds=20), slow_for_a_while(26.0)
    fast, slow = at_other_paces(situation, times)
    assert fast.age is not None and slow.age is not None
    assert slow.age.median_ms > 1000 > 50 > fast.age.median_ms
    assert slow.fps == pytest.approx(1000 / 26, rel=0.1)


def test_what_most_runs_do_not_know_is_unknown() -> None:
    two, one = [outcome([5.0] * 200, None) for _ in range(2)], outcome([5.0] * 400)
    found = typical([*two, one])
    assert found.age is not None
    assert (found.fps, found.age.p99_ms, found.completed) == (None, None, 200)
    assert typical([outcome([]), outcome([]), one]).age is None


def test_short_runs_are_repeated_and_long_ones_are_not() -> None:
    times = with_one_pause()
    assert len(simulated_runs(Situation(rate_fps=150, seconds=12), times)) == 9
    assert len(simulated_runs(Situation(rate_fps=150, seconds=300), times)) == 3
    assert len(simulated_runs(Situation(rate_fps=150, seconds=1000), times)) == 1


def test_the_same_measured_pause_comes_often_in_one_run_and_never_in_another() -> None:
    runs = simulated_runs(Situation(rate_fps=150, line="all", seconds=4), with_one_pause())
    longest = [run.outcome.age.max_ms for run in runs if run.outcome.age]
    assert min(longest) == pytest.approx(5.0) and max(longest) >= 100.0
    assert simulated_runs(Situation(rate_fps=150, line="all", seconds=4), with_one_pause()) == runs


@given(st.lists(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=30), min_size=3, max_size=3))
def test_ranks_stay_in_order(ages_ms: list[list[float]]) -> None:
    found = typical([outcome(one) for one in ages_ms]).age
    assert found is not None
    assert found.min_ms <= found.median_ms <= found.p90_ms <= found.p95_ms <= found.max_ms
