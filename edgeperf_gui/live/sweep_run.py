"""A sweep beside the live session; a death in a point is survived."""

from __future__ import annotations

import uuid

import msgspec
from PySide6.QtCore import QObject

from edgeperf_gui.analysis.sweep_survival import spec_after_death
from edgeperf_gui.domain.jobs import Answer, JobSpec
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.domain.sweep import SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import is_settled
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.result_job import ResultJob


class SweepRun(ResultJob[SweepResult]):
    """Start, cancel, go on, and what is known so far."""

    name = "A sweep"
    function = "edgeperf_gui.engine.jobs.sweep:run"
    answers = SweepResult

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self._spec: SweepSpec | None = None  # what the present process was asked
        self._died_in: list[int] = []
        self._so_far: SweepResult | None = None  # of the present process, which says where it dies

    @property
    def present(self) -> tuple[str, str]:
        """Model and device of the settings."""
        return self._controller.settings.model, self._controller.settings.device

    @property
    def source(self) -> str:
        """The source of the settings, as the engine can open it."""
        return self._controller.settings.source_address()

    @property
    def rest(self) -> SweepSpec | None:
        """What is left to do of a sweep that was cut short; None when nothing is."""
        result = self.result
        if result is None or self._running or (result.complete and self.failure is None):
            return None
        if all(is_settled(point, result.spec.rounds) for point in result.points):
            return None
        return msgspec.structs.replace(result.spec, known=result.points)

    def start(self, spec: SweepSpec) -> bool:
        """Measure what `spec` asks for; False while one runs, and when it is another's turn."""
        meter = self._controller.settings.meter
        return self._launch(msgspec.structs.replace(spec, session_id=uuid.uuid4().hex, meter=meter))

    def go_on(self) -> bool:
        """Measure what a cut-short sweep has left; False when nothing is left or it cannot begin."""
        rest = self.rest
        return rest is not None and self.start(rest)

    def _forget(self, spec: JobSpec) -> None:
        assert isinstance(spec, SweepSpec)
        if not spec.known:
            super()._forget(spec)
        self._died_in = []

    def _begin(self) -> SweepSpec:
        self._so_far = None
        spec = super()._begin()
        assert isinstance(spec, SweepSpec)
        self._spec = spec
        return spec

    def _on_answer(self, answer: Answer) -> None:
        if (so_far := self._read(answer, SweepResult)) is not None:
            self.result = self._so_far = so_far
        self.changed.emit()

    def _on_end(self, status: SessionStatus) -> None:
        if status.reason is FinishReason.CRASHED and not self.is_cancelled and (again := self._after_death(status)):
            self._waiting = again
            self._begin()
            self.changed.emit()
            return
        super()._on_end(status)

    def _after_death(self, status: SessionStatus) -> SweepSpec | None:
        assert self._spec is not None
        again = spec_after_death(self._spec, self._so_far, self._died_in, status.sentence)
        if again is None or self._so_far is None or self._so_far.under_way is None:
            return None
        self._died_in.append(self._so_far.under_way)
        return msgspec.structs.replace(again, session_id=uuid.uuid4().hex)
