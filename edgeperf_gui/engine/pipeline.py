"""The pipeline: reader → worker ⇄ runtime, each stamped, nothing else in their way.

reader thread      source.read              decode stamps
  │ Mailbox        newest wins (paced, live), or waits (flat out)
worker thread      resize into the tensor   preprocess stamps, start_async once the batch is full
  │ ↑ callback     the runtime's thread     completion stamp only
worker thread      outputs → findings       postprocess stamp, one record
  │ Showcase       newest wins
sender thread      (sender.py)              previews and messages, outside every measured stage

One worker for both ends of a request, because each hand-over between Python threads costs a busy machine some 0.1 ms a frame.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.engine.arrivals import Timetable
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.decoder import Decode
from edgeperf_gui.engine.decoders.outputs import OutputTensors
from edgeperf_gui.engine.pacing import Mailbox
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.reader import Reader
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.scene_witness import SceneWitness
from edgeperf_gui.engine.silence import find_failure, let_go
from edgeperf_gui.engine.sources.source import Frame, Pixels, Source

_LAST_WAIT_MS: Final = 2000
"""How long a stopped run waits for its last requests."""


@dataclass(slots=True)
class Exhibit:
    """A decoded frame with what was found in it, for whoever draws."""

    number: int
    pixels: Pixels
    findings: Findings
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
        self.filled.clear()  # before looking, or an exhibit offered in between would lie unseen
        with self._lock:
            exhibit, self._newest = self._newest, None
        return exhibit

    def give_back(self, exhibit: Exhibit) -> None:
        """Its buffer may be filled again."""
        self._spare.put(exhibit.pixels)


class _Row(NamedTuple):
    """What is kept of a frame that lies in a request's input; its pixels are not needed any more."""

    letterbox: Letterbox
    stamps: tuple[int, int, int, int, int]
    """From due to the end of preprocessing, as in `FRAME`."""
    source_frame: int | None


@dataclass(slots=True)
class _Slot:
    """One infer request and the frames it is working on, as many as its batch."""

    index: int
    request: Any
    preprocessors: list[Preprocessor]
    outputs: OutputTensors
    rows: list[_Row] = field(default_factory=list)
    frame: Frame | None = None
    """The newest of them, which will be shown."""
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
    timetable: Timetable | None = None
    """When frames come, instead of the source's own rate."""
    witness: SceneWitness | None = None
    """Of a drawn scene, whose truth is known."""
    error: BaseException | None = None
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._halted = False
        names, self._decode = _decoder(self.card)
        self._bell: queue.SimpleQueue[_Slot | None] = queue.SimpleQueue()  # a request that completed, or None: look for a frame
        self._mailbox = Mailbox(lambda: self._bell.put(None))
        self._spare: queue.SimpleQueue[Pixels | None] = queue.SimpleQueue()
        self.showcase = Showcase(self._spare)
        self._slots = [self._make_slot(index, names) for index in range(self.runtime.effective.requests)]
        # one buffer being read, one in the mailbox, two on show, and one in each request, however large its batch
        for _ in range(len(self._slots) + 4):
            self._spare.put(None)
        self._reader = Reader(self.source, self._mailbox, self._spare, paced=self.paced, loop=self.loop, timetable=self.timetable)

    @property
    def dropped(self) -> int:
        """Frames dropped so far."""
        return self._reader.dropped

    @property
    def unfinished(self) -> int:
        """Frames that were read and have no answer: in a batch that is not full, under way or lying ready. For after its end."""
        return sum(len(slot.rows) for slot in self._slots) + self._mailbox.lying

    @property
    def ended(self) -> bool:
        """Whether the source ended by itself."""
        return self._reader.ended

    @property
    def is_saturated(self) -> bool:
        """Whether frames are read as fast as they are taken, so that the throughput is the capacity."""
        return self._reader.is_flat_out

    def start(self) -> None:
        """Begin; returns at once."""
        for name, work in (("read", self._reader.run), ("work", self._work)):
            thread = threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def alive(self) -> bool:
        """Whether frames may still come."""
        return self._threads[-1].is_alive()

    def halt(self) -> None:
        """Stop reading; what is under way completes, what only lies ready does not begin."""
        self._halted = True
        self._reader.halt()

    def find_failed_request(self) -> None:
        """Set `error` when a request ended without telling, or does not end."""
        self.error = self.error or find_failure(self._slots)

    def join(self, timeout_s: float) -> bool:
        """Stop and wait for the threads; False when one did not end (a device or a driver that hangs)."""
        self.halt()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _make_slot(self, index: int, outputs: tuple[str, ...]) -> _Slot:
        request, batch = self.runtime.compiled.create_infer_request(), self.runtime.effective.batch
        tensor = request.get_input_tensor().data
        slot = _Slot(
            index,
            request,
            [Preprocessor(self.card.input, tensor[at : at + 1]) for at in range(batch)],
            OutputTensors(request, outputs, batch),
        )
        request.set_callback(self._completed, slot)
        return slot

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self.error = self.error or error
        finally:
            self._reader.halt()  # whoever ends first, the other must not wait for it for ever

    def _work(self) -> None:
        try:
            self._keep_busy()
        finally:
            let_go(self._slots, _LAST_WAIT_MS)

    def _keep_busy(self) -> None:
        """Give every idle request its frames and take every completed one's outputs, until none comes and none is under way."""
        idle = list(self._slots)
        filling: _Slot | None = None
        while True:
            closed = self._mailbox.closed  # asked before the last look into it
            while (filling or idle) and not self._halted and (frame := self._mailbox.take()) is not None:
                filling = self._fill(filling or idle.pop(), frame)
            if closed and filling and not self._halted:
                self._submit(filling, time.perf_counter_ns())  # nobody comes any more to fill it
                filling = None
            # what lies in a batch that a stop found half full does not begin
            if closed and len(idle) + (filling is not None) == len(self._slots):
                return
            try:
                # the last frames of a source that ended take as long as they take: a request that failed is found by others
                completed = self._bell.get(timeout=_LAST_WAIT_MS / 1e3 if self._halted else None)
            except queue.Empty:
                return
            if completed is not None:
                self._finish(completed)
                idle.append(completed)

    def _fill(self, slot: _Slot, frame: Frame) -> _Slot | None:
        """Put a frame into a request's next row, and start it with its last one; the slot while it has room."""
        if slot.frame is not None:  # only the newest of a batch is shown
            self._spare.put(slot.frame.pixels)
        slot.frame = frame
        start_ns = time.perf_counter_ns()
        letterbox = slot.preprocessors[len(slot.rows)].fill(frame.pixels)
        end_ns = time.perf_counter_ns()
        stamps = (frame.due_ns, frame.decode_start_ns, frame.decode_end_ns, start_ns, end_ns)
        slot.rows.append(_Row(letterbox, stamps, frame.number))
        if len(slot.rows) < len(slot.preprocessors):
            return slot
        self._submit(slot, end_ns)
        return None

    def _submit(self, slot: _Slot, now_ns: int) -> None:
        slot.submit_ns = now_ns
        slot.request.start_async()

    def _completed(self, slot: _Slot) -> None:
        """Runs in the runtime's own thread: stamp and leave, for its stream waits for us."""
        slot.complete_ns = time.perf_counter_ns()
        self._bell.put(slot)

    def _finish(self, slot: _Slot) -> None:
        """Decode each frame's own answer; the last one's is shown for all of them."""
        frame = slot.frame
        assert frame is not None
        latency_ns, dropped = round(slot.request.latency * 1e6), self.dropped
        done: list[tuple[int, ...]] = []
        for number, (row, outputs) in enumerate(zip(slot.rows, slot.outputs.read_all(), strict=False), self.recorder.count):
            findings = self._decode(outputs, row.letterbox)
            end_ns = time.perf_counter_ns()
            if self.witness is not None:
                findings = self.witness.saw(row.source_frame, findings)
            stamps = (*row.stamps, slot.submit_ns, slot.complete_ns, end_ns, 0)
            done.append((number, *stamps, latency_ns, dropped, slot.index, findings.count))
        self.recorder.append(*done)
        slot.rows.clear()
        slot.frame = None
        self.showcase.offer(Exhibit(number, frame.pixels, findings, end_ns))


def _decoder(card: ModelCard) -> tuple[tuple[str, ...], Decode]:
    builder = DECODERS.get(card.decoder)
    if builder is None:
        raise ModelError(
            f"{card.title} asks for the decoder {card.decoder!r}, which does not exist.",
            f"Write one of these into its card.toml: {', '.join(DECODERS)}.",
        )
    return builder(card)
