"""A job that answers with one kind of result, partial while it runs."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject

from edgeperf_gui.domain.jobs import Answer, JobSpec
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob

R = TypeVar("R")


class ResultJob(MachineJob, Generic[R]):
    """Start, cancel, and what is known so far. A kind of it names what it answers."""

    answers: ClassVar[type[Any]]

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self.result: R | None = None
        """The newest answer, partial while running; that of the last one until a new one begins."""

    def _forget(self, spec: JobSpec) -> None:
        self.result = None

    def _on_answer(self, answer: Answer) -> None:
        self.result = self._read(answer, self.answers) or self.result
        self.changed.emit()
