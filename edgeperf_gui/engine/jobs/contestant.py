"""One variant in a comparison: compiled, warm, and ready to run the same frames as the others."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import ModelTimes
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.outputs import OutputTensors
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.scoring import LOW_THRESHOLD
from edgeperf_gui.engine.sources.source import Pixels

_PROFILED: Final = 10
_CONVERTING: Final = ("Convert", "Reorder", "Transpose", "FakeQuantize", "Quantize", "Dequantize")


@dataclass(frozen=True, slots=True)
class Block:
    """One short stretch of one variant: milliseconds of each inference and each whole frame, and frames per wall second."""

    inference_ms: NDArray[np.float64]
    frame_ms: NDArray[np.float64]
    fps: float


@dataclass
class Contestant:
    """Runs frames one after the other, synchronously: the same way for each variant, and nothing else in between."""

    precision: Precision
    card: ModelCard
    loaded: runtime.Runtime
    cached: ModelTimes
    conversion_share: float | None
    """Of the time all layers take, what converting and reordering takes; None when the device does not tell."""
    delay_ms: float = 0.0
    """Planted slow-down, for checking the comparison itself."""
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._request: Any = self.loaded.compiled.create_infer_request()
        self._preprocessor = Preprocessor(self.card.input, self._request.get_input_tensor().data)
        names, self._decode = DECODERS[self.card.decoder](self.card)
        _, self._decode_all = DECODERS[self.card.decoder](self.card, score_threshold=LOW_THRESHOLD)
        self._outputs = OutputTensors(self._request, names)
        self.output_names = names or tuple(min(port.get_names(), default="?") for port in self._request.model_outputs)

    def run_block(self, frames: Sequence[Pixels], first: int, seconds: float) -> Block:
        """Frames from number `first` on, round and round, for so many seconds."""
        inference: list[float] = []
        whole: list[float] = []
        start = now = time.perf_counter()
        at = first
        while now - start < seconds or not whole:
            pixels = frames[at % len(frames)]
            at += 1
            box = self._preprocessor.fill(pixels)
            before = time.perf_counter()
            self._infer()
            after = time.perf_counter()
            self._decode(self._outputs.read(), box)
            begun, now = now, time.perf_counter()
            inference.append((after - before) * 1e3)
            whole.append((now - begun) * 1e3)
        return Block(np.array(inference), np.array(whole), len(whole) / (now - start))

    def look(self, pixels: Pixels) -> tuple[list[NDArray[Any]], Findings]:
        """Tensors (copies) and findings of one frame, with a low score threshold."""
        box = self._preprocessor.fill(pixels)
        self._request.infer()
        outputs = self._outputs.read()
        return [np.array(tensor) for tensor in outputs], self._decode_all(outputs, box)

    def _infer(self) -> None:
        self._request.infer()
        if self.delay_ms:
            end = time.perf_counter() + self.delay_ms / 1e3
            while time.perf_counter() < end:
                pass


def prepare(card: ModelCard, precision: Precision, spec: CompareSpec, activity: Callable[[str], None]) -> Contestant:
    """Compile cold, compile again from a cache of its own, and keep the cold one. Raises what `runtime.load` raises."""
    asked = SessionSpec(
        session_id=spec.session_id,
        source=spec.source,
        model=spec.model,
        precision=precision,
        device=spec.device,
        hint=spec.hint,
        requests=1,
    )
    loaded = runtime.load(card, asked, activity)
    with tempfile.TemporaryDirectory(prefix="edgeperf-") as folder:
        into_cache = msgspec.structs.replace(asked, cache_dir=folder)
        runtime.load(card, into_cache, activity)
        cached = runtime.load(card, into_cache, activity).times
    profiled = runtime.load(card, asked, activity, profile=True)
    return Contestant(precision, card, loaded, cached, _conversion_share(profiled))


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
