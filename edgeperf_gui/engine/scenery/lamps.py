"""Vehicles' lamps in the dark: light on the road ahead, glows round head and tail lamps."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.shapes import LENGTHS_M, Material
from edgeperf_gui.analysis.scenes.truth import Seen
from edgeperf_gui.engine.scenery.easel import Colour
from edgeperf_gui.engine.sources.source import Pixels

Floats = NDArray[np.float64]

_GLOWS: Final[dict[Material, tuple[Colour, float]]] = {
    "head lamp": ((190.0, 225.0, 245.0), 0.85),
    "tail lamp": ((34.0, 30.0, 205.0), 0.42),
}
"""Colour, and reach in metres."""
_LARGEST_PX: Final = 120
_BEAM_M: Final = 110.0
"""Farther beams are too small to be seen."""
_BEAM: Final = ((0.6, 16.0, 2.1), (0.9, 11.0, 1.7), (1.2, 7.0, 1.3))
"""Light on the road ahead of the bumper, one sheet over the other: from, until (m), half their width there."""
_COARSE: Final = 4
"""Light has no edges: it is painted that many times smaller, and enlarged."""


class Lamps:
    """Lays the light of every moving vehicle over a picture."""

    def __init__(self, camera: Camera, strength: float) -> None:
        self._camera = camera
        self._strength = strength

    def light_road(self, picture: Pixels, seen: Seen) -> None:
        """What its head lamps throw on the road; before the vehicles are drawn."""
        placed = seen.placed
        if placed.is_parked or self._strength < 1.0 or placed.z > _BEAM_M:
            return
        front = LENGTHS_M[placed.vehicle.kind] / 2
        ahead, side = np.array([placed.ahead_x, 0.0, placed.ahead_z]), np.array([placed.ahead_z, 0.0, -placed.ahead_x])
        place = np.array([placed.x, 0.0, placed.z])
        sheets = []
        for near, far, half in _BEAM:
            corners = ((near, -0.6 * half), (near, 0.6 * half), (far, half), (far, -half))
            sheets.append([place + ahead * (front + along) + side * across for along, across in corners])
        self._pool(picture, self._camera.project(np.array(sheets))[0])

    def glow(self, picture: Pixels, seen: Seen) -> None:
        """Round its lamps that face the camera; over everything."""
        if seen.placed.is_parked:
            return
        for material, (light, reach) in _GLOWS.items():
            for first, last, what, panel in seen.shape.spans:
                if what == material and seen.faces[panel]:
                    self._halo(picture, seen, seen.pixels[first:last], light, reach)

    def _halo(self, picture: Pixels, seen: Seen, corners: Floats, light: Colour, reach: float) -> None:
        middle = corners.mean(axis=0)
        depth = max(float(np.sqrt(seen.depths.min())), 2.0)
        radius = int(min(reach * self._camera.focal_px / depth, _LARGEST_PX * self._camera.width / 1280))
        if radius < 2:
            return
        disc = _disc(radius, light, self._strength)
        height, width = picture.shape[:2]
        left, top = round(float(middle[0])) - radius, round(float(middle[1])) - radius
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + 2 * radius + 1, width), min(top + 2 * radius + 1, height)
        if x1 < x2 and y1 < y2:
            part = picture[y1:y2, x1:x2]
            cv2.add(part, disc[y1 - top : y2 - top, x1 - left : x2 - left], dst=part)

    def _pool(self, picture: Pixels, sheets: Floats) -> None:
        height, width = picture.shape[:2]
        reach = 6 * _COARSE
        low = np.maximum(np.floor(sheets.min(axis=(0, 1))).astype(int) - reach, 0)
        high = np.minimum(np.ceil(sheets.max(axis=(0, 1))).astype(int) + reach, (width, height))
        x1, y1, x2, y2 = int(low[0]), int(low[1]), int(high[0]), int(high[1])
        wide, tall = (x2 - x1) // _COARSE, (y2 - y1) // _COARSE
        if wide < 2 or tall < 2 or wide * tall * _COARSE**2 > 0.5 * width * height:
            return
        light = np.zeros((tall, wide, 3), np.uint8)
        for number, corners in enumerate(sheets):
            strength = (14 + 12 * number) * self._strength
            paint = (0.72 * strength, 0.92 * strength, strength)
            cv2.fillPoly(light, [np.rint((corners - (x1, y1)) / _COARSE * 16).astype(np.int32)], paint, cv2.LINE_AA, 4)
        soft = cv2.resize(cv2.blur(light, (7, 5)), (x2 - x1, y2 - y1), interpolation=cv2.INTER_LINEAR)
        part = picture[y1:y2, x1:x2]
        cv2.add(part, soft, dst=part)


@lru_cache(maxsize=512)
def _disc(radius: int, light: Colour, strength: float) -> Pixels:
    """A glow `[2r + 1, 2r + 1, 3]` that fades to nothing at its edge."""
    along = np.arange(-radius, radius + 1) / radius
    distance = np.sqrt(along[:, None] ** 2 + along[None] ** 2)
    fade = np.clip(1 - distance, 0, 1) ** 2.6 * strength
    disc: Pixels = np.clip(fade[..., None] * np.array(light), 0, 255).astype(np.uint8)
    return disc
