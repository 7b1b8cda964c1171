"""Looks and findings against a truth that is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.analysis.true_findings import found_in, hold_against, often_found, over_time
from edgeperf_gui.analysis.true_looks import counting, looks_of, times_found, true_looks
from edgeperf_gui.domain.truth import TrueObject, VisibleInterval


def interval(number: int, start_s: float, end_s: float) -> VisibleInterval:
    return VisibleInterval(number, "car", "AB-1234", start_s, end_s)


def thing(number: int, x: float, *, in_view: bool = True, visibility: float = 1.0) -> TrueObject:
    return TrueObject(number, "car", "AB-1234", x, 10.0, x + 20, 30.0, visibility, 0.5 if in_view else None, 2.0)


def test_looks_are_the_processed_frames_in_view() -> None:
    intervals = [interval(1, 0.95, 2.0), interval(2, 3.0, 3.1), interval(3, 8.0, 9.0)]
    every_second = range(0, 60, 2)
    # at 10 fps: frames 10, 12 … 18 are in view of the first, 30 of the second, none of the last
    assert looks_of(intervals, every_second, 10.0).tolist() == [5, 1, 0]
    assert looks_of(intervals, [18, 10, 30], 10.0).tolist() == [2, 1, 0]
    assert looks_of([], every_second, 10.0).tolist() == []


def test_an_interval_has_its_beginning_and_not_its_end() -> None:
    assert looks_of([interval(1, 1.0, 2.0)], [10, 15, 20], 10.0).tolist() == [2]


def test_only_vehicles_that_the_longest_stay_fits_behind_count() -> None:
    intervals = [
        interval(1, 0.5, 1.0),
        interval(2, 4.0, 4.5),
        interval(3, 5.0, 8.0),
        interval(4, 7.5, 8.0),
        interval(5, 11.0, 11.5),
    ]
    # the longest takes 3 s, so whoever came after 7 s of 10 is left out, the short ones too
    assert [one.id for one in counting(intervals, 1.0, 10.0)] == [2, 3]
    assert counting([], 0.0, 1.0) == ()


def test_the_share_comes_with_its_interval() -> None:
    looks = true_looks(3, [3, 4, 2, 9])
    assert (looks.k, looks.seen, looks.vehicles, looks.share, looks.mean) == (3, 3, 4, 0.75, 4.5)
    assert looks.low is not None
    assert looks.high is not None
    assert looks.low < 0.75 < looks.high
    none = true_looks(1, [])
    assert (none.vehicles, none.share, none.low, none.high, none.mean) == (0, None, None, None, None)


def test_findings_hit_miss_and_are_ignored() -> None:
    objects = (thing(1, 0.0), thing(2, 50.0), thing(3, 100.0, in_view=False), thing(4, 150.0, visibility=0.2))
    corners = np.array(
        [
            (0.0, 10.0, 20.0, 30.0),  # the first
            (1.0, 10.0, 21.0, 30.0),  # the first again, as another class: not counted
            (1.0, 10.0, 21.0, 30.0),  # the first again, as the same class: wrong
            (100.0, 10.0, 120.0, 30.0),  # out of view
            (150.0, 10.0, 170.0, 30.0),  # mostly hidden
            (300.0, 10.0, 320.0, 30.0),  # nothing is there
        ]
    )
    found = hold_against(7, corners, [0, 1, 0, 0, 0, 0], objects)
    assert (found.frame, found.hits, found.wrong, found.in_view, found.ids) == (7, 1, 2, 2, (1,))
    nothing = hold_against(8, np.empty((0, 4)), [], objects)
    assert (nothing.hits, nothing.wrong, nothing.in_view) == (0, 0, 2)
    empty = hold_against(9, corners, [0] * 6, ())
    assert (empty.hits, empty.wrong, empty.in_view) == (0, 6, 0)


def test_precision_and_recall_over_time_add_up() -> None:
    objects = (thing(1, 0.0), thing(2, 50.0))
    both = np.array([(0.0, 10.0, 20.0, 30.0), (50.0, 10.0, 70.0, 30.0)])
    frames = [
        hold_against(number, both[: 2 if number < 40 else 1], [0, 0][: 2 if number < 40 else 1], objects) for number in range(80)
    ]
    whole = found_in(frames, 20.0)
    assert whole is not None
    assert (whole.recall.hits, whole.recall.n, whole.precision.n) == (120, 160, 120)
    assert (whole.start_s, whole.end_s, whole.frames) == (0.0, 4.0, 80)
    stretches = over_time(frames, 20.0)
    assert len(stretches) == 8
    assert [one.recall.value for one in stretches] == [1.0] * 4 + [0.5] * 4
    assert sum(one.frames for one in stretches) == 80
    assert over_time(frames[:5], 20.0) == ()
    assert found_in([], 20.0) is None
    assert often_found(frames) == {1: 80, 2: 40}
    assert times_found([interval(2, 0, 1), interval(3, 0, 1)], often_found(frames)).tolist() == [40, 0]


def test_the_share_of_looks_follows_from_the_thinning() -> None:
    """Every third frame taken, 10 frames in view: three looks or four, as the phases fall."""
    random = np.random.default_rng(1)
    intervals = [interval(n, start, start + 1.0) for n, start in enumerate(np.sort(random.uniform(0, 500, 3000)).tolist())]
    looks = true_looks(4, looks_of(intervals, range(0, 6000, 3), 10.0))
    assert looks.share == pytest.approx(1 / 3, abs=0.03)
