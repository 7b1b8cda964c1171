"""A runtime that answers after planted times, driven by the real pipeline, and what queueing theory says of the same times."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.arrivals import ClosedLoop, Timetable
from edgeperf_gui.engine.pacing import wait_until
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.sources.source import Frame, Pixels

SIDE = 32
CARD = ModelCard("planted", "Planted", "raw", "", "", "raw", InputCard(SIDE, SIDE), {})
_PORT = SimpleNamespace(partial_shape=SimpleNamespace(is_dynamic=False), get_names=lambda: {"out"})
Milliseconds = NDArray[np.float64]


class PlantedRequest:
    """Stands for `ov.InferRequest`: sleeps the next planted time in a thread of its own, then calls back."""

    def __init__(self, times_ms: Iterator[float]) -> None:
        self._times_ms = times_ms
        self._work: queue.SimpleQueue[tuple[int, float]] = queue.SimpleQueue()
        self._idle = threading.Event()
        self._input = SimpleNamespace(data=np.zeros((1, SIDE, SIDE, 3), np.uint8))
        self._output = SimpleNamespace(data=np.zeros((1, 0), np.float32))  # raw decodes nothing in no time
        self._callback: Callable[[], None] = lambda: None
        self.model_outputs = [_PORT]
        self.latency = 0.0
        threading.Thread(target=self._serve, daemon=True).start()

    def get_input_tensor(self) -> Any:
        return self._input

    def get_tensor(self, port: Any) -> Any:
        return self._output

    def set_callback(self, callback: Callable[[Any], None], data: Any) -> None:
        self._callback = lambda: callback(data)

    def start_async(self) -> None:
        self._idle.clear()
        self._work.put((time.perf_counter_ns(), next(self._times_ms)))

    def wait_for(self, ms: int) -> bool:
        return self._idle.wait(ms / 1e3)

    def _serve(self) -> None:
        never = threading.Event()
        while True:
            start_ns, self.latency = self._work.get()
            wait_until(start_ns + round(self.latency * 1e6), never)
            self._idle.set()
            self._callback()


def planted(times_ms: Sequence[float], batch: int = 1) -> Any:
    """A loaded model with one request, which starts from the first time again for every pipeline."""
    compiled = SimpleNamespace(create_infer_request=lambda: PlantedRequest(itertools.cycle(times_ms)))
    return SimpleNamespace(compiled=compiled, effective=SimpleNamespace(requests=1, batch=batch))


class StillSource:
    """One picture, as often as it is asked for."""

    info = SourceInfo("still", SIDE, SIDE, None, False)

    def read(self, into: Pixels | None) -> Frame:
        now_ns = time.perf_counter_ns()
        return Frame(np.zeros((SIDE, SIDE, 3), np.uint8) if into is None else into, now_ns, now_ns, 0)

    def rewind(self) -> None: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def measured(times_ms: Sequence[float], timetable: Timetable, frames: int) -> NDArray[np.void]:
    """Records of so many frames through the real pipeline."""
    recorder = Recorder(frames + 64)
    if isinstance(timetable, ClosedLoop):
        recorder.heard = timetable.answered
    pipeline = Pipeline(StillSource(), planted(times_ms), CARD, recorder, True, True, timetable)
    pipeline.start()
    while pipeline.alive() and recorder.count < frames:
        time.sleep(0.005)
    assert pipeline.join(5) and pipeline.error is None, pipeline.error
    return recorder.since(0)[:frames]


def lindley_ms(arrivals_s: NDArray[np.float64], times_ms: Milliseconds) -> Milliseconds:
    """Exact latencies of one server, first come first served: W' = max(0, W + S - A) (Lindley, 1952), and the service itself."""
    steps = times_ms[:-1] - 1e3 * np.diff(arrivals_s)
    walk = np.concatenate([[0.0], np.cumsum(steps)])
    return walk - np.minimum.accumulate(walk) + times_ms


def lognormal_ms(n: int, median_ms: float, sigma: float, seed: int) -> Milliseconds:
    """Service times whose quantiles are the distribution's own, exactly: one from the middle of each n-th, in random order."""
    normal = NormalDist()
    times = median_ms * np.exp(sigma * np.array([normal.inv_cdf((at + 0.5) / n) for at in range(n)]))
    return np.random.default_rng(seed).permutation(times)


def exponential_ms(n: int, mean_ms: float, seed: int) -> Milliseconds:
    """The same for an exponential distribution."""
    times = -mean_ms * np.log1p(-(np.arange(n) + 0.5) / n)
    return np.random.default_rng(seed).permutation(times)
