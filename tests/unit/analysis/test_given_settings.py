"""What the runtime made of what was asked."""

from __future__ import annotations

import msgspec

from edgeperf_gui.analysis.given_settings import given_alike, given_instead, hint_and_threads
from edgeperf_gui.analysis.trade_off import words
from edgeperf_gui.domain.sweep import SweepPoint, SweepSpec
from edgeperf_gui.engine.jobs.sweep import asked_points


def measured(given: tuple[int, int, int], **ranges) -> SweepPoint:
    """One point that was given so many streams, requests and threads."""
    (asked,) = asked_points(SweepSpec("trial", "nanodet-g", **ranges))
    streams, requests, threads = given
    return msgspec.structs.replace(asked, streams=streams, requests=requests, threads=threads, fps=50.0)


def test_other_counts_than_asked_are_told() -> None:
    assert given_instead(measured((2, 2, 2), streams=(16,), requests=(2,), threads=(8,))) == [
        "16 streams asked, 2 given",
        "8 threads asked, 2 given",
    ]
    assert given_instead(measured((2, 2, 2))) == []
    (unmeasured,) = asked_points(SweepSpec("trial", "nanodet-g", threads=(8,)))
    assert given_instead(unmeasured) == []


def test_points_that_were_given_the_same_are_told_as_they_were_asked() -> None:
    hinted, counted = measured((2, 2, 2), hints=("throughput",)), measured((2, 2, 2), streams=(2,))
    assert given_alike([hinted, counted, measured((1, 1, 2))]) == (
        "FP16 batch 1: the runtime gave the same streams, requests and threads to “hint throughput” and “hint none, 2 streams”."
    )
    default, threaded = measured((1, 1, 2)), measured((1, 1, 2), threads=(2,))
    assert "“automatic threads” and “2 threads”" in given_alike([default, threaded])
    third = measured((2, 2, 2), streams=(16,))
    assert "“hint throughput”, “hint none, 2 streams” and 1 more." in given_alike([hinted, counted, third])
    larger = [msgspec.structs.replace(point, batch=4) for point in (hinted, counted)]
    assert given_alike([hinted, counted, *larger]).endswith(" So it did in another case.")


def test_of_points_that_differ_or_were_not_measured_nothing_is_said() -> None:
    one, other = measured((2, 2, 2), hints=("throughput",)), measured((2, 2, 2), streams=(2,))
    assert given_alike([one, msgspec.structs.replace(other, fps=None)]) == ""
    assert given_alike([one, msgspec.structs.replace(other, batch=2)]) == ""
    assert given_alike([]) == ""


def test_a_points_hint_and_threads_are_named_where_they_were_asked_for() -> None:
    assert hint_and_threads(measured((1, 1, 2))) == []
    assert words(measured((1, 2, 1), hints=("latency",), requests=(2,), threads=(1,))) == (
        "FP16 batch 1, 1 stream, 2 requests, hint latency, 1 thread (50.0 FPS)"
    )
