"""How a point's requests are driven in one block: all kept busy, or as an arrival pattern says."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from edgeperf_gui.domain.arrival_pattern import ArrivalPattern, pattern_in
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.sweep import SweepSpec
from edgeperf_gui.engine.arrivals import poisson_s, recorded_s
from edgeperf_gui.engine.pacing import wait_until

_LEAST: Final = 4
"""Completions of each request in a block, or queries, however short it was meant to be."""
_PATTERNS: Final = ("offline", "single", "multi", "poisson", "recorded")

Measured = tuple[NDArray[np.float64], float]
"""Latencies in milliseconds and frames per second."""


def pattern_of(spec: SweepSpec) -> ArrivalPattern:
    """How a sweep's frames come. Raises BadInput where that does not fit its other ranges, or a file cannot be read."""
    pattern = pattern_in(spec.arrivals)
    if pattern.name not in _PATTERNS:
        raise BadInput(
            f"A sweep is not measured under “{spec.arrivals[:80]}”.",
            "Choose single, multi:B, poisson:RATE, offline or a CSV file.",
        )
    odd = [batch for batch in spec.batches if pattern.name in ("single", "multi") and pattern.frames % batch]
    if odd:
        raise BadInput(
            f"{spec.arrivals} never fills a batch of {odd[0]}: the next frames come when these are answered.",
            f"Take batches that divide {pattern.frames}, or multi:{odd[0]}.",
        )
    if pattern.name in ("poisson", "recorded") and spec.rate is not None:
        raise BadInput(f"{spec.arrivals} says already how fast frames come.", "Leave the rate out.")
    if pattern.file is not None and (arrivals := len(_recorded(pattern.file))) < max(spec.batches):
        raise BadInput(
            f"{Path(pattern.file).name} holds {arrivals} arrivals, which never fill a batch of {max(spec.batches)}.",
            "Take smaller batches, or a longer recording.",
        )
    return pattern


def frames_of(pattern: ArrivalPattern, batch: int) -> int | None:
    """How many frames one latency is about; None where each frame has its own, waits among others included."""
    return {"offline": batch, "poisson": None, "recorded": None}.get(pattern.name, pattern.frames)


def loop_of(pattern: ArrivalPattern) -> Callable[[Driven], Measured | None]:
    """What drives the requests under a pattern; None comes of a block that was stopped before its end."""
    if pattern.rate is not None:
        rate = pattern.rate
        return lambda driven: queueing(driven, poisson_s(rate, driven.number))
    if pattern.file is not None:
        file = pattern.file
        return lambda driven: queueing(driven, iter(_recorded(file)))
    if pattern.name == "offline":
        return saturated
    return lambda driven: closed(driven, pattern.frames)


@dataclass(frozen=True)
class Driven:
    """The requests of a point, each of a batch, for one block; `number` counts the blocks."""

    queue: ov.AsyncInferQueue
    batch: int
    seconds: float
    number: int
    stop: threading.Event
    end_ns: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "end_ns", time.perf_counter_ns() + round(self.seconds * 1e9))

    def goes_on(self, done: int, least: int) -> bool:
        """Whether the block is neither stopped nor long enough."""
        return not self.stop.is_set() and (time.perf_counter_ns() < self.end_ns or done < least)


def saturated(driven: Driven) -> Measured | None:
    """All requests kept busy, as benchmark_app does; filling the pipe and emptying it do not count."""
    queue = driven.queue
    requests = len(queue)
    submits = [0] * requests
    done: list[tuple[int, float]] = []  # completion stamps and latencies
    while driven.goes_on(len(done), requests * (1 + _LEAST)):
        index = queue.get_idle_request_id()
        if submits[index]:
            latency_ms = queue[index].latency
            done.append((submits[index] + round(latency_ms * 1e6), latency_ms))
        submits[index] = time.perf_counter_ns()
        queue.start_async()
    queue.wait_all()
    if driven.stop.is_set():
        return None
    kept = sorted(done)[requests:]
    stamps = np.array([stamp for stamp, _ in kept])
    fps = driven.batch * (stamps.size - 1) * 1e9 / float(stamps[-1] - stamps[0])
    return np.array([latency for _, latency in kept]), fps


def closed(driven: Driven, frames: int) -> Measured | None:
    """A query of so many frames at once; the next comes when its last frame is answered."""
    latency_ms: list[float] = []
    start_ns = time.perf_counter_ns()
    while driven.goes_on(len(latency_ms), _LEAST):
        due_ns = time.perf_counter_ns()
        for _ in range(frames // driven.batch):
            driven.queue.start_async()  # waits for an idle request
        driven.queue.wait_all()
        latency_ms.append((time.perf_counter_ns() - due_ns) / 1e6)
    if driven.stop.is_set():
        return None
    fps = frames * len(latency_ms) * 1e9 / (time.perf_counter_ns() - start_ns)
    return np.array(latency_ms), fps


@functools.lru_cache(1)
def _recorded(file: str) -> tuple[float, ...]:
    return tuple(recorded_s(Path(file)))


def queueing(driven: Driven, offsets_s: Iterator[float]) -> Measured | None:
    """Frames come at given moments and queue; a request begins with its batch's last. One latency a frame, from its own arrival.

    Every point's block of the same number has the same arrivals; those of a recording begin at its start in every block.
    """
    queue = driven.queue
    due_ns: list[Sequence[int]] = [()] * len(queue)
    submits = [0] * len(queue)
    latency_ms: list[float] = []
    last_ns = start_ns = time.perf_counter_ns()

    def collect(index: int) -> int:
        end_ns = submits[index] + round(queue[index].latency * 1e6)
        latency_ms.extend((end_ns - due) / 1e6 for due in due_ns[index])
        return end_ns if due_ns[index] else start_ns

    while True:
        coming = [start_ns + round(offset * 1e9) for offset in itertools.islice(offsets_s, driven.batch)]
        if len(coming) < driven.batch or (coming[-1] > driven.end_ns and latency_ms):
            break
        if not wait_until(coming[-1], driven.stop):
            break
        index = queue.get_idle_request_id()
        last_ns = max(last_ns, collect(index))
        submits[index], due_ns[index] = time.perf_counter_ns(), coming
        queue.start_async()
    queue.wait_all()
    if driven.stop.is_set():
        return None
    last_ns = max([last_ns, *map(collect, range(len(queue)))])
    return np.array(latency_ms), len(latency_ms) * 1e9 / (last_ns - start_ns)
