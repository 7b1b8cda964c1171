"""How good a variant's answers are, against what a scenario asks: measured apart from the run, on pictures."""

from __future__ import annotations

import math
from typing import Annotated, Final

import msgspec

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import Accuracy, Agreement, ClassificationAccuracy
from edgeperf_gui.domain.proportion import Proportion
from edgeperf_gui.domain.scenario import Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict

ACCURACY: Final = "accuracy"
AGREEMENT: Final = "agreement"
_NO_ACCURACY: Final = "not measured: “Accuracy…” does, or `edgeperf accuracy --json FILE`, then give --accuracy FILE"
_NO_AGREEMENT: Final = "not measured: a comparison does, or `edgeperf compare --json FILE`, then give --agreement FILE"


class Figure(msgspec.Struct, frozen=True):
    """One figure of the variant that ran."""

    name: str
    """AP or top-1."""
    value: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
    low: float | None
    high: float | None
    """95 % interval; None for an AP, which has none."""
    n: Annotated[int, msgspec.Meta(ge=1)]
    """Pictures."""
    data: str
    """The data set or the source, for a person."""


class Quality(msgspec.Struct, frozen=True):
    """What is known of one variant; None: not measured."""

    accuracy: Figure | None = None
    """Against labels."""
    agreement: Figure | None = None
    """Against FP32's answers."""


def accuracy_figure(found: Accuracy | None, data: str) -> Figure | None:
    """AP, or how often the right class came first; None where nothing was to be found."""
    if isinstance(found, ClassificationAccuracy):
        return _share(found.top1, data)
    return None if found is None or found.ap is None else Figure("AP", found.ap, None, None, found.images, data)


def agreement_figure(found: Agreement | None, data: str) -> Figure | None:
    """AP against FP32's boxes, or how often its first class came first; None where FP32 found nothing."""
    if found is None or found.ap is None:
        return None if found is None or found.top1 is None else _share(found.top1, data)
    return Figure("AP", found.ap, None, None, found.images, data)


def _share(top1: Proportion, data: str) -> Figure | None:
    return None if top1.value is None else Figure("top-1", top1.value, top1.low, top1.high, top1.n, data)


def accuracy(scenario: Scenario, quality: Quality | None) -> Requirement | None:
    """The figure against labels, held against the limit; None where the scenario has none."""
    return _held(ACCURACY, scenario.min_accuracy, None if quality is None else quality.accuracy, _NO_ACCURACY)


def agreement(scenario: Scenario, quality: Quality | None) -> Requirement | None:
    """The figure against FP32's answers, held against the limit; None where the scenario has none."""
    return _held(AGREEMENT, scenario.min_agreement, None if quality is None else quality.agreement, _NO_AGREEMENT)


def _held(name: str, limit: float | None, figure: Figure | None, missing: str) -> Requirement | None:
    if limit is None:
        return None
    asked = f"≥ {limit:g}"
    if figure is None:
        return Requirement(name, asked, None, None, "UNDECIDED", missing, None, limit)
    low, high, kind = _interval(figure)
    verdict: Verdict = "PASS" if low >= limit else "FAIL" if high < limit else "UNDECIDED"
    more = "; more pictures would decide: edgeperf accuracy takes a folder of them" if verdict == "UNDECIDED" else ""
    evidence = f"{figure.name} on {figure.n} pictures of {figure.data}; {kind} {low:.3f} … {high:.3f}{more}"
    return Requirement(name, asked, f"{figure.value:.3f}", figure.n, verdict, evidence, None, limit, figure.value)


def _interval(figure: Figure) -> tuple[float, float, str]:
    """The ends and what they are.

    An AP comes without an interval. The pictures are what was drawn by chance, and a mean of n numbers in 0…1 scatters no more
    than a share of n does: so it is held as if it were one.
    """
    if figure.low is not None and figure.high is not None:
        return figure.low, figure.high, "95 % interval"
    hits = figure.value * figure.n
    low, high = proportion(math.floor(hits), figure.n).low, proportion(math.ceil(hits), figure.n).high
    return low or 0.0, 1.0 if high is None else high, f"no interval was measured; of a share of {figure.n} it would be"
