"""The comparison of variants beside the live session: one job at a time, the session waiting while it measures."""

from __future__ import annotations

import os
import uuid
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.jobs import Answer, CompareSpec, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.live.machine_turn import REMEDY
from edgeperf_gui.live.settings import Settings

JOB: Final = "edgeperf_gui.engine.jobs.compare:run"
SECONDS: Final = 60.0
"""Budget of the measured rounds; preparing comes before them."""
_BAD_ENDS: Final = (FinishReason.FAILED, FinishReason.CRASHED, FinishReason.SOURCE_LOST)
_NAME: Final = "A comparison"
_ASKED: Final = ("source", "model", "device", "hint")
"""What a result is about; a change of one of them makes it old."""
_UNREADABLE: Final = "The comparison's answer cannot be read ({}). The window and the engine may be of different versions."


class Comparison(QObject):
    """Start, cancel, and what is known so far. A live session is stopped first and started again afterwards."""

    changed = Signal()  # state, progress or result
    runningChanged = Signal(bool)
    finished = Signal()  # once at the end of each, after the others

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(parent)
        self._controller = controller
        self._job = job
        self._runner = JobRunner(parent=self)
        self._spec: CompareSpec | None = None  # asked for, and waiting for the session to end
        self._running = False
        self._resume = False
        self.result: CompareResult | None = None
        """The newest answer, partial while running; that of the last comparison until a new one begins."""
        self.progress: Progress | None = None
        """How far it is; None before the first word and when nothing runs."""
        self.failure: SessionStatus | None = None
        """Why the last one ended badly."""
        self.is_cancelled = False
        """The last one was stopped before its end; what it had measured stays."""
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
        return self._spec is not None

    @property
    def is_stopping(self) -> bool:
        """Cancelled, and not ended yet."""
        return self._running and self.is_cancelled

    @property
    def is_old(self) -> bool:
        """The result is about another source, model, device or hint than is chosen now."""
        return self.result is not None and _asked(self.result.spec) != _asked(spec_for(self._controller.settings))

    @property
    def hindrance(self) -> str:
        """Why it cannot begin now, and what to do; empty when it can."""
        refusal = self._controller.turn.refusal(self)
        return refusal and f"{refusal} {REMEDY}"

    @property
    def labels(self) -> str | None:
        """The labelled folder that the next one measures accuracy on; None: agreement alone."""
        return self._controller.settings.labels

    @property
    def model(self) -> ModelCard | None:
        """The model that the next one is about; None while it is not known what models there are."""
        inventory, name = self._controller.inventory, self._controller.settings.model
        return next((card for card in (inventory.models if inventory else ()) if card.name == name), None)

    def start(self, spec: CompareSpec | None = None) -> None:
        """Compare with the present settings, or as `spec` says; no-op while one runs, and while it is another job's turn."""
        if self._running or not self._controller.turn.take(self, _NAME):
            return
        self._spec = spec or spec_for(self._controller.settings)
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

    def cancel(self) -> None:
        """End it early; what it knows by then comes as its last answer."""
        if not self._running or self.is_cancelled:
            return
        self.is_cancelled = True
        if self._spec is not None:
            self._spec = None
            self._end()
        else:
            self._runner.cancel()
            self.changed.emit()

    def shutdown(self) -> None:
        """End it before the window goes, without starting the session again; waits a bounded time."""
        self._resume = self._running = False
        self._spec = None
        self._runner.shutdown()
        self._controller.turn.leave(self)

    def _on_session(self, running: bool) -> None:
        if self._spec is not None and not running:
            self._begin()
            self.changed.emit()
        elif self._spec is None and self._running and running:
            # the user wants the session; both at once would measure each other
            self._resume = False
            self.cancel()

    def _on_news(self, _news: object = None) -> None:
        self.changed.emit()

    def _begin(self) -> None:
        assert self._spec is not None
        spec, self._spec = self._spec, None
        self._runner.start(self._job, spec)

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        try:
            self.result = msgspec.json.decode(answer.data, type=CompareResult)
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


def spec_for(settings: Settings) -> CompareSpec:
    """What a comparison is asked to do for these settings."""
    return CompareSpec(
        session_id=uuid.uuid4().hex,
        source=settings.source_address(),
        model=settings.model,
        device=settings.device,
        hint=settings.hint,
        seconds=SECONDS,
        labels=settings.labels,
        companion_pids=(os.getpid(),),
    )


def _asked(spec: CompareSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, name) for name in _ASKED)
