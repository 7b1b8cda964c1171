"""A pinhole camera above the ground that looks along z and down. Metres: x to the right, y up, z away from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NEAREST_M = 0.5
"""Nothing nearer is projected."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where it stands and how it looks. Only the four operations and square roots: they are the same on every machine."""

    width: int
    height: int
    focal_px: float
    x_m: float
    height_m: float
    sine: float
    """Of the angle by which it looks down."""
    cosine: float

    @classmethod
    def looking(cls, size: tuple[int, int], *, focal: float, horizon: float, x_m: float, height_m: float) -> Camera:
        """`focal`: focal length in picture widths; `horizon`: where the horizon is, as a share of the picture from the top."""
        width, height = size
        focal_px = focal * width
        tangent = (0.5 - horizon) * height / focal_px
        cosine = 1 / math.sqrt(1 + tangent * tangent)
        return cls(width, height, focal_px, x_m, height_m, tangent * cosine, cosine)

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """`[…, 3]` metres → `[…, 2]` pixels and `[…]` depth in metres. What is too near is held at the nearest depth."""
        right, below, ahead = points[..., 0] - self.x_m, self.height_m - points[..., 1], points[..., 2]
        depth = np.maximum(ahead * self.cosine + below * self.sine, _NEAREST_M)
        scale = self.focal_px / depth
        pixels = np.empty((*points.shape[:-1], 2))
        pixels[..., 0] = self.width / 2 + right * scale
        pixels[..., 1] = self.height / 2 + (below * self.cosine - ahead * self.sine) * scale
        return pixels, depth

    def at(self, x: float, y: float, z: float) -> tuple[float, float]:
        """The pixel of one point."""
        pixel = self.project(np.array([x, y, z]))[0]
        return float(pixel[0]), float(pixel[1])

    def nearest_z(self, x: float, y: float) -> float:
        """From which z on a point that moves along z at that place is in the picture: inside its lower and its side edges."""
        right, below = abs(x - self.x_m), self.height_m - y
        # lower edge: below·cos − z·sin ≤ t·(z·cos + below·sin), with t the tangent of half the picture's height
        t = self.height / 2 / self.focal_px
        over_lower = below * (self.cosine - t * self.sine) / (self.sine + t * self.cosine)
        # sides: right ≤ s·(z·cos + below·sin)
        s = self.width / 2 / self.focal_px
        over_side = (right / s - below * self.sine) / self.cosine
        return max(over_lower, over_side)

    def reach_x(self, y: float, z: float) -> float:
        """How far to either side of the camera a point at that height and distance is in the picture."""
        depth = z * self.cosine + (self.height_m - y) * self.sine
        return self.width / 2 / self.focal_px * depth
