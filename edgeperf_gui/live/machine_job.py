"""A job that has the machine to itself: one at a time, the live session waiting while it runs."""

from __future__ import annotations

from typing import ClassVar, Final, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.jobs import Answer, JobSpec, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY
from edgeperf_gui.live.settings import Settings

_UNREADABLE: Final = "{}'s answer cannot be read ({}). The window and the engine may be of different versions."

T = TypeVar("T")


class MachineJob(QObject):
    """Start, cancel, and how far it is. A live session is stopped first and started again afterwards.

    A kind of job gives its name and its function, and says what it forgets before a new start (`_forget`) and what it makes of an
    answer.
    """

    changed = Signal()  # state, progress or result; also when another job begins or ends, and with a new inventory
    runningChanged = Signal(bool)
    finished = Signal()  # once at the end of each, after the others

    name: ClassVar[str]
    """As the beginning of a sentence: "A comparison"."""
    function: ClassVar[str]
    """Dotted name of what runs, "package.module:name"."""

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        """`job`: another function than its own."""
        super().__init__(parent)
        self._controller = controller
        self._job = job or self.function
        self._runner = JobRunner(parent=self)
        self._waiting: JobSpec | None = None  # asked for, and waiting for the session to end
        self._running = False
        self._resume = False
        self.progress: Progress | None = None
        """How far it is; None before the first word and when nothing runs."""
        self.failure: SessionStatus | None = None
        """Why the last one ended badly."""
        self.is_cancelled = False
        """The last one was stopped before its end; what it knew by then stays."""
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
    def devices(self) -> tuple[str, ...]:
        """Names of devices; CPU is there always."""
        inventory = self._controller.inventory
        names = [device.name for device in inventory.devices] if inventory else []
        return tuple(dict.fromkeys((*names, "CPU")))

    @property
    def settings(self) -> Settings:
        """Of the live session."""
        return self._controller.settings

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

    def _launch(self, spec: JobSpec) -> bool:
        """Begin, or wait for the session to end and begin then; False while one runs, and when it is another job's turn."""
        if self._running or not self._controller.turn.take(self, self.name):
            return False
        self._waiting = spec
        self._running = True
        self.progress = self.failure = None
        self.is_cancelled = False
        self._forget(spec)
        self._resume = self._controller.is_running
        self.runningChanged.emit(True)
        if self._resume:
            self._controller.stop()
        else:
            self._begin()
        self.changed.emit()
        return True

    def _begin(self) -> JobSpec:
        assert self._waiting is not None
        spec, self._waiting = self._waiting, None
        self._runner.start(self._job, spec)
        return spec

    def _forget(self, spec: JobSpec) -> None:
        """What the last one left, before a new one begins."""
        raise NotImplementedError

    def _on_answer(self, answer: Answer) -> None:
        """What is known so far, or in the end."""
        raise NotImplementedError

    def _read(self, answer: Answer, kind: type[T]) -> T | None:
        """An answer's content; None, and a failure to tell, when it cannot be read."""
        try:
            return msgspec.json.decode(answer.data, type=kind)
        except msgspec.MsgspecError as error:
            sentence = _UNREADABLE.format(self.name, error)
            remedy = "Install edgeperf again."
            self.failure = SessionStatus(
                answer.session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy
            )
            return None

    def _on_session(self, running: bool) -> None:
        if self._waiting is not None and not running:
            self._begin()
            self.changed.emit()
        elif self._waiting is None and self._running and running:
            # the user wants the session; both at once would measure each other
            self._resume = False
            self.cancel()

    def _on_news(self, _news: object = None) -> None:
        self.changed.emit()

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_end(self, status: SessionStatus) -> None:
        if status.went_wrong:
            self.failure = status
        self._end()

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
