"""One variant in a comparison: compiled, warm, and ready to run the same frames as the others."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.outputs import OutputTensors
from edgeperf_gui.engine.power.block_meter import BlockEnergy
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.scoring import LOW_THRESHOLD
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.zoo.staging import staged_folder

_LEAST_LAPS: Final = 3
"""Frames of each request in a block, however short it was meant to be; the first lap fills the pipe."""
_PROFILED: Final = 10
_CONVERTING: Final = ("Convert", "Reorder", "Transpose", "FakeQuantize", "Quantize", "Dequantize")


@dataclass(frozen=True, slots=True)
class Block:
    """One short stretch of one variant: milliseconds of each inference and each whole frame, and frames per wall second."""

    inference_ms: NDArray[np.float64]
    frame_ms: NDArray[np.float64]
    fps: float
    frames: int = 0
    """All that were answered, those that fill the pipe, too."""
    other_ms: float = 0.0
    """Preprocess and postprocess of all of them together."""
    energy: BlockEnergy | None = None


@dataclass(slots=True)
class _Lane:
    """One infer request with tensors of its own, and the frame it works on."""

    request: Any
    preprocessor: Preprocessor
    outputs: OutputTensors
    box: Letterbox | None = None
    begun: float = 0.0


@dataclass
class Contestant:
    """Runs frames the same way for each variant, and nothing else in between.

    With one request one after the other; with several as many at once, and then latencies are the runtime's own, of one
    request while the others are under way.
    """

    precision: Precision
    card: ModelCard
    loaded: runtime.Runtime
    compile_cached_ms: float | None
    conversion_share: float | None
    """Of the time all layers take, what converting and reordering takes; None when the device does not tell."""
    delay_ms: float = 0.0
    """Planted slow-down, for checking the comparison itself; only with one request."""

    def __post_init__(self) -> None:
        names, self._decode = DECODERS[self.card.decoder](self.card)
        _, self._decode_all = DECODERS[self.card.decoder](self.card, score_threshold=LOW_THRESHOLD)
        self._lanes = [self._lane(names) for _ in range(self.requests)]
        ports = self._lanes[0].request.model_outputs
        self.output_names = names or tuple(min(port.get_names(), default="?") for port in ports)

    @property
    def requests(self) -> int:
        """Under way at once while it is measured."""
        return self.loaded.effective.requests

    def run_block(self, frames: Sequence[Pixels], first: int, seconds: float) -> Block:
        """Frames from number `first` on, round and round, for so many seconds."""
        run = self._one_by_one if self.requests == 1 else self._at_once
        return run(itertools.islice(itertools.cycle(frames), first % len(frames), None), seconds)

    def look(self, pixels: Pixels) -> tuple[list[NDArray[Any]], Findings]:
        """Tensors (copies) and findings of one frame, with a low score threshold."""
        lane = self._lanes[0]
        box = lane.preprocessor.fill(pixels)
        lane.request.infer()
        outputs = lane.outputs.read()
        return [np.array(tensor) for tensor in outputs], self._decode_all(outputs, box)

    def _lane(self, names: tuple[str, ...]) -> _Lane:
        request = self.loaded.compiled.create_infer_request()
        preprocessor = Preprocessor(self.card.input, request.get_input_tensor().data)
        return _Lane(request, preprocessor, OutputTensors(request, names))

    def _one_by_one(self, frames: Iterator[Pixels], seconds: float) -> Block:
        lane = self._lanes[0]
        inference: list[float] = []
        whole: list[float] = []
        start = now = time.perf_counter()
        while now - start < seconds or not whole:
            box = lane.preprocessor.fill(next(frames))
            before = time.perf_counter()
            self._infer(lane.request)
            after = time.perf_counter()
            self._decode(lane.outputs.read(), box)
            begun, now = now, time.perf_counter()
            inference.append((after - before) * 1e3)
            whole.append((now - begun) * 1e3)
        other_ms = sum(whole) - sum(inference)
        return Block(np.array(inference), np.array(whole), len(whole) / (now - start), len(whole), other_ms)

    def _at_once(self, frames: Iterator[Pixels], seconds: float) -> Block:
        """All requests busy; frames that were begun while there was room are left out, because they had less company."""
        inference: list[float] = []
        whole: list[float] = []
        ends: list[float] = []
        least = _LEAST_LAPS * self.requests
        other_s = 0.0
        start = now = time.perf_counter()
        for lane in itertools.cycle(self._lanes):
            if lane.box is not None:
                lane.request.wait()
                answered = time.perf_counter()
                self._decode(lane.outputs.read(), lane.box)
                now, lane.box = time.perf_counter(), None
                other_s += now - answered
                inference.append(lane.request.latency)
                whole.append((now - lane.begun) * 1e3)
                ends.append(now)
            if now - start >= seconds and len(ends) >= least:
                break
            lane.begun = time.perf_counter()
            lane.box = lane.preprocessor.fill(next(frames))
            other_s += time.perf_counter() - lane.begun
            lane.request.start_async()
        self._settle()
        full = self.requests
        fps = (len(ends) - 1 - full) / (ends[-1] - ends[full])
        return Block(np.array(inference[full:]), np.array(whole[full:]), fps, len(ends), 1e3 * other_s)

    def _settle(self) -> None:
        """Nothing may run on into the next variant's block."""
        for lane in self._lanes:
            if lane.box is not None:
                lane.request.wait()
                lane.box = None

    def _infer(self, request: Any) -> None:
        request.infer()
        if self.delay_ms:
            end = time.perf_counter() + self.delay_ms / 1e3
            while time.perf_counter() < end:
                pass


def prepare(card: ModelCard, precision: Precision, spec: CompareSpec, activity: Callable[[str], None]) -> Contestant:
    """Compile cold, compile again from a cache of its own, and keep the cold one. Raises what `runtime.load` raises.

    `activity` is called before each step, so one that raises ends it within a step; nothing half-made is left then.
    """
    asked = SessionSpec(
        session_id=spec.session_id,
        source=spec.source,
        model=spec.model,
        precision=precision,
        device=spec.device,
        hint=spec.hint,
        requests=1 if spec.hint == "latency" else None,
    )
    loaded = runtime.load(card, asked, activity)
    cached_ms = _compile_cached_ms(card, asked, activity)
    profiled = runtime.load(card, asked, activity, profile=True)
    activity("looking at the layers")
    return Contestant(precision, card, loaded, cached_ms, _conversion_share(profiled))


def _compile_cached_ms(card: ModelCard, asked: SessionSpec, activity: Callable[[str], None]) -> float | None:
    """With a folder of its own, so that it is known what lies in it; None where none can be made or the device uses none."""
    try:
        with staged_folder(places.compiled_cache()) as folder:  # swept by the next one, should this process be killed
            into_cache = msgspec.structs.replace(asked, cache_dir=str(folder))
            runtime.load(card, into_cache, activity)
            times = runtime.load(card, into_cache, activity).times
    except EdgeperfError:
        return None
    return times.compile_ms if times.cache == "cached" else None


def _conversion_share(profiled: runtime.Runtime) -> float | None:
    """From a separate pass, because counting slows what it counts; the runtime's times are means since compilation."""
    request = profiled.compiled.create_infer_request()
    for _ in range(_PROFILED):
        request.infer()
    times = Counter[str]()
    for layer in request.get_profiling_info():
        times[layer.node_type] += layer.real_time.total_seconds()
    whole = times.total()
    return sum(times[kind] for kind in _CONVERTING) / whole if whole else None
