"""Percentiles against hand-counted ranks and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.stats import P99_MIN_SAMPLES, median_ranks, rank, stage_stats

durations = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=700)


def test_nearest_rank_on_the_textbook_example() -> None:
    # 15 20 35 40 50: the nearest-rank 5th, 30th, 40th, 50th and 100th percentiles are 15, 20, 20, 35, 50
    values = [15, 20, 35, 40, 50]
    assert [values[rank(p, 5)] for p in (0.05, 0.30, 0.40, 0.50, 1.00)] == [15, 20, 20, 35, 50]


def test_a_percentile_that_falls_on_a_rank_is_not_pushed_up_by_rounding() -> None:
    assert rank(0.95, 20) == 18
    assert rank(0.99, 300) == 296


def test_p99_needs_enough_samples() -> None:
    assert 0.99**P99_MIN_SAMPLES <= 0.05 < 0.99 ** (P99_MIN_SAMPLES - 1)
    few, enough = (stage_stats(np.arange(n, dtype=float)) for n in (P99_MIN_SAMPLES - 1, P99_MIN_SAMPLES))
    assert few is not None and few.p99_ms is None
    assert enough is not None and enough.p99_ms == 296


def test_no_samples_is_unknown_and_not_zero() -> None:
    assert stage_stats(np.array([])) is None
    assert stage_stats(np.array([math.nan, math.nan])) is None


@given(durations)
def test_order_and_bounds(values: list[float]) -> None:
    stats = stage_stats(np.array(values))
    assert stats is not None
    tail = [] if stats.p99_ms is None else [stats.p99_ms]
    ordered = [stats.min_ms, stats.median_ms, stats.p90_ms, stats.p95_ms, *tail, stats.max_ms]
    assert ordered == sorted(ordered)
    assert set(ordered) <= set(values)
    assert stats.median_low_ms is not None and stats.median_high_ms is not None
    assert stats.median_low_ms <= stats.median_ms <= stats.median_high_ms


@pytest.mark.parametrize("n", [20, 101, 1000])
def test_the_interval_of_the_median_covers_it_19_times_in_20(n: int) -> None:
    """Exact binomial coverage of the chosen ranks, not a simulation."""
    low, high = median_ranks(n)
    coverage = sum(math.comb(n, k) for k in range(low + 1, high + 1)) / 2**n
    assert 0.94 <= coverage <= 0.975


def test_the_interval_of_the_median_of_twenty_is_the_tables_sixth_to_fifteenth() -> None:
    assert median_ranks(20) == (5, 14)
