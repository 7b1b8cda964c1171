"""benchmark_app's loop: inputs filled once, no source, no decoding, so that the two tools can be compared."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import openvino as ov

from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runtime import Runtime

_SEED = 7
Refill = Callable[[int], None]


def run_inference_only(runtime: Runtime, recorder: Recorder, stop: threading.Event, seconds: float | None) -> None:
    """Keep every request busy with the same noise until `seconds` have passed or `stop` is set."""
    queue = ov.AsyncInferQueue(runtime.compiled, runtime.effective.requests)
    random = np.random.default_rng(_SEED)
    for request in queue:
        data = request.get_input_tensor().data
        data[:] = random.integers(0, 256, data.shape, np.uint8)
    keep_busy(queue, recorder, stop, seconds)


def keep_busy(
    queue: ov.AsyncInferQueue,
    recorder: Recorder,
    stop: threading.Event,
    seconds: float | None,
    *,
    refill: Refill | None = None,
    least: int = 0,
) -> None:
    """Every request of the queue busy until `seconds` have passed and `least` have completed, or `stop` is set.

    One request runs synchronously, several by `AsyncInferQueue` as benchmark_app does; neither has a Python callback, so
    completion stamps are the runtime's latency after the submission. `refill` gets a request's number before each of its starts.
    Each row of a request's input is a frame.
    """
    end_ns = time.perf_counter_ns() + round(seconds * 1e9) if seconds is not None else None

    def is_over() -> bool:
        if stop.is_set():
            return True
        return end_ns is not None and time.perf_counter_ns() >= end_ns and recorder.count >= least

    loop = _synchronous if len(queue) == 1 else _asynchronous
    loop(queue, recorder, is_over, refill or (lambda _: None))


def _synchronous(queue: ov.AsyncInferQueue, recorder: Recorder, is_over: Callable[[], bool], refill: Refill) -> None:
    request, frames = queue[0], _frames(queue)
    while not is_over():
        refill(0)
        submit_ns = time.perf_counter_ns()
        request.infer()
        _append(recorder, frames, 0, submit_ns, request.latency, time.perf_counter_ns())


def _asynchronous(queue: ov.AsyncInferQueue, recorder: Recorder, is_over: Callable[[], bool], refill: Refill) -> None:
    submits, frames = [0] * len(queue), _frames(queue)
    while not is_over():
        index = queue.get_idle_request_id()
        if submits[index]:
            _append(recorder, frames, index, submits[index], queue[index].latency)
        refill(index)
        submits[index] = time.perf_counter_ns()
        queue.start_async()
    queue.wait_all()
    for index, submit_ns in sorted(enumerate(submits), key=lambda pair: pair[1]):
        if submit_ns:
            _append(recorder, frames, index, submit_ns, queue[index].latency)


def _frames(queue: ov.AsyncInferQueue) -> int:
    """How many each request answers together."""
    return int(queue[0].get_input_tensor().shape[0])


def _append(
    recorder: Recorder, frames: int, index: int, submit_ns: int, latency_ms: float, complete_ns: int | None = None
) -> None:
    latency_ns = round(latency_ms * 1e6)
    complete_ns = complete_ns or submit_ns + latency_ns
    before, after = (submit_ns,) * 5, (complete_ns, complete_ns)
    numbers = range(recorder.count, recorder.count + frames)
    recorder.append(*((number, 0, *before, *after, 0, latency_ns, 0, index, 0) for number in numbers))
