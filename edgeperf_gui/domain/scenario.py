"""A scenario: what an application needs; and what a run's numbers mean for it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from edgeperf_gui.domain.energy import EnergyKind
from edgeperf_gui.domain.session import Rate
from edgeperf_gui.domain.verdict import Verdict

USUAL_CURRENCY: Final = "€"
Percentile = Literal["p50", "p90", "p95", "p99"]
Above = Annotated[float, msgspec.Meta(gt=0.0, le=1e9)]
Share = Annotated[float, msgspec.Meta(gt=0.0, lt=1.0)]


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One TOML file. A key that is not given asks for nothing."""

    title: str
    why: str
    """Two sentences: why its numbers are what they are."""
    cameras: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    camera_fps: Rate = 25.0
    """What each camera delivers."""
    rate_fps: Rate | None = None
    """Frames per second of each camera that have to be processed; None: what the looks need."""
    speed_km_h: Above | None = None
    """Of an object, with `visible_m` the time it is in view."""
    visible_m: Above | None = None
    """Length of way on which an object can be seen."""
    dwell_s: Above | None = None
    """How long an object stands in view, where it does not pass."""
    looks: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    """How often an object has to be seen."""
    seen_share: Share = 0.99
    """Share of the objects that have to be seen so often."""
    deadline_ms: Above | None = None
    """Longest age of a frame, at `percentile`."""
    percentile: Percentile = "p99"
    metres_per_frame: Above | None = None
    """Longest way an object may go between two processed frames."""
    objects_per_minute: Above | None = None
    hours_per_day: Annotated[float, msgspec.Meta(gt=0.0, le=24.0)] = 24.0
    power_w: Above | None = None
    """What the device may draw."""
    battery_wh: Above | None = None
    battery_hours: Above | None = None
    """How long the battery has to last."""
    price: Above | None = None
    """What the device may cost, in `currency`."""
    cost_a_year: Above | None = None
    """What its electricity may cost, drawn `hours_per_day` every day; in `currency`."""
    price_per_kwh: Above | None = None
    """Of that electricity, in `currency`."""
    currency: Annotated[str, msgspec.Meta(min_length=1, max_length=8)] | None = None
    """Of what costs money; None: €, as in a device sheet."""
    volume_l: Above | None = None
    """How large the device may be, with what it needs around it; litres."""
    min_accuracy: Share | None = None
    """AP or top-1."""
    min_agreement: Share | None = None
    """AP of the variant's answers against FP32's."""


class Requirement(msgspec.Struct, frozen=True):
    """One thing that is asked, and how it stands."""

    name: str
    required: str
    measured: str | None
    """None: not known."""
    n: int | None
    """How many frames it is about."""
    verdict: Verdict
    evidence: str
    headroom: float | None = None
    """How many times better than needed; below 1 it is not met. None: not known, or known only to be at least what was needed."""
    limit: float | None = None
    """What is required as a number, of all cameras together; None: not known as one."""
    value: float | None = None
    """What was measured as a number."""
    unit: str = ""
    """Of `limit` and `value`; empty for a share 0…1."""


class Optimise(msgspec.Struct, frozen=True):
    """Whether anything should be optimised, and what."""

    answer: Literal["no", "model", "another stage", "undecided"]
    stage: str | None
    """The one that takes most of a frame's work."""
    share: float | None
    """Its part of the work, 0…1."""
    ceiling: float | None
    """How many times faster a frame would be if that stage cost nothing (Amdahl)."""
    evidence: str


class Looks(msgspec.Struct, frozen=True):
    """How likely an object is seen often enough."""

    k: int
    in_view_s: float
    probability: float | None
    """Of frames taken in turn, newest first: they are thinned evenly."""
    low: float | None
    """As if frames were taken by chance, the worst case; of a paced run at the lower end of the share's 95 % interval."""
    high: float | None
    """At the upper end of that interval; None for a run flat out."""


class Energy(msgspec.Struct, frozen=True):
    """Of one frame. Theoretical: operations × energy per operation, a lower bound of the datapath and no device's consumption."""

    kind: EnergyKind
    joules_per_frame: float
    """At the rate that is needed, where idle power is known or the run had that rate; else as in the run."""
    low: float
    high: float | None
    battery_hours: float | None
    """At the rate that is needed. None without a battery, and for the theoretical kind: a battery feeds the whole device."""


class ScenarioResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.scenario/1"`."""

    name: str
    scenario: Scenario
    requirements: tuple[Requirement, ...]
    verdict: Verdict
    optimise: Optimise
    looks: Looks | None
    """None where an object's time in view is not given."""
    energy: Energy | None
    schema: str = "edgeperf.scenario/1"
