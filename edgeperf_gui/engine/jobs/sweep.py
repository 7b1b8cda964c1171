"""The sweep: every combination of variant, batch, hint, streams, requests and threads, in interleaved blocks of random order."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import psutil

from edgeperf_gui.analysis.hopeful_points import hopeful, spread
from edgeperf_gui.analysis.trade_off import at_rate, batch_wait_ms, best_point, pareto_front
from edgeperf_gui.domain.errors import BadInput, ModelError, RunError
from edgeperf_gui.domain.sweep import MOST_POINTS, SweepPoint, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import check_ranges, hints_and_streams, is_settled, number_of_points
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.compare import read_frames
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, follow
from edgeperf_gui.engine.jobs.sweep_entrant import Entrant, SweepBlock
from edgeperf_gui.engine.jobs.sweep_loops import pattern_of
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.engine.power.block_meter import BlockMeter
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.engine.telemetry import LoadMeter
from edgeperf_gui.zoo import openvino_core
from edgeperf_gui.zoo.catalogue import find_model

_MOST_DIRTY: Final = 3
"""A dirty block is measured again, but not for ever: others may never let go of the machine."""
_ROUNDS_BEFORE_LEAVING: Final = 2
"""An adaptive sweep measures every point so often before it leaves hopeless ones out."""
_MEMORY_SHARE: Final = 0.25
"""Of the machine's memory, what stays free of loaded points."""
_SEED: Final = 11


def run(spec: SweepSpec, outbox: JobOutbox, stop: threading.Event) -> SweepResult | None:
    """Measure every point; stopped early it returns what is known, None while no point is measured.

    Raises BadInput (model, variant, device, source, too many points) and RunError (no point can run), after telling the outbox.
    """
    return follow(spec.session_id, outbox, stop, lambda teller: Sweep(spec, teller, stop).run())


class Sweep:
    """Holds the points and how they stand."""

    def __init__(self, spec: SweepSpec, teller: Teller, stop: threading.Event) -> None:
        self._spec = spec
        self._teller = teller
        self._stop = stop
        self._machine = describe_machine()
        self._meter, self._energy = LoadMeter(), BlockMeter(spec.meter)
        self._order = random.Random(_SEED)
        self._entrants: list[Entrant] = []
        self._known = {point.settings: point for point in spec.known}
        self._is_warm = False
        self._frames: Sequence[Pixels] = ()
        self._left_out = 0
        self._block_s: list[float] = []
        self._start = time.perf_counter()

    def run(self) -> SweepResult | None:
        """Everything, from the model's name to the result; None when stopped before any point was measured."""
        spec = self._spec
        check_ranges(spec)
        pattern_of(spec)  # what cannot be measured so is told before anything is loaded
        self._card = card = find_model(spec.model)
        missing = [name for name in spec.precisions if name not in card.variants]
        if missing:
            raise ModelError(f"{card.title} has no {missing[0]} variant.", f"It has {', '.join(card.variants)}.")
        if (number := number_of_points(spec)) > MOST_POINTS:
            raise BadInput(f"These ranges make {number} points.", f"Narrow them to {MOST_POINTS} points at most.")
        runtime.check_device(openvino_core.core(), spec.device)
        settled = {point.settings for point in spec.known if is_settled(point, spec.rounds)}
        self._entrants = [Entrant(point) for point in asked_points(spec) if point.settings not in settled]
        if spec.source:
            self._teller.progress(0, None, "reading frames")
            self._frames = read_frames(spec.source, self._stop)
        for number in range(spec.rounds):
            if not self._round(number):
                break
        is_stopped = self._stop.is_set()
        result = self.result(complete=not is_stopped)
        if any(point.fps is not None for point in result.points):
            return result
        if is_stopped:
            return None
        why = next((point.sentence for point in result.points if point.sentence), "")
        raise RunError(f"No point of the sweep could run: {why}", "Choose smaller ranges.")

    def _round(self, number: int) -> bool:
        """One block of every point that is still in; False when stopped."""
        chosen = self._still_in(number)
        self._order.shuffle(chosen)
        for at, entrant in enumerate(chosen):
            if self._stop.is_set():
                return False
            done = number * len(chosen) + at
            # first, so that whoever survives this process knows where it died
            self._teller.so_far(self.result(complete=False, under_way=entrant))
            self._teller.progress(done, self._spec.rounds * len(chosen), self._words(number, entrant))
            self._measure(entrant)
        return True

    def _still_in(self, number: int) -> list[Entrant]:
        running = [one for one in self._entrants if not one.sentence]
        if not self._spec.adaptive or number < _ROUNDS_BEFORE_LEAVING:
            return running
        latency, fps = self._blocks(running)
        hope = hopeful(latency, fps, self._spec.rounds)
        if self._spec.rate:  # then a batch has a wait of its own to bear
            waits = [batch_wait_ms(one.asked.batch, self._spec.rate) for one in running]
            waited = [[block + wait for block in own] for own, wait in zip(latency, waits, strict=True)]
            hope |= hopeful(waited, fps, self._spec.rounds)
        self._left_out += int((~hope).sum())
        return [one for one, has in zip(running, hope, strict=True) if has]

    def _blocks(self, entrants: Sequence[Entrant]) -> tuple[list[list[float]], list[list[float]]]:
        """Median latency (ms) and throughput of each block that counts, point by point."""
        latency = [[float(np.median(block.latency_ms)) for block in one.used()] for one in entrants]
        return latency, [[block.fps for block in one.used()] for one in entrants]

    def _measure(self, entrant: Entrant) -> None:
        self._warm_up(entrant)
        start = time.perf_counter()
        if not entrant.is_loaded:
            self._make_room()
            entrant.load(self._card, self._spec, self._frames, self._stop)
        for _ in range(_MOST_DIRTY):
            if entrant.sentence or self._stop.is_set():
                return
            self._meter.lap()
            self._energy.begin()
            try:
                measured = entrant.run_block(self._spec, self._stop)
            except (MemoryError, RuntimeError) as error:
                entrant.give_up(f"It stopped while it ran: {error}"[:300])
                return
            if measured is None:
                return
            joules = self._energy.per_frame(measured[1])
            block = SweepBlock(*measured, self._meter.lap().foreign_percent, joules)
            entrant.blocks.append(block)
            if block.is_clean:
                break
        self._block_s.append(time.perf_counter() - start)

    def _warm_up(self, entrant: Entrant) -> None:
        """Load the smallest of a kind once and drop it: what the process pays once is not the first point's."""
        if self._is_warm:
            return
        self._is_warm = True
        smallest = msgspec.structs.replace(entrant.asked, batch=1, requests_asked=1)
        Entrant(smallest).load(self._card, self._spec, self._frames, self._stop)

    def _make_room(self) -> None:
        """Points loaded earlier go first where memory runs short; they are loaded again when their turn comes."""
        for other in self._entrants:
            memory = psutil.virtual_memory()
            if memory.available > _MEMORY_SHARE * memory.total:
                return
            other.unload()

    def _words(self, number: int, entrant: Entrant) -> str:
        point = entrant.asked
        return (
            f"round {number + 1} of {self._spec.rounds}: {point.variant} batch {point.batch}, about {self._left_s():.0f} s left"
        )

    def _left_s(self) -> float:
        """A first guess of a second a point; then what blocks have taken."""
        per_block = float(np.median(self._block_s)) if self._block_s else self._spec.block_seconds + 1.0
        whole = self._spec.rounds * len(self._entrants)
        return per_block * max(0, whole - len(self._block_s) - self._left_out)

    def result(self, *, complete: bool, under_way: Entrant | None = None) -> SweepResult:
        """What is known so far, in the order of the ranges."""
        # a point that was measured in part before keeps that until its own first block
        measured = self._known | {
            one.asked.settings: msgspec.structs.replace(one.point(), energy_kind=self._energy.kind)
            for one in self._entrants
            if one.blocks or one.sentence or one.asked.settings not in self._known
        }
        points = at_rate([measured[point.settings] for point in asked_points(self._spec)], self._spec.rate)
        nan = float("nan")
        latency = np.array([point.latency.median_ms if point.latency else nan for point in points])
        front = pareto_front(latency, np.array([nan if point.fps is None else point.fps for point in points]))
        marked = tuple(msgspec.structs.replace(point, on_front=bool(on)) for point, on in zip(points, front, strict=True))
        per_block = float(np.median(self._block_s)) if self._block_s else 0.0
        fps_spread = spread(self._blocks(self._entrants)[1])
        return SweepResult(
            spec=msgspec.structs.replace(self._spec, known=()),
            machine=self._machine,
            points=marked,
            best=best_point(marked, self._spec.deadline_ms, self._spec.rate),
            seconds=time.perf_counter() - self._start,
            saved_seconds=self._left_out * per_block if self._spec.adaptive else None,
            complete=complete,
            fps_spread_percent=None if fps_spread is None else 100 * fps_spread,
            under_way=[point.settings for point in points].index(under_way.asked.settings) if under_way else None,
        )


def asked_points(spec: SweepSpec) -> list[SweepPoint]:
    """Every combination of the ranges once, nothing measured yet."""
    combinations = itertools.product(
        dict.fromkeys(spec.precisions),
        dict.fromkeys(spec.batches),
        hints_and_streams(spec),
        dict.fromkeys(spec.requests),
        dict.fromkeys(spec.threads),
    )
    return [
        SweepPoint(
            variant=variant,
            batch=batch,
            streams_asked=streams,
            requests_asked=requests,
            hint=hint,
            streams=None,
            requests=None,
            threads=None,
            executed_precision={},
            latency=None,
            fps=None,
            per_frame_ms=None,
            batch_wait_ms=None,
            rss_mb=None,
            compile_ms=None,
            clean_blocks=0,
            dirty_blocks=0,
            on_front=False,
            threads_asked=threads,
        )
        for variant, batch, (hint, streams), requests, threads in combinations
    ]
