"""A sweep beside the live session: one job at a time, the session waiting while it measures; a death in a point is survived."""

from __future__ import annotations

import uuid
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.sweep_survival import spec_after_death
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.sweep import SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import is_settled
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY

JOB: Final = "edgeperf_gui.engine.jobs.sweep:run"
_NAME: Final = "A sweep"
_BAD_ENDS: Final = (FinishReason.FAILED, FinishReason.CRASHED, FinishReason.SOURCE_LOST)
_UNREADABLE: Final = "The sweep's answer cannot be read ({}). The window and the engine may be of different versions."


class SweepRun(QObject):
    """Start, cancel, go on, and what is known so far. A live session is stopped first and started again afterwards."""

    changed = Signal()  # state, progress or result; also when another job begins or ends, and with a new inventory
    runningChanged = Signal(bool)
    finished = Signal()  # once at the end of each, after the others

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(parent)
        self._controller = controller
        self._job = job
        self._runner = JobRunner(parent=self)
        self._spec: SweepSpec | None = None  # what the present process was asked
        self._waiting: SweepSpec | None = None  # asked for, and waiting for the session to end
        self._running = False
        self._resume = False
        self._died_in: list[int] = []
        self._so_far: SweepResult | None = None  # of the present process, which says where it dies
        self.result: SweepResult | None = None
        """The newest answer, partial while running; that of the last sweep until a new one begins."""
        self.progress: Progress | None = None
        """How far it is; None before the first word and when nothing runs."""
        self.failure: SessionStatus | None = None
        """Why the last one ended badly."""
        self.is_cancelled = False
        """The last one was stopped before its end; the points it had measured stay."""
        self._runner.progressed.connect(self._on_progress)
        self._runner.answered.connect(self._on_answer)
        self._runner.ended.connect(self._on_end)
        controller.runningChanged.connect(self._on_session)
        for news in (controller.settingsChanged, controller.inventoryChanged, controller.turn.changed):
            news.connect(self._on_news)

    @property
    def is_running(self) -> bool:
        """From start to end, the wait for the session included."""
        return self._running

    @property
    def is_waiting(self) -> bool:
        """It begins as soon as the session has ended."""
        return self._waiting is not None

    @property
    def is_stopping(self) -> bool:
        """Cancelled, and not ended yet."""
        return self._running and self.is_cancelled

    @property
    def hindrance(self) -> str:
        """Why it cannot begin now, and what to do; empty when it can."""
        refusal = self._controller.turn.refusal(self)
        return refusal and f"{refusal} {REMEDY}"

    @property
    def models(self) -> tuple[ModelCard, ...]:
        """Those there are, as far as the inventory is known."""
        inventory = self._controller.inventory
        return inventory.models if inventory else ()

    @property
    def present(self) -> tuple[str, str]:
        """Model and device of the settings."""
        return self._controller.settings.model, self._controller.settings.device

    @property
    def rest(self) -> SweepSpec | None:
        """What is left to do of a sweep that was cut short; None when nothing is."""
        result = self.result
        if result is None or self._running or (result.complete and self.failure is None):
            return None
        if all(is_settled(point, result.spec.rounds) for point in result.points):
            return None
        return msgspec.structs.replace(result.spec, known=result.points)

    def start(self, spec: SweepSpec) -> bool:
        """Measure what `spec` asks for; False while one runs, and when it is another's turn."""
        if self._running or not self._controller.turn.take(self, _NAME):
            return False
        self._waiting = msgspec.structs.replace(spec, session_id=uuid.uuid4().hex)
        self._running = True
        if not spec.known:
            self.result = None
        self.progress = self.failure = None
        self.is_cancelled = False
        self._died_in = []
        self._resume = self._controller.is_running
        self.runningChanged.emit(True)
        if self._resume:
            self._controller.stop()
        else:
            self._begin()
        self.changed.emit()
        return True

    def go_on(self) -> bool:
        """Measure what a cut-short sweep has left; False when nothing is left or it cannot begin."""
        rest = self.rest
        return rest is not None and self.start(rest)

    def cancel(self) -> None:
        """End it early; what it knows by then stays."""
        if not self._running or self.is_cancelled:
            return
        self.is_cancelled = True
        if self._waiting is not None:
            self._waiting = None
            self._end()
        else:
            self._runner.cancel()
            self.changed.emit()

    def shutdown(self) -> None:
        """End it before the window goes, without starting the session again; waits a bounded time."""
        self._resume = self._running = False
        self._waiting = None
        self._runner.shutdown()
        self._controller.turn.leave(self)

    def _on_session(self, running: bool) -> None:
        if self._waiting is not None and not running:
            self._begin()
            self.changed.emit()
        elif self._waiting is None and self._running and running:
            # the user wants the session, and it was promised the whole machine
            self._resume = False
            self.cancel()

    def _on_news(self, _news: object = None) -> None:
        self.changed.emit()

    def _begin(self) -> None:
        assert self._waiting is not None
        self._spec, self._waiting = self._waiting, None
        self._so_far = None
        self._runner.start(self._job, self._spec)

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        try:
            self.result = self._so_far = msgspec.json.decode(answer.data, type=SweepResult)
        except msgspec.MsgspecError as error:
            sentence, remedy = _UNREADABLE.format(error), "Install edgeperf again."
            self.failure = SessionStatus(
                answer.session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy
            )
        self.changed.emit()

    def _on_end(self, status: SessionStatus) -> None:
        if status.reason is FinishReason.CRASHED and not self.is_cancelled and (again := self._after_death(status)):
            self._waiting = again
            self._begin()
            self.changed.emit()
            return
        if status.reason in _BAD_ENDS:
            self.failure = status
        self._end()

    def _after_death(self, status: SessionStatus) -> SweepSpec | None:
        assert self._spec is not None
        again = spec_after_death(self._spec, self._so_far, self._died_in, status.sentence)
        if again is None or self._so_far is None or self._so_far.under_way is None:
            return None
        self._died_in.append(self._so_far.under_way)
        return msgspec.structs.replace(again, session_id=uuid.uuid4().hex)

    def _end(self) -> None:
        self._running = False
        self.progress = None
        self._controller.turn.leave(self)
        if self._resume:
            self._resume = False
            self._controller.start()
        self.runningChanged.emit(False)
        self.changed.emit()
        self.finished.emit()
