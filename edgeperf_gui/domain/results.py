"""Results: what a run was, what it did and what it measured. Unknown is None, never 0."""

from __future__ import annotations

from typing import Literal

import msgspec

from edgeperf_gui.domain.session import FinishReason, Hint, SessionSpec, SourceInfo


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


class Steady(msgspec.Struct, frozen=True):
    """Whether the numbers may be believed yet, and if not, why."""

    is_steady: bool
    reason: str
    is_dirty: bool = False
    """More than 5 % of the machine went to others in one of the windows looked at."""


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
    schema: str = "edgeperf.run/1"
