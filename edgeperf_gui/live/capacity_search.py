"""The search for how many cameras fit, the live session waiting meanwhile."""

from __future__ import annotations

import uuid

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.capacity import CamerasSeen, CapacityResult, CapacitySpec
from edgeperf_gui.domain.jobs import JobSpec
from edgeperf_gui.domain.messages import FromEngine
from edgeperf_gui.live.controller import Controller, Preview
from edgeperf_gui.live.result_job import ResultJob

__all__ = ["CapacitySearch", "Preview"]


class CapacitySearch(ResultJob[CapacityResult]):
    """Start, cancel, what is known so far, and the pictures of the first cameras."""

    pictured = Signal(object, object)  # Preview, CamerasSeen: all pictures in one, and where each camera's is

    name = "A search for capacity"
    function = "edgeperf_gui.engine.jobs.capacity:run"
    answers = CapacityResult

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self._seen: CamerasSeen | None = None
        self._runner.told.connect(self._on_told)
        self._runner.pictured.connect(self._on_picture)

    def start(self, spec: CapacitySpec) -> bool:
        """Search as `spec` says; False while one runs, and when it is another job's turn."""
        return self._launch(msgspec.structs.replace(spec, session_id=uuid.uuid4().hex))

    def set_view_size(self, width: int, height: int) -> None:
        """Size of the place for all pictures in device pixels; (0, 0) when nobody looks, and then none is made."""
        self._runner.set_view_size(width, height)

    def _forget(self, spec: JobSpec) -> None:
        super()._forget(spec)
        self._seen = None

    def _on_told(self, message: FromEngine) -> None:
        if isinstance(message, CamerasSeen):
            self._seen = message

    def _on_picture(self, preview: Preview) -> None:
        # the words come first; those of a picture that was overtaken by the next are of no use
        if self._seen is not None and self._seen.frame == preview.frame:
            self.pictured.emit(preview, self._seen)
