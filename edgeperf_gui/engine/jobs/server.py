"""The server search: the highest rate of chance arrivals that keeps to a deadline, by real runs."""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.early_stopping import judge_misses
from edgeperf_gui.analysis.server_search import HELD, Bound, Trial, search_rate, seconds_left
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.arrival_pattern import FASTEST
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.server import ServerResult, ServerSpec, ServerStep, one_alone
from edgeperf_gui.domain.session import CameraMode, SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, follow
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.runner import settle
from edgeperf_gui.engine.server_runs import ServerRuns
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo.catalogue import find_model

_ALONE: Final = 64
"""Frames measured one at a time, before any rate is tried."""
_MOST_DIRTY: Final = 3
"""A rate that fails while others use the machine is tried again, but not for ever: they may never let go of it."""
_FIRST: Final = 0.5
"""The first rate, as a share of what one frame after the other makes."""


def run(spec: ServerSpec, outbox: JobOutbox, stop: threading.Event) -> ServerResult | None:
    """Search; stopped early it returns the rates that were tried, None before the first.

    Raises BadInput (model, device, source) and RunError, after telling the outbox.
    """
    return follow(spec.session_id, outbox, stop, lambda teller: ServerSearch(spec, teller, stop).run())


class ServerSearch:
    """The search and its steps."""

    def __init__(self, spec: ServerSpec, teller: Teller, stop: threading.Event, bound: Bound | None = None) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._bound = bound or Bound(spec.deadline_ms, spec.percentile)
        self._machine = describe_machine()
        self._loaded: runtime.Runtime | None = None
        self._alone: StageStats | None = None
        self._trials: list[Trial] = []
        self._steps: list[ServerStep] = []
        self._meter = LoadMeter()
        self._end_s = float("inf")
        self._is_cut = False
        self._foreign_percent: float | None = None

    def run(self) -> ServerResult | None:
        """Everything, from the model's name to the result."""
        spec = self._spec
        card = find_model(spec.model)
        self._open().close()  # a source that does not serve is told before the model is compiled
        asked = SessionSpec(
            session_id=spec.session_id,
            source=spec.source,
            model=spec.model,
            precision=spec.precision,
            device=spec.device,
            hint=spec.hint,
            streams=spec.streams,
            requests=spec.requests,
            threads=spec.threads,
            batch=spec.batch,
        )
        self._loaded = loaded = runtime.load(card, asked, lambda text: self._teller.progress(0, None, text))
        settle()
        self._end_s = time.perf_counter() + (spec.seconds or float("inf"))
        return self.search(ServerRuns(loaded, card, self._open, self._is_over))

    def search(self, runs: ServerRuns) -> ServerResult | None:
        """The rates, on a model that is loaded; None when it was stopped before anything was known."""
        self._teller.progress(0, None, one_alone(self._spec))
        alone_ms = runs.alone(_ALONE)
        if alone_ms is None:
            return None
        self._alone = stage_stats(alone_ms)
        late = int((alone_ms > self._spec.deadline_ms).sum())
        if judge_misses(alone_ms.size, late, self._bound.limit) == "FAIL":
            return self.result(complete=True)
        fastest = self._bound.fastest
        first = min(_FIRST * 1e3 * self._spec.batch / float(alone_ms.mean()), fastest)
        for trial in search_rate(lambda rate: self._at(runs, rate), self._bound, first, fastest=fastest):
            self._trials.append(trial)
            self._steps.append(self._step(trial))
            self._teller.so_far(self.result(complete=False))
        return self.result(complete=not self._is_cut)

    def _at(self, runs: ServerRuns, rate: float) -> NDArray[np.float64] | None:
        end_s = time.perf_counter() + seconds_left(self._trials, self._bound, rate)

        def tell(answers: int, late: int) -> None:
            left_s = max(0.0, end_s - time.perf_counter())
            words = f"trying {rate:.1f} a second: {answers} answers, {late} late; about {left_s:.0f} s left"
            self._teller.progress(len(self._steps), None, words)

        for _ in range(_MOST_DIRTY):
            self._meter.lap()
            latency_ms = runs.at(rate, self._bound, tell)
            self._foreign_percent = self._meter.lap().foreign_percent
            self._is_cut = latency_ms is None
            # what passes in spite of others passes
            if latency_ms is None or not self._is_dirty or self._bound.judge(latency_ms, rate)[0] == "PASS":
                break
        return latency_ms

    @property
    def _is_dirty(self) -> bool:
        """Whether others had too much of the machine while the last rate was tried."""
        return (self._foreign_percent or 0.0) > DIRTY_PERCENT

    def _step(self, trial: Trial) -> ServerStep:
        n, late = trial.latency_ms.size, int((trial.latency_ms > self._spec.deadline_ms).sum())
        verdict, note = trial.verdict, ""
        if verdict == "FAIL" and self._is_dirty:
            verdict = "UNDECIDED"
            others = f"other programs took {self._foreign_percent:.0f} % of the CPU"
            note = f"too many were late, but {others}: close them and run again"
        stats = stage_stats(trial.latency_ms)
        return ServerStep(trial.rate, n, late, 100 * late / n if n else 0.0, verdict, stats, self._foreign_percent, note)

    def result(self, *, complete: bool) -> ServerResult:
        """What is known so far."""
        rate = max((step.rate for step in self._steps if step.verdict == "PASS"), default=None)
        fails_from = min((step.rate for step in self._steps if step.verdict == "FAIL"), default=None)
        is_hopeless = not self._steps or all(step.verdict == "FAIL" for step in self._steps)
        return ServerResult(
            spec=self._spec,
            machine=self._machine,
            effective=self._loaded.effective if self._loaded else None,
            alone=self._alone,
            rate=rate,
            fails_from=fails_from,
            verdict="PASS" if rate else "FAIL" if is_hopeless and complete else "UNDECIDED",
            sentence=self._sentence(rate, complete=complete),
            steps=tuple(self._steps),
            complete=complete,
        )

    def _sentence(self, rate: float | None, *, complete: bool) -> str:
        deadline, alone = f"{self._spec.deadline_ms:g} ms", self._alone
        share = f"p{self._spec.percentile} within {deadline}"
        if rate is not None:
            more = [step for step in self._steps if step.rate > rate and step.verdict != "PASS"]
            nearest = min(more, key=lambda step: step.rate, default=None)
            are = "are not" if nearest is not None and nearest.verdict == "FAIL" else "are not certain to be"
            beyond = f"; {nearest.rate:.1f} {are}" if nearest else self._untried(rate)
            return f"{rate:.1f} frames a second are answered with {share}{beyond}."
        if alone is None or not (self._steps or complete):
            return "No rate was tried to its end."
        takes = f"{one_alone(self._spec)} takes {alone.median_ms:.1f} ms (p90 {alone.p90_ms:.1f} ms)"
        if not self._steps:
            return f"Nothing meets {deadline}: even {takes}."
        lowest = min(step.rate for step in self._steps)
        return f"No rate down to {lowest:.1f} a second is certain to be answered with {share}; {takes}."

    def _untried(self, rate: float) -> str:
        """Why no faster rate was tried, where a shorter deadline would let it; or empty."""
        if not self._bound.fastest <= rate < FASTEST:
            return ""
        many = f"{self._bound.deadlines} deadlines of them are more than the {HELD} answers that are held"
        return f"; faster ones are not tried, for {many}: give a shorter deadline"

    def _open(self) -> Source:
        source = open_source(self._spec.source, CameraMode(), lambda notice: None)
        if source.info.live:
            source.close()
            raise BadInput("Frames of a camera or a stream come when they come.", "Leave --arrivals out, or give a recording.")
        return source

    def _is_over(self) -> bool:
        return self._stop.is_set() or time.perf_counter() >= self._end_s
