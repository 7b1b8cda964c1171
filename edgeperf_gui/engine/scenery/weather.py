"""What lies over the whole picture: the camera's noise and the rain, from banks made once, so that a frame costs little."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edgeperf_gui.analysis.scenes import chance
from edgeperf_gui.engine.sources.source import Pixels

_PLAY: Final = 96
"""The noise bank is that much larger than the picture on each side, and every frame takes another part of it."""
_RAIN_SHEETS: Final = 6
_NOISE, _RAIN = 51, 52


class Noise:
    """A sensor's noise: Gaussian, of each channel, another in every frame."""

    def __init__(self, width: int, height: int, deviation: float, seed: int) -> None:
        random = np.random.default_rng(chance.mixed(seed, _NOISE))
        levels = random.standard_normal((height + _PLAY, width + _PLAY), dtype=np.float32)
        # a camera's three channels share most of it: its colours come from neighbours
        grey = np.rint(levels * np.float32(deviation)).astype(np.int16)
        self._brighter = cv2.merge([np.clip(grey, 0, 255).astype(np.uint8)] * 3)
        self._darker = cv2.merge([np.clip(-grey, 0, 255).astype(np.uint8)] * 3)
        self._size = (width, height)
        self._seed = seed

    def lay_on(self, picture: Pixels, frame: int) -> None:
        """Add it."""
        bits = chance.mixed(self._seed, frame, _NOISE)
        x, y = bits % _PLAY, (bits >> 16) % _PLAY
        width, height = self._size
        part = np.s_[y : y + height, x : x + width]
        cv2.add(picture, self._brighter[part], dst=picture)
        cv2.subtract(picture, self._darker[part], dst=picture)


class Rain:
    """Falling drops as thin bright streaks."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self._sheets = [_sheet(width, height, chance.mixed(seed, number, _RAIN)) for number in range(_RAIN_SHEETS)]
        self._seed = seed

    def lay_on(self, picture: Pixels, frame: int) -> None:
        """Add one sheet, never the same twice in a row."""
        sheet = self._sheets[(frame + chance.mixed(self._seed, frame // _RAIN_SHEETS, _RAIN)) % _RAIN_SHEETS]
        cv2.add(picture, sheet, dst=picture)


def _sheet(width: int, height: int, seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    sheet = np.zeros((height, width, 3), np.uint8)
    for _ in range(260):
        x, y, near = random.uniform(0, width), random.uniform(-0.1, 1.0) * height, random.uniform(0.25, 1.0)
        fall = near * 0.055 * height
        start, end = (round(x * 16), round(y * 16)), (round((x - 0.14 * fall) * 16), round((y + fall) * 16))
        cv2.line(sheet, start, end, (26 * near + 6,) * 3, 1, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(sheet, (3, 3), 0).astype(np.uint8)
