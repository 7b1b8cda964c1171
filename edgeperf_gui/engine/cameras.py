"""Many virtual cameras through one model: each reads at its own rate and phase, one worker serves them in turn.

As in the pipeline of a single source, each camera has a mailbox in which the newest frame wins, and every frame has its due time;
what a camera could not hand over is counted as dropped.

The cameras first go to their places in the recording, which costs CPU time; no camera's clock starts before all are there.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.letterbox import Letterbox
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.outputs import OutputTensors
from edgeperf_gui.engine.pacing import Mailbox
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.reader import Reader
from edgeperf_gui.engine.runtime import Runtime
from edgeperf_gui.engine.silence import find_failure, let_go
from edgeperf_gui.engine.sources.source import Frame, Pixels, Source

_BUFFERS: Final = 3
"""A camera's frames that are not under way: one being read, one in its mailbox, one on its way back."""
_LAST_WAIT_S: Final = 2.0


class AtRate:
    """A recording as a camera of another rate would give it, beginning `delay_s` late and `skip` frames into it."""

    def __init__(self, source: Source, rate: float, delay_s: float, skip: int) -> None:
        self._source = source
        self._delay_s = delay_s
        self._skip = skip
        self._interrupted = threading.Event()
        self.info: SourceInfo = msgspec.structs.replace(source.info, fps=rate)

    def go_to_place(self) -> None:
        """Skip what this camera's recording is ahead by; called once, before any camera's clock starts."""
        pixels: Pixels | None = None
        for _ in range(self._skip):
            if self._interrupted.is_set():
                return
            frame = self._source.read(pixels)
            if frame is None:
                self._source.rewind()
            else:
                pixels = frame.pixels

    def read(self, into: Pixels | None) -> Frame | None:
        """The next frame."""
        return self._source.read(into)

    def wait_for_phase(self) -> None:
        """Called once when all cameras are in place, before the first frame is due."""
        self._interrupted.wait(self._delay_s)

    def rewind(self) -> None:
        """From the first frame."""
        self._source.rewind()

    def interrupt(self) -> None:
        """End a wait."""
        self._interrupted.set()
        self._source.interrupt()

    def close(self) -> None:
        """Release the recording."""
        self._source.close()


@dataclass(slots=True)
class Served:
    """What one camera got since counting began."""

    ages_ms: list[float] = field(default_factory=list)
    dropped: int = 0


class VirtualCamera:
    """One camera's reader and its account."""

    def __init__(self, number: int, source: AtRate, cameras: Cameras, *, paced: bool) -> None:
        self.number = number
        self.source = source
        self.mailbox = Mailbox(cameras.ring)
        self.spare: queue.SimpleQueue[Pixels | None] = queue.SimpleQueue()
        for _ in range(_BUFFERS):
            self.spare.put(None)
        self.reader = Reader(source, self.mailbox, self.spare, paced=paced, loop=True)
        self.ages_ms: list[float] = []
        self._buffers, self._under_way = _BUFFERS, 0
        self._dropped_before = 0
        self._thread = threading.Thread(target=self._read, args=(cameras,), name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Stop reading; False when a read does not come back."""
        self.reader.halt()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def take(self) -> Frame | None:
        """Its newest frame, to be inferred. Another buffer takes its place, or the frames under way would hold up the reader."""
        frame = self.mailbox.take()
        if frame is not None:
            self._under_way += 1
            if self._buffers < _BUFFERS + self._under_way:
                self._buffers += 1
                self.spare.put(None)
        return frame

    def count(self, frame: Frame) -> None:
        """A frame was inferred and its objects are known."""
        self.ages_ms.append((time.perf_counter_ns() - frame.due_ns) / 1e6)

    def give_back(self, frame: Frame) -> None:
        """Nobody looks at its picture any more."""
        self._under_way -= 1
        self.spare.put(frame.pixels)

    def count_from_now(self) -> None:
        """Forget the warm-up."""
        self.ages_ms = []
        self._dropped_before = self.reader.dropped

    def served(self) -> Served:
        """Its account."""
        return Served(list(self.ages_ms), self.dropped)

    @property
    def dropped(self) -> int:
        """Frames that nobody inferred, since counting began."""
        return self.reader.dropped - self._dropped_before

    def _read(self, cameras: Cameras) -> None:
        try:
            self.source.go_to_place()
            cameras.in_place.wait()
            self.source.wait_for_phase()
            self.reader.run()
        except threading.BrokenBarrierError:
            pass  # stopped, or another camera's source failed, before all were in place
        except BaseException as error:
            cameras.error = cameras.error or error
            cameras.in_place.abort()
        finally:
            self.reader.halt()


@dataclass(slots=True)
class _Slot:
    request: Any
    preprocessor: Preprocessor
    outputs: OutputTensors
    submit_ns: int = 0
    complete_ns: int = 0
    camera: VirtualCamera | None = None
    frame: Frame | None = None
    letterbox: Letterbox | None = None


class Cameras:
    """Runs cameras through a compiled model until stopped. `error` holds what went wrong, if anything."""

    def __init__(
        self,
        runtime: Runtime,
        card: ModelCard,
        sources: list[AtRate],
        *,
        paced: bool = True,
        seen: Callable[[int, Pixels, Findings], None] | None = None,
    ) -> None:
        """`paced`: False reads flat out, each frame as soon as the last was taken; then ages mean nothing.

        `seen` gets each camera's number and frame and what was found, in the worker: it must be quick, and keep no pixels.
        """
        self._seen = seen
        self.error: BaseException | None = None
        self.running = threading.Event()
        """Set when all cameras are in place and their clocks start."""
        self.in_place = threading.Barrier(len(sources), action=self.running.set)
        self._halted = False
        self._bell: queue.SimpleQueue[_Slot | None] = queue.SimpleQueue()
        names, self._decode = DECODERS[card.decoder](card)
        self._slots = [self._make_slot(runtime, card, names) for _ in range(runtime.effective.requests)]
        self.cameras = [VirtualCamera(number, source, self, paced=paced) for number, source in enumerate(sources)]
        self._turn = deque(self.cameras)
        self._worker = threading.Thread(target=self._guarded, name="work", daemon=True)

    def ring(self) -> None:
        """A frame came after the worker had looked in vain."""
        self._bell.put(None)

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()
        for camera in self.cameras:
            camera.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End without what still lies in a mailbox; False when a thread does not come back."""
        deadline = time.monotonic() + timeout_s
        self._halted = True
        self.in_place.abort()
        for camera in self.cameras:
            camera.reader.halt()
        joined = [camera.join(max(0.0, deadline - time.monotonic())) for camera in self.cameras]
        self._worker.join(max(0.0, deadline - time.monotonic()))
        return all(joined) and not self._worker.is_alive()

    def find_failed_request(self) -> None:
        """Set `error` when a request ended without telling."""
        self.error = self.error or find_failure(self._slots)

    def _make_slot(self, runtime: Runtime, card: ModelCard, names: tuple[str, ...]) -> _Slot:
        request = runtime.compiled.create_infer_request()
        slot = _Slot(request, Preprocessor(card.input, request.get_input_tensor().data), OutputTensors(request, names))
        request.set_callback(self._completed, slot)
        return slot

    def _completed(self, slot: _Slot) -> None:
        """Runs in the runtime's own thread."""
        slot.complete_ns = time.perf_counter_ns()
        self._bell.put(slot)

    def _guarded(self) -> None:
        try:
            self._serve()
        except BaseException as error:
            self.error = self.error or error
        finally:
            for camera in self.cameras:
                camera.reader.halt()
            let_go(self._slots, round(_LAST_WAIT_S * 1e3))

    def _serve(self) -> None:
        idle = list(self._slots)
        while True:
            closed = self._halted or all(camera.mailbox.closed for camera in self.cameras)
            while idle and not self._halted and (taken := self._next()) is not None:
                self._submit(idle.pop(), *taken)
            if closed and len(idle) == len(self._slots):
                return
            try:
                completed = self._bell.get(timeout=_LAST_WAIT_S if closed else None)
            except queue.Empty:
                return
            if completed is not None:
                self._finish(completed)
                idle.append(completed)

    def _next(self) -> tuple[VirtualCamera, Frame] | None:
        """A frame of whoever waits longest for a turn."""
        for _ in range(len(self._turn)):
            camera = self._turn[0]
            self._turn.rotate(-1)
            if (frame := camera.take()) is not None:
                return camera, frame
        return None

    def _submit(self, slot: _Slot, camera: VirtualCamera, frame: Frame) -> None:
        slot.camera, slot.frame = camera, frame
        slot.letterbox = slot.preprocessor.fill(frame.pixels)
        slot.submit_ns = time.perf_counter_ns()
        slot.request.start_async()

    def _finish(self, slot: _Slot) -> None:
        camera, frame, letterbox = slot.camera, slot.frame, slot.letterbox
        assert camera is not None and frame is not None and letterbox is not None
        found = self._decode(slot.outputs.read(), letterbox)
        camera.count(frame)
        if self._seen is not None:
            self._seen(camera.number, frame.pixels, found)
        slot.frame = None
        camera.give_back(frame)
