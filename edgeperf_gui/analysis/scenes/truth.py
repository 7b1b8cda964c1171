"""The truth of a drawn scene: a pure function of its spec and the frame's number, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.highway import Highway
from edgeperf_gui.analysis.scenes.parking_lot import ParkingLot
from edgeperf_gui.analysis.scenes.shapes import Shape, shape
from edgeperf_gui.analysis.scenes.vehicles import KINDS, Placed
from edgeperf_gui.domain.scene import SceneSpec, World
from edgeperf_gui.domain.truth import TrueObject, VisibleInterval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_HEIGHT: Final = 1 / 120
"""Smaller boxes, as a share of the picture's height, are neither drawn nor listed."""
_BESIDE_M: Final = -1.0
"""Vehicles whose middle is farther behind the camera are not in its picture."""
_GRID: Final = 24
"""Points along each side of a box at which its cover is looked up."""
_DIGITS: Final = 2


class Traffic(Protocol):
    """Who is where, at any moment."""

    spec: SceneSpec
    camera: Camera

    def at(self, moment_s: float) -> Iterator[Placed]:
        """Every vehicle that might be in the picture, in no order."""

    def intervals(self, start_s: float, end_s: float) -> Iterator[VisibleInterval]:
        """Every vehicle that comes into view from `start_s` until before `end_s`, in no order."""


_TRAFFIC: Final[dict[World, type[Highway] | type[ParkingLot]]] = {"highway": Highway, "parking-lot": ParkingLot}


def traffic_of(spec: SceneSpec) -> Traffic:
    """The traffic of a scene."""
    return _TRAFFIC[spec.world](spec)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A vehicle as the camera sees it."""

    placed: Placed
    shape: Shape
    pixels: Floats
    """`[n, 2]`: every point of its shape in the picture."""
    faces: Flags
    """`[panels]`: which panels face the camera."""
    depths: Floats
    """`[panels]`: how far the panels' middles are, in metres."""
    bounds: Floats
    """x1, y1, x2, y2 of everything that faces the camera, in pixels; may reach beyond the picture."""


def seen_vehicles(traffic: Traffic, moment_s: float) -> list[Seen]:
    """Every vehicle of which something is in the picture, farthest first."""
    camera = traffic.camera
    before = [placed for placed in traffic.at(moment_s) if placed.z > _BESIDE_M]
    found = [seen for seen in see(camera, before) if _is_in(seen.bounds.tolist(), camera)]
    return sorted(found, key=lambda seen: (-seen.placed.z, seen.placed.x))


def see(camera: Camera, vehicles: Sequence[Placed]) -> Iterator[Seen]:
    """Vehicles through the camera, those of a kind in one go."""
    eye = np.array([camera.x_m, camera.height_m, 0.0])
    for kind in KINDS:
        alike = [placed for placed in vehicles if placed.vehicle.kind == kind]
        if not alike:
            continue
        model = shape(kind)
        place = np.array([[one.x, 0.0, one.z] for one in alike])[:, None]
        turned = np.array([[[one.ahead_z, 0.0, -one.ahead_x], [0.0, 1.0, 0.0], [one.ahead_x, 0.0, one.ahead_z]] for one in alike])
        pixels = camera.project(model.points @ turned + place)[0]
        towards = model.centres @ turned + place - eye
        faces = ((model.normals @ turned) * towards).sum(axis=2) < 0
        depths = (towards**2).sum(axis=2)
        # points of panels that look away do not count for the bounds
        mine = (faces @ model.members)[:, :, None]
        low = np.where(mine, pixels, np.inf).min(axis=1)
        high = np.where(mine, pixels, -np.inf).max(axis=1)
        for row, one in enumerate(alike):
            yield Seen(one, model, pixels[row], faces[row], depths[row], np.concatenate([low[row], high[row]]))


def _is_in(bounds: list[float], camera: Camera) -> bool:
    x1, y1, x2, y2 = bounds
    reaches_in = min(x2, camera.width) - max(x1, 0.0) >= 1.0 and min(y2, camera.height) - max(y1, 0.0) >= 1.0
    return reaches_in and y2 - y1 >= camera.height * LEAST_HEIGHT


def truth(traffic: Traffic, frame: int) -> tuple[TrueObject, ...]:
    """Every vehicle in frame `frame` (from 0), nearest first."""
    seen = seen_vehicles(traffic, frame / traffic.spec.fps)[::-1]
    if not seen:
        return ()
    size = np.array([traffic.camera.width, traffic.camera.height] * 2, np.float64)
    bounds = np.array([one.bounds for one in seen])
    corners = np.clip(bounds, 0.0, size)
    shares = [_uncovered(box, corners[:at], size) for at, box in enumerate(bounds)]
    return tuple(map(_object, seen, corners.tolist(), shares))


def _object(one: Seen, corners: list[float], visibility: float) -> TrueObject:
    x1, y1, x2, y2 = (round(value, _DIGITS) for value in corners)
    who, placed = one.placed.vehicle, one.placed
    return TrueObject(who.id, who.kind, who.plate, x1, y1, x2, y2, round(visibility, _DIGITS), placed.in_view_s, placed.stay_s)


def visible_intervals(spec: SceneSpec, start_s: float, end_s: float) -> tuple[VisibleInterval, ...]:
    """When each vehicle is in view, for those that come into view from `start_s` until before `end_s`, first come first."""
    return tuple(sorted(traffic_of(spec).intervals(start_s, end_s), key=lambda one: (one.start_s, one.id)))


def _uncovered(box: Floats, nearer: Floats, size: Floats) -> float:
    """Share of a box that is in the picture and not under the nearer boxes, on a grid of points."""
    reaching = (nearer[:, 0] < box[2]) & (nearer[:, 2] > box[0]) & (nearer[:, 1] < box[3]) & (nearer[:, 3] > box[1])
    if not reaching.any() and (box[:2] >= 0).all() and (box[2:] <= size[2:]).all():
        return 1.0
    steps = (np.arange(_GRID) + 0.5) / _GRID
    x, y = box[0] + steps * (box[2] - box[0]), box[1] + steps * (box[3] - box[1])
    free = ((y >= 0) & (y < size[1]))[:, None] & ((x >= 0) & (x < size[0]))[None]
    for x1, y1, x2, y2 in nearer[reaching]:
        free &= ~(((y >= y1) & (y < y2))[:, None] & ((x >= x1) & (x < x2))[None])
    return float(free.mean())
