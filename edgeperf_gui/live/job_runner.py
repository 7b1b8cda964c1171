"""One long job at a time in a process of its own: start, cancel, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from edgeperf_gui.domain.jobs import Answer, JobSpec, Progress
from edgeperf_gui.domain.messages import FromEngine
from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.link.host import EngineHost

POLL_MS: Final = 50


class JobRunner(QObject):
    """Messages come by themselves while the event loop runs; `ended` comes once for each job, when its process has gone."""

    progressed = Signal(object)  # Progress
    answered = Signal(object)  # Answer
    told = Signal(object)  # any other message of a job that has more to say: FromEngine
    pictured = Signal(object)  # Preview, after the messages that were sent before it
    ended = Signal(object)  # SessionStatus
    _pictureCame = Signal()  # from the host's thread

    def __init__(self, make_host: Callable[[str], EngineHost] = EngineHost, parent: QObject | None = None) -> None:
        """`make_host` gets the dotted name of the job's function, "package.module:name"."""
        super().__init__(parent)
        self._make_host = make_host
        self._host: EngineHost | None = None
        self._end = SessionStatus("", RunState.IDLE)
        self._view = (0, 0)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._pictureCame.connect(self._on_picture, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """From start until the process has gone."""
        return self._host is not None

    def start(self, function: str, spec: JobSpec) -> None:
        """Start a job; raises RuntimeError while one runs."""
        if self._host is not None:
            raise RuntimeError("the last job has not ended yet")
        self._end = SessionStatus(spec.session_id, RunState.STARTING)
        self._host = self._make_host(function)
        self._host.on_picture = self._pictureCame.emit
        self._host.start(spec)
        self._host.send_view(*self._view)
        self._timer.start()

    def set_view_size(self, width: int, height: int) -> None:
        """Size in device pixels of the place for a job's pictures; (0, 0) when nobody looks."""
        self._view = (width, height)
        if self._host is not None:
            self._host.send_view(width, height)

    def cancel(self) -> None:
        """Ask it to end; it is made to when it does not within a few seconds."""
        if self._host is not None:
            self._host.request_stop()

    def shutdown(self) -> None:
        """End it before the window goes, without a word; waits a bounded time."""
        self._timer.stop()
        host, self._host = self._host, None
        if host is not None:
            host.on_picture = None
            host.close()
            host.poll()  # what it said last is of no use any more

    def _poll(self) -> None:
        host = self._host
        if host is None:
            return
        for message in host.poll():
            self._take_in(message)
            if self._host is not host:  # a listener has ended it
                return
        if not host.is_active:
            self._timer.stop()
            self._host = None
            self.ended.emit(self._end)

    def _on_picture(self) -> None:
        self._poll()
        if self._host is not None and (preview := self._host.take_preview()) is not None:
            self.pictured.emit(preview)

    def _take_in(self, message: FromEngine) -> None:
        match message:
            case Progress():
                self.progressed.emit(message)
            case Answer():
                self.answered.emit(message)
            case SessionStatus(state=RunState.FINISHED):
                self._end = message
            case _:
                self.told.emit(message)
