"""Records as queries: which belong together, what is left out, and what the estimate says of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.queries import queries_of, query_latency_ms
from edgeperf_gui.domain.arrival_pattern import ArrivalPattern
from edgeperf_gui.domain.records import FRAME, Records


def records_of(due_ms: list[float], end_ms: list[float], dropped: list[int] | None = None) -> Records:
    records = np.zeros(len(due_ms), FRAME)
    records["due_ns"] = np.array(due_ms) * 1e6
    records["postprocess_end_ns"] = np.array(end_ms) * 1e6
    records["dropped"] = dropped or [0] * len(due_ms)
    return records


def test_a_query_of_several_frames_ends_with_its_last() -> None:
    records = records_of([1, 1, 20, 20], [5, 9, 24, 22])
    assert query_latency_ms(records, 2).tolist() == [8, 4]


def test_a_query_that_is_cut_by_an_end_is_left_out() -> None:
    records = records_of([1, 20, 20, 40], [9, 24, 22, 50])
    assert query_latency_ms(records, 2).tolist() == [4]


def test_latencies_are_in_the_order_of_arrival_and_frames_without_a_due_time_have_none() -> None:
    assert query_latency_ms(records_of([30, 0, 10], [31, 5, 40]), 1).tolist() == [30, 1]
    assert query_latency_ms(records_of([0, 0], [4, 5]), 2).size == 0


@given(st.lists(st.lists(st.floats(0, 1e4), min_size=3, max_size=3), min_size=1, max_size=30))
def test_it_is_the_highest_of_each_group(groups: list[list[float]]) -> None:
    due = [1e5 * (1 + at) for at, group in enumerate(groups) for _ in group]
    records = records_of(due, [start + took for start, took in zip(due, [t for g in groups for t in g], strict=True)])
    shuffled = np.random.default_rng(1).permutation(records)
    assert query_latency_ms(shuffled, 3) == pytest.approx([max(group) for group in groups], abs=1e-5)


def told(n: int, pattern: str, **fields):
    due = [10.0 * (1 + at) for at in range(n)]
    return queries_of(records_of(due, [start + 5 for start in due], **fields), ArrivalPattern(pattern), waiting=None)


def test_too_few_say_how_many_it_takes() -> None:
    queries = told(63, "single")
    assert (queries.n, queries.estimate_ms, queries.left_out, queries.needed) == (63, None, None, 64)
    assert queries.sentence == "n too small for p90: needs 64, has 63"
    assert told(661, "poisson").sentence == "n too small for p99: needs 662, has 661"


def test_enough_give_the_percentile_of_their_pattern() -> None:
    assert (told(64, "single").percentile, told(64, "single").estimate_ms) == (90, 5)
    server = told(900, "poisson")
    assert (server.percentile, server.estimate_ms, server.left_out, server.needed) == (99, 5, 1, 662)
    assert "p99 ≤ 5.00 ms with a confidence of 99%, the 1 highest of 900 left out" in server.sentence


def test_dropped_frames_count_as_higher_than_all() -> None:
    one = told(900, "paced", dropped=[0] * 400 + [1] * 500)
    assert (one.n, one.dropped, one.estimate_ms) == (901, 1, 5)
    many = told(900, "paced", dropped=[0] * 400 + [4] * 500)
    assert many.estimate_ms is None and many.left_out == 1
    assert many.sentence == "no p99: 4 of 904 were dropped, and no more than 1 may be left out"


def test_offline_has_no_latency() -> None:
    queries = told(300, "offline")
    assert (queries.n, queries.latency, queries.percentile, queries.needed) == (300, None, None, None)


def test_frames_that_still_waited_are_told() -> None:
    due = [10.0 * (1 + at) for at in range(70)]
    records = records_of(due, [start + 5 for start in due])
    said = queries_of(records, ArrivalPattern("poisson"), waiting=12).sentence
    assert said.endswith("; 12 frames still waited at the end and are in none of these figures")


def queue(n: int, came: float, answered: float, pattern: str = "poisson"):
    """A queue in front of one server: frames at an even rate, each decoded when the one before is answered."""
    records = np.zeros(n, FRAME)
    due, free = 0.0, 0.0
    for at in range(n):
        due += 1 / came
        start = max(due, free)
        free = start + 1 / answered
        records[at]["due_ns"], records[at]["decode_start_ns"], records[at]["postprocess_end_ns"] = (
            round(1e9 * moment) for moment in (due, start, free)
        )
    return queries_of(records, ArrivalPattern(pattern), waiting=None)


def test_more_than_is_answered_has_no_percentile_but_a_reason() -> None:
    """Its latencies are as long as the run: twice the run gives twice the number."""
    for n in (700, 1400):
        told = queue(n, 20.0, 15.0)
        assert (told.estimate_ms, told.left_out) == (None, None)
        assert told.sentence.startswith("no p99: the queue was never empty in the second half of the run")
        assert "(20.0 frames a second came, 15.0 were answered); lower the rate" in told.sentence
    assert queue(700, 20.0, 21.0).estimate_ms == pytest.approx(1000 / 21)
    # said before a longer run is asked for, which would not help
    assert "lower the rate" in queue(100, 20.0, 15.0).sentence
    # a recording comes as it comes
    assert queue(700, 20.0, 15.0, "recorded").estimate_ms is not None


def test_nothing_is_nothing() -> None:
    for name in ("single", "multi", "paced", "offline"):
        assert queries_of(np.zeros(0, FRAME), ArrivalPattern(name), waiting=None).n == 0
