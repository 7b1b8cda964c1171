"""Smooth-edged shapes on transparent sheets, and the sprites that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.engine.sources.source import Pixels

Colour = tuple[float, float, float]
"""BGR, 0…255."""
Floats = NDArray[np.float64]

_SHIFT: Final = 4
_PARTS: Final = 1 << _SHIFT
"""Corners are given to OpenCV in sixteenths of a pixel, or slow things would jump from pixel to pixel."""


def colour(code: str) -> Colour:
    """`#rrggbb` as BGR."""
    return float(int(code[5:7], 16)), float(int(code[3:5], 16)), float(int(code[1:3], 16))


def scaled(paint: Colour, brightness: float) -> Colour:
    """A colour made so many times as bright, as far as there is room."""
    blue, green, red = (min(255.0, brightness * value) for value in paint)
    return blue, green, red


def fill(sheet: Pixels, corners: Floats, paint: tuple[float, ...], *, smooth: bool = True) -> None:
    """A filled polygon `[n, 2]` on a sheet of as many channels as the paint has."""
    # a pixel's middle is its coordinate in OpenCV, and half a pixel in ours
    fixed = np.rint((corners - 0.5) * _PARTS).astype(np.int32)
    cv2.fillPoly(sheet, [fixed], paint, cv2.LINE_AA if smooth else cv2.LINE_8, _SHIFT)


@dataclass(frozen=True, slots=True)
class Sprite:
    """A figure to lay over a picture at its place: colours already multiplied by their cover, and what shines through."""

    left: int
    top: int
    colours: Pixels
    """`[height, width, 3]`"""
    through: Pixels
    """`[height, width, 3]`, 255 where the ground is seen as it is."""

    def lay_on(self, picture: Pixels) -> None:
        """Draw it into the picture, which it does not reach beyond."""
        height, width = self.colours.shape[:2]
        ground = picture[self.top : self.top + height, self.left : self.left + width]
        cv2.multiply(ground, self.through, dst=ground, scale=1 / 255)
        cv2.add(ground, self.colours, dst=ground)


class Easel:
    """A sheet as large as the picture, on which one figure at a time is painted; coordinates are the picture's."""

    def __init__(self, width: int, height: int) -> None:
        self._sheet = np.zeros((height, width, 4), np.uint8)
        self._area = (0, 0, width, height)
        self.view = self._sheet
        self._corner = np.zeros(2)

    def begin(self, bounds: tuple[float, float, float, float], margin: float) -> bool:
        """Clear the part within `bounds` (x1, y1, x2, y2) and the margin; False when it lies outside the picture."""
        height, width = self._sheet.shape[:2]
        x1, y1 = max(int(bounds[0] - margin), 0), max(int(bounds[1] - margin), 0)
        x2, y2 = min(int(bounds[2] + margin) + 2, width), min(int(bounds[3] + margin) + 2, height)
        if x1 >= x2 or y1 >= y2:
            return False
        self._area = (x1, y1, x2, y2)
        self.view = self._sheet[y1:y2, x1:x2]
        self.view[:] = 0
        self._corner = np.array([x1, y1], np.float64)
        return True

    def fill(self, corners: Floats, paint: Colour, *, smooth: bool = True) -> None:
        """Cover a polygon with paint."""
        fill(self.view, corners - self._corner, (*paint, 255.0), smooth=smooth)

    def shade(self, corners: Floats, darkness: float) -> None:
        """Darken what lies under a polygon that nothing covers yet, by 0…1."""
        fill(self.view, corners - self._corner, (0.0, 0.0, 0.0, 255.0 * darkness))

    def glow(self, corners: Floats, light: Colour) -> None:
        """Add light to what lies under a polygon that nothing covers yet."""
        fill(self.view, corners - self._corner, (*light, 0.0))

    def local(self, points: Floats) -> Floats:
        """Coordinates on `view`."""
        return points - self._corner

    def sprite(self, opacity: float = 1.0) -> Sprite:
        """What was painted; `opacity` below 1 lets the ground through."""
        if opacity < 1.0:
            cv2.convertScaleAbs(self.view, dst=self.view, alpha=opacity)
        colours = cv2.cvtColor(self.view, cv2.COLOR_BGRA2BGR)
        through = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(self.view, 3)), cv2.COLOR_GRAY2BGR)
        return Sprite(self._area[0], self._area[1], colours.astype(np.uint8, copy=False), through.astype(np.uint8, copy=False))
