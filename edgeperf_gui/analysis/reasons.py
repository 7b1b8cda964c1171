"""Why a variant is not faster, by rules, each with its evidence; and what a comparison came to, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.compare import Blocks, Ratio, Reason, VariantResult

WORTH: Final = 0.85
"""A variant whose time a frame is below this share of the baseline's needs no excuse."""
_FEW_LAYERS: Final = 0.5
_SMALL_MS: Final = 1.0
_CONVERSIONS: Final = 0.2
_MINOR_SHARE: Final = 0.5
_NEEDS: Final[dict[str, tuple[str, ...]]] = {"FP16": ("FP16", "BF16"), "INT8": ("INT8",)}
"""Capabilities of a device, any of which lets the variant run in its own type."""


@dataclass(frozen=True, slots=True)
class Case:
    """One variant against another, the baseline or the one before it."""

    name: Precision
    baseline_name: Precision
    variant: VariantResult
    baseline: VariantResult
    ratio: Ratio
    blocks: Blocks
    capabilities: Sequence[str]
    conversion_share: float | None
    """Of the inference time, spent on reordering and converting; None when the device does not tell."""


def why_not_faster(case: Case) -> list[Reason]:
    """Nothing for a variant that is clearly faster or not known yet; otherwise every rule that applies, the likeliest first."""
    time = case.ratio.time
    if time.low is None or (case.ratio.differs and time.value < WORTH):
        return []
    return [Reason(case.name, case.baseline_name, *told) for rule in _RULES for told in rule(case)]


def verdict(case: Case) -> str:
    """One sentence: how much faster, with its interval, and how far the answers agree."""
    return " ".join(filter(None, (speed(case.name, case.baseline_name, case.ratio), _answers(case))))


Told = Iterator[tuple[str, str]]


def _same_precision(case: Case) -> Told:
    mine, other = case.variant.executed_precision, case.baseline.executed_precision
    if mine and mine == other:
        ran = " + ".join(mine)
        yield f"It runs {ran}, exactly like {case.baseline_name}.", f"executed precision {_layers(mine)} for both"


def _no_units(case: Case) -> Told:
    needed = _NEEDS.get(case.name, ())
    if needed and not set(needed) & {c.upper() for c in case.capabilities}:
        yield (
            f"This device has no arithmetic for {case.name}.",
            f"it offers {', '.join(case.capabilities) or 'nothing that it tells'}",
        )


def _few_quantised(case: Case) -> Told:
    layers = case.variant.executed_precision
    if case.name != "INT8" or not layers:
        return
    share = layers.get("i8", 0) / sum(layers.values())
    if share < _FEW_LAYERS:
        yield "Few of its layers are quantised.", f"{layers.get('i8', 0)} of {sum(layers.values())} multiplying layers run i8"


def _conversions(case: Case) -> Told:
    if case.conversion_share is not None and case.conversion_share > _CONVERSIONS:
        yield (
            "Much of its time goes into converting and reordering between layers.",
            f"{case.conversion_share:.0%} of the inference time",
        )


def _not_the_bottleneck(case: Case) -> Told:
    inference, frame = case.variant.inference, case.variant.whole_frame
    if inference and frame and inference.median_ms < _MINOR_SHARE * frame.median_ms:
        share = inference.median_ms / frame.median_ms
        yield "The model is not the bottleneck.", f"inference is {share:.0%} of a frame's {frame.median_ms:.1f} ms"


def _too_small(case: Case) -> Told:
    inference = case.baseline.inference
    if inference and inference.median_ms < _SMALL_MS:
        yield "The model is too small for its precision to matter.", f"{case.baseline_name} takes {inference.median_ms:.2f} ms"


def _disturbed(case: Case) -> Told:
    if case.blocks.only_dirty:
        yield "Other programs disturbed the measurement; measure again on a quiet machine.", f"{case.blocks.dirty} dirty rounds"


_RULES: Final[tuple[Callable[[Case], Told], ...]] = (
    _same_precision,
    _no_units,
    _few_quantised,
    _conversions,
    _not_the_bottleneck,
    _too_small,
    _disturbed,
)


def speed(name: Precision, other: Precision, ratio: Ratio) -> str:
    """How one variant stands to another by what decides, with its interval."""
    time, fps = ratio.time, ratio.fps
    if time.low is None or time.high is None:
        return f"{name} against {other}: too few quiet rounds to say."
    if ratio.decides == "fps":
        if not ratio.differs:
            return f"No difference shown between {name} and {other}: throughput {fps.low:.2f}–{fps.high:.2f} of {other}'s."
        return f"{name} has {fps.value:.2f}× the throughput of {other} ({fps.low:.2f}–{fps.high:.2f})."
    if not ratio.differs:
        return f"No difference shown between {name} and {other}: latency {time.low:.2f}–{time.high:.2f} of {other}'s."
    if time.value < 1:
        return f"{name} is {1 / time.value:.2f}× faster than {other} ({1 / time.high:.2f}–{1 / time.low:.2f})."
    return f"{name} is {time.value:.2f}× slower than {other} ({time.low:.2f}–{time.high:.2f})."


def _answers(case: Case) -> str:
    agreement = case.variant.agreement
    if agreement is None:
        return ""
    found, top1 = agreement.matched, agreement.top1
    if found.n:
        return f"It finds {found.hits} of {case.baseline_name}'s {found.n} boxes."
    if top1 is not None and top1.n:
        return f"Its first class is {case.baseline_name}'s in {top1.hits} of {top1.n} frames."
    return ""


def _layers(executed: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in executed.items())
