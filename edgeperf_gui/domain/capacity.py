"""Capacity: how many cameras one machine serves with one model, predicted and verified."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.session import Hint

MOST_CAMERAS = 256
LEAST = 0.001
"""Of rates, percentages and deadlines: below it no run comes to an end."""
HIGHEST_RATE = 1000.0
HIGHEST_PERCENT = 99.9
LONGEST_MS = 3_600_000.0
LONGEST_S = 3600.0

Percent = Annotated[float, msgspec.Meta(ge=LEAST, le=HIGHEST_PERCENT)]
CameraRate = Annotated[float, msgspec.Meta(ge=LEAST, le=HIGHEST_RATE)]
Milliseconds = Annotated[float, msgspec.Meta(ge=LEAST, le=LONGEST_MS)]
Verdict = Literal["PASS", "FAIL", "UNDECIDED"]


class CapacitySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="capacity"):
    """One model for N virtual cameras, each with the same recording at its own phase."""

    session_id: str
    source: str
    model: str
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "throughput"
    rate: CameraRate | None = None
    """Frames per second of each camera; None takes the source's own."""
    deadline_ms: Milliseconds | None = None
    """Longest age of a frame when its objects are known; None allows two periods of the rate."""
    max_miss_percent: Percent = 1.0
    """Share of due frames that may be dropped or late."""
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_CAMERAS)] = 64
    seconds: Annotated[float, msgspec.Meta(ge=1.0, le=LONGEST_S)] = 30.0
    """Longest run of one step; a step ends as soon as it is decided."""


class CapacityStep(msgspec.Struct, frozen=True):
    """One real run with so many cameras."""

    cameras: int
    fps_each: float
    """Of the slowest camera."""
    miss_percent: float
    age_p99_ms: float | None
    """Due → objects known; None with too few frames for it."""
    verdict: Verdict
    frames: int
    """Due frames that were counted."""
    cpu_ms_per_frame: float | None
    """CPU time of this process per completed frame."""
    foreign_cpu_percent: float | None
    worst_camera_miss_percent: float
    note: str = ""
    """Why it is undecided, where more frames would not help; or empty."""


class CapacityResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.capacity/1"`."""

    spec: CapacitySpec
    machine: Machine
    effective: Effective | None
    rate: float
    deadline_ms: float
    predicted: float | None
    """Cores ÷ (CPU seconds per frame × rate), from one camera."""
    verified: int | None
    """The most cameras that passed a real run; None when none did."""
    verdict: Verdict
    """Of one camera at least: FAIL when not even one is served."""
    sentence: str
    steps: tuple[CapacityStep, ...]
    complete: bool
    schema: str = "edgeperf.capacity/1"
