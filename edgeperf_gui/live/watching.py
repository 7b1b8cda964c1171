"""Watching all variants on the same frames, the live session waiting meanwhile."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.jobs import Answer, JobSpec
from edgeperf_gui.domain.messages import FromEngine, Notice
from edgeperf_gui.domain.watch import MOST_KEPT, Disagreement, Tally, WatchBegan, Watched, WatchSpec
from edgeperf_gui.live.controller import Controller, Preview
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.live.settings import Settings

__all__ = ["Preview", "Watching", "spec_for"]

_UNSHOWN: Final = 64
"""Answers that wait for their pictures; without a viewer none come."""


class Watching(MachineJob):
    """Start, cancel, and what was seen so far."""

    pictured = Signal(object, object)  # Preview, Watched: a picture and all answers to it
    counted = Signal()  # the tally
    keptChanged = Signal()  # the disagreements kept

    name = "Watch"
    function = "edgeperf_gui.engine.jobs.watch:run"

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self._answers: OrderedDict[int, Watched] = OrderedDict()
        self.began: WatchBegan | None = None
        """What is watched; that of the last time until a new one begins."""
        self.tally = Tally()
        self.kept: tuple[Disagreement, ...] = ()
        """Oldest first."""
        self.notice: Notice | None = None
        """The newest word about the source (a stream reconnects); None once frames come again."""
        self._runner.told.connect(self._on_told)
        self._runner.pictured.connect(self._on_picture)

    def start(self, spec: WatchSpec | None = None) -> bool:
        """Watch with the present settings, or as `spec` says; False while one runs, and while it is another job's turn."""
        return self._launch(spec or spec_for(self._controller.settings))

    def set_view_size(self, width: int, height: int) -> None:
        """Size of the picture's place in device pixels; (0, 0) when nobody looks."""
        self._runner.set_view_size(width, height)

    def _forget(self, spec: JobSpec) -> None:
        self.began = self.notice = None
        self.tally, self.kept = Tally(), ()
        self._answers.clear()
        self.counted.emit()
        self.keptChanged.emit()

    def _on_answer(self, answer: Answer) -> None:
        """It gives none: what it sees comes as messages."""

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

    def _end(self) -> None:
        self.notice = None
        super()._end()


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
