"""Runs of the real pipeline under chance arrivals, one rate after the other, each until a verdict is known."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.queries import query_latency_ms
from edgeperf_gui.analysis.server_search import Bound
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.engine.arrivals import Arrivals, ClosedLoop, Timetable, poisson_s
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.run_end import JOIN_S, check_end
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.sources.source import Source

_GLANCE_S: Final = 0.05
_WARM_UP: Final = 8
"""First frames that do not count where one is asked for at a time."""


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
        moments_s = list(itertools.islice(poisson_s(rate), most))
        timetable = Arrivals(iter(moments_s))
        ordered = InOrder(moments_s)

        def is_enough() -> bool:
            latency_ms = ordered.with_answers(recorder, timetable.t0_ns)
            tell(latency_ms.size, int((latency_ms > bound.deadline_ms).sum()))
            verdict, n = bound.judge(latency_ms, rate)
            return verdict != "UNDECIDED" or n == most

        whole = self._run(recorder, timetable, is_enough)
        return ordered.with_answers(recorder, timetable.t0_ns) if whole else None

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
            joined = pipeline.join(JOIN_S)
            source.close()
            check_end(pipeline.error, joined)


class InOrder:
    """Latencies of the first arrivals, up to the first without an answer: those behind it may not stand for a slow one."""

    def __init__(self, moments_s: Sequence[float]) -> None:
        """`moments_s`: when frames come, seconds from the start, as the timetable has them."""
        self._due_ns = [round(moment_s * 1e9) for moment_s in moments_s]
        self._latency_ms = np.empty(len(self._due_ns))
        self._count = self._seen = 0
        self._ahead: dict[int, list[float]] = {}
        """Answers that came before those to earlier arrivals, by their moment; two may have the same."""

    def with_answers(self, recorder: Recorder, t0_ns: int) -> NDArray[np.float64]:
        """With those that came since the last time; `t0_ns`: when the timetable started. Milliseconds, valid until the next."""
        records = recorder.since(self._seen)
        self._seen += records.size
        for due_ns, end_ns in zip(records["due_ns"].tolist(), records["postprocess_end_ns"].tolist(), strict=True):
            self._ahead.setdefault(due_ns - t0_ns, []).append((end_ns - due_ns) / 1e6)
        while self._count < len(self._due_ns) and (waiting := self._ahead.get(self._due_ns[self._count])):
            self._latency_ms[self._count] = waiting.pop(0)
            self._count += 1
            if not waiting:
                del self._ahead[self._due_ns[self._count - 1]]
        return self._latency_ms[: self._count]
