"""benchmark_app's loop: inputs filled once, no source, no decoding, so that the two tools can be compared."""

from __future__ import annotations

import threading
import time

import numpy as np
import openvino as ov

from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runtime import Runtime

_SEED = 7


def run_inference_only(runtime: Runtime, recorder: Recorder, stop: threading.Event, seconds: float | None) -> None:
    """Keep every request busy until `seconds` have passed or `stop` is set.

    One request runs synchronously, several by `AsyncInferQueue` as benchmark_app does; neither has a Python callback, so
    completion stamps are the runtime's latency after the submission.
    """
    queue = ov.AsyncInferQueue(runtime.compiled, runtime.effective.requests)
    random = np.random.default_rng(_SEED)
    for request in queue:
        data = request.get_input_tensor().data
        data[:] = random.integers(0, 256, data.shape, np.uint8)
    end_ns = time.perf_counter_ns() + round(seconds * 1e9) if seconds is not None else None
    loop = _synchronous if runtime.effective.requests == 1 else _asynchronous
    loop(queue, recorder, stop, end_ns)


def _synchronous(queue: ov.AsyncInferQueue, recorder: Recorder, stop: threading.Event, end_ns: int | None) -> None:
    request = queue[0]
    while not _over(stop, end_ns):
        submit_ns = time.perf_counter_ns()
        request.infer()
        _append(recorder, 0, submit_ns, request.latency, time.perf_counter_ns())


def _asynchronous(queue: ov.AsyncInferQueue, recorder: Recorder, stop: threading.Event, end_ns: int | None) -> None:
    submits = [0] * len(queue)
    while not _over(stop, end_ns):
        index = queue.get_idle_request_id()
        if submits[index]:
            _append(recorder, index, submits[index], queue[index].latency)
        submits[index] = time.perf_counter_ns()
        queue.start_async()
    queue.wait_all()
    for index, submit_ns in sorted(enumerate(submits), key=lambda pair: pair[1]):
        if submit_ns:
            _append(recorder, index, submit_ns, queue[index].latency)


def _over(stop: threading.Event, end_ns: int | None) -> bool:
    return stop.is_set() or (end_ns is not None and time.perf_counter_ns() >= end_ns)


def _append(recorder: Recorder, index: int, submit_ns: int, latency_ms: float, complete_ns: int | None = None) -> None:
    latency_ns = round(latency_ms * 1e6)
    complete_ns = complete_ns or submit_ns + latency_ns
    before, after = (submit_ns,) * 5, (complete_ns, complete_ns)
    recorder.append((recorder.count, 0, *before, *after, 0, latency_ns, 0, index, 0))
