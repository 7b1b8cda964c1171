"""Pages of jobs whose engine is never started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.jobs import Answer
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.ui.job_page import JobPage
from edgeperf_gui.ui.side_page import SidePage

J = TypeVar("J", bound=MachineJob)
P = TypeVar("P", bound=SidePage)


@contextmanager
def silent(job: J) -> Iterator[J]:
    """The job; what it would ask of the engine is kept in `asked_of_engine`."""
    job.asked_of_engine = []
    job._runner.start = lambda _job, spec: job.asked_of_engine.append(spec)
    yield job
    job.shutdown()


@contextmanager
def opened(qtbot: Any, page: P, size: tuple[int, int]) -> Iterator[P]:
    """The page, of this size and in front."""
    qtbot.addWidget(page)
    page.resize(*size)
    page.open()
    QCoreApplication.processEvents()
    yield page
    page.close()


def show(page: JobPage, result: object) -> None:
    """As if its job had come to this."""
    page._job.result = result
    page._job.changed.emit()
    QCoreApplication.processEvents()


def answer(page: JobPage, result: object) -> None:
    """As if the engine had answered this."""
    page._job._on_answer(Answer("", msgspec.json.encode(result)))
    QCoreApplication.processEvents()


def end(job: MachineJob, reason: FinishReason, sentence: str = "", remedy: str = "") -> None:
    """As if its process had gone."""
    job._on_end(SessionStatus("", RunState.FINISHED, reason, sentence=sentence, remedy=remedy))


def send(widget: QWidget, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """The mouse does this there."""
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, button, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(widget, event)
