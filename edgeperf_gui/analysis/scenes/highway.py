"""Traffic of the highway: six lanes, each with vehicles of one speed at seeded distances, so that none drives through another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.shapes import LENGTHS_M
from edgeperf_gui.analysis.scenes.vehicles import Placed, Vehicle, vehicle
from edgeperf_gui.domain.scene import SceneSpec
from edgeperf_gui.domain.truth import VisibleInterval

LANE_M: Final = 3.6
MEDIAN_M: Final = 2.6
"""Half the width of the strip between the carriageways, from its middle to the first lane's edge."""
FAR_M: Final = 320.0
"""Where vehicles begin or cease to be drawn."""
_BEHIND_M: Final = 25.0
"""Behind the camera, where they enter."""
_LONGEST_M: Final = 13.0
_LEAST_GAP_M: Final = 5.0
_HEAD_START_S: Final = 7200.0
"""The road was busy before frame 0."""
_SPEEDS: Final = (1.15, 1.0, 0.85)
"""From the median outward."""
_FAST, _MIDDLE, _SLOW = (70, 22, 8, 0, 0), (62, 20, 14, 2, 2), (34, 14, 18, 26, 8)
_PLACES: Final = (-2, -1, 0, 0, 1, 2)
"""Of each lane from left to right: how many lanes lie between it and the median; the left half comes towards the camera."""
LANES: Final = len(_PLACES)
_JITTER: Final = 11
FOCAL: Final = 1.12
HORIZON: Final = 0.25
CAMERA_X_M: Final = 3.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane; `index` counts from the left."""

    index: int
    x: float
    away: bool
    """True: traffic drives away from the camera."""
    speed_m_s: float
    weights: tuple[float, ...]


class Highway:
    """The traffic of one highway."""

    def __init__(self, spec: SceneSpec) -> None:
        self.spec = spec
        self.camera = Camera.looking(
            (spec.width, spec.height), focal=FOCAL, horizon=HORIZON, x_m=CAMERA_X_M, height_m=spec.camera_m
        )
        self.lanes = tuple(_lanes(spec))
        self._spacing = 1000.0 / spec.density
        # the longest vehicle and a gap always fit between two
        self._play = max(0.0, 1 - (_LONGEST_M + _LEAST_GAP_M) / self._spacing)

    def at(self, moment_s: float) -> Iterator[Placed]:
        """Every vehicle on the drawn part of the road."""
        for lane in self.lanes:
            length = FAR_M + _BEHIND_M
            run = lane.speed_m_s * (moment_s + _HEAD_START_S)
            first, last = (run - length) / self._spacing, run / self._spacing
            for slot in range(math.floor(first) - 1, math.floor(last) + 1):
                along = run - self._place(lane, slot)
                if 0 <= along <= length:
                    yield self._placed(lane, slot, along, moment_s)

    def intervals(self, start_s: float, end_s: float) -> Iterator[VisibleInterval]:
        """Every vehicle that comes into view from `start_s` until before `end_s`."""
        for lane in self.lanes:
            low, high = ((moment + _HEAD_START_S) * lane.speed_m_s for moment in (start_s, end_s))
            begin = self._begin_along(lane, 0.0)
            # half a vehicle's length makes one that comes towards the camera a slot earlier
            slots = range(math.floor((low - begin) / self._spacing) - 1, math.floor((high - begin) / self._spacing) + 2)
            for slot in slots:
                one = self._interval(lane, slot)
                if start_s <= one.start_s < end_s:
                    yield one

    def _place(self, lane: Lane, slot: int) -> float:
        """Metres of way, at the scene's beginning of time, by which this vehicle is behind the lane's start."""
        return (slot + self._play * chance.share(self.spec.seed, lane.index, slot, _JITTER)) * self._spacing

    def _who(self, lane: Lane, slot: int) -> Vehicle:
        return vehicle(slot * len(self.lanes) + lane.index, self.spec.seed, lane.weights)

    def _placed(self, lane: Lane, slot: int, along: float, moment_s: float) -> Placed:
        z = along - _BEHIND_M if lane.away else FAR_M - along
        interval = self._interval(lane, slot)
        in_view = moment_s - interval.start_s if interval.start_s <= moment_s < interval.end_s else None
        ahead = 1.0 if lane.away else -1.0
        return Placed(self._who(lane, slot), lane.x, z, 0.0, ahead, in_view, interval.end_s - interval.start_s)

    def _begin_along(self, lane: Lane, half_length: float) -> float:
        """Way from the lane's start to where a vehicle's middle is when it comes into view."""
        near = self.camera.nearest_z(lane.x, 0.0)
        # the plate that the camera sees is at the near end of the vehicle
        middle = (near if lane.away else near + self.spec.view_m) + half_length
        return middle + _BEHIND_M if lane.away else FAR_M - middle

    def _interval(self, lane: Lane, slot: int) -> VisibleInterval:
        who = self._who(lane, slot)
        start = (self._begin_along(lane, LENGTHS_M[who.kind] / 2) + self._place(lane, slot)) / lane.speed_m_s - _HEAD_START_S
        return VisibleInterval(who.id, who.kind, who.plate, start, start + self.spec.view_m / lane.speed_m_s)


def _lanes(spec: SceneSpec) -> Iterator[Lane]:
    weights = (_FAST, _MIDDLE, _SLOW)
    for index, place in enumerate(_PLACES):
        away = index >= LANES // 2
        outward = abs(place)
        x = MEDIAN_M + (outward + 0.5) * LANE_M
        speed = spec.speed_km_h / 3.6 * _SPEEDS[outward]
        yield Lane(index, x if away else -x, away, speed, tuple(map(float, weights[outward])))
