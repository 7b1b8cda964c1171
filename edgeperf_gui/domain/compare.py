"""What a comparison of variants came to."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.accuracy import Accuracy, Agreement
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import Machine, StageStats


class VariantResult(msgspec.Struct, frozen=True):
    """One variant. Unknown is None."""

    size_bytes: int
    params: int | None
    macs: int | None
    flops: int | None
    stored_precision: str
    executed_precision: dict[str, int]
    """Layers per executed type, counted over those that multiply."""
    read_ms: float
    compile_cold_ms: float
    compile_cached_ms: float | None
    first_inference_ms: float | None
    inference: StageStats | None
    """Over all clean blocks."""
    whole_frame: StageStats | None
    """Preprocess, inference and postprocess of one frame after the other; decoding is the same for all and left out."""
    fps: float | None
    """Median over the clean blocks of frames per wall second, preprocess and postprocess included."""
    energy_theoretical_mj: float | None
    """Operations × energy per operation (45 nm): for ratios between variants only."""
    agreement: Agreement | None
    accuracy: Accuracy | None


class Ratio(msgspec.Struct, frozen=True):
    """One variant against another: ratio of block medians with its 95 % bootstrap interval."""

    latency: Interval
    """Inference latency; below 1 is faster."""
    fps: Interval
    """Throughput; above 1 is faster."""
    differs: bool
    """False: no difference shown, because the latency's interval contains 1 or is not known."""


class Blocks(msgspec.Struct, frozen=True):
    """Rounds of one block a variant; a round with a dirty block is measured again."""

    clean: int
    dirty: int
    only_dirty: bool = False
    """The machine was hardly ever quiet: dirty rounds had to be used."""


class Reason(msgspec.Struct, frozen=True):
    """Why a variant is not faster, or not much."""

    variant: Precision
    against: Precision
    sentence: str
    evidence: str


class CompareResult(msgspec.Struct, frozen=True):
    """All variants, side by side. Written as JSON with `schema: "edgeperf.compare/1"`."""

    spec: CompareSpec
    machine: Machine
    baseline: Precision
    variants: dict[Precision, VariantResult]
    ratios: dict[str, Ratio]
    """Keys such as "INT8/FP32"."""
    reasons: tuple[Reason, ...]
    verdicts: dict[Precision, str]
    """One sentence a variant, in words."""
    blocks: Blocks
    frames: int
    """How many different frames each block goes through."""
    complete: bool
    """False while it runs, or when it was stopped before the intervals were narrow enough and before the budget was spent."""
    schema: str = "edgeperf.compare/1"
