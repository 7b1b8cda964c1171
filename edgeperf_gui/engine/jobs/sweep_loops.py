"""How a point's requests are driven in one block: all kept busy, or as an arrival pattern says."""

from __future__ import annotations

import functools
import itertools
import math
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
_LOOK_S: Final = 0.0005
"""How soon a request that becomes free takes the frame that waits for one."""
_UNFIT: Final = {
    "server": (
        "that is a search over rates, for one setting at a time",
        "Choose poisson:RATE, or search with a point's settings: edgeperf bench --arrivals server --deadline MS.",
    ),
    "paced": ("inputs stay filled, so no source says a rate", "Say the rate, such as paced:30."),
}
"""Patterns of `bench` that are none of a sweep: why, and what to do."""
_OWN_RATE: Final = ("poisson", "recorded", "paced")
"""Patterns that say how fast frames come."""

Measured = tuple[NDArray[np.float64], float]
"""Latencies in milliseconds and frames per second."""


def pattern_of(spec: SweepSpec) -> ArrivalPattern:
    """How a sweep's frames come. Raises BadInput where that does not fit its other ranges, or a file cannot be read."""
    pattern = pattern_in(spec.arrivals)
    if spec.arrivals in _UNFIT:
        why, remedy = _UNFIT[spec.arrivals]
        raise BadInput(f"A sweep is not measured under “{spec.arrivals}”: {why}.", remedy)
    odd = [batch for batch in spec.batches if pattern.name in ("single", "multi") and pattern.frames % batch]
    if odd:
        raise BadInput(
            f"{spec.arrivals} never fills a batch of {odd[0]}: the next frames come when these are answered.",
            f"Take batches that divide {pattern.frames}, or multi:{odd[0]}.",
        )
    if pattern.name in _OWN_RATE and spec.rate is not None:
        raise BadInput(f"{spec.arrivals} says already how fast frames come.", "Leave the rate out.")
    if pattern.file is not None and (arrivals := len(_recorded(pattern.file))) < max(spec.batches):
        raise BadInput(
            f"{Path(pattern.file).name} holds {arrivals} arrivals, which never fill a batch of {max(spec.batches)}.",
            "Take smaller batches, or a longer recording.",
        )
    return pattern


def frames_of(pattern: ArrivalPattern, batch: int) -> int | None:
    """How many frames one latency is about; None where each frame has its own, waits among others included."""
    if pattern.name in _OWN_RATE:
        return None
    return batch if pattern.name == "offline" else pattern.frames


def loop_of(pattern: ArrivalPattern) -> Callable[[Driven], Measured | None]:
    """What drives the requests under a pattern; None comes of a block that was stopped before its end."""
    if pattern.rate is not None:
        rate = pattern.rate
        if pattern.name == "paced":
            return lambda driven: newest_wins(driven, rate)
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


class _Answers:
    """Which frames each request holds, and the latency in ms of every one that is answered, from its own arrival."""

    def __init__(self, queue: ov.AsyncInferQueue) -> None:
        self._queue = queue
        self._due_ns: list[Sequence[int]] = [()] * len(queue)
        self._submits = [0] * len(queue)
        self.latency_ms: list[float] = []
        self.last_ns = 0

    def start(self, due_ns: Sequence[int]) -> None:
        """Compute the frames that came then, in the next request that is free."""
        index = self._queue.get_idle_request_id()
        self._collect(index)
        self._submits[index], self._due_ns[index] = time.perf_counter_ns(), due_ns
        self._queue.start_async()

    def finish(self) -> None:
        """Wait for all that are under way."""
        self._queue.wait_all()
        for index in range(len(self._due_ns)):
            self._collect(index)

    def _collect(self, index: int) -> None:
        if not self._due_ns[index]:
            return
        end_ns = self._submits[index] + round(self._queue[index].latency * 1e6)
        self.latency_ms.extend((end_ns - due) / 1e6 for due in self._due_ns[index])
        self._due_ns[index], self.last_ns = (), max(self.last_ns, end_ns)


def queueing(driven: Driven, offsets_s: Iterator[float]) -> Measured | None:
    """Frames come at given moments and queue; a request begins with its batch's last. One latency a frame, from its own arrival.

    Every point's block of the same number has the same arrivals; those of a recording begin at its start in every block.
    """
    answers = _Answers(driven.queue)
    start_ns = time.perf_counter_ns()
    while True:
        coming = [start_ns + round(offset * 1e9) for offset in itertools.islice(offsets_s, driven.batch)]
        if len(coming) < driven.batch or (coming[-1] > driven.end_ns and answers.latency_ms):
            break
        if not wait_until(coming[-1], driven.stop):
            break
        answers.start(coming)
    answers.finish()
    if driven.stop.is_set():
        return None
    return np.array(answers.latency_ms), len(answers.latency_ms) * 1e9 / (answers.last_ns - start_ns)


def newest_wins(driven: Driven, rate: float) -> Measured | None:
    """Frames come at a steady rate, as a camera's: while no request can take one the newest waits, and it replaces the last.

    One latency a frame that is answered, from its own arrival; frames per second are the share of those that were not lost.
    """
    queue, stop, answers = driven.queue, driven.stop, _Answers(driven.queue)
    filling: list[int] = []  # arrivals in the request that starts next, which is free until then
    waiting: int | None = None

    def take(due_ns: int) -> None:
        filling.append(due_ns)
        if len(filling) == driven.batch:
            answers.start(tuple(filling))
            filling.clear()

    start_ns = time.perf_counter_ns()
    frames = max(math.ceil(driven.seconds * rate), _LEAST * driven.batch)
    for number in range(frames):
        coming = start_ns + round(number * 1e9 / rate)
        while waiting is not None and time.perf_counter_ns() < coming and not stop.wait(_LOOK_S):
            if queue.is_ready():
                take(waiting)
                waiting = None
        if not wait_until(coming, stop):
            break
        if waiting is None and queue.is_ready():
            take(coming)
        else:
            waiting = coming
    answers.finish()
    if stop.is_set():
        return None
    # the last frames have had no time to be answered, or to be lost
    settled = frames - len(filling) - (waiting is not None)
    return np.array(answers.latency_ms), rate * len(answers.latency_ms) / settled
