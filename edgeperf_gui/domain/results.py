"""Results: what a run was, what it did and what it measured. Unknown is None, never 0."""

from __future__ import annotations

from typing import Literal

import msgspec

from edgeperf_gui.domain.arrival_pattern import PatternName
from edgeperf_gui.domain.energy import RunEnergy
from edgeperf_gui.domain.session import FinishReason, Hint, SessionSpec, SourceInfo
from edgeperf_gui.domain.truth import SceneTruth, TrueLooks


class StageStats(msgspec.Struct, frozen=True):
    """Distribution of one stage over the stated frames, in milliseconds. Nearest-rank percentiles, nothing clipped."""

    n: int
    mean_ms: float
    median_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float | None
    """None below 299 samples: too few for a 95 % statement about one frame in a hundred."""
    min_ms: float
    max_ms: float
    median_low_ms: float | None = None
    """95 % interval of the median by order statistics, ranks n/2 ± 0.98√n."""
    median_high_ms: float | None = None


class Ranks(msgspec.Struct, frozen=True):
    """A distribution in bounded size: of n values in order those at the ranks kept, the highest all of them.

    So for any limit it can be told how many values lie above it: exactly among the highest, else between two ranks.
    """

    n: int
    at: tuple[int, ...]
    """From 0, rising; the last is n − 1."""
    values_ms: tuple[float, ...]


class Machine(msgspec.Struct, frozen=True):
    """Where it ran."""

    hostname: str
    os: str
    python: str
    openvino: str
    opencv: str
    cpu: str
    logical_cpus: int
    cpu_quota: float | None
    """Cores the process may use by affinity and control group; None when unlimited."""
    memory_bytes: int | None


class Effective(msgspec.Struct, frozen=True):
    """The truth label: what the runtime really did, read back from it."""

    stored_precision: str
    executed_precision: dict[str, int]
    """Layers per type that executed them, by the suffix of `primitiveType`; most first."""
    execution_devices: tuple[str, ...]
    streams: int | None
    requests: int
    threads: int | None
    hint: Hint
    inference_precision: str
    batch: int = 1
    oracle_miss_percent: float | None = None
    """Boxes are not the model's but an oracle's: a drawn scene's truth, less so many percent. None: the model's own."""


class ModelTimes(msgspec.Struct, frozen=True):
    """What it cost to get ready."""

    read_ms: float
    compile_ms: float
    first_inference_ms: float | None
    size_bytes: int
    cache: Literal["cold", "cached", "off"]


class Throughput(msgspec.Struct, frozen=True):
    """Completed frames per wall second, and what else came by."""

    fps: float | None
    source_fps: float | None
    completed: int
    """In the whole run; statistics cover those of the last 65 536 that came after the warm-up."""
    dropped: int
    warmup_discarded: int
    wall_s: float | None
    """What `fps` is about: first completion after the warm-up to the end."""
    saturated: bool
    """True when frames were read flat out: then `fps` is the capacity."""
    unfinished: int | None = None
    """Frames that were read and had no answer when the run ended: those that lay in a half-full batch, or ready for one. They
    are neither completed nor dropped, for it was the end that took them. None: not known."""


class Steady(msgspec.Struct, frozen=True):
    """Whether the numbers may be believed yet, and if not, why."""

    is_steady: bool
    reason: str
    is_dirty: bool = False
    """More than 5 % of the machine went to others in one of the windows looked at."""


class Queries(msgspec.Struct, frozen=True):
    """A run as its arrival pattern sees it: queries of some frames that come at once, each from the moment it was meant to come.

    The estimate is MLPerf's: with a confidence of 99 % the percentile is no higher.
    """

    pattern: PatternName
    frames: int
    """Of one query."""
    n: int
    """Queries after the warm-up, dropped ones among them."""
    latency: StageStats | None
    """From the intended arrival until the last frame's objects are known; None where nothing has a due time (offline)."""
    percentile: int | None
    """Which one is estimated: 90 or 99."""
    estimate_ms: float | None
    """None: n is too small, more were dropped than may be left out, or more came than were answered."""
    left_out: int | None
    """How many of the highest latencies lie above the estimate, dropped frames among them; None: n is too small, or the queue
    only grew."""
    needed: int | None
    """The least n for an estimate."""
    dropped: int
    """Frames that a camera had to give up: they count as higher than all others."""
    waiting: int | None
    """Frames that were due and without an answer when the run ended; None where none is kept waiting."""
    sentence: str
    confidence: float = 0.99


class RunResult(msgspec.Struct, frozen=True):
    """One run, whole. Written as JSON with `schema: "edgeperf.run/1"`."""

    spec: SessionSpec
    machine: Machine
    effective: Effective
    model: ModelTimes
    source: SourceInfo | None
    stages: dict[str, StageStats]
    age: StageStats | None
    """Due → painted; without a window due → objects known, see `age_ends`."""
    throughput: Throughput
    steady: Steady
    foreign_cpu_percent: float | None
    own_cpu_percent: float | None
    openvino_command: str
    openvino_latency: StageStats | None = None
    """`InferRequest.latency` as the runtime reports it; includes its own queue when requests outnumber streams."""
    age_ends: Literal["shown", "objects known"] = "objects known"
    ended: FinishReason | None = None
    """Why it ended: completed, or stopped before its time was up."""
    queries: Queries | None = None
    """None: inputs were filled once, and nothing arrived."""
    energy: RunEnergy | None = None
    """None: no meter was read, or it gave too little."""
    ages: Ranks | None = None
    """The age's distribution; None: no due times, or written before it was kept."""
    looks: TrueLooks | None = None
    """Of a drawn scene at its own pace: the true share of vehicles that were looked at so often. None: nobody knows the truth."""
    scene: SceneTruth | None = None
    """What was found there against what was true."""
    intervals: Ranks | None = None
    """Between two processed frames, by when they were due, of a run flat out by when they were completed."""
    schema: str = "edgeperf.run/1"
