"""Traffic of the parking lot: cars drive in from the left, park, and leave to the right.

In each aisle time is cut into slots: the first part of a slot belongs to a car that comes, the last to one that goes, so that
nobody meets anybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.manoeuvre import Visit
from edgeperf_gui.analysis.scenes.vehicles import Placed, Vehicle, vehicle
from edgeperf_gui.domain.scene import AISLES, ROTATING_BAYS, SceneSpec, slot_s
from edgeperf_gui.domain.truth import VisibleInterval

BAY_WIDTH_M: Final = 2.7
BAY_DEPTH_M: Final = 5.2
AISLE_M: Final = 6.4
FOCAL: Final = 0.66
HORIZON: Final = 0.03
_ROWS_M: Final = (BAY_DEPTH_M / 2, BAY_DEPTH_M * 1.5 + AISLE_M, BAY_DEPTH_M * 2.5 + AISLE_M, BAY_DEPTH_M * 3.5 + 2 * AISLE_M)
"""Middle of each row of bays, from the lot's near edge."""
_AISLES_M: Final = (BAY_DEPTH_M + AISLE_M / 2, 3 * BAY_DEPTH_M + 1.5 * AISLE_M)
LOT_M: Final = 4 * BAY_DEPTH_M + 2 * AISLE_M
_CENTRE_M: Final = 0.6
"""Height of the point that must be in the picture for a car to be in view."""
_WEIGHTS: Final = (62.0, 24.0, 14.0, 0.0, 0.0)
_MOST_IN_ROW: Final = 16
_LEAST_BAYS: Final = ROTATING_BAYS + 3
_TAKEN: Final = 0.85
"""Share of the bays outside the rotation in which a car stands for ever."""
_FIRST_SLOT: Final = 1000
"""Slots that had passed at frame 0."""
_BUSY_S: Final = 10.5
"""Of a slot: one car turns in, another backs out. What is left is chance."""
_GOES_S: Final = 7.8
"""After the latest arrival of a slot; the car that backed out drives ahead of the next slot's by the rest of `_BUSY_S`."""
_BLOCK: Final = 4
_JITTER, _BAYS, _DEPARTURE, _RESIDENT = range(21, 25)


@dataclass(frozen=True, slots=True)
class Bay:
    """One marked place."""

    x: float
    z: float
    towards_z: float
    """−1: entered by driving towards the camera; +1: away from it."""


class ParkingLot:
    """The traffic of one parking lot."""

    def __init__(self, spec: SceneSpec) -> None:
        self.spec = spec
        self.camera = Camera.looking((spec.width, spec.height), focal=FOCAL, horizon=HORIZON, x_m=0.0, height_m=spec.camera_m)
        self.near_z = self._near_edge()
        self.aisles_z = tuple(self.near_z + z for z in _AISLES_M)
        self.rows = tuple(self._row(index) for index in range(len(_ROWS_M)))
        self._speed = spec.speed_km_h / 3.6
        self._slot = slot_s(spec)
        self._play = max(0.0, self._slot - _BUSY_S)
        self._reach = tuple(self.camera.reach_x(_CENTRE_M, z) for z in self.aisles_z)
        self._bays = tuple(self._of_aisle(aisle) for aisle in range(AISLES))
        self._dwell_slots = max(1, round(spec.dwell_s / self._slot))
        self._residents = tuple(self._stay_for_ever())
        self._visit = lru_cache(maxsize=512)(self._make_visit)

    def at(self, moment_s: float) -> Iterator[Placed]:
        """Every vehicle in the lot."""
        for placed in self._residents:
            yield replace(placed, in_view_s=moment_s)
        for aisle in range(AISLES):
            now, way = self._number(moment_s), self._way_slots(aisle)
            # the longest stay with its turn in the block, and the ways in and out
            for number in range(now - self._dwell_slots - _BLOCK - way, now + way):
                who, visit = self._visit(aisle, number)
                pose = visit.at(moment_s)
                if pose is not None:
                    interval = visit.interval()
                    in_view = moment_s - interval[0] if interval[0] <= moment_s < interval[1] else None
                    yield Placed(who, pose.x, pose.z, pose.ahead_x, pose.ahead_z, in_view, interval[1] - interval[0],
                                 pose.is_parked, pose.is_braking)  # fmt: skip

    def intervals(self, start_s: float, end_s: float) -> Iterator[VisibleInterval]:
        """Every vehicle that comes into view from `start_s` until before `end_s`; those that stand for ever never come."""
        for aisle in range(AISLES):
            for number in range(self._number(start_s), self._number(end_s) + self._way_slots(aisle)):
                who, visit = self._visit(aisle, number)
                start, end = visit.interval()
                if start_s <= start < end_s:
                    yield VisibleInterval(who.id, who.kind, who.plate, start, end)

    def _number(self, moment_s: float) -> int:
        return math.floor(moment_s / self._slot) + _FIRST_SLOT

    def _way_slots(self, aisle: int) -> int:
        """Slots that the whole way through an aisle takes, with a turn: no car begins longer before its slot or ends later."""
        return math.ceil((2 * self._reach[aisle] / self._speed + 30.0) / self._slot) + 1

    def _make_visit(self, aisle: int, number: int) -> tuple[Vehicle, Visit]:
        seed = self.spec.seed
        who = vehicle(number * AISLES + aisle, seed, _WEIGHTS)
        bays = self._bays[aisle][:ROTATING_BAYS]
        turn = chance.order(ROTATING_BAYS, seed, aisle, _BAYS)[number % ROTATING_BAYS]
        arrival = (number - _FIRST_SLOT) * self._slot + self._play * chance.share(seed, aisle, number, _JITTER)
        leaving = self._departure_slot(aisle, number)
        departure = (leaving - _FIRST_SLOT) * self._slot + self._play + _GOES_S
        edge = self._reach[aisle]
        bay = bays[turn]
        return who, Visit(bay.x, bay.z, bay.towards_z, self.aisles_z[aisle], edge, self._speed, arrival, departure)

    def _departure_slot(self, aisle: int, number: int) -> int:
        """Each slot is somebody's, in blocks whose order is shuffled, so that not all stay equally long."""
        stay = self._dwell_slots
        if not _BLOCK <= stay <= ROTATING_BAYS - _BLOCK:
            return number + stay
        block, place = divmod(number, _BLOCK)
        return block * _BLOCK + stay + chance.order(_BLOCK, self.spec.seed, aisle, block, _DEPARTURE)[place]

    def _near_edge(self) -> float:
        """Where the lot begins: at the picture's lower edge, or so far that the nearer aisle has bays enough in view."""
        near_z = self.camera.nearest_z(0.0, 0.0) + 0.7
        while sum(self._fitting(near_z + z) for z in _ROWS_M[:2]) < _LEAST_BAYS:
            near_z += 0.5
        return near_z

    def _fitting(self, z: float) -> int:
        """Bays side by side that are in view in a row whose middle is there."""
        edge = z - BAY_DEPTH_M / 2
        return max(1, min(math.floor((2 * self.camera.reach_x(0.0, edge) - 0.6) / BAY_WIDTH_M), _MOST_IN_ROW))

    def _row(self, index: int) -> tuple[Bay, ...]:
        z = self.near_z + _ROWS_M[index]
        count = self._fitting(z)
        towards = -1.0 if index % 2 == 0 else 1.0
        return tuple(Bay((column - (count - 1) / 2) * BAY_WIDTH_M, z, towards) for column in range(count))

    def _of_aisle(self, aisle: int) -> tuple[Bay, ...]:
        """Its bays in an order of their own: the first rotate, in the rest cars stay."""
        both = (*self.rows[2 * aisle], *self.rows[2 * aisle + 1])
        return tuple(both[index] for index in chance.order(len(both), self.spec.seed, aisle, _RESIDENT))

    def _stay_for_ever(self) -> Iterator[Placed]:
        for aisle in range(AISLES):
            for place, bay in enumerate(self._bays[aisle][ROTATING_BAYS:]):
                number = place * AISLES + aisle  # arrivals have numbers from 2000 on
                if chance.share(self.spec.seed, aisle, place, _RESIDENT) < _TAKEN:
                    who = vehicle(number, self.spec.seed, _WEIGHTS)
                    yield Placed(who, bay.x, bay.z, 0.0, bay.towards_z, 0.0, None, is_parked=True)
