"""The parking lot's still world: asphalt, bays, arrows, kerbs, a hedge, trees and a shop behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.analysis.scenes.parking_lot import BAY_DEPTH_M, BAY_WIDTH_M, LOT_M, Bay, ParkingLot
from edgeperf_gui.domain.scene import Light
from edgeperf_gui.engine.scenery.ground import Ground
from edgeperf_gui.engine.scenery.lighting import LIGHTS
from edgeperf_gui.engine.sources.source import Pixels

_LINE: Final = "#e4e2d8"
_WIDE: Final = 90.0


def paint_lot(lot: ParkingLot, light: Light, seed: int) -> Pixels:
    """The picture without vehicles, `[height, width, 3]`."""
    ground = Ground(lot.camera, LIGHTS[light])
    far = lot.near_z + LOT_M
    ground.strip(-900.0, 900.0, 1.0, 3000.0, "#8a9a66")
    _behind(ground, far, seed)
    ground.strip(-_WIDE, _WIDE, 1.0, far, "#74777a")
    for z in lot.aisles_z:  # driven on every day
        for track in (-0.8, 0.8):
            ground.strip(-_WIDE, _WIDE, z + track - 0.45, z + track + 0.45, "#696c70", 0.5)
    if LIGHTS[light].is_wet:
        ground.gloss(-_WIDE, _WIDE, far, 0.4, 30.0)
    for row in lot.rows:
        _bays(ground, row)
    for z in lot.aisles_z:
        for x in (-14.0, -4.6, 4.6, 14.0):
            _arrow(ground, x, z)
    ground.grain(3.4 if light != "night" else 1.3, seed, max(0, int(ground.horizon)))
    if light == "night":
        for z in (far - 3.0, lot.aisles_z[1] - 4.0, lot.aisles_z[0] + 4.0, lot.near_z + 1.0):
            for x in (-19.0, -6.3, 6.3, 19.0):
                ground.light(x, z, 8.5, (120.0, 190.0, 235.0), 1.0)
    return ground.picture


def _bays(ground: Ground, row: Sequence[Bay]) -> None:
    edges = [row[0].x - BAY_WIDTH_M / 2 + n * BAY_WIDTH_M for n in range(len(row) + 1)]
    near, far = row[0].z - BAY_DEPTH_M / 2, row[0].z + BAY_DEPTH_M / 2
    closed = near if row[0].towards_z < 0 else far
    for x in edges:
        ground.flat(((x - 0.06, near), (x + 0.06, near), (x + 0.06, far), (x - 0.06, far)), _LINE)
    ground.flat(
        ((edges[0], closed - 0.06), (edges[-1], closed - 0.06), (edges[-1], closed + 0.06), (edges[0], closed + 0.06)), _LINE
    )


def _arrow(ground: Ground, x: float, z: float) -> None:
    outline = ((-1.6, -0.12), (0.4, -0.12), (0.4, -0.5), (1.6, 0.0), (0.4, 0.5), (0.4, 0.12), (-1.6, 0.12))
    ground.flat([(x + across, z + along) for across, along in outline], _LINE, 0.75)


def _behind(ground: Ground, far: float, seed: int) -> None:
    """A kerb, a strip of grass with a hedge, then trees and a long low shop with lit windows."""
    ground.strip(-_WIDE, _WIDE, far, far + 7.0, "#93a06a")
    z = far + 13.0
    ground.flat(((-_WIDE, far + 7.0), (_WIDE, far + 7.0), (_WIDE, z), (-_WIDE, z)), "#a7a49a")
    for number in range(26):
        x = -58.0 + 4.7 * number + 2.0 * chance.share(seed, number, 41)
        ground.tree(x, z + 16.0 + 6.0 * chance.share(seed, number, 42), 8.0 + 4.0 * chance.share(seed, number, 43),
                    ("#587549", "#67854f", "#4f6c45")[number % 3], seed + number)  # fmt: skip
    _shop(ground, z)
    hedge = far + 3.0
    for number in range(90):
        x = -54.0 + 1.2 * number
        wobble = 0.25 * chance.share(seed, number, 44)
        corners = (
            (x - 0.75, 0.0, hedge),
            (x + 0.75, 0.0, hedge),
            (x + 0.62, 1.0 + wobble, hedge),
            (x - 0.62, 1.0 + wobble, hedge),
        )
        ground.standing(corners, ("#5e7b4b", "#66844f")[number % 2])
    ground.standing(((-_WIDE, 0.0, far), (_WIDE, 0.0, far), (_WIDE, 0.14, far), (-_WIDE, 0.14, far)), "#b9b6ac")


def _shop(ground: Ground, z: float) -> None:
    def wall(left: float, low: float, right: float, high: float, paint: str) -> None:
        ground.standing(((left, low, z), (right, low, z), (right, high, z), (left, high, z)), paint)

    wall(-30.0, 0.0, 30.0, 4.6, "#cfc8ba")
    wall(-30.4, 4.6, 30.4, 5.3, "#6d7277")
    wall(-30.0, 3.5, 30.0, 3.75, "#8a4b42")
    lit = ground.lighting.lamps >= 1.0
    for pane in range(20):
        left = -28.6 + 2.88 * pane
        if lit:
            ground.shape([(left, 0.4, z), (left + 2.5, 0.4, z), (left + 2.5, 3.2, z), (left, 3.2, z)], (120.0, 176.0, 206.0))
        else:
            wall(left, 0.4, left + 2.5, 3.2, "#5d6f7c")
            wall(left, 1.9, left + 2.5, 3.2, "#6d808d")
