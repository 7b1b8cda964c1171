"""The highway's still world: road, markings, rails, verges, trees, hills, a sign bridge; lamps at night, gloss in rain."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.highway import LANE_M, MEDIAN_M
from edgeperf_gui.domain.scene import Light
from edgeperf_gui.engine.scenery.ground import Ground
from edgeperf_gui.engine.scenery.lighting import LIGHTS
from edgeperf_gui.engine.sources.source import Pixels

_FAR: Final = 2500.0
_SHOULDER_M: Final = 2.6
_INNER_M: Final = 0.7
_LANES: Final = 3
_EDGE_M: Final = MEDIAN_M + _LANES * LANE_M
"""Outer edge of the last lane."""
_SIGN_Z: Final = 190.0
_ASPHALT: Final = "#5d6165"
_LINE: Final = "#e6e4da"


def paint_highway(camera: Camera, light: Light, seed: int) -> Pixels:
    """The picture without vehicles, `[height, width, 3]`."""
    ground = Ground(camera, LIGHTS[light])
    _land(ground, seed)
    _road(ground)
    _markings(ground)
    if LIGHTS[light].is_wet:
        for side in (-1.0, 1.0):
            ground.gloss(side * (MEDIAN_M - _INNER_M), side * (_EDGE_M + _SHOULDER_M), 900.0, 0.5, 90.0)
    _trees(ground, seed)
    _rails(ground)
    _sign(ground)
    ground.grain(3.2 if light != "night" else 1.2, seed, max(0, int(ground.horizon)))
    if light == "night":
        for z in (255.0, 205.0, 160.0, 120.0, 85.0, 55.0, 30.0):
            for side in (-1.0, 1.0):
                ground.light(side * (MEDIAN_M + 1.5 * LANE_M), z, 17.0, (120.0, 190.0, 235.0), 0.75)
    return ground.picture


def _land(ground: Ground, seed: int) -> None:
    ground.ridge(0.060, 0.016, "#8fa0a8", seed + 1, 700.0)
    ground.ridge(0.036, 0.012, "#7f9484", seed + 2, 480.0)
    ground.ridge(0.016, 0.007, "#6f8668", seed + 3, 330.0)
    ground.strip(-1500.0, 1500.0, 1.0, _FAR, "#8a9a66")
    for side in (-1.0, 1.0):
        # fields and a ditch, so that the land is not one green
        for near, far, inner, outer, paint in (
            (60, 150, 34, 120, "#a3a36c"), (150, 400, 26, 160, "#7d9560"),
            (18, 60, 40, 90, "#93a268"), (420, 900, 40, 400, "#a7a878"),
        ):  # fmt: skip
            ground.strip(side * inner, side * outer, near, far, paint)
        ground.strip(side * (_EDGE_M + _SHOULDER_M), side * (_EDGE_M + _SHOULDER_M + 1.6), 1, _FAR, "#7c8a5b")


def _road(ground: Ground) -> None:
    ground.strip(-MEDIAN_M + _INNER_M, MEDIAN_M - _INNER_M, 1, _FAR, "#7f8d5c")
    for side in (-1.0, 1.0):
        inner, outer = side * (MEDIAN_M - _INNER_M), side * (_EDGE_M + _SHOULDER_M)
        ground.strip(inner, outer, 1, _FAR, _ASPHALT)
        ground.strip(side * (_EDGE_M + 0.25), outer, 1, _FAR, "#6a6d6f")
        for lane in range(_LANES):
            middle = MEDIAN_M + (lane + 0.5) * LANE_M
            for track in (-0.85, 0.85):  # where the tyres run
                x = side * (middle + track)
                ground.strip(x - 0.34, x + 0.34, 1, 500, "#53575b", 0.35)


def _markings(ground: Ground) -> None:
    for side in (-1.0, 1.0):
        for x in (MEDIAN_M, _EDGE_M):
            ground.strip(side * x - 0.11, side * x + 0.11, 1, 900, _LINE)
        for line in range(1, _LANES):
            x = side * (MEDIAN_M + line * LANE_M)
            for z in np.arange(3.0, 480.0, 18.0)[::-1]:
                ground.strip(x - 0.09, x + 0.09, float(z), float(z) + 6.0, _LINE)


def _trees(ground: Ground, seed: int) -> None:
    places = []
    for number in range(150):
        side = -1.0 if number % 2 else 1.0
        z = 34.0 + 460.0 * chance.share(seed, number, 31) ** 1.2
        x = side * (_EDGE_M + _SHOULDER_M + 5.0 + 42.0 * chance.share(seed, number, 32) ** 1.5)
        places.append((z, x, 5.0 + 6.5 * chance.share(seed, number, 33), number))
    greens = ("#5f7d4e", "#6c8a55", "#557349", "#7b935a")
    for z, x, tall, number in sorted(places, reverse=True):
        ground.tree(x, z, tall, greens[number % len(greens)], seed + number)


def _rails(ground: Ground) -> None:
    for x in (-(_EDGE_M + _SHOULDER_M + 0.4), _EDGE_M + _SHOULDER_M + 0.4, 0.0):
        for z in np.geomspace(6.0, 300.0, 46)[::-1]:
            ground.standing(((x - 0.06, 0.0, z), (x + 0.06, 0.0, z), (x + 0.06, 0.62, z), (x - 0.06, 0.62, z)), "#8d9296")
        marks = np.geomspace(2.0, 900.0, 40)[::-1]
        for far, near in pairwise(marks):
            for low, high, paint in ((0.46, 0.78, "#b4b9bc"), (0.57, 0.66, "#969ca0")):
                ground.standing(((x, low, near), (x, low, far), (x, high, far), (x, high, near)), paint)
            # a rail seen from above has an upper edge, or it would be a line only
            ground.standing(
                ((x - 0.05, 0.78, near), (x - 0.05, 0.78, far), (x + 0.05, 0.78, far), (x + 0.05, 0.78, near)), "#c6cacc"
            )


def _sign(ground: Ground) -> None:
    """A sign bridge over our carriageway, higher than any vehicle."""
    left, right, z = 0.0, _EDGE_M + _SHOULDER_M + 0.9, _SIGN_Z
    for x in (left, right):
        ground.standing(((x - 0.22, 0, z), (x + 0.22, 0, z), (x + 0.22, 8.2, z), (x - 0.22, 8.2, z)), "#7d848a")
    ground.standing(((left, 7.6, z), (right, 7.6, z), (right, 8.2, z), (left, 8.2, z)), "#8a9197")
    for number in range(_LANES):
        middle = MEDIAN_M + (number + 0.5) * LANE_M
        board = ((middle - 1.6, 6.2), (middle + 1.6, 6.2), (middle + 1.6, 9.4), (middle - 1.6, 9.4))
        ground.standing([(x, y, z) for x, y in board], "#e8eaea")
        inner = ((middle - 1.48, 6.32), (middle + 1.48, 6.32), (middle + 1.48, 9.28), (middle - 1.48, 9.28))
        ground.standing([(x, y, z) for x, y in inner], "#2f5f97")
        arrow = ((0, 6.6), (0.5, 7.3), (0.14, 7.3), (0.14, 8.9), (-0.14, 8.9), (-0.14, 7.3), (-0.5, 7.3))
        ground.standing([(middle + x, y, z) for x, y in arrow], "#eef0f0")
