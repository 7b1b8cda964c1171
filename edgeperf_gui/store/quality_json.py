"""Accuracy and agreement as others give them: the JSON that `edgeperf accuracy` or `edgeperf compare` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from edgeperf_gui.analysis.scenario_quality import Figure, accuracy_figure, agreement_figure
from edgeperf_gui.domain.accuracy import AccuracyResult
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.store.given_json import read_given_json

_KINDS: Final[dict[str, type[AccuracyResult | CompareResult]]] = {
    "edgeperf.accuracy/1": AccuracyResult,
    "edgeperf.compare/1": CompareResult,
}
_MOST_PICTURES: Final = 1_000_000_000
_REMEDY: Final = "Give the file that `edgeperf accuracy --json FILE` or `edgeperf compare --json FILE` wrote."
_SAME: Final = ("model", "device")


def read_accuracy(path: Path, run: SessionSpec) -> Figure:
    """How good the answers of the run's variant are against labels. Raises BadInput."""
    found, _ = _figures(path, run)
    if found is None:
        raise BadInput(f"{path} holds no accuracy of {run.precision}.", "Measure it on labelled pictures that show something.")
    return found


def read_agreement(path: Path, run: SessionSpec) -> Figure:
    """How far they match FP32's. Raises BadInput."""
    _, found = _figures(path, run)
    if found is None:
        raise BadInput(
            f"{path} holds no agreement of {run.precision}.", "Measure a model with an FP32 variant that finds something."
        )
    return found


def _figures(path: Path, run: SessionSpec) -> tuple[Figure | None, Figure | None]:
    """Accuracy and agreement of the run's variant."""
    result = read_given_json(path, "a measurement of accuracy or agreement", _KINDS, _REMEDY, "measure it")
    for field in _SAME:
        one, two = getattr(result.spec, field), getattr(run, field)
        if one != two:
            raise _of_another(path, f"{field} {one}", f"{field} {two}")
    if isinstance(result, AccuracyResult):
        variants = {one.precision: (one.accuracy, one.agreement) for one in result.each()}
        labelled, seen = result.spec.data, result.spec.data
    else:
        is_with_fp32 = result.baseline == "FP32"
        variants = {name: (one.accuracy, one.agreement if is_with_fp32 else None) for name, one in result.variants.items()}
        labelled, seen = result.spec.labels or "", result.spec.source
    if run.precision not in variants:
        raise _of_another(path, ", ".join(variants), run.precision)
    accuracy, agreement = variants[run.precision]
    figures = accuracy_figure(accuracy, _name(labelled)), agreement_figure(agreement, _name(seen))
    for figure in figures:
        if figure is not None and not _can_be(figure):
            raise BadInput(f"{path} is no measurement: {figure.name} {figure.value:g} of {figure.n} cannot be.", _REMEDY)
    return figures


def _of_another(path: Path, one: str, two: str) -> BadInput:
    return BadInput(f"{path} is about {one}, the run about {two}.", "Measure what ran: the same model, variant and device.")


def _name(data: str) -> str:
    return Path(data).name or data


def _can_be(figure: Figure) -> bool:
    ends = [0.0, *(one for one in (figure.low, figure.value, figure.high) if one is not None), 1.0]
    return ends == sorted(ends) and 1 <= figure.n <= _MOST_PICTURES
