"""Opens the page of a job, ends the job before the window goes, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.live.result_job import ResultJob
from edgeperf_gui.ui.job_words import JobWords
from edgeperf_gui.ui.side_page import SidePage

J = TypeVar("J", bound=MachineJob)
R = TypeVar("R", bound=ResultJob[Any])
P = TypeVar("P", bound=SidePage)


class JobDoor(QObject, Generic[J, P]):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, job: J, make_page: Callable[[J, QWidget], P]) -> None:
        super().__init__(window)
        self._window, self._make_page = window, make_page
        self.job = job
        job.setParent(self)
        job.finished.connect(self._on_finished)
        self.page: P | None = None

    def made_page(self) -> P:
        """The page; made, when it was not yet."""
        if self.page is None:
            self.page = self._make_page(self.job, self._window)
        return self.page

    def open(self) -> None:
        """Show the page."""
        self.made_page().open()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.job.shutdown()
        if self.page is not None:
            self.page.close()

    def _on_finished(self) -> None:
        """The job has ended."""


class TellingDoor(JobDoor[R, P]):
    """What ends while nobody looks is told in the window."""

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        job: R,
        make_page: Callable[[R, QWidget], P],
        notice: Callable[[str, str], None],
        words: JobWords,
    ) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window, job, make_page)
        self._controller, self._notice, self._words = controller, notice, words

    def made_page(self) -> P:
        """The page; it offers what there is on this machine."""
        if self._controller.inventory is None:
            self._controller.refresh_inventory()
        return super().made_page()

    def _done(self) -> tuple[str, str] | None:
        """What the result comes to, and what to do with it; None when the job was stopped before its end."""
        raise NotImplementedError

    def _on_finished(self) -> None:
        if self.page is not None and self.page.isVisible():
            return
        failure = self.job.failure
        if failure is not None:
            self._notice(failure.sentence or self._words.failed, failure.remedy)
        else:
            self._notice(*(self._done() or (self._words.cancelled, "")))
