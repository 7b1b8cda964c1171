"""The theoretical energy of the chosen variant, counted layer by layer in a child of its own; each variant once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.energy import EnergyLayersSpec, ModelEnergy
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.jobs import Answer
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.store.energy_tables import DEFAULT_NODE, energy_table

JOB: Final = "edgeperf_gui.engine.jobs.model_energy:run"
_UNREADABLE: Final = "The answer cannot be read ({}). The window and the engine may be of different versions."
Key = tuple[str, str, str]
"""Model, precision, device."""


class OperatorCount(QObject):
    """Counts only while it is `wanted`: compiling takes the machine for a moment, and nobody may see it."""

    changed = Signal()

    def __init__(self, controller: Controller, job: str = JOB, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._job = controller, job
        self._runner = JobRunner(parent=self)
        self._found: dict[Key, ModelEnergy] = {}
        self._failures: dict[Key, SessionStatus] = {}
        self._counting: Key | None = None
        self._is_wanted = False
        self._runner.answered.connect(self._on_answer)
        self._runner.ended.connect(self._on_end)
        controller.settingsChanged.connect(self._look)
        controller.turn.changed.connect(self._look)

    @property
    def result(self) -> ModelEnergy | None:
        """Of the chosen variant; None until it was counted."""
        return self._found.get(self._key)

    @property
    def failure(self) -> SessionStatus | None:
        """Why it cannot be counted."""
        return self._failures.get(self._key)

    @property
    def hindrance(self) -> str:
        """Why it waits; empty when it does not."""
        return self._controller.turn.refusal(self)

    def operations_pj(self) -> Mapping[str, float]:
        """Energy of single operations by the table's node, picojoules; empty where its file cannot be read."""
        try:
            return energy_table(self.result.node if self.result else DEFAULT_NODE).operations_pj
        except BadInput:
            return {}

    def want(self, wanted: bool) -> None:
        """Somebody looks, or does no longer."""
        if wanted != self._is_wanted:
            self._is_wanted = wanted
            self._look()

    def retry(self) -> None:
        """Try again what failed."""
        self._failures.pop(self._key, None)
        self._look()
        self.changed.emit()

    def shutdown(self) -> None:
        """End what runs before the window goes; waits a bounded time."""
        self._is_wanted = False
        self._runner.shutdown()

    @property
    def _key(self) -> Key:
        settings = self._controller.settings
        return settings.model, settings.precision, settings.device

    def _look(self, _news: object = None) -> None:
        key = self._key
        is_known = key in self._found or key in self._failures
        if self._is_wanted and not is_known and not self._runner.is_running and not self.hindrance:
            self._counting = key
            model, precision, device = key
            asked = EnergyLayersSpec(uuid.uuid4().hex, model, device=device)
            self._runner.start(self._job, msgspec.structs.replace(asked, precision=precision))
        self.changed.emit()

    def _on_answer(self, answer: Answer) -> None:
        if self._counting is None:
            return
        try:
            self._found[self._counting] = msgspec.json.decode(answer.data, type=ModelEnergy)
        except msgspec.MsgspecError as error:
            sentence = _UNREADABLE.format(error)
            self._failures[self._counting] = SessionStatus(
                answer.session_id, RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy="Install edgeperf again."
            )

    def _on_end(self, status: SessionStatus) -> None:
        key, self._counting = self._counting, None
        if key is not None and status.went_wrong:
            self._failures[key] = status
        self._look()
