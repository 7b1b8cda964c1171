"""What was measured of each model and shall be seen again: written when a measurement ends, read by the models page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.scenario_quality import agreement_figure
from edgeperf_gui.domain.accuracy import Accuracy, AccuracyResult, Agreement, DetectionAccuracy
from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.domain.compare import CompareResult, VariantResult
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.domain.results import Machine
from edgeperf_gui.store.measured_results import (
    Kind,
    MeasuredResult,
    MeasuredVariant,
    load_measured,
    save_measured,
    with_result,
)

__all__ = ["MeasuredLedger", "MeasuredResult", "MeasuredVariant"]


class MeasuredLedger(QObject):
    """Reads its file when first asked. `tell` takes a sentence and its remedy."""

    changed = Signal()

    def __init__(self, tell: Callable[[str, str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._results: tuple[MeasuredResult, ...] | None = None

    def of(self, card: ModelCard) -> tuple[MeasuredResult, ...]:
        """Newest first; what is older than a variant's file is about another file, and left out."""
        found = []
        for result in self._known():
            if result.model == card.name:
                variants = {name: one for name, one in result.variants.items() if _is_about(result, card, name)}
                found.append(msgspec.structs.replace(result, variants=variants))
        return tuple(result for result in found if result.variants)

    def keep_accuracy(self, result: AccuracyResult) -> None:
        """An accuracy measurement has ended; without labels, or cut short, there is nothing to keep."""
        where, each = _folder(result.spec.data), [one for one in result.each() if one.complete]
        variants = {one.precision: _accuracy(one.accuracy, one.agreement, where) for one in each if one.accuracy is not None}
        self._keep("accuracy", result.spec.model, result.spec.device, where, result.machine, variants)

    def keep_comparison(self, result: CompareResult, data: str) -> None:
        """A comparison has ended; `data` names its source. One that was stopped early is not kept."""
        if not result.complete:
            return
        spec, machine = result.spec, result.machine
        agrees_on = data if result.baseline == "FP32" else None
        speeds = {name: _speed(one, agrees_on) for name, one in result.variants.items() if one.inference is not None}
        accuracies = {name: _accuracy(one.accuracy) for name, one in result.variants.items() if one.accuracy is not None}
        self._keep("comparison", spec.model, spec.device, data, machine, speeds)
        self._keep("accuracy", spec.model, spec.device, _folder(spec.labels or ""), machine, accuracies)

    def _keep(
        self,
        kind: Kind,
        model: str,
        device: str,
        data: str,
        machine: Machine | None,
        variants: dict[Precision, MeasuredVariant],
    ) -> None:
        if not variants:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        where = f"{machine.hostname} · {machine.cpu}" if machine is not None else ""
        new = MeasuredResult(model[:1024], kind, now, where[:1024], device[:1024], data[:1024], variants)
        self._results = with_result(self._known(), new)
        try:
            save_measured(self._results)
        except StoreError as error:
            self._tell(error.sentence, error.remedy)
        self.changed.emit()

    def _known(self) -> tuple[MeasuredResult, ...]:
        if self._results is None:
            self._results, trouble = load_measured()
            if trouble:
                self._tell(trouble, "New measurements are kept again.")
        return self._results


def _accuracy(found: Accuracy, agreement: Agreement | None = None, data: str = "") -> MeasuredVariant:
    figure = agreement_figure(agreement, data[:1024])
    if isinstance(found, DetectionAccuracy):
        return MeasuredVariant(figure="ap", value=found.ap, images=found.images, boxes=found.boxes, agreement=figure)
    top1 = found.top1
    return MeasuredVariant(figure="top1", value=top1.value, low=top1.low, high=top1.high, images=found.images, agreement=figure)


def _speed(found: VariantResult, agrees_on: str | None) -> MeasuredVariant:
    """`agrees_on`: the pictures on which it was held against FP32; None: it was not, but against another."""
    assert found.inference is not None
    agreement = None if agrees_on is None else agreement_figure(found.agreement, agrees_on[:1024])
    return MeasuredVariant(latency_ms=found.inference.median_ms, frames=found.inference.n, fps=found.fps, agreement=agreement)


def _is_about(result: MeasuredResult, card: ModelCard, name: Precision) -> bool:
    """Whether the variant is there, and its file not newer than the result."""
    variant = card.variants.get(name)
    if variant is None:
        return False
    try:
        measured_s = datetime.fromisoformat(result.measured_at).timestamp()
        return not card.folder or card.path(variant.xml).stat().st_mtime <= measured_s + 1
    except (OSError, ValueError):
        return False


def _folder(path: str) -> str:
    return Path(path).name or path
