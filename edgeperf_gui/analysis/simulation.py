"""A discrete-event model of the pipeline: readers, mailboxes, one worker, requests, streams; times drawn from measured frames.

    camera → reader (decode) → mailbox → worker (preprocess) → request → stream (inference) → worker (postprocess)

It is the engine's own shape (`engine/pipeline.py`, `engine/cameras.py`): each reader decodes one frame at a time and is late when
it must be; one worker fills idle requests before it takes completed ones' outputs; requests beyond the streams wait in the
runtime.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from edgeperf_gui.analysis.service_times import Bootstrap, InOrder, Served, ServiceTimes
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.simulation import Outcome, Situation

_SPREAD: Final = 6.0
"""Standard deviations of the number of frames that come by chance in a given time."""


@dataclass(slots=True)
class _Frame:
    camera: int
    due_ms: float
    served: Served


@dataclass(slots=True)
class _Camera:
    """A reader and its mailbox."""

    index: int
    phase_ms: float
    moments_ms: list[float]
    """When its frames are due, ascending."""
    at: int = 0
    box: deque[_Frame] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of it; `seen` are the (camera, due time in seconds) of the frames that were processed, in order of completion."""

    outcome: Outcome
    seen: tuple[tuple[int, float], ...]


class Draws(Protocol):
    """Where service times come from."""

    def of(self, due_ms: float) -> Served:
        """Those of the next frame that is read, due so long after the start."""


def simulate(situation: Situation, times: ServiceTimes, seed: int = 17) -> Simulated:
    """Run it in virtual time, from an idle start to the end of `situation.seconds`; the same seed gives the same answer."""
    draws = Bootstrap(times, situation.rate_fps * situation.cameras, seed)
    return _Simulation(situation, draws, _cameras(situation, seed)).run()


def simulate_again(situation: Situation, run: InOrder) -> Simulated:
    """A real run of one camera, with its own frames: they come when they came and take what they took."""
    cameras = [_Camera(0, run.due_ms[0], run.due_ms)] if situation.by_chance else _cameras(situation, 0)
    return _Simulation(situation, run, cameras).run()


class _Simulation:
    def __init__(self, situation: Situation, draws: Draws, cameras: Sequence[_Camera]) -> None:
        self._situation = situation
        self._end_ms = situation.seconds * 1e3
        self._draws = draws
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self._cameras = deque(cameras)
        self._idle = situation.requests
        self._filling: list[_Frame] = []
        self._worker_busy = False
        self._streams = [0.0] * situation.streams  # when each is free
        self._completed: deque[list[_Frame]] = deque()
        self._dropped = 0
        self._done: list[tuple[float, float, int]] = []  # when known, when due, camera

    def run(self) -> Simulated:
        for camera in self._cameras:
            self._at(camera.phase_ms, lambda now, camera=camera: self._read(camera, now))  # type: ignore[misc]
        while self._events:
            now, _, happen = heapq.heappop(self._events)
            if now > self._end_ms:
                break
            happen(now)
        return self._result()

    def _at(self, when_ms: float, happen: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (when_ms, next(self._order), happen))

    # A reader ---------------------------------------------------------------------------------------------------------------

    def _read(self, camera: _Camera, now: float) -> None:
        """Its next frame: what a newest-wins camera gave meanwhile is lost, as in `engine.pacing.Pacer`."""
        moments = camera.moments_ms
        if self._situation.line == "newest":
            while camera.at + 1 < len(moments) and moments[camera.at + 1] <= now:
                camera.at += 1
                self._dropped += 1
        if camera.at >= len(moments):
            return
        due_ms = moments[camera.at]
        camera.at += 1
        self._at(max(now, due_ms), lambda start: self._decode(camera, due_ms, start))

    def _decode(self, camera: _Camera, due_ms: float, now: float) -> None:
        served = self._draws.of(due_ms)
        frame = _Frame(camera.index, due_ms, served)
        self._at(now + served.decode_ms, lambda end: self._hand_over(camera, frame, end))

    def _hand_over(self, camera: _Camera, frame: _Frame, now: float) -> None:
        if self._situation.line == "newest" and camera.box:
            camera.box.clear()
            self._dropped += 1
        camera.box.append(frame)
        self._read(camera, now)
        self._look(now)

    # The worker -------------------------------------------------------------------------------------------------------------

    def _look(self, now: float) -> None:
        """Its next piece of work: a frame for an idle request first, then a completed request's outputs."""
        if self._worker_busy:
            return
        if (self._filling or self._idle) and (frame := self._next()) is not None:
            if not self._filling:
                self._idle -= 1
            self._worker_busy = True
            self._at(now + frame.served.preprocess_ms, lambda end: self._filled(frame, end))
        elif self._completed:
            self._worker_busy = True
            self._take_outputs(deque(self._completed.popleft()), now)

    def _next(self) -> _Frame | None:
        """Of the camera that waits longest for a turn."""
        for _ in range(len(self._cameras)):
            camera = self._cameras[0]
            self._cameras.rotate(-1)
            if camera.box:
                return camera.box.popleft()
        return None

    def _filled(self, frame: _Frame, now: float) -> None:
        self._worker_busy = False
        self._filling.append(frame)
        if len(self._filling) == self._situation.batch:
            batch, self._filling = self._filling, []
            self._submit(batch, now)
        self._look(now)

    def _submit(self, batch: list[_Frame], now: float) -> None:
        start = max(now, heapq.heappop(self._streams))
        end = start + batch[-1].served.inference_ms
        heapq.heappush(self._streams, end)
        self._at(end, lambda complete: self._complete(batch, complete))

    def _complete(self, batch: list[_Frame], now: float) -> None:
        self._completed.append(batch)
        self._look(now)

    def _take_outputs(self, left: deque[_Frame], now: float) -> None:
        if not left:
            self._worker_busy = False
            self._idle += 1
            self._look(now)
            return
        frame = left.popleft()
        self._at(now + frame.served.postprocess_ms, lambda end: self._known(frame, left, end))

    def _known(self, frame: _Frame, left: deque[_Frame], now: float) -> None:
        self._done.append((now, frame.due_ms, frame.camera))
        self._take_outputs(left, now)

    def _result(self) -> Simulated:
        ages = np.array([known - due for known, due, _ in self._done])
        outcome = Outcome(
            fps=self._fps(),
            due=sum(camera.at for camera in self._cameras),
            completed=len(self._done),
            dropped=self._dropped,
            age=stage_stats(ages) if self._done else None,
        )
        return Simulated(outcome, tuple((camera, due / 1e3) for _, due, camera in self._done))

    def _fps(self) -> float | None:
        """Between the first answer and the last one: n completions span n − 1 intervals, a batch is one completion."""
        first, done = self._situation.batch, self._done
        span_s = (done[-1][0] - done[first - 1][0]) / 1e3 if len(done) > first else 0.0
        return (len(done) - first) / span_s if span_s > 0 else None


def _cameras(situation: Situation, seed: int) -> list[_Camera]:
    """Evenly spread phases, so that cameras of one rate do not all ask at the same moment."""
    period_ms = 1e3 / situation.rate_fps
    random = np.random.default_rng(seed + 1)
    frames = int(situation.seconds * situation.rate_fps) + 1
    if situation.by_chance:  # so many more that they hardly ever end before the time does
        frames += math.ceil(_SPREAD * math.sqrt(frames)) + 10
    cameras = []
    for index in range(situation.cameras):
        phase_ms = period_ms * index / situation.cameras
        gaps = random.exponential(period_ms, frames) if situation.by_chance else np.full(frames, period_ms)
        moments = phase_ms + np.concatenate([[0.0], np.cumsum(gaps)[:-1]]) if not situation.by_chance else np.cumsum(gaps)
        cameras.append(_Camera(index, phase_ms, moments[moments < situation.seconds * 1e3].tolist()))
    return cameras
