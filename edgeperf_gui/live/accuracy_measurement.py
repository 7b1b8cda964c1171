"""The measurement of accuracy beside the live session: one job at a time, the session waiting while it measures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.accuracy import AccuracyResult
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.jobs import AccuracySpec, Answer, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY

JOB: Final = "edgeperf_gui.engine.jobs.accuracy:run"
_NAME: Final = "A measurement of accuracy"
_BAD_ENDS: Final = (FinishReason.FAILED, FinishReason.CRASHED, FinishReason.SOURCE_LOST)
_UNREADABLE: Final = "The measurement's answer cannot be read ({}). The window and the engine may be of different versions."


class AccuracyMeasurement(QObject):
    """Start, cancel, and what came of it. A live session is stopped first and started again afterwards."""

    changed = Signal()  # state, progress or result; also when another job begins or ends, and with a new inventory
    runningChanged = Signal(bool)
    finished = Signal()  # once at the end of each, after the others

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(parent)
        self._controller = controller
        self._job = job
        self._runner = JobRunner(parent=self)
        self._waiting: AccuracySpec | None = None  # asked for, and waiting for the session to end
        self._running = False
        self._resume = False
        self.result: AccuracyResult | None = None
        """Of the last one, all its variants, until a new one begins."""
        self.progress: Progress | None = None
        """How far it is; None before the first word and when nothing runs."""
        self.failure: SessionStatus | None = None
        """Why the last one ended badly."""
        self.is_cancelled = False
        """The last one was stopped before its end; what it had measured is the result."""
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
        """Those whose answers can be judged, as far as the inventory is known."""
        inventory = self._controller.inventory
        return inventory.models if inventory else ()

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of devices; CPU is there always."""
        inventory = self._controller.inventory
        names = [device.name for device in inventory.devices] if inventory else []
        return tuple(dict.fromkeys((*names, "CPU")))

    @property
    def present(self) -> tuple[str, str, str | None]:
        """Model and device of the settings, and their labelled folder."""
        settings = self._controller.settings
        return settings.model, settings.device, settings.labels

    def start(self, model: str, precisions: Sequence[Precision], data: str, **fields: Any) -> bool:
        """Measure these variants, `fields` being others of AccuracySpec; False while one runs, and when it is another's turn."""
        if self._running or not self._controller.turn.take(self, _NAME):
            return False
        first, *also = precisions
        self._waiting = AccuracySpec(uuid.uuid4().hex, model, first, data, also=tuple(also), **fields)
        self._running = True
        self.result = self.progress = self.failure = None
        self.is_cancelled = False
        self._resume = self._controller.is_running
        self.runningChanged.emit(True)
        if self._resume:
            self._controller.stop()
        else:
            self._begin()
        self.changed.emit()
        return True

    def cancel(self) -> None:
        """End it early; what it has seen by then comes as its answer."""
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
        spec, self._waiting = self._waiting, None
        self._runner.start(self._job, spec)

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        try:
            self.result = msgspec.json.decode(answer.data, type=AccuracyResult)
        except msgspec.MsgspecError as error:
            sentence, remedy = _UNREADABLE.format(error), "Install edgeperf again."
            self.failure = SessionStatus(
                answer.session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy
            )
        self.changed.emit()

    def _on_end(self, status: SessionStatus) -> None:
        if status.reason in _BAD_ENDS:
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
