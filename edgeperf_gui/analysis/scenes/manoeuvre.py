"""One car's visit to the parking lot: in from the left, a quarter turn into its bay, later backwards out and on to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_RADIUS_M: Final = 4.4
_ARC_M: Final = _RADIUS_M * math.pi / 2
_PICK_UP_M_S2: Final = 1.6
_BACKING_S: Final = 4.5
_OUTSIDE_M: Final = 4.0
"""A car begins and ends so far outside the picture."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a car stands and which way it looks."""

    x: float
    z: float
    ahead_x: float
    ahead_z: float
    is_parked: bool = False
    is_braking: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A car's whole way. Lengths in metres, moments in seconds of the scene."""

    bay_x: float
    bay_z: float
    towards_z: float
    """−1: the bay lies on the camera's side of the aisle; +1: beyond it."""
    aisle_z: float
    edge_x: float
    """In view from −edge_x to edge_x."""
    speed_m_s: float
    arrival_s: float
    """When it would be at x = 0 if it drove on: cars in one aisle keep their distance by it."""
    departure_s: float
    """The same for its way out."""

    def at(self, moment_s: float) -> Pose | None:
        """Where it is; None before it comes and after it went."""
        if moment_s < self._begin_s or moment_s > self._gone_s:
            return None
        if moment_s < self._turning_s:
            return Pose(-self._start_m + self.speed_m_s * (moment_s - self._begin_s), self.aisle_z, 1.0, 0.0)
        if moment_s < self._parked_s:
            # braking evenly to a stand
            left = (self._parked_s - moment_s) / (self._parked_s - self._turning_s)
            return self._on_turn(self._turn_m * (1 - left * left), is_braking=True)
        if moment_s < self._backing_s:
            return Pose(self.bay_x, self.bay_z, 0.0, self.towards_z, is_parked=True)
        if moment_s < self._ahead_s:
            part = (moment_s - self._backing_s) / _BACKING_S
            return self._on_turn(self._turn_m * (1 - part * part * (3 - 2 * part)), is_braking=False)
        since = moment_s - self._ahead_s
        way = _PICK_UP_M_S2 * since**2 / 2 if since < 2 * self._lag_s else self.speed_m_s * (since - self._lag_s)
        return Pose(self._mouth_x + way, self.aisle_z, 1.0, 0.0)

    def interval(self) -> tuple[float, float]:
        """In view from, until, with its middle inside the picture's sides."""
        return self._begin_s + _OUTSIDE_M / self.speed_m_s, self._ahead_s + self._takes_s(self.edge_x - self._mouth_x)

    @property
    def _start_m(self) -> float:
        return self.edge_x + _OUTSIDE_M

    @property
    def _mouth_x(self) -> float:
        """Where the turn into the bay begins."""
        return self.bay_x - _RADIUS_M

    @property
    def _turn_m(self) -> float:
        return _ARC_M + max(0.0, abs(self.bay_z - self.aisle_z) - _RADIUS_M)

    @property
    def _lag_s(self) -> float:
        """What picking up speed costs against driving on at full speed."""
        return self.speed_m_s / _PICK_UP_M_S2 / 2

    @property
    def _begin_s(self) -> float:
        return self.arrival_s - self._start_m / self.speed_m_s

    @property
    def _turning_s(self) -> float:
        return self.arrival_s + self._mouth_x / self.speed_m_s

    @property
    def _parked_s(self) -> float:
        return self._turning_s + 2 * self._turn_m / self.speed_m_s

    @property
    def _ahead_s(self) -> float:
        """When it has backed out and drives on."""
        return max(self.departure_s + self._mouth_x / self.speed_m_s - self._lag_s, self._parked_s + _BACKING_S)

    @property
    def _backing_s(self) -> float:
        return self._ahead_s - _BACKING_S

    @property
    def _gone_s(self) -> float:
        return self._ahead_s + self._takes_s(self.edge_x + _OUTSIDE_M - self._mouth_x)

    def _takes_s(self, way: float) -> float:
        """From a stand."""
        if way < self.speed_m_s * self._lag_s:
            return math.sqrt(2 * way / _PICK_UP_M_S2)
        return way / self.speed_m_s + self._lag_s

    def _on_turn(self, way: float, *, is_braking: bool) -> Pose:
        """On the quarter circle and the straight after it, `way` metres from its beginning."""
        if way >= _ARC_M:
            ahead = _RADIUS_M + way - _ARC_M
            return Pose(self.bay_x, self.aisle_z + self.towards_z * ahead, 0.0, self.towards_z, is_braking=is_braking)
        angle = way / _RADIUS_M
        sine, cosine = math.sin(angle), math.cos(angle)
        x = self._mouth_x + _RADIUS_M * sine
        z = self.aisle_z + self.towards_z * _RADIUS_M * (1 - cosine)
        return Pose(x, z, cosine, self.towards_z * sine, is_braking=is_braking)
