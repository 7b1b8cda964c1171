"""Vehicles, painted panel by panel as the camera sees them, with their shadow, plate and lamps."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.scenes.camera import Camera
from edgeperf_gui.analysis.scenes.shapes import LENGTHS_M, Material, Shape
from edgeperf_gui.analysis.scenes.truth import Seen
from edgeperf_gui.analysis.scenes.vehicles import Placed, Vehicle
from edgeperf_gui.domain.truth import VehicleKind
from edgeperf_gui.engine.scenery.easel import Colour, Easel, Sprite, colour
from edgeperf_gui.engine.scenery.lighting import Lighting
from edgeperf_gui.engine.sources.source import Pixels

Floats = NDArray[np.float64]

_FIXED: Final[dict[Material, str]] = {
    "glass": "#2c3742", "dark": "#2b2e33", "tyre": "#17191c", "rim": "#a9b0b6", "trim": "#d4d5d2", "pillar": "#22262b",
    "head lamp": "#e9eef0", "tail lamp": "#8f2a2c", "plate": "#f0f1ec", "cargo stripe": "#5a636b",
}  # fmt: skip
_LIT: Final[dict[Material, str]] = {"head lamp": "#fff6dc", "tail lamp": "#ff3b34"}
_BRAKING: Final = "#ff4a3f"
_SMALL_PX: Final = 44.0
"""Narrower vehicles are painted without their smallest parts."""
_TINY_PX: Final = 18.0
_FINE: Final = frozenset({"rim", "pillar", "plate", "cargo stripe"})
_COARSE: Final = frozenset({"glass", "tail lamp", "head lamp", "body", "cargo", "dark", "trim"})
_HALF_WIDTHS_M: Final[dict[VehicleKind, float]] = {"car": 0.9, "suv": 0.95, "van": 1.0, "truck": 1.25, "bus": 1.27}
_HEIGHTS_M: Final[dict[VehicleKind, float]] = {"car": 1.4, "suv": 1.6, "van": 2.2, "truck": 3.5, "bus": 3.2}
_READABLE_PX: Final = 16.0
"""A narrower plate is a white patch."""
_PLATE_SIZE: Final = (208, 50)
_MOST_KEPT: Final = 256
"""Sprites and colours that are not made anew in every frame."""


class VehiclePainter:
    """Paints vehicles of one scene."""

    def __init__(self, camera: Camera, lighting: Lighting) -> None:
        self._camera = camera
        self._lighting = lighting
        self._easel = Easel(camera.width, camera.height)
        self._parked: dict[tuple[int, float, float], Sprite | None] = {}
        self._lit: dict[tuple[Vehicle, float, float, bool, bool], Floats] = {}

    def paint(self, seen: Seen, opacity: float = 1.0) -> Sprite | None:
        """The vehicle with its shadow; None outside the picture. One that is parked is painted once."""
        placed = seen.placed
        if not placed.is_parked:
            return self._paint(seen, opacity)
        key = (placed.vehicle.id, placed.x, placed.z)
        if key not in self._parked:
            if len(self._parked) >= _MOST_KEPT:
                self._parked.clear()
            self._parked[key] = self._paint(seen, opacity)
        return self._parked[key]

    def _paint(self, seen: Seen, opacity: float) -> Sprite | None:
        shadow = self._shadow(seen.placed)
        both = np.concatenate([seen.bounds.reshape(2, 2), shadow])
        low, high = both.min(axis=0), both.max(axis=0)
        if not self._easel.begin((low[0], low[1], high[0], high[1]), 2.0):
            return None
        self._lay_shadow(seen, shadow)
        self._panels(seen)
        return self._easel.sprite(opacity)

    def _panels(self, seen: Seen) -> None:
        width = seen.bounds[2] - seen.bounds[0]
        skipped = _FINE if width < _SMALL_PX else frozenset()
        colours = self._colours(seen)
        order = np.argsort(-seen.depths, kind="stable")
        by_panel = _polygons(seen.shape)
        local = self._easel.local(seen.pixels)
        sheet = self._easel.view
        fixed = np.rint((local - 0.5) * 16).astype(np.int32)
        smooth = cv2.LINE_AA if width >= _TINY_PX else cv2.LINE_8
        for panel in order.tolist():
            if not seen.faces[panel]:
                continue
            for polygon in by_panel[panel]:
                first, last, material, _panel = seen.shape.spans[polygon]
                if material in skipped or (width < _TINY_PX and material not in _COARSE):
                    continue
                if material == "plate" and self._plate(seen.placed.vehicle, local[first:last], colours[polygon]):
                    continue
                cv2.fillPoly(sheet, [fixed[first:last]], (*colours[polygon], 255.0), smooth, 4)

    def _colours(self, seen: Seen) -> list[Colour]:
        """Of every polygon: its paint in this light, from this far."""
        placed, lighting = seen.placed, self._lighting
        key = (placed.vehicle, placed.ahead_x, placed.ahead_z, placed.is_parked, placed.is_braking)
        lit = self._lit.get(key)
        if lit is None:
            if len(self._lit) >= _MOST_KEPT:
                self._lit.clear()
            lit = self._lit[key] = self._in_light(seen)
        part = lighting.haze_part(abs(placed.z))
        hazy = lit * (1 - part) + np.array(lighting.haze) * part
        return hazy.tolist()  # type: ignore[no-any-return]

    def _in_light(self, seen: Seen) -> Floats:
        """The same from near: it changes only when the vehicle turns."""
        placed, lighting = seen.placed, self._lighting
        base = _base_colours(placed.vehicle.kind, placed.vehicle.paint, placed.vehicle.cargo, seen.shape)
        turn = np.array([[placed.ahead_z, 0.0, placed.ahead_x], [0.0, 1.0, 0.0], [-placed.ahead_x, 0.0, placed.ahead_z]])
        normals = seen.shape.normals @ turn.T
        owners = _owners(seen.shape)
        lit = lighting.on(base, normals[owners])
        glass = _rows(seen.shape, "glass")
        # a window mirrors the sky, the more of it the more it looks up
        mirrored = np.clip(normals[owners[glass], 1], 0.0, 1.0)[:, None] * 0.42
        lit[glass] = lit[glass] * (1 - mirrored) + np.array(lighting.sky_low) * mirrored
        self._switch_lamps(placed, seen.shape, lit)
        bounded: Floats = np.clip(lit, 0, 255)
        return bounded

    def _switch_lamps(self, placed: Placed, shape: Shape, lit: Floats) -> None:
        strength = 0.0 if placed.is_parked else self._lighting.lamps
        for material, code in _LIT.items():
            rows = _rows(shape, material)
            lit[rows] = lit[rows] * (1 - strength) + np.array(colour(code)) * strength
        if placed.is_braking:
            lit[_rows(shape, "tail lamp")] = colour(_BRAKING)

    def _shadow(self, placed: Placed) -> Floats:
        """Corners `[8, 2]` of the ground under it, then of its roof's shadow, in pixels."""
        half, tall = _HALF_WIDTHS_M[placed.vehicle.kind], _HEIGHTS_M[placed.vehicle.kind]
        reach = LENGTHS_M[placed.vehicle.kind] / 2
        sun = self._lighting.sun
        far = tall / sun[1] if self._lighting.shadow else 0.0
        x, z, ahead_x, ahead_z = placed.x, placed.z, placed.ahead_x, placed.ahead_z
        base = [
            (x + across * half * ahead_z + along * reach * ahead_x, 0.0, z - across * half * ahead_x + along * reach * ahead_z)
            for across, along in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        cast = [(a - sun[0] * far, 0.0, c - sun[2] * far) for a, _b, c in base]
        return self._camera.project(np.array(base + cast))[0]

    def _lay_shadow(self, seen: Seen, corners: Floats) -> None:
        if self._lighting.shadow:
            hull = cv2.convexHull(corners.astype(np.float32)).reshape(-1, 2).astype(np.float64)
            if seen.bounds[2] - seen.bounds[0] < _SMALL_PX:
                self._easel.shade(hull, self._lighting.shadow)
                return
            # three sheets of growing darkness: a soft edge
            for part, darkness in ((1.0, 0.45), (0.955, 0.75), (0.91, 1.0)):
                self._easel.shade(_shrunk(hull, part), darkness * self._lighting.shadow)
            self._easel.shade(_shrunk(corners[:4], 0.94), self._lighting.contact)
            return
        for part, darkness in ((1.06, 0.35), (1.0, 0.7), (0.94, 1.0)):
            self._easel.shade(_shrunk(corners[:4], part), darkness * self._lighting.contact)

    def _plate(self, vehicle: Vehicle, corners: Floats, light: Colour) -> bool:
        """Write the number, where it can be read; False where it cannot."""
        width = float(np.abs(corners[1] - corners[0]).max())
        if width < _READABLE_PX:
            return False
        low, high = np.floor(corners.min(axis=0)).astype(int) - 1, np.ceil(corners.max(axis=0)).astype(int) + 1
        sheet = self._easel.view
        x1, y1 = max(int(low[0]), 0), max(int(low[1]), 0)
        x2, y2 = min(int(high[0]), sheet.shape[1]), min(int(high[1]), sheet.shape[0])
        if x1 >= x2 or y1 >= y2:
            return True
        picture, scale = _plate_picture(vehicle.plate, width)
        tall, wide = picture.shape[:2]
        origin = np.array([[0, tall], [wide, tall], [wide, 0], [0, 0]], np.float32)
        target = (corners - (x1, y1)).astype(np.float32)
        warp = cv2.getPerspectiveTransform(origin, target)
        lit = cv2.convertScaleAbs(picture, alpha=scale * max(light) / 240.0)
        lit[..., 3] = 255
        area = sheet[y1:y2, x1:x2]
        cv2.warpPerspective(lit, warp, (x2 - x1, y2 - y1), dst=area, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
        return True


def _shrunk(corners: Floats, part: float) -> Floats:
    middle = corners.mean(axis=0)
    shrunk: Floats = middle + (corners - middle) * part
    return shrunk


@cache
def _polygons(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Which polygons belong to each panel, in the order of drawing."""
    found: list[list[int]] = [[] for _ in shape.panels]
    for number, span in enumerate(shape.spans):
        found[span[3]].append(number)
    return tuple(map(tuple, found))


@cache
def _owners(shape: Shape) -> NDArray[np.int64]:
    return np.array([span[3] for span in shape.spans], np.int64)


@cache
def _rows(shape: Shape, material: Material) -> NDArray[np.int64]:
    return np.array([number for number, span in enumerate(shape.spans) if span[2] == material], np.int64)


@lru_cache(maxsize=512)
def _base_colours(kind: VehicleKind, paint: str, cargo: str, shape: Shape) -> Floats:
    named: dict[Material, str] = {**_FIXED, "body": paint, "cargo": cargo}
    return np.array([colour(named[span[2]]) for span in shape.spans])


@lru_cache(maxsize=256)
def _drawn_plate(text: str) -> Pixels:
    """A plate with its number, `[50, 208, 4]`."""
    width, height = _PLATE_SIZE
    sheet = np.full((height, width, 4), (236, 241, 240, 255), np.uint8)
    cv2.rectangle(sheet, (0, 0), (15, height), (150, 84, 44, 255), cv2.FILLED)
    cv2.rectangle(sheet, (0, 0), (width - 1, height - 1), (58, 54, 50, 255), 2)
    (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.16, 3)
    place = (18 + (width - 18 - wide) // 2, (height + tall) // 2)
    cv2.putText(sheet, text, place, cv2.FONT_HERSHEY_DUPLEX, 1.16, (38, 34, 30, 255), 3, cv2.LINE_AA)
    return sheet


@lru_cache(maxsize=1024)
def _scaled_plate(text: str, width: int) -> Pixels:
    height = max(4, round(width * _PLATE_SIZE[1] / _PLATE_SIZE[0]))
    return cv2.resize(_drawn_plate(text), (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _plate_picture(text: str, width: float) -> tuple[Pixels, float]:
    """The plate at about the size at which it is seen, or warping it would leave out strokes."""
    return _scaled_plate(text, min(_PLATE_SIZE[0], int(width * 1.15 / 8) * 8 + 8)), 1.0
