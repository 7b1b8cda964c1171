"""What a comparison of variants came to."""

from __future__ import annotations

from typing import Literal

import msgspec

from edgeperf_gui.domain.accuracy import Accuracy, Agreement
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.energy import Banded, Covers, EnergyKind
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import Machine, StageStats


class VariantEnergy(msgspec.Struct, frozen=True):
    """What a variant took by the meter, median over the rounds that count."""

    meter: str
    kind: EnergyKind
    title: str
    covers: Covers
    joules_per_inference: Banded
    """Of the frame's the inference's part of the CPU time."""
    joules_per_frame: Banded
    """Preprocess, inference and postprocess."""
    blocks: int


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
    """Preprocess, inference and postprocess of a frame, waiting included when others are under way, too; decoding is the same
    for all and left out."""
    fps: float | None
    """Median over the clean blocks of frames per wall second, preprocess and postprocess included."""
    energy_theoretical_mj: float | None
    """Operations × energy per operation (45 nm): for ratios between variants only."""
    agreement: Agreement | None
    accuracy: Accuracy | None
    energy: VariantEnergy | None = None
    """None: no meter was read, or none that can count in short blocks."""
    requests: int = 1
    """Under way at once while it was measured: above 1 a latency is that of one among so many, its wait for them included."""


class Ratio(msgspec.Struct, frozen=True):
    """One variant against another: ratio of block medians with its 95 % bootstrap interval."""

    latency: Interval
    """Inference latency; below 1 is faster."""
    fps: Interval
    """Throughput; above 1 is faster."""
    differs: bool
    """False: no difference shown, because the interval of what decides contains 1 or is not known."""
    decides: Literal["latency", "fps"] = "latency"
    """Throughput, when several requests were under way: then a latency is mostly waiting."""

    @property
    def time(self) -> Interval:
        """Time a frame, by what decides; below 1 is faster."""
        return self.latency if self.decides == "latency" else self.fps.inverse()


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
    energy_note: str = ""
    """Why no energy was measured; empty when it was."""
    schema: str = "edgeperf.compare/1"
