"""The measurement of accuracy beside the live session."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject

from edgeperf_gui.domain.accuracy import AccuracyResult
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.jobs import AccuracySpec, Answer, JobSpec
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob

JOB: Final = "edgeperf_gui.engine.jobs.accuracy:run"


class AccuracyMeasurement(MachineJob):
    """Start, cancel, and what came of it."""

    name = "A measurement of accuracy"

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(controller, job, parent)
        self.result: AccuracyResult | None = None
        """Of the last one, all its variants, until a new one begins."""

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
        first, *also = precisions
        return self._launch(AccuracySpec(uuid.uuid4().hex, model, first, data, also=tuple(also), **fields))

    def _forget(self, spec: JobSpec) -> None:
        self.result = None

    def _on_answer(self, answer: Answer) -> None:
        self.result = self._read(answer, AccuracyResult) or self.result
        self.changed.emit()
