"""The waterfall: interleaved rounds of loops that grow from benchmark_app's to the whole session, until their sum is certain."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
import openvino.properties as properties

from edgeperf_gui.analysis.bootstrap import LEAST_BLOCKS, difference_interval, ratio_interval
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.analysis.waterfall import is_certain, steps
from edgeperf_gui.domain.address import shown
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.waterfall import Pacing, WaterfallResult, WaterfallSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.compare import read_frames
from edgeperf_gui.engine.jobs.job_outbox import Teller, follow
from edgeperf_gui.engine.jobs.rounds import counted, used
from edgeperf_gui.engine.jobs.waterfall_loops import PACED, WHOLE, LoopBlock, Loops
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.runner import settle
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.engine.sources.source import Source
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo.catalogue import find_model

_FRAMES: Final = 8
"""Of the source, spread over it, in memory: few, as a pipeline's buffers are, so that they lie as near to the processor."""
_WARM_UP_S: Final = 0.2
_MOST_DIRTY: Final = 3
"""A dirty block is measured again, but not for ever; where a round stayed dirty all the same, more rounds are worth more."""
_SEED: Final = 5
_NO_WINDOW: Final = "No window takes the pictures of this run; start it from the window to have this step."
_LIVE: Final = "A live source gives its frames at its own rate, so that decoding cannot be driven flat out."

Round = dict[str, LoopBlock]


def run(spec: WaterfallSpec, outbox: Outbox, stop: threading.Event) -> WaterfallResult | None:
    """Measure it. Stopped early it returns what is known, None before a round is whole.

    Raises EdgeperfError, after telling the outbox.
    """
    return follow(spec.session_id, outbox, stop, lambda teller: Waterfall(spec, outbox, teller, stop).run())


class Waterfall:
    """Holds the loops and the rounds measured so far."""

    def __init__(self, spec: WaterfallSpec, outbox: Outbox, teller: Teller, stop: threading.Event) -> None:
        self._spec, self._outbox, self._teller, self._stop = spec, outbox, teller, stop
        self._machine = describe_machine()
        self._order = random.Random(_SEED)
        self._rounds: list[tuple[Round, float]] = []  # with the share of the machine that others used, percent
        self._start = time.perf_counter()
        self._patience = _MOST_DIRTY

    def run(self) -> WaterfallResult | None:
        """Everything, from the model's name to the result; None when stopped before the first round was whole."""
        spec = self._spec
        card = find_model(spec.model)
        self._step("reading frames")
        frames = read_frames(spec.source, self._stop)
        if self._stop.is_set():
            return None
        source = open_source(spec.source, spec.camera, self._on_notice)
        if source.info.live:  # its frames are in memory; nobody reads it any more
            source.close()
        try:
            self._loaded = runtime.load(card, session_spec(spec), self._step)
            if self._stop.is_set():
                return None
            self._app_requests = _app_requests(self._loaded, spec)
            few = frames[:: max(1, len(frames) // _FRAMES)][:_FRAMES]
            self._loops = Loops(card, self._loaded, self._app_requests, few, source, self._outbox, self._stop, spec.session_id)
            settle()
            self._measure(source)
        finally:
            source.close()
        if not self._rounds:
            return None
        return self.result(complete=not self._stop.is_set())

    def _measure(self, source: Source) -> None:
        for name in self._loops.names:  # first use of memory and caches
            if self._stop.is_set():
                return
            self._step(f"warming up: {name}")
            self._loops.run(name, min(_WARM_UP_S, self._spec.block_seconds))
        self._missing = _missing(self._loops.names, is_live=source.info.live)
        meter = LoadMeter(self._spec.companion_pids)
        self._begin = time.perf_counter()
        while self._goes_on() and self._round(meter):
            self._teller.so_far(self.result(complete=False))
        if not self._rounds and not self._stop.is_set():
            raise RunError("No block of the waterfall completed enough frames.", "Choose a smaller model or picture.")

    def _goes_on(self) -> bool:
        """There is one round at least, and another while the sum is uncertain and the budget is not spent."""
        return not self._stop.is_set() and (not self._rounds or not (self._is_spent() or self._is_certain()))

    def _round(self, meter: LoadMeter) -> bool:
        """One block of every loop, in a new order each time; False when one of them gave too few frames, and when stopped."""
        names = list(self._loops.names)
        self._order.shuffle(names)
        blocks: Round = {}
        worst = 0.0
        for name in names:
            spent_s, budget_s = round(time.perf_counter() - self._begin), round(self._spec.seconds)
            self._teller.progress(spent_s, budget_s, f"round {len(self._rounds) + 1}: {_TITLES.get(name, name)}")
            tries = list(self._tries(name, meter))
            if not tries:
                return False
            blocks[name], foreign = min(tries, key=lambda pair: pair[1])
            worst = max(worst, foreign)
        self._rounds.append((blocks, worst))
        self._patience = 1 if worst > DIRTY_PERCENT else _MOST_DIRTY
        return True

    def _tries(self, name: str, meter: LoadMeter) -> Iterator[tuple[LoopBlock, float]]:
        """Blocks of one loop until one is clean, each with the share that others used meanwhile, percent."""
        for _ in range(self._patience):
            meter.lap()
            block = self._loops.run(name, self._spec.block_seconds)
            foreign = meter.lap().foreign_percent or 0.0
            if block is None:
                return
            yield block, foreign
            if foreign <= DIRTY_PERCENT or self._is_spent():
                return

    def _is_spent(self) -> bool:
        return time.perf_counter() - self._begin >= self._spec.seconds

    def _is_certain(self) -> bool:
        if counted(self._rounds).clean < LEAST_BLOCKS:
            return False
        result = self.result(complete=False)
        return is_certain(result.whole_ms, result.rest_ms)

    def result(self, *, complete: bool) -> WaterfallResult:
        """What is known so far."""
        rounds, blocks = used(self._rounds), counted(self._rounds)
        loops = {name: [one[name].frame_ms for one in rounds] for name in self._loops.names}
        whole = loops.pop(WHOLE)
        loops.pop(PACED, None)
        found = steps(loops, self._missing)
        last = [loops[step.part] for step in found if step.total_ms is not None][-1]
        return WaterfallResult(
            spec=msgspec.structs.replace(self._spec, source=shown(self._spec.source)),
            machine=self._machine,
            effective=self._loaded.effective,
            app_requests=self._app_requests,
            command=self._loaded.command,
            steps=found,
            whole_ms=difference_interval(whole, np.zeros(len(whole))),
            whole_fps=1e3 / float(np.median(whole)),
            rest_ms=difference_interval(whole, last),
            pacing=_pacing(rounds, self._loops.rate),
            clean_rounds=blocks.clean,
            dirty_rounds=blocks.dirty,
            only_dirty=blocks.only_dirty,
            seconds=time.perf_counter() - self._start,
            complete=complete,
        )

    def _step(self, activity: str) -> None:
        self._teller.progress(0, None, activity)

    def _on_notice(self, notice: Notice) -> None:
        self._outbox.send(msgspec.structs.replace(notice, session_id=self._spec.session_id))


_TITLES: Final = {"inference": "benchmark_app’s loop", WHOLE: "the whole session", PACED: "paced"}


def session_spec(spec: WaterfallSpec) -> SessionSpec:
    """The live session that the waterfall explains."""
    shared = ("session_id", "source", "model", "precision", "device", "hint", "streams", "requests", "threads", "camera")
    return SessionSpec(**{name: getattr(spec, name) for name in shared}, paced=False)


def _app_requests(loaded: runtime.Runtime, spec: WaterfallSpec) -> int:
    """How many benchmark_app would keep busy: as asked, or the runtime's optimum."""
    return spec.requests or int(loaded.compiled.get_property(properties.optimal_number_of_infer_requests()))


def _missing(names: Sequence[str], *, is_live: bool) -> dict[str, str]:
    """Why a part has no loop."""
    reasons = {"decode": _LIVE if is_live else "", "window": _NO_WINDOW}
    return {part: why for part, why in reasons.items() if part not in names}


def _pacing(rounds: Sequence[Round], rate: float | None) -> Pacing | None:
    if rate is None or not rounds:
        return None
    paced = [float(np.median(one[PACED].inference_ms)) for one in rounds]
    saturated = [float(np.median(one[WHOLE].inference_ms)) for one in rounds]
    frames = sum(one[PACED].inference_ms.size for one in rounds)
    ratio: Interval = ratio_interval(paced, saturated)
    return Pacing(rate, float(np.median(paced)), float(np.median(saturated)), ratio, frames)
