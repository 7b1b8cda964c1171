"""Latency against throughput: the points worth choosing from, and the one that serves an application best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.given_settings import hint_and_threads
from edgeperf_gui.domain.sweep import Best, SweepPoint

_NEARLY: Final = 0.95


def batch_wait_ms(batch: int, rate: float) -> float:
    """How long the first frame of a batch waits for its last when frames come `rate` a second: (b − 1) / λ.

    Frame i of b waits (b − i) / λ, so the mean over a batch is half of it, (b − 1) / 2λ.
    """
    return 1e3 * (batch - 1) / rate


def pareto_front(latency_ms: NDArray[np.float64], fps: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points no other one beats in both; NaN is on no front. Of equal points all are."""
    front = np.isfinite(latency_ms) & np.isfinite(fps)
    for at in np.flatnonzero(front):
        no_worse = (latency_ms <= latency_ms[at]) & (fps >= fps[at])
        better = (latency_ms < latency_ms[at]) | (fps > fps[at])
        front[at] = not (no_worse & better).any()
    return front


def answer_ms(point: SweepPoint) -> float | None:
    """What a deadline is held against: the wait to fill the batch, then the latency's p99, or p95 with too few samples for it."""
    if point.latency is None:
        return None
    tail = point.latency.p95_ms if point.latency.p99_ms is None else point.latency.p99_ms
    return (point.batch_wait_ms or 0.0) + tail


def answer_percentile(point: SweepPoint) -> int | None:
    """Which percentile that is: 99, or 95 with too few samples."""
    if point.latency is None:
        return None
    return 95 if point.latency.p99_ms is None else 99


def best_point(points: Sequence[SweepPoint], deadline_ms: float | None, rate: float | None) -> Best:
    """The highest throughput within the deadline; without a deadline the quickest answer that keeps up with the rate."""
    known = [(answer, point) for point in points if (answer := answer_ms(point)) is not None and point.fps is not None]
    if not known:
        return Best(deadline_ms, rate, None, "No point was measured.")
    if deadline_ms is None and rate is None:
        point = max((point for _, point in known), key=_fps)
        return Best(None, None, point, f"The highest throughput: {words(point)}.")
    fitting = [(answer, point) for answer, point in known if is_meeting(point, deadline_ms, rate)]
    wanted = " and ".join(filter(None, (f"{deadline_ms:g} ms" if deadline_ms else "", f"{rate:g} FPS" if rate else "")))
    if not fitting:
        _, nearest = min(known, key=lambda pair: _excess(pair[0], pair[1], deadline_ms, rate))
        return Best(deadline_ms, rate, None, f"Nothing meets {wanted}; the nearest is {words(nearest)}.")
    if deadline_ms is None:
        _, point = min(fitting, key=lambda pair: pair[0])
        return Best(deadline_ms, rate, point, f"The quickest answer that keeps up with {wanted}: {words(point)}.")
    point = max((point for _, point in fitting), key=_fps)
    return Best(deadline_ms, rate, point, f"The highest throughput that meets {wanted}: {words(point)}.")


def at_rate(points: Sequence[SweepPoint], rate: float | None) -> tuple[SweepPoint, ...]:
    """The same points with the wait that frames coming `rate` a second make of their batches."""
    waits = [batch_wait_ms(point.batch, rate) if rate else None for point in points]
    return tuple(
        msgspec.structs.replace(point, batch_wait_ms=wait, batch_wait_mean_ms=None if wait is None else wait / 2)
        for point, wait in zip(points, waits, strict=True)
    )


def percentile_ms(point: SweepPoint, percentile: int) -> float | None:
    """The wait for the batch and then the latency's 50th, 90th or 99th percentile; p95 stands in for an unknown p99."""
    if percentile == 99 or point.latency is None:
        return answer_ms(point)
    latency = point.latency.median_ms if percentile == 50 else point.latency.p90_ms
    return (point.batch_wait_ms or 0.0) + latency


def is_meeting(point: SweepPoint, deadline_ms: float | None, rate: float | None) -> bool:
    """It was measured, and keeps to both; None asks for nothing."""
    answer = answer_ms(point)
    if answer is None or point.fps is None:
        return False
    return (deadline_ms is None or answer <= deadline_ms) and (rate is None or point.fps >= rate)


def knee(batches: Sequence[int], fps: Sequence[float]) -> int | None:
    """The smallest batch within 5 % of the highest throughput: larger ones cost latency and buy nothing. None below two."""
    if len(batches) < 2:
        return None
    enough = _NEARLY * max(fps)
    return min(batch for batch, done in zip(batches, fps, strict=True) if done >= enough)


def words(point: SweepPoint) -> str:
    """A point and what it does, for a person."""
    settings = [f"{point.variant} batch {point.batch}"]
    settings += [
        f"{count} {name}{'s' if count != 1 else ''}"
        for name, count in (("stream", point.streams), ("request", point.requests))
        if count
    ]
    settings += hint_and_threads(point)
    done = [f"{point.fps:.1f} FPS"] if point.fps is not None else []
    if point.latency is not None:
        tail = point.latency.p95_ms if point.latency.p99_ms is None else point.latency.p99_ms
        done.append(f"p{answer_percentile(point)} {tail:.1f} ms")
    if point.batch_wait_ms:
        done.append(f"after a wait of {point.batch_wait_ms:.0f} ms for the batch")
    return f"{', '.join(settings)} ({', '.join(done)})" if done else ", ".join(settings)


def _fps(point: SweepPoint) -> float:
    return point.fps or 0.0


def _excess(answer: float, point: SweepPoint, deadline_ms: float | None, rate: float | None) -> float:
    """How far a point misses what is asked, as a factor; 1 when it does not."""
    late = answer / deadline_ms if deadline_ms else 1.0
    slow = rate / _fps(point) if rate and _fps(point) else 1.0
    return max(late, 1.0) * max(slow, 1.0)
