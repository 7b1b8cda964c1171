"""How much faster other variants are than the one that ran, as the newest comparison of the same model and device found it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger


class ScenarioRatios(QObject):
    """Called with a run: precision → ratio of the inferences' medians; empty where nothing was compared."""

    def __init__(self, controller: Controller, measured: MeasuredLedger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._measured = controller, measured
        self._of: tuple[str, str, str] | None = None
        self._ratios: dict[Precision, float] = {}
        measured.changed.connect(self._forget)
        controller.inventoryChanged.connect(self._forget)

    def __call__(self, run: RunResult) -> dict[Precision, float]:
        """The ratios for this run's model, precision and device."""
        asked = (run.spec.model, run.spec.precision, run.spec.device)
        if asked != self._of:  # the ledger looks at files, which a moving slider must not wait for
            self._of, self._ratios = asked, self._found(run)
        return self._ratios

    def _forget(self, _inventory: object = None) -> None:
        self._of = None

    def _found(self, run: RunResult) -> dict[Precision, float]:
        inventory = self._controller.inventory
        card = next((card for card in inventory.models if card.name == run.spec.model), None) if inventory else None
        if card is None:
            return {}
        for result in self._measured.of(card):
            own = result.variants.get(run.spec.precision)
            if result.kind != "comparison" or result.device != run.spec.device or own is None or own.latency_ms is None:
                continue
            return {
                name: own.latency_ms / one.latency_ms
                for name, one in result.variants.items()
                if name != run.spec.precision and one.latency_ms
            }
        return {}
