"""Long jobs beside the live session: what is asked, how far it is, what came of it. Each runs in a child of its own."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from edgeperf_gui.domain.capacity import CapacitySpec
from edgeperf_gui.domain.card import Positive, Precision
from edgeperf_gui.domain.energy import BaselineSpec, EnergyLayersSpec, MeterChoice
from edgeperf_gui.domain.graph import InfoSpec
from edgeperf_gui.domain.session import Count, Hint
from edgeperf_gui.domain.simulation import SimulationSpec
from edgeperf_gui.domain.sweep import SweepSpec
from edgeperf_gui.domain.watch import WatchSpec
from edgeperf_gui.domain.waterfall import WaterfallSpec

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class CompareSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="compare"):
    """Variants against each other: interleaved blocks on the same frames until the ratios are certain or the budget is spent."""

    session_id: str
    source: str
    model: str
    device: str = "CPU"
    precisions: tuple[Precision, ...] = ("FP32", "FP16", "INT8")
    """Those the model lacks are left out; the first is the baseline."""
    hint: Hint = "latency"
    seconds: float = 60.0
    """Time budget of the measured blocks."""
    block_seconds: float = 0.7
    labels: str | None = None
    """A labelled folder for accuracy; None leaves accuracy out and keeps agreement."""
    meter: MeterChoice = MeterChoice()
    """Which energy meter is read at both ends of every block; none by default."""
    cache_dir: str | None = None
    companion_pids: tuple[int, ...] = ()


class QuantizeSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="quantize"):
    """Make the INT8 variant of a model by post-training quantisation."""

    session_id: str
    model: str
    data: str | None = None
    """A folder of images or a video for calibration; None takes the bundled clip."""
    samples: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 300
    preset: Literal["mixed", "performance"] = "mixed"
    max_drop: Share | None = None
    """Largest loss of accuracy (AP or top-1, absolute) allowed; needs labels."""
    labels: str | None = None


class AccuracySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="accuracy"):
    """A variant against labels; without labels against FP32's own answers (agreement)."""

    session_id: str
    model: str
    precision: Precision
    data: str
    """A folder of images, with labels beside or inside it."""
    labels: str | None = None
    """Where the labels are, when they are not found by themselves."""
    device: str = "CPU"
    threshold: Share = 0.4
    limit: Count | None = None
    """Most images to look at; None takes all."""
    also: tuple[Precision, ...] = ()
    """Variants that answer the same images besides `precision`; those the model lacks are an error."""


class ImportSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="import"):
    """Bring a model file into the user's model folder. None leaves a thing to the import's own guess."""

    session_id: str
    path: str
    name: str | None = None
    width: Positive | None = None
    height: Positive | None = None
    channels: Literal["BGR", "RGB"] | None = None
    mean: tuple[float, float, float] | None = None
    scale: tuple[float, float, float] | None = None
    decoder: str | None = None
    labels: str | None = None
    replaces: str | None = None
    """A model of the user's own whose name and place the new one takes, once it is whole; then `name` is left to the import."""


class RemoveSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="remove"):
    """Remove a model of the user's own, with all its variants."""

    session_id: str
    model: str


JobSpec = (
    SweepSpec
    | CapacitySpec
    | CompareSpec
    | QuantizeSpec
    | AccuracySpec
    | ImportSpec
    | InfoSpec
    | RemoveSpec
    | WatchSpec
    | WaterfallSpec
    | EnergyLayersSpec
    | BaselineSpec
    | SimulationSpec
)


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How far a job is."""

    session_id: str
    done: int
    total: int | None
    activity: str


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """A job's result, or what is known of it so far: JSON whose `schema` says which."""

    session_id: str
    data: bytes
    is_final: bool = True
