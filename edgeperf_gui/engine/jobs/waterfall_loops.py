"""The loops of a waterfall, from benchmark_app's to the whole session: one compiled model, the same frames, short blocks.

The first three are one thread that keeps every request busy; the others are the live session's own pipeline.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, Final

import msgspec
import numpy as np
import openvino as ov
from numpy.typing import NDArray

from edgeperf_gui.analysis.stages import stage_durations_ms
from edgeperf_gui.analysis.waterfall import LEAST_KEPT, pace_ms
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import FromEngine
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.inference_only import keep_busy
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.run_end import JOIN_S, check_end, follow
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.sender import Sender
from edgeperf_gui.engine.sources.source import Frame, Pixels, Source
from edgeperf_gui.engine.telemetry import LoadMeter

WHOLE: Final = "whole"
"""The whole session, measured for itself."""
PACED: Final = "paced"
"""The whole session at the source's own rate."""
_RING: Final = 4096
"""Records kept of a block; of a longer one the newest."""
_LOOK_S: Final = 0.01
_PACED_FRAMES: Final = 12
"""At least so many in a paced block, the first third of which is not looked at: the machine has to cool down from the last."""
_SLOWEST_FPS: Final = 1.0


@dataclass(frozen=True, slots=True)
class LoopBlock:
    """What one short stretch of a loop gave."""

    frame_ms: float
    """Wall milliseconds a frame."""
    inference_ms: NDArray[np.float64]
    """Of each frame that counts."""


class MemoryFrames:
    """Decoded frames that lie in memory, round and round: a source without the work of one."""

    def __init__(self, frames: Sequence[Pixels], info: SourceInfo) -> None:
        self.info = msgspec.structs.replace(info, live=False)
        self._frames = itertools.cycle(frames)

    def read(self, into: Pixels | None) -> Frame | None:
        """The next one; there is no end."""
        now_ns = perf_counter_ns()
        return Frame(next(self._frames), now_ns, now_ns, due_ns=0)

    def rewind(self) -> None:
        """It goes round by itself."""

    def interrupt(self) -> None:
        """It never waits."""

    def close(self) -> None:
        """Nothing is open."""


class _Unheard:
    """Where a session without a window sends what it has to say."""

    def send(self, message: FromEngine) -> None:
        """Nobody listens."""

    def preview_size(self) -> None:
        """Nobody looks."""

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """Never asked for."""
        raise NotImplementedError

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        """Never asked for."""

    def shown(self) -> list[tuple[int, int]]:
        """Nothing is painted."""
        return []


class _Undecoded(Pipeline):
    """Outputs are not looked at."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._decode = lambda _outputs, _letterbox: Findings()


class Loops:
    """Holds what all loops share. `names` are those that can be run."""

    def __init__(
        self,
        card: ModelCard,
        runtime: Runtime,
        app_requests: int,
        frames: Sequence[Pixels],
        source: Source,
        outbox: Outbox,
        stop: threading.Event,
        session_id: str,
    ) -> None:
        """`source` is the real one, still open; a live one is not read here, because it cannot be read flat out."""
        is_seen = outbox.preview_size() is not None
        self._card, self._runtime, self._stop, self._session_id = card, runtime, stop, session_id
        self._outbox: Outbox = outbox if is_seen else _Unheard()
        self._queue = ov.AsyncInferQueue(runtime.compiled, app_requests)
        self._tensors = [request.get_input_tensor().data for request in self._queue]
        self._preprocessors = [Preprocessor(card.input, tensor) for tensor in self._tensors]
        self._memory = MemoryFrames(frames, source.info)
        self._source: Source = self._memory if source.info.live else source
        self._frames = itertools.cycle(frames)
        self._filled = itertools.cycle([self._ready(pixels) for pixels in frames])
        for preprocessor in self._preprocessors:
            preprocessor.fill(next(self._frames))
        self._runs: dict[str, Callable[[float], LoopBlock | None]] = {
            "inference": lambda seconds: self._closed(seconds, None),
            "input fill": lambda seconds: self._closed(seconds, self._copy_in),
            "preprocess": lambda seconds: self._closed(seconds, self._resize_in),
            "queue": lambda seconds: self._pipeline(_Undecoded, self._memory, seconds),
            "postprocess": lambda seconds: self._pipeline(Pipeline, self._memory, seconds),
        }
        if not source.info.live:
            self._runs["decode"] = lambda seconds: self._pipeline(Pipeline, source, seconds)
        if is_seen:
            self._runs["window"] = self._session
        self._runs[WHOLE] = self._session
        self.rate = source.info.fps if source.info.fps is not None and source.info.fps >= _SLOWEST_FPS else None
        """Frames a second of the paced blocks; None when the source has no rate, or one too slow for short blocks."""
        if self.rate is not None:
            self._runs[PACED] = self._paced

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which parts are added; the whole and the paced session last."""
        return tuple(self._runs)

    def run(self, name: str, seconds: float) -> LoopBlock | None:
        """One block; None when stopped before its end. Raises EdgeperfError."""
        block = self._runs[name](seconds)
        return None if self._stop.is_set() else block

    # One thread ---------------------------------------------------------------------------------------------------------------

    def _closed(self, seconds: float, refill: Callable[[int], None] | None) -> LoopBlock | None:
        recorder = Recorder(_RING)
        first = 2 * len(self._queue)
        keep_busy(self._queue, recorder, self._stop, seconds, refill=refill, least=first + len(self._queue) + LEAST_KEPT)
        records = recorder.since(0)
        return _block(records, first, _last_with_company_ns(records, len(self._queue)), None)

    def _copy_in(self, index: int) -> None:
        np.copyto(self._tensors[index], next(self._filled))

    def _resize_in(self, index: int) -> None:
        self._preprocessors[index].fill(next(self._frames))

    def _ready(self, pixels: Pixels) -> NDArray[np.uint8]:
        """An input `[1, height, width, 3]` as the model takes it."""
        tensor: NDArray[np.uint8] = np.zeros(self._tensors[0].shape, np.uint8)
        Preprocessor(self._card.input, tensor).fill(pixels)
        return tensor

    # The pipeline -------------------------------------------------------------------------------------------------------------

    def _session(self, seconds: float) -> LoopBlock | None:
        return self._pipeline(Pipeline, self._source, seconds, is_told=True)

    def _paced(self, seconds: float) -> LoopBlock | None:
        assert self.rate is not None
        seconds = max(2 * seconds, _PACED_FRAMES / self.rate)
        return self._pipeline(Pipeline, self._source, seconds, is_told=True, is_paced=True)

    def _pipeline(
        self, kind: type[Pipeline], source: Source, seconds: float, *, is_told: bool = False, is_paced: bool = False
    ) -> LoopBlock | None:
        """`is_told`: with records and previews on their way out, as in a live session."""
        recorder = Recorder(_RING)
        pipeline = kind(source, self._runtime, self._card, recorder, is_paced, loop=True)
        requests = self._runtime.effective.requests
        first = 2 * requests + 2
        sender = Sender(self._session_id, pipeline, recorder, self._outbox, LoadMeter()) if is_told else None
        if sender is not None:
            sender.start(None)
        pipeline.start()
        end_s, least = time.perf_counter() + seconds, first + requests + LEAST_KEPT
        end_ns = follow(pipeline, self._stop, _LOOK_S, lambda: time.perf_counter() >= end_s and recorder.count >= least)
        joined = pipeline.join(JOIN_S)
        if sender is not None:
            sender.finish()
        check_end(pipeline.error or (sender.error if sender else None), joined)
        records = recorder.since(0)
        if is_paced:
            first = max(first, len(records) // 3)
        return _block(records, first, end_ns, self._runtime.effective.streams)


def _last_with_company_ns(records: Records, requests: int) -> int:
    """The completion after which the requests ran dry."""
    stamps: Any = np.sort(records["complete_ns"])
    return int(stamps[-requests]) if len(stamps) >= requests else 0


def _block(records: Records, first: int, end_ns: int, streams: int | None) -> LoopBlock | None:
    frame_ms = pace_ms(records, first, end_ns)
    if frame_ms is None:
        return None
    return LoopBlock(frame_ms, stage_durations_ms(records, streams)["inference"][first:])
