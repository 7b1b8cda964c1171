"""Runs of the real pipeline under chance arrivals, one rate after the other, each until a verdict is known."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.queries import query_latency_ms
from edgeperf_gui.analysis.server_search import Bound
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import Hung
from edgeperf_gui.engine.arrivals import Arrivals, ClosedLoop, Timetable, poisson_s
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runner import as_told
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.sources.source import Source

_GLANCE_S: Final = 0.05
_WARM_UP: Final = 8
"""First frames that do not count where one is asked for at a time."""
_JOIN_S: Final = 5.0


class ServerRuns:
    """A loaded model, and a new source for every run."""

    def __init__(self, loaded: Runtime, card: ModelCard, open_source: Callable[[], Source], is_over: Callable[[], bool]) -> None:
        """`is_over`: whether it was stopped, or its time is up."""
        self._loaded = loaded
        self._card = card
        self._open_source = open_source
        self._is_over = is_over

    def alone(self, frames: int) -> NDArray[np.float64] | None:
        """Latencies of so many frames, each (each batch) asked for when the last was answered; None when stopped before."""
        recorder = Recorder(2 * (_WARM_UP + frames))
        loop = ClosedLoop(self._loaded.effective.batch)
        recorder.heard = loop.answered
        whole = self._run(recorder, loop, lambda: recorder.count >= _WARM_UP + frames)
        return query_latency_ms(recorder.since(_WARM_UP), 1)[:frames] if whole else None

    def at(self, rate: float, bound: Bound, tell: Callable[[int, int], None]) -> NDArray[np.float64] | None:
        """Latencies at a rate in the order of arrival, as many as `bound` takes for a verdict; None when stopped before.

        `tell`: called now and then with the answers so far, and how many of them were late.
        """
        most = bound.looks(rate)[-1]
        recorder = Recorder(most)
        timetable = Arrivals(itertools.islice(poisson_s(rate), most))

        def is_enough() -> bool:
            latency_ms = in_order_ms(recorder, timetable)
            tell(latency_ms.size, int((latency_ms > bound.deadline_ms).sum()))
            verdict, n = bound.judge(latency_ms, rate)
            return verdict != "UNDECIDED" or n == most

        whole = self._run(recorder, timetable, is_enough)
        return in_order_ms(recorder, timetable) if whole else None

    def _run(self, recorder: Recorder, timetable: Timetable, is_enough: Callable[[], bool]) -> bool:
        """Whether it came to its end."""
        source = self._open_source()
        pipeline = Pipeline(source, self._loaded, self._card, recorder, True, True, timetable)
        seen = -1
        pipeline.start()
        try:
            while pipeline.error is None:
                is_alive = pipeline.alive()  # asked before the last look
                if recorder.count != seen:
                    seen = recorder.count
                    if is_enough():
                        return True
                if not is_alive or self._is_over():
                    return not is_alive
                pipeline.find_failed_request()
                time.sleep(_GLANCE_S)
            return False
        finally:
            joined = pipeline.join(_JOIN_S)
            source.close()
            error = as_told(pipeline.error)
            if error is not None:
                raise error
            if not joined:
                raise Hung("The source or the device did not come back from its last call.", "Try another source or device.")


def in_order_ms(recorder: Recorder, timetable: Arrivals) -> NDArray[np.float64]:
    """Latencies of the first arrivals, up to the first without an answer: those behind it may not stand for a slow one."""
    records = recorder.since(0)
    due_ns = np.array(timetable.due_ns[: records.size], np.int64)
    first = int(np.argmin(np.append(np.isin(due_ns, records["due_ns"]), False)))
    return query_latency_ms(records, 1)[:first]
