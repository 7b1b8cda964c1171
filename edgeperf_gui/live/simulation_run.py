"""Settings that were not run, predicted beside the live session, which waits meanwhile."""

from __future__ import annotations

import time
import uuid
from typing import Final

from PySide6.QtCore import QObject

from edgeperf_gui.domain import places
from edgeperf_gui.domain.jobs import JobSpec
from edgeperf_gui.domain.scene import is_scene
from edgeperf_gui.domain.simulation import SimulationResult, SimulationSpec, Situation
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.result_job import ResultJob
from edgeperf_gui.live.settings import Settings

_SHARED: Final = ("model", "precision", "device", "hint")
"""What it has in common with the live session."""


class SimulationRun(ResultJob[SimulationResult]):
    """Start, cancel, and what is known so far."""

    name = "A simulation"
    function = "edgeperf_gui.engine.jobs.simulate:run"
    answers = SimulationResult

    def __init__(self, controller: Controller, job: str = "", parent: QObject | None = None) -> None:
        super().__init__(controller, job, parent)
        self._began_s: float | None = None

    @property
    def elapsed_s(self) -> float | None:
        """Since the process began; None when none runs."""
        return time.monotonic() - self._began_s if self._running and self._began_s is not None else None

    def start(self, spec: SimulationSpec) -> bool:
        """Predict what `spec` asks for; False while one runs, and while it is another job's turn."""
        return self._launch(spec)

    def _forget(self, spec: JobSpec) -> None:
        super()._forget(spec)
        self._began_s = None

    def _begin(self) -> JobSpec:
        self._began_s = time.monotonic()
        return super()._begin()


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
