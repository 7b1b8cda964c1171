"""Plausible results of a comparison: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import msgspec
import replay

from edgeperf_gui.domain.accuracy import Agreement, Proportion
from edgeperf_gui.domain.compare import Blocks, CompareResult, Ratio, Reason, VariantResult
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.live.comparison import Comparison, spec_for

FIGURES = {
    #       bytes       cold  cached read  first  median p99   fps    mJ    found AP     executed
    "FP32": (15_100_000, 118.0, 31.0, 5.4, 22.6, 22.0, 27.4, 44.6, 12.6, 41, 1.0, {"f32": 34}),
    "FP16": (7_600_000, 104.0, 30.9, 5.6, 12.1, 11.6, 14.9, 84.1, 4.6, 41, 0.999, {"bf16": 34}),
    "INT8": (3_800_000, 231.0, 56.6, 9.7, 8.9, 8.2, 11.8, 118.0, 1.4, 38, 0.931, {"i8": 33, "bf16": 1}),
}
REASON = Reason("INT8", "FP16", "Much of its time goes into converting.", "26 % of the inference time")


def stage(median: float, p99: float | None, n: int = 1840) -> StageStats:
    return StageStats(
        n, median, median, median * 1.08, median * 1.12, p99, median * 0.9, median * 1.9, median * 0.99, median * 1.01
    )


def variant(name: str, p99: bool = True) -> VariantResult:
    size, cold, cached, read, first, median, tail, fps, energy, found, ap, executed = FIGURES[name]
    agreement = Agreement(24, 41, 0.4, ap, 0.99, Proportion(found, 41, found / 41, 0.8, 1.0), None, 0.001, 0.999, ())
    return VariantResult(
        size_bytes=size,
        params=3_786_068,
        macs=2_090_083_840,
        flops=4_180_167_680,
        stored_precision=name,
        executed_precision=executed,
        read_ms=read,
        compile_cold_ms=cold,
        compile_cached_ms=cached,
        first_inference_ms=first,
        inference=stage(median, tail if p99 else None),
        whole_frame=stage(median + 0.6, tail + 1),
        fps=fps,
        energy_theoretical_mj=energy,
        agreement=agreement,
        accuracy=None,
    )


def ratio(latency: float, half: float | None) -> Ratio:
    """One with an interval of ± `half` as a share of itself; None: not known yet."""
    if half is None:
        return Ratio(Interval(latency), Interval(1 / latency), False)
    low, high = latency * (1 - half), latency * (1 + half)
    return Ratio(Interval(latency, low, high), Interval(1 / latency, 1 / high, 1 / low), not low <= 1 <= high)


def result(
    spec: CompareSpec, half: float | None = 0.03, names: tuple[str, ...] = ("FP32", "FP16", "INT8"), complete: bool = True
) -> CompareResult:
    """What came of it, with intervals of ± `half`."""
    medians = {name: FIGURES[name][5] for name in names}
    pairs = [(name, "FP32") for name in names[1:]] + list(zip(names[2:], names[1:], strict=False))
    return CompareResult(
        spec=spec,
        machine=replay.MACHINE,
        baseline="FP32",
        variants={name: variant(name, p99=half is not None) for name in names},
        ratios={f"{name}/{other}": ratio(medians[name] / medians[other], half) for name, other in pairs},
        reasons=(REASON,) if "INT8" in names else (),
        verdicts={name: f"{name} is {22.0 / medians[name]:.2f}× faster than FP32 (1.8–2.8). It finds it." for name in names[1:]},
        blocks=Blocks(24, 2),
        frames=48,
        complete=complete,
    )


def same(spec: CompareSpec) -> CompareResult:
    """FP16 runs exactly what FP32 runs."""
    whole = result(spec, names=("FP32", "FP16"))
    twin = msgspec.structs.replace(whole.variants["FP32"], inference=stage(21.9, 27.3), fps=44.8)
    verdicts = {"FP16": "No difference shown between FP16 and FP32: latency 0.97–1.02 of FP32's."}
    return msgspec.structs.replace(
        whole, variants=whole.variants | {"FP16": twin}, ratios={"FP16/FP32": ratio(0.995, 0.03)}, verdicts=verdicts
    )


def show(comparison: Comparison, known: CompareResult | None) -> None:
    """As if the job had just answered."""
    comparison.result = known
    comparison.changed.emit()


def spec_of(comparison: Comparison) -> CompareSpec:
    return spec_for(comparison._controller.settings)
