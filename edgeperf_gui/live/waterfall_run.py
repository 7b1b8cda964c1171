"""The waterfall from benchmark_app's loop to the whole session, the live session waiting meanwhile."""

from __future__ import annotations

import os
import uuid
from typing import Final

from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.jobs import JobSpec
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.waterfall import WaterfallResult, WaterfallSpec
from edgeperf_gui.live.controller import Controller, Preview
from edgeperf_gui.live.result_job import ResultJob
from edgeperf_gui.live.settings import Settings, session_spec

__all__ = ["Preview", "WaterfallRun", "spec_for"]

_SHARED: Final = ("source", "model", "precision", "device", "hint", "streams", "requests", "threads", "camera")
"""What it has in common with the live session; a change of one of them makes a result old."""


class WaterfallRun(ResultJob[WaterfallResult]):
    """Start, cancel, and what is known so far."""

    pictured = Signal(object)  # Preview, of the blocks with a window

    name = "A waterfall"
    function = "edgeperf_gui.engine.jobs.waterfall:run"
    answers = WaterfallResult

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self.asked: SessionSpec | None = None
        """The session that the result explains."""
        self._runner.pictured.connect(self.pictured)

    @property
    def is_old(self) -> bool:
        """The result is about other settings than are chosen now."""
        return self.asked is not None and _asked(self.asked) != _asked(session_spec(self._controller.settings, "", None))

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the object classes, as far as a session has told them."""
        return self._controller.store.labels

    def start(self) -> bool:
        """Measure with the present settings; False while one runs, and while it is another job's turn."""
        return self._launch(spec_for(self._controller.settings))

    def set_view_size(self, width: int, height: int) -> None:
        """Size of the picture's place in device pixels; (0, 0) when nobody looks, and then there is no step for the window."""
        self._runner.set_view_size(width, height)

    def _forget(self, spec: JobSpec) -> None:
        super()._forget(spec)
        self.asked = session_spec(self._controller.settings, "", None)


def spec_for(settings: Settings) -> WaterfallSpec:
    """What a waterfall is asked to do for these settings."""
    shared = {name: getattr(settings, name) for name in _SHARED}
    shared["source"] = settings.source_address()
    return WaterfallSpec(session_id=uuid.uuid4().hex, companion_pids=(os.getpid(),), **shared)


def _asked(spec: SessionSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, name) for name in _SHARED)
