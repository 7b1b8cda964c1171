"""The engine's process: receives a spec, runs the engine's function, ends when told, or when the window is gone."""

from __future__ import annotations

import faulthandler
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.errors import EdgeperfError, SourceLost
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.jobs import JobSpec
from edgeperf_gui.domain.messages import FromEngine, Shown, Stop, ToEngine, View
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.link.child_process import end_at_once, function_named, prepare
from edgeperf_gui.link.frame_slots import FrameSlots, fit_view
from edgeperf_gui.link.log_file import log_tail
from edgeperf_gui.link.pipe_threads import BELL

ORPHAN_S: Final = 3.0
"""How long a run may take to end in order once the window is gone."""


class PipeOutbox:
    """`engine.outbox.Outbox` over the pipe and the frame slots."""

    def __init__(self, conn: Connection, slots: FrameSlots | None, stop: threading.Event) -> None:
        self._conn = conn
        self._slots = slots
        self._stop = stop
        self._sending = threading.Lock()
        self._encoder = msgspec.msgpack.Encoder()
        self._view: tuple[int, int] | None = None
        self._shown: list[tuple[int, int]] = []
        self._shown_lock = threading.Lock()
        self.finished = False
        """A status FINISHED has been sent."""

    def send(self, message: FromEngine) -> None:
        """Hand over one message; waits while the window does not read. When the window is gone, the run is told to stop."""
        if isinstance(message, SessionStatus) and message.state is RunState.FINISHED:
            self.finished = True
        self._send_bytes(self._encoder.encode(message))

    def preview_size(self) -> tuple[int, int] | None:
        """Width and height (device pixels) the picture should fit into; None when nobody looks."""
        return self._view if self._slots is not None else None

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """A writable array `[height, width, 4]` (BGRA) to draw the next preview into."""
        assert self._slots is not None, "preview_size said that nobody looks"
        return self._slots.preview(width, height)

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        """Show the preview just drawn; waits while the window does not read, like `send`."""
        assert self._slots is not None
        self._slots.publish(frame, post_end_ns, source_size, findings)
        self._send_bytes(BELL)

    def shown(self) -> list[tuple[int, int]]:
        """Frames painted since the last call: (frame number, `perf_counter_ns` stamp)."""
        with self._shown_lock:
            stamps, self._shown = self._shown, []
        return stamps

    def listen(self) -> None:
        """Take in what the window says, until it is gone; then see to it that this process ends too."""
        decoder = msgspec.msgpack.Decoder(ToEngine)
        try:
            while True:
                self._hear(decoder.decode(self._conn.recv_bytes()))
        except (EOFError, OSError):
            # counted down by a thread of C, which needs no GIL: even a native call that never returns cannot keep an orphan alive
            faulthandler.dump_traceback_later(ORPHAN_S, exit=True, file=2)
            self._stop.set()

    def _send_bytes(self, data: bytes) -> None:
        try:
            with self._sending:
                self._conn.send_bytes(data)
        except OSError:
            self._stop.set()

    def _hear(self, message: ToEngine) -> None:
        match message:
            case Stop():
                self._stop.set()
            case View():
                self._view = fit_view(message.width, message.height)
            case Shown():
                with self._shown_lock:
                    self._shown.extend(message.stamps)
                    del self._shown[:-4096]


def main(run: str, spec_bytes: bytes, conn: Connection, slots: FrameSlots | None, log_path: str | None) -> None:
    """Target of the spawned process; `run` is the dotted name of the engine's function, "package.module:name".

    Without `slots` nobody wants pictures.
    """
    prepare(log_path)
    spec = msgspec.msgpack.decode(spec_bytes, type=SessionSpec | JobSpec)
    stop = threading.Event()
    outbox = PipeOutbox(conn, slots, stop)
    threading.Thread(target=outbox.listen, name="listen", daemon=True).start()
    try:
        function_named(run)(spec, outbox, stop)
        end = SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED if stop.is_set() else FinishReason.COMPLETED)
    except Exception as error:
        traceback.print_exc()
        end = _failure(spec.session_id, error, log_path)
    if not outbox.finished:
        outbox.send(end)
    end_at_once(0)


def _failure(session_id: str, error: Exception, log_path: str | None) -> SessionStatus:
    """A user's error in its own words; ours with the log beside it."""
    if isinstance(error, EdgeperfError):
        reason = FinishReason.SOURCE_LOST if isinstance(error, SourceLost) else FinishReason.FAILED
        return SessionStatus(
            session_id, RunState.FINISHED, reason, sentence=error.sentence, remedy=error.remedy, cause=error.cause
        )
    return SessionStatus(
        session_id,
        RunState.FINISHED,
        FinishReason.FAILED,
        sentence=f"The engine failed: {type(error).__name__}: {error}.",
        remedy="Run it again; if it fails again, report it with the log.",
        log_tail=log_tail(Path(log_path) if log_path else None),
    )
