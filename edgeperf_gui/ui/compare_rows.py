"""What the compare panel shows of a result: its rows, what decides first. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from edgeperf_gui.domain.accuracy import DetectionAccuracy
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.compare import CompareResult, Ratio, VariantResult
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.compare_cells import Cell, Mark, Metric, Row, Value, marks_of, measured_row

_NO_LABELS: Final = "needs labels: choose a folder below, run again"
_NOT_YET: Final = "not measured yet"


def compare_rows(result: CompareResult) -> list[Row]:
    """All rows, what decides first."""
    return [make(result) for make in _ROWS]


def runs(variant: VariantResult) -> str:
    """What it really runs: "i8 + bf16"."""
    return " + ".join(variant.executed_precision) or figures.UNKNOWN


def _speed_up(result: CompareResult) -> Row:
    """How many times faster than the baseline, with the interval that narrows while it is measured."""
    base = result.baseline
    ratios = {name: _faster(result.ratios.get(f"{name}/{base}")) for name in result.variants}
    scale = max([1.0, *(top for found in ratios.values() if found for top in (found.high or found.value,))])
    known = {base: 1.0} | {name: found.value for name, found in ratios.items() if found}
    marks = marks_of(Metric("", "", "", lambda variant: None, "latency", is_more_better=True), known, result)
    cells: dict[Precision, Cell] = {}
    for name, found in ratios.items():
        if name == base:
            cells[name] = Cell("1×", "baseline", share=1 / scale, mark=marks.get(name, ""))
        elif found is None:
            cells[name] = Cell()
        else:
            cells[name] = _speed_cell(found, scale, result.ratios[f"{name}/{base}"], marks.get(name, ""))
    return Row("speed_up", "Speed-up", cells, base)


def _speed_cell(found: Interval, scale: float, ratio: Ratio, mark: Mark) -> Cell:
    share = found.value / scale
    other = "Latency", ratio.latency
    what, interval = other if ratio.decides == "fps" else ("Throughput", ratio.fps)
    rate = f"{what} is {_range(interval)} of the baseline's."
    if found.low is None or found.high is None:
        return Cell(f"{_times(found.value)}×", "± ?", share=share, detail=f"Too few quiet rounds for an interval yet. {rate}")
    band = (found.low / scale, found.high / scale)
    if not ratio.differs:
        return Cell(
            "no difference shown", share=share, band=band, is_words=True, detail=f"The interval is {_range(found)}. {rate}"
        )
    unit, short = f"{_times(found.low, found.value)}–{_times(found.high, found.value)}", f"±{(found.high - found.low) / 2:.2f}"
    return Cell(f"{_times(found.value)}×", unit, short, share, band, mark=mark, detail=rate)


def _faster(ratio: Ratio | None) -> Interval | None:
    """How many times faster: the other way round than the ratio of times."""
    return None if ratio is None or ratio.time.value <= 0 else ratio.time.inverse()


def _range(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return f"{_times(interval.value)}× (interval not known yet)"
    low, high = _times(interval.low, interval.value), _times(interval.high, interval.value)
    return f"{_times(interval.value)}× ({low}–{high})"


def _times(factor: float, like: float | None = None) -> str:
    """Two decimals near 1, where a hundredth counts; the ends of a range like its value."""
    return f"{factor:.2f}" if (factor if like is None else like) < 1.995 else f"{factor:.1f}"


def _executed(result: CompareResult) -> Row:
    cells = {
        name: Cell(
            " · ".join(f"{kind} {count}" for kind, count in variant.executed_precision.items()) or figures.UNKNOWN,
            share=1.0,
            layers=variant.executed_precision,
            is_words=True,
            detail=f"The file stores {variant.stored_precision}.",
        )
        for name, variant in result.variants.items()
    }
    return Row("executed", "Executed layers", cells, result.baseline)


def _facts(
    key: str, label: str, unit: str, value: Value, per: float, detail: Callable[[VariantResult], str]
) -> Callable[..., Row]:
    """A fact of the graph, which a variant hardly ever changes: no bars, and said once when it is the same."""

    def make(result: CompareResult) -> Row:
        values = {name: value(variant) for name, variant in result.variants.items()}
        is_same = len(set(values.values())) == 1 and len(values) > 1
        cells = {
            name: Cell("same", is_words=True)
            if is_same and name != result.baseline and number is not None
            else Cell(
                figures.UNKNOWN if number is None else f"{number / per:.2f}",
                "" if number is None else unit,
                detail=detail(result.variants[name]),
            )
            for name, number in values.items()
        }
        return Row(key, label, cells, result.baseline, has_bars=False)

    return make


def _agreement_value(variant: VariantResult) -> float | None:
    found = variant.agreement
    if found is None:
        return None
    if found.ap is not None:
        return found.ap
    return found.top1.value if found.top1 is not None else found.cosine


def _agreement(result: CompareResult) -> Row:
    """AP against the baseline's own boxes; of a classifier the share of equal answers, of others the worst cosine."""
    found = [variant.agreement for variant in result.variants.values() if variant.agreement is not None]
    unit = "AP" if any(one.ap is not None for one in found) else "top-1" if any(one.top1 for one in found) else "cosine"
    metric = Metric("agreement", f"Agreement with {result.baseline}", unit, _agreement_value, "exact", _three, True, _agreed)
    row = measured_row(metric)(result)
    values = {name: _agreement_value(variant) for name, variant in result.variants.items()}
    others = [value for name, value in values.items() if name != result.baseline and value is not None]
    cells = {}
    for name, cell in row.cells.items():
        value = values[name]
        # the baseline agrees with itself; that is no merit
        is_best = name != result.baseline and len(set(map(_three, others))) > 1 and value == max(others)
        mark: Mark = "best" if is_best else "worse" if name != result.baseline and value is not None and value < 0.99 else ""
        cells[name] = Cell(cell.number, cell.unit, share=value and max(value, 0.0), mark=mark, detail=cell.detail)
    return Row(row.key, row.label, cells, result.baseline)


def _agreed(variant: VariantResult) -> str:
    found = variant.agreement
    if found is None:
        return ""
    parts = [f"On {found.images} frames."]
    if found.matched.n:
        parts.append(f"Finds {found.matched.hits} of the {found.matched.n} boxes that score at least {found.threshold:g}.")
    if found.mean_iou is not None:
        parts.append(f"Matched boxes overlap by {found.mean_iou:.3f} (IoU).")
    if found.nmse is not None and found.cosine is not None:
        parts.append(f"Outputs: error {found.nmse:.2g} (NMSE), cosine {found.cosine:.4f} where worst.")
    return " ".join(parts)


def _accuracy_value(variant: VariantResult) -> float | None:
    found = variant.accuracy
    if found is None:
        return None
    return found.ap if isinstance(found, DetectionAccuracy) else found.top1.value


def _accuracy(result: CompareResult) -> Row:
    """Low, and a sentence, while there are no labels to measure it with."""
    row = measured_row(Metric("accuracy", "Accuracy", "", _accuracy_value, "exact", _three, True, _accuracy_detail))(result)
    is_known = any(cell.share is not None for cell in row.cells.values())
    return replace(row, has_bars=is_known, empty="" if is_known else _NO_LABELS if result.spec.labels is None else _NOT_YET)


def _three(value: float) -> str:
    return f"{value:.3f}"


def _flops(variant: VariantResult) -> str:
    return "" if variant.flops is None else f"{variant.flops / 1e9:.2f} GFLOP: two for each multiply-accumulate."


def _accuracy_detail(variant: VariantResult) -> str:
    return "" if variant.accuracy is None else f"On {variant.accuracy.images} labelled images."


def _energy(result: CompareResult) -> Row:
    """By the meter, its kind named; a sentence in its place where none was read."""
    found = next((variant.energy for variant in result.variants.values() if variant.energy is not None), None)
    label = f"Energy, {found.kind}" if found is not None else "Energy by meter"
    row = measured_row(Metric("metered", label, "mJ", _millijoules, "once", detail=_energy_detail))(result)
    return row if found is not None else replace(row, has_bars=False, empty=result.energy_note or _NOT_YET)


def _millijoules(variant: VariantResult) -> float | None:
    return None if variant.energy is None else 1e3 * variant.energy.joules_per_inference.value


def _energy_detail(variant: VariantResult) -> str:
    found = variant.energy
    if found is None:
        return ""
    inference, frame = found.joules_per_inference, found.joules_per_frame
    band = f"{figures.figure(1e3 * inference.low)}–{figures.figure(1e3 * inference.high)} mJ"
    return (
        f"{found.title}: {band}, the same factor for all variants. A whole frame: {figures.figure(1e3 * frame.value)} mJ. "
        f"Median of {found.blocks} rounds."
    )


def _tail_row(result: CompareResult) -> Row:
    """p99, or p90 of all while one of them has too few frames for p99."""
    if all(v.inference is not None and v.inference.p99_ms is not None for v in result.variants.values()):
        metric = Metric("p99", "Inference p99", "ms", _of("inference", "p99_ms"), "latency", detail=_n)
    else:
        metric = Metric("p90", "Inference p90", "ms", _of("inference", "p90_ms"), "latency", detail=_n)
    return measured_row(metric)(result)


def _of(stage: str, figure: str) -> Value:
    """One figure of a stage's distribution; None while nothing was measured."""

    def value(variant: VariantResult) -> float | None:
        found = getattr(variant, stage)
        return None if found is None else getattr(found, figure)

    return value


def _n(variant: VariantResult) -> str:
    found = variant.inference
    return "" if found is None else f"Of {figures.thousands(found.n)} frames{_company(variant)}."


def _company(variant: VariantResult) -> str:
    return f", each while {variant.requests} requests were under way" if variant.requests > 1 else ""


def _at_once(variant: VariantResult) -> str:
    return f"With {variant.requests} requests under way at once." if variant.requests > 1 else ""


def _median(variant: VariantResult) -> str:
    found = variant.inference
    if found is None or found.median_low_ms is None or found.median_high_ms is None:
        return _n(variant)
    return f"{_n(variant)} Its own 95 % interval is {found.median_low_ms:.2f}–{found.median_high_ms:.2f} ms."


_ROWS: Final[tuple[Callable[[CompareResult], Row], ...]] = (
    measured_row(Metric("inference", "Inference median", "ms", _of("inference", "median_ms"), "latency", detail=_median)),
    _tail_row,
    _speed_up,
    measured_row(Metric("fps", "Throughput", "fps", lambda v: v.fps, "fps", is_more_better=True, detail=_at_once)),
    measured_row(Metric("size", "File size", "MB", lambda v: v.size_bytes / 1e6, "exact")),
    _agreement,
    _energy,
    measured_row(Metric("energy", "Energy, theoretical", "mJ", lambda v: v.energy_theoretical_mj, "exact")),
    measured_row(Metric("cold", "Compile, cold", "ms", lambda v: v.compile_cold_ms, "once")),
    measured_row(Metric("cached", "Compile, cached", "ms", lambda v: v.compile_cached_ms, "once")),
    measured_row(Metric("read", "Read", "ms", lambda v: v.read_ms, "once")),
    measured_row(Metric("first", "First inference", "ms", lambda v: v.first_inference_ms, "once")),
    measured_row(Metric("frame", "Whole frame median", "ms", _of("whole_frame", "median_ms"), "fps", detail=_at_once)),
    _executed,
    _facts("params", "Parameters", "million", lambda v: v.params, 1e6, lambda v: ""),
    _facts("macs", "MACs", "GMAC", lambda v: v.macs, 1e9, _flops),
    _accuracy,
)
