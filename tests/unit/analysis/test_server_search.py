"""The search for a rate on queues whose latencies are known exactly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgeperf_gui.analysis.early_stopping import judge_misses, least_frames
from edgeperf_gui.analysis.server_search import CLOSE, DEADLINES, Bound, search_rate, seconds_left


def queue_ms(rate: float, service_ms: float, n: int) -> NDArray[np.float64]:
    """Lindley's recursion for Poisson arrivals and exponential services; the same chances at every rate."""
    gaps_ms = np.random.default_rng(3).exponential(1e3 / rate, n)
    services_ms = np.random.default_rng(4).exponential(service_ms, n)
    latency = [services_ms[0]]
    for gap, service in zip(gaps_ms[1:], services_ms[1:], strict=True):
        latency.append(max(0.0, latency[-1] - gap) + service)
    return np.array(latency)


def answers(bound: Bound, rate: float, latency_ms: float) -> NDArray[np.float64]:
    """All that a rate takes, and all the same."""
    return np.full(bound.looks(rate)[-1], latency_ms)


def test_looks_double_and_begin_where_one_late_answer_is_allowed() -> None:
    bound = Bound(10, 99)
    first, second, third = bound.looks(20)
    assert first == least_frames(1, 0.01, bound.confidence) > 662
    assert (second, third) == (2 * first, 4 * first)


def test_a_fast_rate_is_tried_as_long_as_a_slow_one() -> None:
    assert Bound(100, 90).looks(500)[0] == 500 * 0.1 * DEADLINES
    assert Bound(3_600_000, 90).looks(10_000) == (50_000, 100_000, 200_000)


def test_no_rate_is_judged_before_its_deadlines_are_over() -> None:
    """Of the three looks those that would come too early are left out, up to the rate whose answers can still be held."""
    bound = Bound(1000, 90)
    assert bound.looks(250) == (50_000, 100_000, 200_000)
    assert bound.looks(251) == bound.looks(500) == (100_000, 200_000)
    assert bound.looks(501) == bound.looks(bound.fastest) == (200_000,)
    assert bound.fastest == 1000 and Bound(10, 90).fastest == 10_000


def test_in_time_passes_at_the_first_look_and_late_fails_before_it() -> None:
    bound = Bound(10, 90)
    look = bound.looks(20)[0]
    assert bound.judge(answers(bound, 20, 9.0), 20) == ("PASS", look)
    verdict, n = bound.judge(answers(bound, 20, 11.0), 20)
    assert verdict == "FAIL" and n < look
    # not one earlier than where even punctual answers would not help any more
    assert judge_misses(look, n, bound.limit, bound.confidence) == "FAIL"
    assert judge_misses(look, n - 1, bound.limit, bound.confidence) != "FAIL"


def test_too_few_answers_are_undecided_and_so_is_the_edge_itself() -> None:
    bound = Bound(10, 90)
    first, _, last = bound.looks(20)
    assert bound.judge(np.zeros(0), 20) == ("UNDECIDED", 0)
    assert bound.judge(np.zeros(first - 1), 20) == ("UNDECIDED", first - 1)
    assert bound.judge(np.where(np.arange(last) % 10 == 0, 11.0, 9.0), 20) == ("UNDECIDED", last)


@given(st.lists(st.booleans(), max_size=320), st.integers(0, 60))
def test_more_answers_never_change_a_verdict(late: list[bool], more: int) -> None:
    bound = Bound(1, 90)
    latency = np.where(np.array(late, bool), 2.0, 0.5)
    verdict, n = bound.judge(latency, 20)
    longer = bound.judge(np.concatenate([latency, np.full(more, 2.0)]), 20)
    assert verdict == "UNDECIDED" or longer == (verdict, n)


@pytest.mark.parametrize("first", [1.0, 12.0, 70.0])
def test_it_finds_the_rate_of_an_m_m_1_queue(first: float) -> None:
    service_ms, bound = 20.0, Bound(200.0, 90)
    # the sojourn time of M/M/1 is exponential with rate μ − λ, so its percentile is ln(100 / (100 − p)) / (μ − λ)
    exact = 1e3 / service_ms - math.log(10) / 0.2
    trials = list(search_rate(lambda rate: queue_ms(rate, service_ms, bound.looks(rate)[-1]), bound, first))
    passed = max(trial.rate for trial in trials if trial.verdict == "PASS")
    beyond = min(trial.rate for trial in trials if trial.verdict != "PASS")
    assert passed < beyond <= passed * CLOSE
    assert 0.9 * exact < passed < 1.07 * exact
    assert len(trials) < 20


@settings(max_examples=40)
@given(st.floats(0.5, 200.0), st.floats(0.1, 100.0))
def test_a_sharp_edge_is_found_from_anywhere(edge: float, first: float) -> None:
    bound = Bound(10, 90)
    trials = list(search_rate(lambda rate: answers(bound, rate, 5.0 if rate <= edge else 20.0), bound, first))
    passed = [trial.rate for trial in trials if trial.verdict == "PASS"]
    if edge >= first:
        assert edge / CLOSE <= max(passed) <= edge
    assert all(rate <= edge for rate in passed)


def test_where_no_rate_will_do_it_gives_up() -> None:
    bound = Bound(10, 90)
    trials = list(search_rate(lambda rate: answers(bound, rate, 20.0), bound, 16.0))
    assert [trial.rate for trial in trials] == [16, 8, 4, 2, 1]


def test_a_deadline_that_every_rate_keeps_ends_the_search_too() -> None:
    bound = Bound(3_600_000, 90)
    trials = list(search_rate(lambda rate: answers(bound, rate, 5.0), bound, 3000.0))
    assert [trial.rate for trial in trials] == [3000, 6000, 10_000] and {trial.verdict for trial in trials} == {"PASS"}


def test_a_stop_keeps_what_was_measured() -> None:
    bound = Bound(10, 90)
    runs = itertools.chain([answers(bound, 20, 5.0)] * 2, itertools.repeat(None))
    trials = list(search_rate(lambda rate: next(runs), bound, 10.0))
    assert [(trial.rate, trial.verdict) for trial in trials] == [(10, "PASS"), (20, "PASS")]


def test_the_rest_of_a_search_is_foretold() -> None:
    bound = Bound(10, 90)
    trials = list(search_rate(lambda rate: answers(bound, rate, 5.0 if rate < 33 else 20.0), bound, 10.0))
    look_s = bound.looks(30.0)[0] / 30.0
    assert seconds_left([], bound, 30.0) > look_s
    assert seconds_left(trials[:3], bound, 30.0) == pytest.approx((len(trials) - 3) * look_s)
    assert seconds_left(trials[:-1], bound, 30.0) == pytest.approx(look_s)
