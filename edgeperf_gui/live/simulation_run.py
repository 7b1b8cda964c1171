"""Settings that were not run, predicted beside the live session, which waits meanwhile."""

from __future__ import annotations

import time
import uuid
from typing import Final

from PySide6.QtCore import QObject

from edgeperf_gui.domain import places
from edgeperf_gui.domain.jobs import Answer, JobSpec
from edgeperf_gui.domain.scene import is_scene
from edgeperf_gui.domain.simulation import SimulationResult, SimulationSpec, Situation
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.live.settings import Settings

JOB: Final = "edgeperf_gui.engine.jobs.simulate:run"
_SHARED: Final = ("model", "precision", "device", "hint")
"""What it has in common with the live session."""


class SimulationRun(MachineJob):
    """Start, cancel, and what is known so far."""

    name = "A simulation"

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        """`job`: the dotted name of its function, "package.module:name"."""
        super().__init__(controller, job, parent)
        self.result: SimulationResult | None = None
        """The newest answer, partial while running; that of the last simulation until a new one begins."""
        self._began_s: float | None = None

    @property
    def settings(self) -> Settings:
        """What the next one is about."""
        return self._controller.settings

    @property
    def elapsed_s(self) -> float | None:
        """Since the process began; None when none runs."""
        return time.monotonic() - self._began_s if self._running and self._began_s is not None else None

    def start(self, spec: SimulationSpec) -> bool:
        """Predict what `spec` asks for; False while one runs, and while it is another job's turn."""
        return self._launch(spec)

    def _forget(self, spec: JobSpec) -> None:
        self.result = None
        self._began_s = None

    def _begin(self) -> JobSpec:
        self._began_s = time.monotonic()
        return super()._begin()

    def _on_answer(self, answer: Answer) -> None:
        self.result = self._read(answer, SimulationResult) or self.result
        self.changed.emit()


def spec_for(settings: Settings, situations: tuple[Situation, ...], *, verify: bool, looks: int | None) -> SimulationSpec:
    """What is asked of the engine: these situations with the live session's model, variant, device and source."""
    return SimulationSpec(
        session_id=uuid.uuid4().hex,
        source=settings.source_address(),
        situations=situations,
        verify=verify,
        looks=looks if is_scene(settings.source) else None,
        cache_dir=str(places.compiled_cache()),
        **{name: getattr(settings, name) for name in _SHARED},
    )
