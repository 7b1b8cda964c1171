"""A comparison as text: a column a variant, a row a metric."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edgeperf_gui.domain.accuracy import DetectionAccuracy
from edgeperf_gui.domain.compare import CompareResult, VariantResult
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.run_report import UNKNOWN, table

Cell = Callable[[VariantResult], str]


def _of(stats: StageStats | None, figure: str) -> float | None:
    return None if stats is None else getattr(stats, figure)


def _number(value: float | None, form: str = ".2f", scale: float = 1.0) -> str:
    return UNKNOWN if value is None else format(value * scale, form)


def _accuracy(variant: VariantResult) -> str:
    found = variant.accuracy
    if found is None:
        return UNKNOWN
    return _number(found.ap, ".3f") if isinstance(found, DetectionAccuracy) else _number(found.top1.value, ".3f")


def _metered(variant: VariantResult) -> str:
    """Of one inference, its band and its kind named."""
    found = variant.energy
    if found is None:
        return UNKNOWN
    low, high = 1e3 * found.joules_per_inference.low, 1e3 * found.joules_per_inference.high
    return f"{1e3 * found.joules_per_inference.value:.0f} ({low:.0f}–{high:.0f}) {found.kind}"


_ROWS: Final[tuple[tuple[str, Cell], ...]] = (
    ("file size (MB)", lambda v: _number(v.size_bytes, ".2f", 1e-6)),
    ("parameters (M)", lambda v: _number(v.params, ".2f", 1e-6)),
    ("GMAC / GFLOP", lambda v: f"{_number(v.macs, '.2f', 1e-9)} / {_number(v.flops, '.2f', 1e-9)}"),
    ("executed (layers)", lambda v: ", ".join(f"{name} {n}" for name, n in v.executed_precision.items()) or UNKNOWN),
    ("read (ms)", lambda v: _number(v.read_ms, ".1f")),
    ("compile cold (ms)", lambda v: _number(v.compile_cold_ms, ".0f")),
    ("compile cached (ms)", lambda v: _number(v.compile_cached_ms, ".0f")),
    ("first inference (ms)", lambda v: _number(v.first_inference_ms, ".1f")),
    ("inference median (ms)", lambda v: _number(_of(v.inference, "median_ms"))),
    ("inference p90 (ms)", lambda v: _number(_of(v.inference, "p90_ms"))),
    ("inference p99 (ms)", lambda v: _number(_of(v.inference, "p99_ms"))),
    ("whole frame median (ms)", lambda v: _number(_of(v.whole_frame, "median_ms"))),
    ("requests under way", lambda v: str(v.requests)),
    ("throughput (FPS)", lambda v: _number(v.fps, ".1f")),
    ("energy by meter (mJ)", _metered),
    ("energy, theoretical (mJ)", lambda v: _number(v.energy_theoretical_mj)),
    ("agreement with the first (AP)", lambda v: _number(v.agreement.ap if v.agreement else None, ".3f")),
    ("accuracy (AP or top-1)", _accuracy),
)


def report(result: CompareResult) -> str:
    """The table, the ratios with their intervals, and the verdict in words."""
    spec, blocks = result.spec, result.blocks
    names = list(result.variants)
    rows = [(title, *(cell(result.variants[name]) for name in names)) for title, cell in _ROWS]
    ratios = [
        f"  {pair.replace('/', ' ÷ '):<13} latency {_interval(ratio.latency)}   FPS {_interval(ratio.fps)}"
        + ("" if ratio.differs or ratio.latency.low is None else "   no difference shown")
        for pair, ratio in result.ratios.items()
    ]
    reasons = [f"  {why.variant} against {why.against}: {why.sentence} ({why.evidence})" for why in result.reasons]
    rounds = f"{result.frames} frames · {blocks.clean} clean rounds, {blocks.dirty} dirty"
    return "\n\n".join(
        (
            f"{spec.model} on {spec.device}, hint {spec.hint} · {rounds}",
            table([("", *names), *rows]),
            "\n".join(["Ratios, with 95 % intervals", *ratios]),
            "\n".join(filter(None, (*result.verdicts.values(), result.energy_note))),
            *(["\n".join(["Why not faster?", *reasons])] if reasons else []),
        )
    )


def _interval(ratio: Interval) -> str:
    if ratio.low is None or ratio.high is None:
        return f"{ratio.value:.3f} (too few rounds)"
    return f"{ratio.value:.3f} ({ratio.low:.3f}–{ratio.high:.3f})"
