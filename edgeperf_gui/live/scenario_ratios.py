"""What was measured apart from a run: how much faster other variants are than the one that ran, and how good its answers are."""

from __future__ import annotations

from PySide6.QtCore import QObject

from edgeperf_gui.analysis.scenario_quality import Figure, Quality
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger, MeasuredResult, MeasuredVariant


class ScenarioRatios(QObject):
    """Called with a run: precision → ratio of the inferences' medians; empty where nothing was compared.

    Each by the newest measurement of the same model and device.
    """

    def __init__(self, controller: Controller, measured: MeasuredLedger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._measured = controller, measured
        self._of: tuple[str, str, str] | None = None
        self._ratios: dict[Precision, float] = {}
        self._quality = Quality()
        measured.changed.connect(self._forget)
        controller.inventoryChanged.connect(self._forget)

    def __call__(self, run: RunResult) -> dict[Precision, float]:
        """The ratios for this run's model, precision and device."""
        self._look(run)
        return self._ratios

    def quality(self, run: RunResult) -> Quality:
        """Accuracy and agreement of the variant that ran."""
        self._look(run)
        return self._quality

    def _look(self, run: RunResult) -> None:
        asked = (run.spec.model, run.spec.precision, run.spec.device)
        if asked != self._of:  # the ledger looks at files, which a moving slider must not wait for
            results, own = self._results(run), run.spec.precision
            self._of, self._ratios, self._quality = asked, _ratios(results, own), _quality(results, own)

    def _forget(self, _inventory: object = None) -> None:
        self._of = None

    def _results(self, run: RunResult) -> list[MeasuredResult]:
        """Newest first."""
        inventory = self._controller.inventory
        card = next((card for card in inventory.models if card.name == run.spec.model), None) if inventory else None
        return [] if card is None else [one for one in self._measured.of(card) if one.device == run.spec.device]


def _ratios(results: list[MeasuredResult], precision: Precision) -> dict[Precision, float]:
    for result in results:
        own = result.variants.get(precision)
        if result.kind != "comparison" or own is None or own.latency_ms is None:
            continue
        return {
            name: own.latency_ms / one.latency_ms for name, one in result.variants.items() if name != precision and one.latency_ms
        }
    return {}


def _quality(results: list[MeasuredResult], precision: Precision) -> Quality:
    own = [(result.data, result.variants[precision]) for result in results if precision in result.variants]
    accuracies = (_accuracy(one, data) for data, one in own)
    agreements = [one.agreement for _, one in own if one.agreement is not None]
    # a comparison looks at a few dozen frames, the accuracy page at a folder
    return Quality(next(filter(None, accuracies), None), max(agreements, key=lambda one: one.n, default=None))


def _accuracy(found: MeasuredVariant, data: str) -> Figure | None:
    if found.figure is None or found.value is None or not found.images:
        return None
    return Figure({"ap": "AP", "top1": "top-1"}[found.figure], found.value, found.low, found.high, found.images, data)
