from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.ui.axis import Ceiling, highest_per_column, pieces, round_up, settled, wanted_top

S = 1_000_000_000


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 1), (0.3, 0.3), (7, 8), (10, 10), (10.1, 20), (17, 20), (230, 300), (float("nan"), 1)]
)
def test_ceilings_are_round(value: float, rounded: float) -> None:
    assert round_up(value) == pytest.approx(rounded)


def test_the_axis_grows_at_once_and_shrinks_only_after_three_seconds() -> None:
    ceiling = Ceiling()
    assert ceiling.fit(17, 0) == 20
    assert ceiling.fit(35, 1 * S) == 40
    assert ceiling.fit(9, 2 * S) == 40
    assert ceiling.fit(9, 4 * S) == 40
    assert ceiling.fit(9, int(5.1 * S)) == 20


def test_values_near_a_step_do_not_move_the_axis() -> None:
    ceiling = Ceiling()
    ceiling.fit(20.5, 0)
    assert {ceiling.fit(19.0 + (tick % 2), tick * S) for tick in range(20)} == {30}


def test_one_spike_does_not_flatten_the_rest() -> None:
    values = np.full(1000, 10.0)
    values[500] = 400
    assert wanted_top(values) == 20


def test_the_highest_frame_of_each_column_is_kept() -> None:
    times = np.arange(100, dtype=np.int64) * 10
    heights = np.ones(100)
    heights[[13, 57]] = 9.0
    kept = highest_per_column(times, heights, 100)
    assert len(kept) == 10
    assert {13, 57} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()


def test_a_column_keeps_its_frame_while_time_goes_on() -> None:
    times = np.arange(1000, dtype=np.int64) * 7_000_000
    heights = np.random.default_rng(3).random(1000)
    whole = times[highest_per_column(times, heights, 50_000_000)]
    later = times[400:][highest_per_column(times[400:], heights[400:], 50_000_000)]
    assert set(later[1:].tolist()) <= set(whole.tolist())


def test_curves_do_not_cross_a_pause_or_a_break() -> None:
    times = np.array([0, 40, 80, 2000, 2040], np.int64) * 1_000_000
    assert pieces(times) == [(0, 3, False), (3, 5, False)]
    assert pieces(times, (), np.array([60_000_000])) == [(0, 2, False), (2, 3, False), (3, 5, False)]


def test_the_parts_that_may_not_be_believed_are_marked() -> None:
    times = np.arange(10, dtype=np.int64) * 40_000_000
    assert pieces(times, [(200_000_000, S)]) == [(0, 6, False), (5, 10, True)]
    assert pieces(times, [(0, S)]) == [(0, 10, True)]
    assert pieces(times, [(0, 80_000_000), (200_000_000, 280_000_000)]) == [
        (0, 3, True), (2, 6, False), (5, 8, True), (7, 10, False)
    ]  # fmt: skip
    assert pieces(times, [(-S, 0), (S, 2 * S)]) == [(0, 10, False)]
    assert pieces(np.empty(0, np.int64)) == []


def test_a_slow_start_does_not_flatten_the_rest() -> None:
    times = np.arange(160, dtype=np.int64) * 40_000_000
    ages = np.full(160, 15.0)
    ages[:10] = 110.0
    assert wanted_top(ages) == 110
    assert wanted_top(ages, settled(times, times[:1])) == 30
    assert wanted_top(ages[:5], settled(times[:5], times[:1])) == 110, "as long as there is nothing else to see"


def test_two_spikes_among_few_values_do_not_flatten_the_rest() -> None:
    values = np.full(60, 25.0)
    values[[3, 40]] = 300.0
    assert wanted_top(values) == 50


def test_what_is_settled_begins_a_second_after_each_first_frame() -> None:
    times = np.array([0, 1, 2, 3, 4, 5], np.int64) * S // 2
    assert settled(times, times[2:3]).tolist() == [True, True, False, False, True, True]
    assert settled(times, times[:0]).all()
