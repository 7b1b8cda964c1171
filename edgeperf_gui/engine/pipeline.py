"""The pipeline: reader → submitter → runtime → decoding, each stamped, nothing else in their way.

reader thread      source.read              decode stamps
  │ Mailbox        newest wins (paced, live), or waits (flat out)
submitter thread   resize into the tensor   preprocess stamps, start_async
  │ callback       the runtime's thread     completion stamp only
decoding thread    outputs → detections     postprocess stamp, one record
  │ Showcase       newest wins
sender thread      (sender.py)              previews and messages, outside every measured stage
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.records import Detections
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.decoder import Decode
from edgeperf_gui.engine.letterbox import Letterbox
from edgeperf_gui.engine.pacing import Mailbox, Pacer, wait_until
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.sources.source import Frame, Pixels, Source


@dataclass(slots=True)
class Exhibit:
    """A decoded frame with what was found in it, for whoever draws."""

    number: int
    pixels: Pixels
    detections: Detections
    postprocess_end_ns: int


class Showcase:
    """Holds the newest exhibit and gives the frame buffers of replaced ones back."""

    def __init__(self, spare: queue.SimpleQueue[Pixels | None]) -> None:
        self._lock = threading.Lock()
        self._newest: Exhibit | None = None
        self._spare = spare
        self.filled = threading.Event()

    def offer(self, exhibit: Exhibit) -> None:
        """Show this one instead."""
        with self._lock:
            replaced, self._newest = self._newest, exhibit
        if replaced is not None:
            self._spare.put(replaced.pixels)
        self.filled.set()

    def take(self) -> Exhibit | None:
        """The newest exhibit, once; hand its pixels to `give_back` when drawn."""
        with self._lock:
            exhibit, self._newest = self._newest, None
        self.filled.clear()
        return exhibit

    def give_back(self, exhibit: Exhibit) -> None:
        """Its buffer may be filled again."""
        self._spare.put(exhibit.pixels)


@dataclass(slots=True)
class _Slot:
    """One infer request and the frame it is working on."""

    index: int
    request: Any
    preprocessor: Preprocessor
    outputs: tuple[NDArray[np.float32], ...]
    frame: Frame | None = None
    letterbox: Letterbox | None = None
    preprocess_start_ns: int = 0
    preprocess_end_ns: int = 0
    submit_ns: int = 0
    complete_ns: int = 0


@dataclass
class Pipeline:
    """Runs a source through a compiled model until stopped or the source ends. `error` holds what went wrong, if anything."""

    source: Source
    runtime: Runtime
    card: ModelCard
    recorder: Recorder
    paced: bool
    loop: bool
    dropped: int = 0
    ended: bool = False
    error: BaseException | None = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        names, self._decode = _decoder(self.card)
        self._mailbox = Mailbox()
        self._idle: queue.SimpleQueue[_Slot | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[_Slot | None] = queue.SimpleQueue()
        self._spare: queue.SimpleQueue[Pixels | None] = queue.SimpleQueue()
        self.showcase = Showcase(self._spare)
        self._slots = [self._make_slot(index, names) for index in range(self.runtime.effective.requests)]
        # one buffer being read, one in the mailbox, two on show, and one in each request
        for _ in range(len(self._slots) + 4):
            self._spare.put(None)
        # a source without a rate of its own (a folder of images) cannot be paced
        self._pacer = Pacer(self.source.info.fps) if self.paced and not self.source.info.live and self.source.info.fps else None

    def start(self) -> None:
        """Begin; returns at once."""
        for slot in self._slots:
            self._idle.put(slot)
        for work in (self._read, self._submit, self._finish):
            thread = threading.Thread(target=self._guarded, args=(work,), name=work.__name__.strip("_"), daemon=True)
            self._threads.append(thread)
            thread.start()

    def alive(self) -> bool:
        """Whether frames may still come."""
        return self._threads[-1].is_alive()

    def halt(self) -> None:
        """Stop reading; what is under way completes."""
        self._stop.set()
        self.source.interrupt()
        self._mailbox.close()

    def join(self, timeout_s: float) -> bool:
        """Stop and wait for the threads; False when one did not end (a device or a driver that hangs)."""
        self.halt()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _make_slot(self, index: int, outputs: tuple[str, ...]) -> _Slot:
        request = self.runtime.compiled.create_infer_request()
        slot = _Slot(
            index,
            request,
            Preprocessor(self.card.input, request.get_input_tensor().data),
            tuple(request.get_tensor(name).data for name in outputs),
        )
        request.set_callback(self._completed, slot)
        return slot

    def _guarded(self, work: Any) -> None:
        try:
            work()
        except BaseException as error:
            self.error = self.error or error
            self._stop.set()
        finally:
            # whoever ends first, the others must not wait for it for ever
            self._mailbox.close()
            if work == self._submit:
                self._drain()
            if work == self._finish:
                self._idle.put(None)

    def _read(self) -> None:
        live = self.source.info.live
        pacer = self._pacer
        if pacer:
            pacer.start(time.perf_counter_ns())
        read_since_rewind = 0
        while not self._stop.is_set():
            buffer = self._spare.get()
            due_ns = 0
            if pacer:
                due_ns, lost = pacer.next_due(time.perf_counter_ns())
                self.dropped += lost
                if not wait_until(due_ns, self._stop):
                    return
            frame = self.source.read(buffer)
            if frame is None:
                if self._stop.is_set() or live or not self.loop or read_since_rewind == 0:
                    self.ended = not self._stop.is_set()
                    return
                self._spare.put(buffer)
                self.source.rewind()
                read_since_rewind = 0
                continue
            read_since_rewind += 1
            frame.due_ns = frame.due_ns or due_ns
            if pacer or live:
                replaced = self._mailbox.post(frame)
                if replaced is not None:
                    self.dropped += 1
                    self._spare.put(replaced.pixels)
            else:
                self._mailbox.hand_over(frame)

    def _submit(self) -> None:
        while True:
            slot = self._idle.get()
            frame = self._mailbox.take() if slot is not None else None
            if slot is None or frame is None:
                return
            slot.frame = frame
            slot.preprocess_start_ns = time.perf_counter_ns()
            slot.letterbox = slot.preprocessor.fill(frame.pixels)
            slot.preprocess_end_ns = time.perf_counter_ns()
            slot.submit_ns = time.perf_counter_ns()
            slot.request.start_async()

    def _completed(self, slot: _Slot) -> None:
        """Runs in the runtime's own thread: stamp and leave, for its stream waits for us."""
        slot.complete_ns = time.perf_counter_ns()
        self._done.put(slot)

    def _finish(self) -> None:
        while (slot := self._done.get()) is not None:
            frame, letterbox = slot.frame, slot.letterbox
            assert frame is not None and letterbox is not None
            latency_ns = round(slot.request.latency * 1e6)
            detections = self._decode(slot.outputs, letterbox)
            end_ns = time.perf_counter_ns()
            number = self.recorder.count
            self.recorder.append(
                (
                    number,
                    frame.due_ns,
                    frame.decode_start_ns,
                    frame.decode_end_ns,
                    slot.preprocess_start_ns,
                    slot.preprocess_end_ns,
                    slot.submit_ns,
                    slot.complete_ns,
                    end_ns,
                    0,
                    latency_ns,
                    self.dropped,
                    slot.index,
                    len(detections),
                )
            )
            slot.frame = None
            self._idle.put(slot)
            self.showcase.offer(Exhibit(number, frame.pixels, detections, end_ns))

    def _drain(self) -> None:
        """Let the requests in flight complete, then end the decoding thread."""
        for slot in self._slots:
            if slot.frame is not None:
                slot.request.wait_for(2000)
        self._done.put(None)


def _decoder(card: ModelCard) -> tuple[tuple[str, ...], Decode]:
    builder = DECODERS.get(card.decoder)
    if builder is None:
        raise ModelError(
            f"{card.title} asks for the decoder {card.decoder!r}, which does not exist.",
            f"Write one of these into its card.toml: {', '.join(DECODERS)}.",
        )
    return builder(card)
