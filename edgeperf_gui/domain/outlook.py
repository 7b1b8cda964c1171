"""What a run comes to on the road: more than its verdict, for a person who has to decide."""

from __future__ import annotations

from typing import Literal

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.energy import Consequences, EnergyKind
from edgeperf_gui.domain.scenario import ScenarioResult
from edgeperf_gui.domain.verdict import Verdict

Bound = Literal["", "at least", "at most"]
"""How a device's draw stands to a power; empty: it is that power, or nobody knows."""


class Ceiling(msgspec.Struct, frozen=True):
    """One stage: what it takes of a frame's work, and the rate if it cost nothing (Amdahl)."""

    stage: str
    share: float
    """0…1."""
    fps: float | None
    """None: it is the whole work, and nothing would limit the rate."""


class Forecast(msgspec.Struct, frozen=True):
    """Another variant: its inference is so many times faster, measured in a comparison; the verdict is predicted from it."""

    precision: Precision
    ratio: float
    verdict: Verdict
    undecided: tuple[str, ...] = ()
    """Names of what is asked that the runs do not decide."""


class Outlook(msgspec.Struct, frozen=True):
    """One scenario and the runs held against it. None: not known, or it has no meaning here."""

    result: ScenarioResult
    headroom: float | None
    """The least of the requirements' that a faster model would change."""
    way_per_frame_m: float | None
    """That an object goes between two frames of one camera that are processed."""
    way_during_age_m: float | None
    """That it goes from when a frame was due until its objects are known, at the scenario's percentile."""
    looks: dict[int, float]
    """Number of looks → share of the objects; empty when not known."""
    ceilings: tuple[Ceiling, ...]
    is_capacity: bool
    """The ceilings' rates come from a run flat out; else from the stages' times, one frame after another."""
    every_nth: int | None
    """Only each so many-th frame of a camera would have to be processed."""
    largest_batch: int | None
    """So many frames answered together would still keep the deadline, although the first waits for the last."""
    forecasts: tuple[Forecast, ...]
    consequences: Consequences | None
    """Of a meter's power at the rate that is needed; None: no meter was read."""
    energy_kind: EnergyKind | None
    energy_evidence: str = ""
    """What that power rests on."""
    energy_bound: Bound = ""
    """The device draws so much, at least or at most."""
    currency: str = ""
    """Of the consequences' cost."""
