"""A cell and a row of the compare panel, and when a value counts as best or as worse. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.compare import CompareResult, Ratio, VariantResult
from edgeperf_gui.ui import figures

ALL: Final[tuple[Precision, ...]] = ("FP32", "FP16", "INT8")
Mark = Literal["", "best", "worse"]
Certainty = Literal["exact", "once", "latency", "fps"]
"""What makes two values differ: any digit shown, 20 % (measured once), or the interval of the rounds' ratio."""
_ONCE: Final = 0.20
_MARK_WORDS: Final = {"best": "best", "worse": "worse than {}", "": ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """One variant's place in a row."""

    number: str = figures.UNKNOWN
    unit: str = ""
    short_unit: str = ""
    """Instead of the unit where there is little room."""
    share: float | None = None
    """Length of the bar, 1 being the row's largest; None: no bar."""
    band: tuple[float, float] | None = None
    """Ends of the interval on the same scale."""
    layers: Mapping[str, int] = field(default_factory=dict)
    """Counts per executed type: then the bar is stacked of them."""
    mark: Mark = ""
    is_words: bool = False
    """The number is a phrase, and quieter."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of all variants."""

    key: str
    label: str
    cells: dict[Precision, Cell]
    baseline: Precision
    has_bars: bool = True
    empty: str = ""
    """Stands in the place of all cells while there is nothing in any of them."""

    def spoken(self, name: Precision) -> str:
        """One cell in words: "FP16 4.8 ms, best"."""
        cell = self.cells[name]
        mark = _MARK_WORDS[cell.mark].format(self.baseline)
        return ", ".join(filter(None, (f"{name} {cell.number} {cell.unit}".strip(), mark)))

    def text(self) -> str:
        """The whole row in words."""
        return f"{self.label}: {self.empty or '; '.join(self.spoken(name) for name in self.cells)}"


Value = Callable[[VariantResult], float | None]
Detail = Callable[[VariantResult], str]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured number of every variant, and how it is written and judged."""

    key: str
    label: str
    unit: str
    value: Value
    certainty: Certainty
    text: Callable[[float], str] = figures.figure
    is_more_better: bool = False
    detail: Detail = lambda variant: ""


def measured_row(metric: Metric) -> Callable[[CompareResult], Row]:
    """What makes this metric's row of a result."""

    def make(result: CompareResult) -> Row:
        values = {name: metric.value(variant) for name, variant in result.variants.items()}
        known = {name: value for name, value in values.items() if value is not None}
        largest = max(known.values(), default=0.0)
        marks = marks_of(metric, known, result)
        cells = {
            name: Cell(
                number=figures.UNKNOWN if value is None else metric.text(value),
                unit="" if value is None else metric.unit,
                share=None if value is None or largest <= 0 else max(value, 0.0) / largest,
                mark=marks.get(name, ""),
                detail=metric.detail(result.variants[name]),
            )
            for name, value in values.items()
        }
        return Row(metric.key, metric.label, cells, result.baseline)

    return make


def marks_of(metric: Metric, known: dict[Precision, float], result: CompareResult) -> dict[Precision, Mark]:
    """Best and worse, only where the values are known to differ."""
    if len(known) < 2:
        return {}
    sign = 1 if metric.is_more_better else -1

    def are_apart(one: Precision, other: Precision) -> bool:
        return one != other and _DIFFER[metric.certainty](metric, known, result, one, other)

    top = max(known, key=lambda name: sign * known[name])
    best = [name for name in known if not are_apart(name, top)]
    marks: dict[Precision, Mark] = dict.fromkeys(best, "best") if len(best) < len(known) else {}
    base = result.baseline
    for name, value in known.items():
        if base in known and sign * value < sign * known[base] and are_apart(name, base):
            marks[name] = "worse"
    return marks


Differ = Callable[[Metric, dict[Precision, float], CompareResult, Precision, Precision], bool]


def _differ_shown(metric: Metric, known: dict[Precision, float], _: CompareResult, one: Precision, other: Precision) -> bool:
    return metric.text(known[one]) != metric.text(known[other])


def _differ_much(_: Metric, known: dict[Precision, float], __: CompareResult, one: Precision, other: Precision) -> bool:
    return abs(known[one] - known[other]) > _ONCE * min(known[one], known[other])


def _differ_latency(_: Metric, __: dict[Precision, float], result: CompareResult, one: Precision, other: Precision) -> bool:
    ratio = ratio_between(result, one, other)
    return ratio is not None and ratio.differs


def _differ_fps(_: Metric, __: dict[Precision, float], result: CompareResult, one: Precision, other: Precision) -> bool:
    ratio = ratio_between(result, one, other)
    return ratio is not None and not ratio.fps.contains(1.0)


_DIFFER: Final[dict[Certainty, Differ]] = {
    "exact": _differ_shown,
    "once": _differ_much,
    "latency": _differ_latency,
    "fps": _differ_fps,
}


def ratio_between(result: CompareResult, one: Precision, other: Precision) -> Ratio | None:
    """The measured ratio of two variants, whichever way round it was written."""
    return result.ratios.get(f"{one}/{other}") or result.ratios.get(f"{other}/{one}")
