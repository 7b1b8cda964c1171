"""One point of a sweep while it is measured: a compiled model with all its requests kept busy, in short blocks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import numpy as np
import openvino as ov
from numpy.typing import NDArray

from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.arrival_pattern import ArrivalPattern
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.sweep import SweepPoint, SweepSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.jobs.sweep_loops import Driven, Measured, frames_of, loop_of, pattern_of
from edgeperf_gui.engine.power.block_meter import median_of
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.engine.telemetry import engine_rss_bytes

_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class SweepBlock:
    """One short stretch with all requests busy: their latencies, frames per second, and what others used of the machine."""

    latency_ms: NDArray[np.float64]
    fps: float
    foreign_percent: float | None
    joules_per_frame: Banded | None = None

    @property
    def is_clean(self) -> bool:
        """Hardly anyone else was at work."""
        return (self.foreign_percent or 0.0) <= DIRTY_PERCENT


@dataclass
class Entrant:
    """A point, and what is known of it. Loaded only while memory allows; loading again is not measured."""

    asked: SweepPoint
    blocks: list[SweepBlock] = field(default_factory=list)
    effective: Any = None
    compile_ms: float | None = None
    rss_mb: float | None = None
    sentence: str = ""
    """Why it cannot be measured."""
    _pattern: ArrivalPattern = field(default_factory=lambda: ArrivalPattern("offline"))
    _queue: ov.AsyncInferQueue | None = None
    _loaded: runtime.Runtime | None = None

    @property
    def is_loaded(self) -> bool:
        """Compiled, and in memory."""
        return self._queue is not None

    @property
    def clean(self) -> list[SweepBlock]:
        """The blocks that count."""
        return [block for block in self.blocks if block.is_clean]

    def used(self) -> list[SweepBlock]:
        """The clean blocks; all where there are none."""
        return self.clean or self.blocks

    def load(self, card: ModelCard, spec: SweepSpec, frames: Sequence[Pixels], stop: threading.Event) -> None:
        """Compile, fill the inputs, and run each request once. A refusal or too little memory becomes the point's sentence.

        When stopped, not every request has run.
        """
        before = engine_rss_bytes()
        self._pattern = pattern_of(spec)
        try:
            self._loaded = loaded = runtime.load(card, self._session(spec), lambda _: None)
            self._queue = queue = ov.AsyncInferQueue(loaded.compiled, loaded.effective.requests)
            for number, request in enumerate(queue):
                if stop.is_set():
                    break
                _fill(request.get_input_tensor().data, card, frames, number * self.asked.batch)
                request.infer()
        except EdgeperfError as error:
            self.give_up(error.sentence)
            return
        except (MemoryError, RuntimeError) as error:
            self.give_up(f"It does not fit or does not run: {runtime.last_line(error) if str(error) else 'out of memory'}.")
            return
        after = engine_rss_bytes()
        if self.effective is None:
            self.effective, self.compile_ms = loaded.effective, loaded.times.compile_ms
            self.rss_mb = (after - before) / 1e6 if after is not None and before is not None and after > before else None

    def unload(self) -> None:
        """Make room."""
        self._queue = self._loaded = None

    def give_up(self, sentence: str) -> None:
        """It will not be measured any more."""
        self.sentence = sentence
        self.unload()

    def run_block(self, spec: SweepSpec, stop: threading.Event) -> Measured | None:
        """Latencies in ms and frames per second under the sweep's arrivals; None when stopped before its end."""
        assert self._queue is not None
        driven = Driven(self._queue, self.asked.batch, spec.block_seconds, len(self.blocks), stop)
        return loop_of(self._pattern)(driven)

    def point(self) -> SweepPoint:
        """What is known of it, but for what a rate makes of it."""
        used, effective = self.used(), self.effective
        frames = frames_of(self._pattern, self.asked.batch)
        latency = stage_stats(np.concatenate([block.latency_ms for block in used])) if used else None
        return msgspec.structs.replace(
            self.asked,
            streams=effective.streams if effective else None,
            requests=effective.requests if effective else None,
            threads=effective.threads if effective else None,
            executed_precision=effective.executed_precision if effective else {},
            latency=latency,
            fps=float(np.median([block.fps for block in used])) if used else None,
            per_frame_ms=latency.median_ms / frames if latency and frames else None,
            rss_mb=self.rss_mb,
            compile_ms=self.compile_ms,
            clean_blocks=len(self.clean),
            dirty_blocks=len(self.blocks) - len(self.clean),
            sentence=self.sentence,
            joules_per_frame=median_of([block.joules_per_frame for block in used]),
        )

    def _session(self, spec: SweepSpec) -> SessionSpec:
        return SessionSpec(
            session_id=spec.session_id,
            source=spec.source or "",
            model=spec.model,
            precision=self.asked.variant,
            device=spec.device,
            hint=self.asked.hint,
            streams=self.asked.streams_asked,
            requests=self.asked.requests_asked,
            threads=self.asked.threads_asked,
            batch=self.asked.batch,
            inference_only=True,
        )


def _fill(tensor: NDArray[np.uint8], card: ModelCard, frames: Sequence[Pixels], first: int) -> None:
    """Pictures from number `first` on in one request's input `[batch, height, width, 3]`; noise without any."""
    if not frames:
        tensor[:] = np.random.default_rng(_SEED + first).integers(0, 256, tensor.shape, np.uint8)
        return
    for at in range(tensor.shape[0]):
        Preprocessor(card.input, tensor[at : at + 1]).fill(frames[(first + at) % len(frames)])
