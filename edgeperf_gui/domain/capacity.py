"""Capacity: how many cameras one machine serves with one model, predicted and verified."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.session import Hint
from edgeperf_gui.domain.verdict import Verdict

MOST_CAMERAS = 256
MOST_KINDS = 8
MOST_TILES: Final = 16
"""Cameras whose pictures are shown."""
LEAST = 0.001
"""Of rates, percentages and deadlines: below it no run comes to an end."""
HIGHEST_RATE = 1000.0
HIGHEST_PERCENT = 99.9
LONGEST_MS = 3_600_000.0
LONGEST_S = 3600.0

Percent = Annotated[float, msgspec.Meta(ge=LEAST, le=HIGHEST_PERCENT)]
CameraRate = Annotated[float, msgspec.Meta(ge=LEAST, le=HIGHEST_RATE)]
Milliseconds = Annotated[float, msgspec.Meta(ge=LEAST, le=LONGEST_MS)]
Cameras = Annotated[int, msgspec.Meta(ge=1, le=MOST_CAMERAS)]


class CameraKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cameras alike: the same recording at the same rate, each at its own phase."""

    source: str
    rate: CameraRate | None = None
    """Frames per second of each camera; None takes the source's own. Above the source's own is refused."""
    count: Cameras = 1
    """How many of the mix are of this kind: 3 beside a 1 are three of every four cameras."""


class CapacitySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="capacity"):
    """One model for N virtual cameras of one kind, or of a mix of kinds."""

    session_id: str
    model: str
    kinds: Annotated[tuple[CameraKind, ...], msgspec.Meta(min_length=1, max_length=MOST_KINDS)]
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "throughput"
    deadline_ms: Milliseconds | None = None
    """Longest age of a frame when its objects are known; None allows each camera two periods of its own rate."""
    max_miss_percent: Percent = 1.0
    """Share of due frames that may be dropped or late."""
    most: Cameras = 64
    seconds: Annotated[float, msgspec.Meta(ge=1.0, le=LONGEST_S)] = 30.0
    """Longest run of one step; a step ends as soon as it is decided."""
    companion_pids: tuple[int, ...] = ()
    """Other processes of ours whose CPU time is own, not foreign (the window)."""


class KindFound(msgspec.Struct, frozen=True):
    """A kind of camera as it was found to be."""

    title: str
    """Of its source."""
    width: int
    height: int
    rate: float
    deadline_ms: float
    count: int
    """Its share of the mix."""
    cpu_ms_per_frame: float | None = None
    """CPU time of the engine's process per frame of one such camera read flat out, so that the machine is full."""


class KindServed(msgspec.Struct, frozen=True):
    """How the cameras of one kind fared in a step."""

    cameras: int
    fps_each: float
    """Of the slowest."""
    miss_percent: float
    age_p99_ms: float | None


class CapacityStep(msgspec.Struct, frozen=True):
    """One real run with so many cameras."""

    cameras: int
    fps_each: float
    """Of the camera that fell behind its rate most."""
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
    """Why it is undecided, where more frames would not help; on what a FAIL rests that others disturbed; which cameras keep the
    others from a PASS; or empty."""
    is_disturbed: bool = False
    """Undecided because other programs may have caused its misses."""
    kinds: tuple[KindServed, ...] = ()
    """Each kind by itself, in the order of the mix; empty where there is only one."""
    seconds: float = 0.0
    """How long it was counted."""
    age_median_ms: float | None = None


class CapacityResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.capacity/1"`."""

    spec: CapacitySpec
    machine: Machine
    effective: Effective | None
    kinds: tuple[KindFound, ...]
    predicted: float | None
    """Cores that can be kept busy ÷ Σ over the mix (share × CPU seconds per frame × rate)."""
    cores_used: float | None
    """Cores that can be kept busy: those that one camera of each kind, read flat out, kept busy, and of these what cameras that
    come when they are due can reach."""
    verified: int | None
    """The most cameras that passed a real run; None when none did."""
    verdict: Verdict
    """Of one camera at least: FAIL when not even one is served."""
    sentence: str
    steps: tuple[CapacityStep, ...]
    """In the order in which they were run; a number that was disturbed may stand here twice."""
    complete: bool
    schema: str = "edgeperf.capacity/1"

    @property
    def error(self) -> float | None:
        """Predicted ÷ verified; None where more were not tried, because no more were allowed."""
        return self.predicted / self.verified if self.predicted and self.verified and not self.is_at_most else None

    @property
    def is_at_most(self) -> bool:
        """As many passed as were allowed to be tried; more may fit."""
        return self.verified == self.spec.most

    @property
    def noted(self) -> tuple[CapacityStep, ...]:
        """The steps whose note still holds: what was disturbed and then decided in another run needs none."""
        decided = {step.cameras for step in self.steps if step.verdict != "UNDECIDED"}
        return tuple(step for step in self.steps if step.note and not (step.is_disturbed and step.cameras in decided))

    @property
    def cost_of_many(self) -> tuple[int, float] | None:
        """(cameras, CPU time per frame ÷ one camera's) of the largest step that passed.

        None before there are two steps to compare, and in a mix, whose frames cost differently.
        """
        passed = [step for step in self.steps if step.verdict == "PASS" and step.cameras > 1]
        one = next((step for step in self.steps if step.cameras == 1), None)
        many = max(passed, key=lambda step: step.cameras, default=None)
        if one is None or many is None or len(self.kinds) > 1 or not one.cpu_ms_per_frame or not many.cpu_ms_per_frame:
            return None
        return many.cameras, many.cpu_ms_per_frame / one.cpu_ms_per_frame


class CameraTile(msgspec.Struct, frozen=True):
    """One camera's small picture in the page's, and how it fares."""

    number: int
    """From 1."""
    place: tuple[int, int, int, int]
    """Left, top, width and height of its picture, in pixels of the whole; black while there is none."""
    rate: float
    fps: float | None
    """Completed frames a second since counting began; None before."""
    age_ms: float | None
    """Of its newest frame when its objects were known."""
    missed: int
    due: int


class CamerasSeen(msgspec.Struct, frozen=True, tag="cameras_seen"):
    """The first cameras of a step; their pictures come by the frame slots under the same number, all in one."""

    session_id: str
    frame: int
    cameras: int
    tiles: tuple[CameraTile, ...]


def dealt(counts: tuple[int, ...], cameras: int) -> list[int]:
    """Which kind each of so many cameras is, so that every beginning of the row is as close to the mix as it can be.

    Smooth weighted turns: each kind gains its count, the richest is dealt and pays the sum; the first of equals comes first.
    """
    wealth, row = [0] * len(counts), []
    for _ in range(cameras):
        wealth = [have + gain for have, gain in zip(wealth, counts, strict=True)]
        richest = max(range(len(counts)), key=wealth.__getitem__)
        wealth[richest] -= sum(counts)
        row.append(richest)
    return row
