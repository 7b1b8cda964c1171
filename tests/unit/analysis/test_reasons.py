"""Why a variant is not faster: each rule on a made-up case, and the verdict's words."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.analysis.reasons import Case, verdict, why_not_faster
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.compare import Blocks, Ratio, VariantResult
from edgeperf_gui.domain.interval import Interval

QUIET = Blocks(12, 0)
XEON = ("BF16", "FP32", "FP16", "INT8")


def variant(executed: dict[str, int], inference_ms: float = 10.0, frame_ms: float = 11.0) -> VariantResult:
    return VariantResult(
        size_bytes=1,
        params=1,
        macs=1,
        flops=2,
        stored_precision="FP16",
        executed_precision=executed,
        read_ms=1,
        compile_cold_ms=1,
        compile_cached_ms=None,
        first_inference_ms=None,
        inference=stage_stats(np.full(10, inference_ms)),
        whole_frame=stage_stats(np.full(10, frame_ms)),
        fps=1000 / frame_ms,
        energy_theoretical_mj=None,
        agreement=None,
        accuracy=None,
    )


def ratio(value: float, low: float | None, high: float | None) -> Ratio:
    interval = Interval(value, low, high)
    return Ratio(interval, interval, low is not None and not interval.contains(1.0))


SAME = ratio(1.0, 0.97, 1.03)


def case(mine: VariantResult, base: VariantResult | None = None, how: Ratio = SAME, **more) -> Case:
    asked = {"name": "INT8", "blocks": QUIET, "capabilities": XEON, "conversion_share": None} | more
    return Case(baseline_name="FP32", variant=mine, baseline=base or variant({"f32": 34}), ratio=how, **asked)


@pytest.mark.parametrize(
    ("given", "words", "evidence"),
    [
        (case(variant({"f32": 34}), name="FP16"), "runs f32, exactly like FP32", "f32 34"),
        (
            case(variant({"f32": 34, "bf16": 1}), name="FP16", capabilities=("FP32", "INT8")),
            "no arithmetic for FP16",
            "FP32, INT8",
        ),
        (case(variant({"bf16": 30, "i8": 4})), "Few of its layers are quantised", "4 of 34"),
        (case(variant({"i8": 34}), conversion_share=0.31), "converting and reordering", "31%"),
        (case(variant({"i8": 34}, 2, 10)), "not the bottleneck", "20% of a frame's 10.0 ms"),
        (case(variant({"i8": 34}), variant({"f32": 34}, 0.4)), "too small", "0.40 ms"),
        (case(variant({"i8": 34}), blocks=Blocks(0, 9, only_dirty=True)), "disturbed", "9 dirty"),
    ],
)
def test_each_rule_gives_its_evidence(given: Case, words: str, evidence: str) -> None:
    told = [reason for reason in why_not_faster(given) if words in reason.sentence]
    assert len(told) == 1
    assert evidence in told[0].evidence
    assert (told[0].variant, told[0].against) == (given.name, "FP32")


def test_a_variant_that_is_clearly_faster_needs_no_excuse() -> None:
    assert why_not_faster(case(variant({"f32": 34}), how=ratio(0.4, 0.38, 0.42))) == []


def test_nothing_is_explained_before_it_is_known() -> None:
    assert why_not_faster(case(variant({"f32": 34}), how=ratio(1.0, None, None))) == []


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (ratio(0.4, 0.38, 0.42), "INT8 is 2.50× faster than FP32 (2.38–2.63)."),
        (ratio(1.2, 1.1, 1.3), "INT8 is 1.20× slower than FP32 (1.10–1.30)."),
        (SAME, "No difference shown between INT8 and FP32: latency 0.97–1.03 of FP32's."),
        (ratio(0.4, None, None), "INT8 against FP32: too few quiet rounds to say."),
    ],
)
def test_the_verdict_in_words(how: Ratio, words: str) -> None:
    assert verdict(case(variant({"i8": 34}), how=how)) == words


@pytest.mark.parametrize(
    ("fps", "words"),
    [
        (Interval(2.0, 1.9, 2.1), "INT8 has 2.00× the throughput of FP32 (1.90–2.10)."),
        (Interval(0.8, 0.7, 0.9), "INT8 has 0.80× the throughput of FP32 (0.70–0.90)."),
        (Interval(1.0, 0.9, 1.1), "No difference shown between INT8 and FP32: throughput 0.90–1.10 of FP32's."),
        (Interval(1.0), "INT8 against FP32: too few quiet rounds to say."),
    ],
)
def test_with_several_requests_throughput_decides(fps: Interval, words: str) -> None:
    how = Ratio(Interval(3.0, 2.9, 3.1), fps, not fps.contains(1.0), "fps")
    assert verdict(case(variant({"i8": 34}), how=how)) == words
    is_slow = fps.low is not None and fps.value < 1.1
    assert bool(why_not_faster(case(variant({"f32": 34}), how=how))) is is_slow
