"""The server scenario: the highest rate of chance arrivals whose answers keep to a deadline."""

from __future__ import annotations

from typing import Annotated

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import Effective, Machine, StageStats
from edgeperf_gui.domain.session import Batch, Count, Hint
from edgeperf_gui.domain.verdict import Verdict

LEAST_MS = 0.001
LONGEST_MS = 3_600_000.0
LEAST_PERCENTILE, HIGHEST_PERCENTILE = 50, 99


class ServerSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="server"):
    """One model, frames that come by chance and queue, and how soon they must be answered."""

    session_id: str
    source: str
    model: str
    deadline_ms: Annotated[float, msgspec.Meta(ge=LEAST_MS, le=LONGEST_MS)]
    """From the moment a frame was meant to come until its objects are known."""
    percentile: Annotated[int, msgspec.Meta(ge=LEAST_PERCENTILE, le=HIGHEST_PERCENTILE)] = 99
    """So many answers of a hundred must keep to it."""
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "latency"
    streams: Count | None = None
    requests: Count | None = None
    threads: Count | None = None
    batch: Batch = 1
    """Frames that one request answers together; the first of them waits for the last."""
    seconds: float | None = None
    """Longest time for all rates together; None: as long as it takes."""


def one_alone(spec: ServerSpec) -> str:
    """What is measured before any rate is tried, in words."""
    return "one frame alone" if spec.batch == 1 else f"one batch of {spec.batch} alone"


class ServerStep(msgspec.Struct, frozen=True):
    """One rate that was tried."""

    rate: float
    """Arrivals a second, in the mean of a Poisson process."""
    n: int
    """Answers that were counted: the first so many in the order of arrival."""
    late: int
    late_percent: float
    verdict: Verdict
    latency: StageStats | None
    """From the intended arrival; of the counted answers."""
    foreign_cpu_percent: float | None
    note: str = ""
    """Why it is undecided, where more answers would not help; or empty."""


class ServerResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.server/1"`."""

    spec: ServerSpec
    machine: Machine
    effective: Effective | None
    alone: StageStats | None
    """One frame (one batch) at a time, nobody waiting: what no rate can beat."""
    rate: float | None
    """The highest that passed; None when none did."""
    fails_from: float | None
    """The lowest that failed for certain; None when none did."""
    verdict: Verdict
    sentence: str
    steps: tuple[ServerStep, ...]
    """In the order in which they were tried."""
    complete: bool
    """False while it runs, and when it was stopped or its time was over."""
    schema: str = "edgeperf.server/1"
