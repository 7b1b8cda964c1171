"""What is really there: the objects of a drawn scene, and a run held against them."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from edgeperf_gui.domain.proportion import Proportion

VehicleKind = Literal["car", "suv", "van", "truck", "bus"]

COCO_NAMES: dict[VehicleKind, str] = {"car": "car", "suv": "car", "van": "car", "truck": "truck", "bus": "bus"}
"""What a detector that learned COCO's classes calls each kind."""
ORACLE: Final = "oracle: "
"""Stands before the name of a class that no model found."""


class TrueObject(msgspec.Struct, frozen=True):
    """One vehicle in one frame. Corners in pixels, cut off at the picture's borders; its shadow is not in the box."""

    id: int
    kind: VehicleKind
    plate: str
    x1: float
    y1: float
    x2: float
    y2: float
    visibility: float
    """Share of its whole box that is in the picture and not behind nearer vehicles' boxes, 0…1."""
    in_view_s: float | None
    """Since it came into view; None: it is not in view, too far away or cut off, and does not count."""
    stay_s: float | None
    """How long it is in view in all; None for one that never leaves."""

    @property
    def counts(self) -> bool:
        """Whether it is in view."""
        return self.in_view_s is not None


class VisibleInterval(msgspec.Struct, frozen=True):
    """When a vehicle is in view, in seconds of the scene: from `start_s` on, until just before `end_s`."""

    id: int
    kind: VehicleKind
    plate: str
    start_s: float
    end_s: float


class TrueLooks(msgspec.Struct, frozen=True):
    """The true share of vehicles that were looked at often enough, with Wilson's 95 % interval; share None when none counts."""

    k: int
    seen: int
    """Vehicles with at least k of them while they were in view."""
    vehicles: int
    """Those that came into view early enough in the run to be in view to their end."""
    share: float | None
    low: float | None
    high: float | None
    mean: float | None
    """How many a vehicle got, on average."""


class Found(msgspec.Struct, frozen=True):
    """Precision and recall of the vehicles found in one stretch of a run, at IoU ≥ 0.5; any kind of vehicle counts as one."""

    start_s: float
    """From the first frame that counts, in seconds of the scene."""
    end_s: float
    frames: int
    precision: Proportion
    recall: Proportion


class SceneTruth(msgspec.Struct, frozen=True):
    """A run held against its scene's truth."""

    frames: int
    """Processed frames that count: after the warm-up, of the last 65 536."""
    seconds: float
    """Of the scene, from the first of them to the last."""
    found: TrueLooks | None = None
    """How often a vehicle in view was found; None where it was not asked for, or the model finds no vehicles."""
    whole: Found | None = None
    """Of all frames looked at."""
    over_time: tuple[Found, ...] = ()
    oracle_miss_percent: float | None = None
    """Not the model's but an oracle's findings: truth, of which so many percent were left out. None: the model's own."""
