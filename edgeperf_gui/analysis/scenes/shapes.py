"""Vehicles as a few flat panels each, in metres: x to its right, y up, z ahead, from the middle of its ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.truth import VehicleKind

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Material = Literal[
    "body", "glass", "dark", "tyre", "rim", "cargo", "trim", "head lamp", "tail lamp", "plate", "cargo stripe", "pillar"
]
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """One flat polygon, its corners in turn (seen from outside clockwise or not: `Shape` finds out), and what lies on it."""

    material: Material
    corners: tuple[Point, ...]
    details: tuple[Panel, ...] = ()
    """Drawn after it, where it is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """All panels of one kind of vehicle, ready for arithmetic."""

    panels: tuple[Panel, ...]
    points: Floats
    """`[n, 3]`: every corner of every panel and detail, in the order of drawing."""
    spans: tuple[tuple[int, int, Material, int], ...]
    """Of each polygon: first and last row of `points`, material, and the panel that it is or lies on."""
    centres: Floats
    """`[panels, 3]`"""
    normals: Floats
    """`[panels, 3]`, outward, of length 1."""
    members: Flags
    """`[panels, n]`: whether a point is a corner of the panel or of what lies on it."""

    @classmethod
    def of(cls, panels: Sequence[Panel]) -> Shape:
        """Lay the panels out; the vehicle is convex enough that outward is away from its middle."""
        points: list[Point] = []
        spans: list[tuple[int, int, Material, int]] = []
        middle = np.array([corner for panel in panels for corner in panel.corners]).mean(axis=0)
        centres, normals = [], []
        for number, panel in enumerate(panels):
            for polygon in (panel, *panel.details):
                spans.append((len(points), len(points) + len(polygon.corners), polygon.material, number))
                points += polygon.corners
            corners = np.array(panel.corners)
            normal = np.cross(corners[1] - corners[0], corners[2] - corners[1])
            normal /= np.sqrt((normal**2).sum())
            centre = corners.mean(axis=0)
            normals.append(normal if (normal * (centre - middle)).sum() >= 0 else -normal)
            centres.append(centre)
        members = np.zeros((len(panels), len(points)), bool)
        for first, last, _material, number in spans:
            members[number, first:last] = True
        return cls(tuple(panels), np.array(points), tuple(spans), np.array(centres), np.array(normals), members)


LENGTHS_M: Final[dict[VehicleKind, float]] = {"car": 4.4, "suv": 4.7, "van": 5.1, "truck": 9.6, "bus": 12.0}


def _quad(surface: Sequence[Point], left: float, bottom: float, right: float, top: float, material: Material) -> Panel:
    """A rectangle on a four-cornered panel, in shares of it: its corners are lower left, lower right, upper right, upper left."""

    def at(u: float, v: float) -> Point:
        a, b, c, d = (np.array(corner) for corner in surface)
        point = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c)
        return float(point[0]), float(point[1]), float(point[2])

    return Panel(material, (at(left, bottom), at(right, bottom), at(right, top), at(left, top)))


def _wheel(x: float, z: float, radius: float) -> tuple[Panel, Panel]:
    """Tyre and rim on a side."""
    circle = [(np.cos(angle), np.sin(angle)) for angle in np.arange(14) * (2 * np.pi / 14)]
    rings = [tuple((x, radius + float(size * s), z + float(size * c)) for c, s in circle) for size in (radius, 0.6 * radius)]
    return Panel("tyre", rings[0]), Panel("rim", rings[1])


def _across(low: tuple[float, float, float], high: tuple[float, float, float]) -> tuple[Point, ...]:
    """A strip across the vehicle between two edges, each (half width, y, z)."""
    (w0, y0, z0), (w1, y1, z1) = low, high
    return (-w0, y0, z0), (w0, y0, z0), (w1, y1, z1), (-w1, y1, z1)


@dataclass(frozen=True, slots=True)
class _CarLines:
    """What makes one passenger car another: metres, z ahead of its middle."""

    length: float
    width: float
    height: float
    belt: float
    """Height of the lower edge of its windows."""
    rear_base: float
    rear_top: float
    front_top: float
    front_base: float
    nose: float
    """Height of the bonnet's front edge."""
    tail: float
    """Height of the boot's rear edge."""
    wheel: float = 0.33


_CARS: Final[dict[VehicleKind, _CarLines]] = {
    "car": _CarLines(4.4, 1.80, 1.46, 0.92, -1.95, -1.30, 0.20, 1.10, 0.72, 0.90),
    "suv": _CarLines(4.7, 1.90, 1.72, 1.06, -2.28, -2.02, 0.30, 1.15, 0.88, 1.02, 0.37),
    "van": _CarLines(5.1, 1.98, 2.25, 1.20, -2.51, -2.42, 1.25, 1.92, 1.00, 1.18, 0.36),
}


def _car(lines: _CarLines, *, is_closed: bool = False) -> Iterator[Panel]:
    """A body with a cabin on it. `is_closed`: a delivery van without rear side windows."""
    half, end = lines.width / 2, lines.length / 2
    low, waist, roof = 0.30, half - 0.02, half - 0.17 * lines.height / 1.46
    yield from _tail(lines, half, end, low)
    yield from _nose(lines, half, end, low)
    if lines.rear_base > -end + 0.1:
        yield Panel("body", _across((half - 0.04, lines.tail, -end + 0.05), (waist, lines.belt, lines.rear_base)))
    yield Panel("body", _across((half - 0.06, lines.nose, end - 0.08), (waist, lines.belt, lines.front_base)))
    rear = _across((waist, lines.belt, lines.rear_base), (roof, lines.height, lines.rear_top))
    front = _across((waist, lines.belt, lines.front_base), (roof, lines.height, lines.front_top))
    for side in (-1.0, 1.0):
        x = side * half
        rim = (
            (x, low, -end + 0.08), (x, lines.tail, -end + 0.02), (x, lines.belt, lines.rear_base),
            (x, lines.belt, lines.front_base), (x, lines.nose, end - 0.12), (x, low, end - 0.05),
        )  # fmt: skip
        wheels = [panel for z in (-0.30, 0.31) for panel in _wheel(x * 1.004, z * lines.length, lines.wheel)]
        sill = Panel("dark", ((x, low, -end + 0.3), (x, low, end - 0.3), (x, low + 0.09, end - 0.3), (x, low + 0.09, -end + 0.3)))
        yield Panel("body", rim, (sill, *wheels))
        glass = (
            (side * waist, lines.belt, lines.rear_base), (side * waist, lines.belt, lines.front_base),
            (side * roof, lines.height, lines.front_top), (side * roof, lines.height, lines.rear_top),
        )  # fmt: skip
        yield Panel("body", glass, tuple(_side_windows(glass, is_closed)))
    yield Panel("body", rear, () if is_closed else (_quad(rear, 0.06, 0.08, 0.94, 0.90, "glass"),))
    yield Panel("body", front, (_quad(front, 0.05, 0.06, 0.95, 0.92, "glass"),))
    yield Panel("body", _across((roof, lines.height, lines.rear_top), (roof, lines.height, lines.front_top)))


def _side_windows(side: Sequence[Point], is_closed: bool) -> Iterator[Panel]:
    shares = ((0.66, 0.95),) if is_closed else ((0.07, 0.48), (0.52, 0.94))
    for left, right in shares:
        yield _quad(side, left, 0.10, right, 0.86, "glass")


def _tail(lines: _CarLines, half: float, end: float, low: float) -> Iterator[Panel]:
    face = _across((half - 0.02, low, -end), (half - 0.04, lines.tail, -end + 0.02))
    high = lines.tail - low
    yield from _tyres(half, -end + 0.42, low)
    lamps = (_quad(face, 0.02, 0.62, 0.21, 0.92, "tail lamp"), _quad(face, 0.79, 0.62, 0.98, 0.92, "tail lamp"))
    bumper = _quad(face, 0.0, 0.0, 1.0, 0.24, "dark")
    yield Panel("body", face, (bumper, *lamps, _plate(face, 2 * half, high, 0.34)))


def _nose(lines: _CarLines, half: float, end: float, low: float) -> Iterator[Panel]:
    face = _across((half - 0.03, low, end), (half - 0.06, lines.nose, end - 0.08))
    mirrored = (face[1], face[0], face[3], face[2])
    high = lines.nose - low
    yield from _tyres(half, end - 0.42, low)
    grille = _quad(mirrored, 0.22, 0.50, 0.78, 0.84, "dark")
    lamps = (_quad(mirrored, 0.03, 0.60, 0.21, 0.96, "head lamp"), _quad(mirrored, 0.79, 0.60, 0.97, 0.96, "head lamp"))
    bumper = _quad(mirrored, 0.0, 0.0, 1.0, 0.2, "dark")
    yield Panel("body", mirrored, (bumper, grille, *lamps, _plate(mirrored, 2 * half, high, 0.18)))


def _tyres(half: float, z: float, low: float) -> Iterator[Panel]:
    """What is seen of them under a bumper."""
    for x in (-half + 0.15, half - 0.15):
        yield Panel("tyre", ((x - 0.11, 0.0, z), (x + 0.11, 0.0, z), (x + 0.11, low, z), (x - 0.11, low, z)))


def _plate(face: Sequence[Point], width: float, height: float, bottom: float) -> Panel:
    """0.52 × 0.12 m, a little larger than life to be read from afar."""
    part, tall = 0.56 / width / 2, 0.135 / height
    return _quad(face, 0.5 - part, bottom, 0.5 + part, bottom + tall, "plate")


def _block(half: float, low: float, high: float, back: float, front: float) -> dict[str, tuple[Point, ...]]:
    """The faces of a box; corners of each as `_quad` wants them, seen from outside."""
    return {
        "back": ((-half, low, back), (half, low, back), (half, high, back), (-half, high, back)),
        "front": ((half, low, front), (-half, low, front), (-half, high, front), (half, high, front)),
        "left": ((-half, low, front), (-half, low, back), (-half, high, back), (-half, high, front)),
        "right": ((half, low, back), (half, low, front), (half, high, front), (half, high, back)),
        "top": ((-half, high, back), (half, high, back), (half, high, front), (-half, high, front)),
    }


def _truck() -> Iterator[Panel]:
    """A lorry with a box body."""
    length = LENGTHS_M["truck"]
    end = length / 2
    cab = _block(1.18, 0.5, 2.75, end - 2.0, end)
    box = _block(1.25, 0.95, 3.6, -end, end - 2.25)
    frame = _block(1.1, 0.42, 0.95, -end + 0.1, end - 2.1)
    yield from _tyres_of(1.1, 0.48, (-end + 1.3, -end + 2.6, end - 1.1), frame)
    rear = frame["back"]
    tyres = (_quad(rear, 0.02, -0.79, 0.24, 0.3, "tyre"), _quad(rear, 0.76, -0.79, 0.98, 0.3, "tyre"))
    lamps = (_quad(rear, 0.03, 0.30, 0.20, 0.75, "tail lamp"), _quad(rear, 0.80, 0.30, 0.97, 0.75, "tail lamp"))
    yield Panel("dark", rear, (*tyres, *lamps, _plate(rear, 2.2, 0.53, 0.40)))
    front = cab["front"]
    yield Panel("body", front, (
        _quad(front, 0.05, 0.52, 0.95, 0.90, "glass"), _quad(front, 0.0, -0.22, 1.0, 0.10, "dark"),
        _quad(front, 0.2, 0.17, 0.8, 0.44, "dark"), _quad(front, 0.03, 0.13, 0.17, 0.27, "head lamp"),
        _quad(front, 0.83, 0.13, 0.97, 0.27, "head lamp"), _plate(front, 2.36, 2.25, 0.01),
    ))  # fmt: skip
    for side in ("left", "right"):
        door = cab[side]
        window = (0.08, 0.52, 0.55, 0.88) if side == "left" else (0.45, 0.52, 0.92, 0.88)
        yield Panel("body", door, (_quad(door, *window, "glass"),))
    yield Panel("body", cab["top"])
    yield Panel("dark", cab["back"])
    doors = box["back"]
    yield Panel("cargo", doors, (_quad(doors, 0.496, 0.0, 0.504, 1.0, "dark"), _quad(doors, 0.0, 0.0, 1.0, 0.03, "dark")))
    yield Panel("cargo", box["front"])
    for side in ("left", "right"):
        yield Panel("cargo", box[side], (_quad(box[side], 0.0, 0.12, 1.0, 0.24, "cargo stripe"),))
    yield Panel("cargo", box["top"])


def _bus() -> Iterator[Panel]:
    """A coach."""
    length = LENGTHS_M["bus"]
    end = length / 2
    body = _block(1.27, 0.38, 3.3, -end, end)
    yield from _tyres_of(1.27, 0.5, (-end + 3.2, end - 2.6), body, windows=True)
    rear = body["back"]
    yield Panel("cargo", rear, (
        _quad(rear, 0.08, -0.13, 0.2, 0.1, "tyre"), _quad(rear, 0.8, -0.13, 0.92, 0.1, "tyre"),
        _quad(rear, 0.10, 0.56, 0.90, 0.90, "glass"), _quad(rear, 0.0, 0.0, 1.0, 0.10, "dark"),
        _quad(rear, 0.03, 0.2, 0.11, 0.44, "tail lamp"), _quad(rear, 0.89, 0.2, 0.97, 0.44, "tail lamp"),
        _plate(rear, 2.54, 2.92, 0.18),
    ))  # fmt: skip
    front = body["front"]
    yield Panel("cargo", front, (
        _quad(front, 0.1, -0.13, 0.2, 0.1, "tyre"), _quad(front, 0.8, -0.13, 0.9, 0.1, "tyre"),
        _quad(front, 0.03, 0.38, 0.97, 0.90, "glass"), _quad(front, 0.0, 0.0, 1.0, 0.08, "dark"),
        _quad(front, 0.04, 0.14, 0.2, 0.23, "head lamp"), _quad(front, 0.8, 0.14, 0.96, 0.23, "head lamp"),
        _plate(front, 2.54, 2.92, 0.09),
    ))  # fmt: skip
    yield Panel("trim", body["top"], (_quad(body["top"], 0.2, 0.2, 0.8, 0.45, "cargo"),))


def _tyres_of(
    half: float, radius: float, places: Sequence[float], body: dict[str, tuple[Point, ...]], *, windows: bool = False
) -> Iterator[Panel]:
    """The sides of a long vehicle with its wheels."""
    for side in ("left", "right"):
        x = half * (1.004 if side == "right" else -1.004)
        details = [panel for z in places for panel in _wheel(x, z, radius)]
        if windows:
            panes = [_quad(body[side], (0.02 + 0.139 * n), 0.50, (0.146 + 0.139 * n), 0.88, "glass") for n in range(7)]
            details = [_quad(body[side], 0.0, 0.18, 1.0, 0.26, "cargo stripe"), *panes, *details]
        yield Panel("cargo" if windows else "dark", body[side], tuple(details))


@cache
def shape(kind: VehicleKind) -> Shape:
    """The panels of a kind."""
    if kind in _CARS:
        return Shape.of(tuple(_car(_CARS[kind], is_closed=kind == "van")))
    return Shape.of(tuple(_truck() if kind == "truck" else _bus()))
