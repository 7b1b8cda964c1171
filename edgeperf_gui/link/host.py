"""The window's handle on the engine's process: start, poll, pictures, staged stop. Nothing here waits, except `close`."""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.domain.capacity import CapacitySpec
from edgeperf_gui.domain.jobs import JobSpec, Progress
from edgeperf_gui.domain.messages import FromEngine, Shown, Stop, ToEngine, View
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.domain.watch import WatchSpec
from edgeperf_gui.domain.waterfall import WaterfallSpec
from edgeperf_gui.link import child
from edgeperf_gui.link.death import crash_status, exit_name, forced_stop_status
from edgeperf_gui.link.frame_slots import FrameSlots, Preview
from edgeperf_gui.link.log_file import log_tail, new_log
from edgeperf_gui.link.pipe_threads import PipeThreads

__all__ = ["EngineHost", "Preview"]

ASK_S: Final = 2.0
"""How long the engine may take to stop when asked, before it is terminated."""
TERMINATE_S: Final = 1.0
"""How long it may take to go when terminated, before it is killed."""
_GONE_S: Final = 1.0
_MESSAGES_A_POLL: Final = 128
_DRAWN: Final = (SessionSpec, WatchSpec, CapacitySpec, WaterfallSpec)
"""What draws pictures; anything else gets no memory for them."""
_BAD_ENDS: Final = (FinishReason.FAILED, FinishReason.SOURCE_LOST)
"""Ends that come with the log, if there is one; that of a crash has it from the start."""


class EngineHost:
    """One engine process at a time, one session or job each; memory for pictures is made for the first that draws, and kept."""

    def __init__(self, run: str = "edgeperf_gui.engine.runner:run") -> None:
        self._run = run
        self._context = multiprocessing.get_context("spawn")
        self._slots: FrameSlots | None = None
        self._process: SpawnProcess | None = None
        self._pipe: PipeThreads | None = None
        self._decoder: msgspec.msgpack.Decoder[FromEngine] = msgspec.msgpack.Decoder(FromEngine)
        self._pending: deque[FromEngine] = deque()
        self._last = SessionStatus("", RunState.IDLE)
        self._stop_ns: int | None = None
        self._stage = 0  # of the stop: 0 asked, 1 terminated, 2 killed
        self._end_seen_ns: int | None = None
        self.on_picture: Callable[[], None] | None = None
        """Called when a picture lies ready, in a thread of the host's own."""
        self.log_path: Path | None = None
        """The log of the newest session; None when there is no folder for it."""

    @property
    def session_id(self) -> str:
        """The newest session's; empty before the first."""
        return self._last.session_id

    @property
    def is_active(self) -> bool:
        """An engine process exists. Its last messages are out of `poll` before this becomes False."""
        return self._process is not None or bool(self._pending)

    @property
    def is_stopping(self) -> bool:
        """It was asked to stop and has not gone yet."""
        return self._process is not None and self._stop_ns is not None

    @property
    def pid(self) -> int | None:
        """The engine's process id while there is one."""
        return self._process.pid if self._process is not None else None

    def start(self, spec: SessionSpec | JobSpec) -> None:
        """Start a session or a job in a new process. What goes wrong comes as a FINISHED status out of `poll`."""
        if self.is_active:
            raise RuntimeError("the last session has not ended yet")
        self._last = SessionStatus(spec.session_id, RunState.STARTING, activity="starting the engine")
        self._stop_ns, self._stage, self._end_seen_ns = None, 0, None
        self.log_path = new_log(spec.session_id[:8])
        try:
            self._spawn(spec)
        except OSError as error:
            sentence, remedy = f"The engine could not be started: {error}.", "Close other programs and run it again."
            self._put(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy))

    def poll(self) -> list[FromEngine]:
        """Messages of this session that arrived since the last call, oldest first; also carries a stop forward. Call it often."""
        if self._pipe is not None:
            received = self._pipe.received(_MESSAGES_A_POLL)
            for data in received:
                self._receive(data)
            self._watch(time.perf_counter_ns(), quiet=not received)
        messages = list(self._pending)
        self._pending.clear()
        return messages

    def take_preview(self) -> Preview | None:
        """The newest picture, or None when there is none newer than the last taken."""
        return self._slots.take() if self._slots is not None and self._process is not None else None

    def send_view(self, width: int, height: int) -> None:
        """Tell the size of the picture's place in device pixels; (0, 0) when nobody looks."""
        self._send(View(width, height))

    def send_shown(self, stamps: tuple[tuple[int, int], ...]) -> None:
        """Tell which frames were painted when: (frame number, `perf_counter_ns`)."""
        self._send(Shown(stamps))

    def request_stop(self) -> None:
        """Ask the engine to end; `poll` terminates it after 2 s and kills it 1 s later. Asking again changes nothing."""
        if self._process is not None and self._stop_ns is None:
            self._stop_ns = time.perf_counter_ns()
            self._send(Stop())

    def close(self) -> None:
        """End the engine before the window goes; waits at most about 4 s. `poll` still gives what it said last."""
        self.request_stop()
        deadline_ns = time.perf_counter_ns() + int((ASK_S + TERMINATE_S + 1.0) * 1e9)
        last_words: list[FromEngine] = []
        while self._process is not None and time.perf_counter_ns() < deadline_ns:
            last_words += self.poll()
            if self._process is not None:
                self._process.join(0.02)
        self._pending.extendleft(reversed(last_words))

    def _spawn(self, spec: SessionSpec | JobSpec) -> None:
        slots = self._slots_for(spec)
        ours, theirs = self._context.Pipe(duplex=True)
        arguments = (self._run, msgspec.msgpack.encode(spec), theirs, slots, str(self.log_path) if self.log_path else None)
        process = self._context.Process(target=child.main, args=arguments, name="edgeperf-engine", daemon=True)
        try:
            process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()  # while we held it, the end of the child would not be the end of the pipe
        self._process = process
        self._pipe = PipeThreads(ours, self._picture_came)

    def _slots_for(self, spec: SessionSpec | JobSpec) -> FrameSlots | None:
        if not isinstance(spec, _DRAWN):
            return None
        if self._slots is None:
            self._slots = FrameSlots.create(self._context)
        self._slots.reset()
        return self._slots

    def _picture_came(self) -> None:
        listener = self.on_picture  # asked once: another thread may take it away
        if listener is not None:
            listener()

    def _send(self, message: ToEngine) -> None:
        if self._pipe is not None:
            self._pipe.send(msgspec.msgpack.encode(message))

    def _receive(self, data: bytes) -> None:
        try:
            message = self._decoder.decode(data)
        except msgspec.MsgspecError:
            return  # a process that is dying may write anything; that it died is seen anyway
        if message.session_id == self.session_id:
            self._put(message)

    def _put(self, message: FromEngine) -> None:
        if isinstance(message, SessionStatus):
            if self._last.state is RunState.FINISHED:
                return
            if message.reason in _BAD_ENDS and not message.log_tail:
                message = msgspec.structs.replace(message, log_tail=log_tail(self.log_path))
            self._last = message
        elif isinstance(message, Progress):
            # a job says only by its progress what it is doing when it dies
            self._last = msgspec.structs.replace(self._last, activity=message.activity)
        self._pending.append(message)

    def _watch(self, now_ns: int, *, quiet: bool) -> None:
        """Notice the end, and see to it that what should end does."""
        if self._process is None or self._pipe is None:
            return
        exit_code = self._process.exitcode
        if exit_code is not None or self._pipe.at_end:
            self._end_seen_ns = self._end_seen_ns or now_ns
            # a descendant that inherited the pipe may hold it open after the engine's death; its words are not waited for
            is_overdue = quiet and now_ns - self._end_seen_ns > _GONE_S * 1e9
            if exit_code is not None and (self._pipe.at_end or is_overdue):
                self._settle(exit_code)
                return
        if self._last.state is RunState.FINISHED or self._end_seen_ns is not None:
            self._stop_ns = self._stop_ns or now_ns  # it said its last word, so now it has to go, too
        self._advance_stop(now_ns)

    def _advance_stop(self, now_ns: int) -> None:
        if self._stop_ns is None or self._process is None:
            return
        waited_s = (now_ns - self._stop_ns) / 1e9
        if self._stage == 0 and waited_s > ASK_S:
            self._stage = 1
            self._process.terminate()
        elif self._stage == 1 and waited_s > ASK_S + TERMINATE_S:
            self._stage = 2
            self._process.kill()

    def _settle(self, exit_code: int) -> None:
        """The process is gone: make its end known if it did not do so itself, and clear up."""
        if self._last.state is not RunState.FINISHED:
            cause = exit_name(exit_code)
            if self._stage > 0:
                self._put(forced_stop_status(self._last, cause))
            else:
                self._put(crash_status(self._last, cause, log_tail(self.log_path)))
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.close()
        self._pipe = self._process = None
