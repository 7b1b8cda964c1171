"""The comparison of variants beside the live session."""

from __future__ import annotations

import os
import uuid
from typing import Final

from PySide6.QtCore import QObject

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.jobs import Answer, CompareSpec, JobSpec
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.live.settings import Settings

JOB: Final = "edgeperf_gui.engine.jobs.compare:run"
SECONDS: Final = 60.0
"""Budget of the measured rounds; preparing comes before them."""
_ASKED: Final = ("source", "model", "device", "hint")
"""What a result is about; a change of one of them makes it old."""


class Comparison(MachineJob):
    """Start, cancel, and what is known so far."""

    name = "A comparison"

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(controller, job, parent)
        self.result: CompareResult | None = None
        """The newest answer, partial while running; that of the last comparison until a new one begins."""

    @property
    def is_old(self) -> bool:
        """The result is about another source, model, device or hint than is chosen now."""
        return self.result is not None and _asked(self.result.spec) != _asked(spec_for(self._controller.settings))

    @property
    def labels(self) -> str | None:
        """The labelled folder that the next one measures accuracy on; None: agreement alone."""
        return self._controller.settings.labels

    @property
    def model(self) -> ModelCard | None:
        """The model that the next one is about; None while it is not known what models there are."""
        return next((card for card in self.models if card.name == self._controller.settings.model), None)

    def start(self, spec: CompareSpec | None = None) -> bool:
        """Compare with the present settings, or as `spec` says; False while one runs, and while it is another job's turn."""
        return self._launch(spec or spec_for(self._controller.settings))

    def _forget(self, spec: JobSpec) -> None:
        self.result = None

    def _on_answer(self, answer: Answer) -> None:
        self.result = self._read(answer, CompareResult) or self.result
        self.changed.emit()


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
        meter=settings.meter,
        companion_pids=(os.getpid(),),
    )


def _asked(spec: CompareSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, name) for name in _ASKED)
