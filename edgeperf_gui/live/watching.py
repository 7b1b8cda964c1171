"""Watching all variants on the same frames: one job at a time, the live session waiting meanwhile."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.messages import FromEngine, Notice
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.domain.watch import MOST_KEPT, Disagreement, Tally, WatchBegan, Watched, WatchSpec
from edgeperf_gui.live.controller import Controller, Preview
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY
from edgeperf_gui.live.settings import Settings

__all__ = ["Preview", "Watching", "spec_for"]

JOB: Final = "edgeperf_gui.engine.jobs.watch:run"
_NAME: Final = "Watch"
_BAD_ENDS: Final = (FinishReason.FAILED, FinishReason.CRASHED, FinishReason.SOURCE_LOST)
_UNSHOWN: Final = 64
"""Answers that wait for their pictures; without a viewer none come."""


class Watching(QObject):
    """Start, cancel, and what was seen so far. A live session is stopped first and started again afterwards."""

    changed = Signal()  # state, progress, what is watched
    pictured = Signal(object, object)  # Preview, Watched: a picture and all answers to it
    counted = Signal()  # the tally
    keptChanged = Signal()  # the disagreements kept
    runningChanged = Signal(bool)
    finished = Signal()  # once at the end of each, after the others

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(parent)
        self._controller = controller
        self._job = job
        self._runner = JobRunner(parent=self)
        self._spec: WatchSpec | None = None  # asked for, and waiting for the session to end
        self._running = self._resume = False
        self._answers: OrderedDict[int, Watched] = OrderedDict()
        self.began: WatchBegan | None = None
        """What is watched; that of the last time until a new one begins."""
        self.tally = Tally()
        self.kept: tuple[Disagreement, ...] = ()
        """Oldest first."""
        self.progress: Progress | None = None
        """How far the preparation is."""
        self.notice: Notice | None = None
        """The newest word about the source (a stream reconnects); None once frames come again."""
        self.failure: SessionStatus | None = None
        """Why the last one ended badly."""
        self.is_cancelled = False
        self._runner.progressed.connect(self._on_progress)
        self._runner.told.connect(self._on_told)
        self._runner.pictured.connect(self._on_picture)
        self._runner.ended.connect(self._on_end)
        controller.runningChanged.connect(self._on_session)
        controller.turn.changed.connect(self.changed)

    @property
    def is_running(self) -> bool:
        """From start to end, the wait for the session included."""
        return self._running

    @property
    def is_waiting(self) -> bool:
        """It begins as soon as the session has ended."""
        return self._spec is not None

    @property
    def is_stopping(self) -> bool:
        """Cancelled, and not ended yet."""
        return self._running and self.is_cancelled

    @property
    def hindrance(self) -> str:
        """Why it cannot begin now, and what to do; empty when it can."""
        refusal = self._controller.turn.refusal(self)
        return refusal and f"{refusal} {REMEDY}"

    def start(self, spec: WatchSpec | None = None) -> None:
        """Watch with the present settings, or as `spec` says; no-op while one runs, and while it is another job's turn."""
        if self._running or not self._controller.turn.take(self, _NAME):
            return
        self._spec = spec or spec_for(self._controller.settings)
        self._running = True
        self._forget()
        self._resume = self._controller.is_running
        self.runningChanged.emit(True)
        if self._resume:
            self._controller.stop()
        else:
            self._begin()
        self._tell_all()

    def cancel(self) -> None:
        """End it; what was kept stays."""
        if not self._running or self.is_cancelled:
            return
        self.is_cancelled = True
        if self._spec is not None:
            self._spec = None
            self._end()
        else:
            self._runner.cancel()
            self.changed.emit()

    def set_view_size(self, width: int, height: int) -> None:
        """Size of the picture's place in device pixels; (0, 0) when nobody looks."""
        self._runner.set_view_size(width, height)

    def shutdown(self) -> None:
        """End it before the window goes, without starting the session again; waits a bounded time."""
        self._resume = self._running = False
        self._spec = None
        self._runner.shutdown()
        self._controller.turn.leave(self)

    def _forget(self) -> None:
        self.began = self.progress = self.failure = self.notice = None
        self.tally, self.kept = Tally(), ()
        self.is_cancelled = False
        self._answers.clear()

    def _tell_all(self) -> None:
        for signal in (self.changed, self.counted, self.keptChanged):
            signal.emit()

    def _begin(self) -> None:
        assert self._spec is not None
        spec, self._spec = self._spec, None
        self._runner.start(self._job, spec)

    def _on_session(self, running: bool) -> None:
        if self._spec is not None and not running:
            self._begin()
            self.changed.emit()
        elif self._spec is None and self._running and running:
            # the user wants the session; both at once would take the machine from each other
            self._resume = False
            self.cancel()

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_told(self, message: FromEngine) -> None:
        match message:
            case WatchBegan():
                self.began, self.progress = message, None
                self.changed.emit()
            case Watched():
                self._count(message)
            case Disagreement():
                self._keep(message)
            case Notice():
                self.notice = message
                self.changed.emit()

    def _count(self, watched: Watched) -> None:
        self.tally = watched.tally
        self._answers[watched.frame] = watched
        while len(self._answers) > _UNSHOWN:
            self._answers.popitem(last=False)
        if self.notice is not None:
            self.notice = None
            self.changed.emit()
        self.counted.emit()

    def _keep(self, news: Disagreement) -> None:
        """Of too many the one with the fewest differences goes, the oldest among equals."""
        kept = [*self.kept, news]
        if len(kept) > MOST_KEPT:
            kept.remove(min(kept, key=lambda one: one.weight))
        self.kept = tuple(kept)
        self.keptChanged.emit()

    def _on_picture(self, preview: Preview) -> None:
        while self._answers and next(iter(self._answers)) < preview.frame:
            self._answers.popitem(last=False)
        if (watched := self._answers.pop(preview.frame, None)) is not None:
            self.pictured.emit(preview, watched)

    def _on_end(self, status: SessionStatus) -> None:
        if status.reason in _BAD_ENDS:
            self.failure = status
        self._end()

    def _end(self) -> None:
        self._running = False
        self.progress = self.notice = None
        self._controller.turn.leave(self)
        if self._resume:
            self._resume = False
            self._controller.start()
        self.runningChanged.emit(False)
        self.changed.emit()
        self.finished.emit()


def spec_for(settings: Settings) -> WatchSpec:
    """What is watched with these settings."""
    return WatchSpec(
        session_id=uuid.uuid4().hex,
        source=settings.source_address(),
        model=settings.model,
        device=settings.device,
        hint=settings.hint,
        camera=settings.camera,
    )
