"""The front, the wait of a batch, and the best point in words."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.trade_off import (
    at_rate,
    batch_wait_ms,
    best_point,
    is_meeting,
    knee,
    pareto_front,
    percentile_ms,
    words,
)
from edgeperf_gui.domain.sweep import SweepPoint, SweepSpec
from edgeperf_gui.engine.jobs.sweep import asked_points

FIGURES = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=25)


def point(latency_ms: float, fps: float, *, batch: int = 1, rate: float | None = None) -> SweepPoint:
    (empty,) = asked_points(SweepSpec(session_id="trial", model="nanodet-g", batches=(batch,)))
    return msgspec.structs.replace(
        empty,
        latency=stage_stats(np.full(300, latency_ms)),
        fps=fps,
        streams=1,
        requests=2,
        batch_wait_ms=batch_wait_ms(batch, rate) if rate else None,
    )


@given(FIGURES)
def test_the_front_is_what_no_other_point_beats(figures: list[tuple[int, int]]) -> None:
    latency, fps = np.array(figures, float).T
    front = pareto_front(latency, fps)
    assert front.any()
    for at, (own_latency, own_fps) in enumerate(figures):
        beaten = any(
            other_latency <= own_latency and other_fps >= own_fps and (other_latency, other_fps) != (own_latency, own_fps)
            for other_latency, other_fps in figures
        )
        assert front[at] == (not beaten)


def test_an_unmeasured_point_is_on_no_front() -> None:
    latency, fps = np.array([5.0, np.nan]), np.array([100.0, np.nan])
    assert pareto_front(latency, fps).tolist() == [True, False]


def test_the_first_frame_of_four_at_30_fps_waits_for_three_more() -> None:
    assert batch_wait_ms(4, 30) == pytest.approx(100)
    assert batch_wait_ms(1, 30) == 0


def test_within_a_deadline_the_highest_throughput_wins() -> None:
    best = best_point([point(5, 200), point(9, 260), point(30, 300)], 10, None)
    assert best.point is not None and best.point.fps == 260
    assert best.sentence == "The highest throughput that meets 10 ms: FP16 batch 1, 1 stream, 2 requests (260.0 FPS, p99 9.0 ms)."


def test_with_a_rate_alone_the_quickest_that_keeps_up_wins() -> None:
    best = best_point([point(5, 20), point(9, 40), point(12, 90)], None, 30)
    assert best.point is not None and best.point.fps == 40


def test_the_wait_for_the_batch_counts_against_the_deadline() -> None:
    single, four = point(10, 100, rate=30), point(30, 140, batch=4, rate=30)
    best = best_point([single, four], 100, 30)
    assert best.point == single
    assert best_point([four], 131, 30).point == four


def test_when_nothing_fits_the_nearest_is_named() -> None:
    best = best_point([point(9, 200), point(7, 100)], 5, None)
    assert best.point is None
    assert best.sentence.startswith("Nothing meets 5 ms; the nearest is FP16 batch 1") and "7.0 ms" in best.sentence
    assert "Nothing meets 5 ms and 500 FPS" in best_point([point(9, 200)], 5, 500).sentence


def test_without_measurements_it_says_so() -> None:
    assert best_point(asked_points(SweepSpec(session_id="t", model="m")), 5, None).sentence == "No point was measured."


def test_a_point_that_was_not_measured_has_no_empty_brackets() -> None:
    (asked,) = asked_points(SweepSpec(session_id="t", model="m", batches=(64,)))
    assert words(asked) == "FP16 batch 64"


def test_the_knee_is_the_smallest_batch_that_is_nearly_as_good_as_the_best() -> None:
    assert knee([1, 2, 4, 8], [100.0, 130.0, 148.0, 150.0]) == 4
    assert knee([1, 2, 4], [100.0, 99.0, 98.0]) == 1
    assert knee([1], [100.0]) is None and knee([], []) is None


def test_a_rate_makes_the_wait_and_no_rate_takes_it_away() -> None:
    (slow,) = at_rate([point(20.0, 50.0, batch=4)], 30.0)
    assert slow.batch_wait_ms == pytest.approx(100.0)
    assert percentile_ms(slow, 50) == percentile_ms(slow, 99) == pytest.approx(120.0)
    (without,) = at_rate([slow], None)
    assert without.batch_wait_ms is None and percentile_ms(without, 90) == pytest.approx(20.0)


def test_meeting_means_measured_and_within_both() -> None:
    good = point(20.0, 50.0)
    assert is_meeting(good, None, None) and is_meeting(good, 20.0, 50.0)
    assert not is_meeting(good, 19.9, None) and not is_meeting(good, None, 51.0)
    assert not is_meeting(msgspec.structs.replace(good, latency=None), None, None)
