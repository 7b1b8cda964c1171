"""Day, night and rain: what each does to colours, shadows and lamps. One row of a table each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.scene import Light
from edgeperf_gui.engine.scenery.easel import Colour, colour

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lighting:
    """One light."""

    sun: tuple[float, float, float]
    """Where the light comes from: a vector of length 1 to the right, up, and away from the camera."""
    ambient: float
    """How bright a side is that the sun does not reach, 0…1."""
    direct: float
    """What the sun adds at most."""
    tint: Colour
    """What every colour is multiplied by, 255 being itself."""
    sky_top: Colour
    sky_low: Colour
    haze: Colour
    haze_m: float
    """At that distance half of a colour has become haze."""
    shadow: float
    """Darkness of cast shadows, 0…1; 0: the light comes from everywhere."""
    contact: float
    """Darkness of the ground right under a vehicle."""
    lamps: float
    """Strength of vehicles' lamps, 0…1."""
    is_wet: bool = False

    def on(self, paints: Floats, normals: Floats) -> Floats:
        """Colours `[n, 3]` of surfaces with these outward normals `[n, 3]`."""
        facing = np.maximum(normals @ np.array(self.sun), 0.0)
        # what looks up sees more of the sky
        light = self.ambient * (1.0 + 0.12 * normals[:, 1]) + self.direct * facing
        lit: Floats = paints * light[:, None] * (np.array(self.tint) / 255)
        return lit

    def ground(self, code: str) -> Colour:
        """A colour that lies flat."""
        lit = self.on(np.array([colour(code)]), np.array([[0.0, 1.0, 0.0]]))[0]
        return tuple(np.clip(lit, 0, 255).tolist())

    def upright(self, code: str) -> Colour:
        """A colour that stands and looks at the camera."""
        lit = self.on(np.array([colour(code)]), np.array([[0.0, 0.0, -1.0]]))[0]
        return tuple(np.clip(lit, 0, 255).tolist())

    def hazy(self, paint: Colour, distance_m: float) -> Colour:
        """A colour seen from so far."""
        part = self.haze_part(distance_m)
        return tuple((1 - part) * np.array(paint) + part * np.array(self.haze))

    def haze_part(self, distance_m: float) -> float:
        """How much of a colour has become haze, 0…1."""
        return distance_m**2 / (distance_m**2 + self.haze_m**2)


def _towards(x: float, y: float, z: float) -> tuple[float, float, float]:
    length = (x * x + y * y + z * z) ** 0.5
    return x / length, y / length, z / length


LIGHTS: Final[dict[Light, Lighting]] = {
    "day": Lighting(
        sun=_towards(-0.62, 0.70, -0.36), ambient=0.66, direct=0.46, tint=(252.0, 255.0, 255.0), sky_top=colour("#7fa9cf"),
        sky_low=colour("#e9e6da"), haze=colour("#cfd8dc"), haze_m=520.0, shadow=0.42, contact=0.55, lamps=0.0,
    ),
    "night": Lighting(
        sun=_towards(0.2, 0.95, -0.2), ambient=0.24, direct=0.20, tint=(255.0, 236.0, 222.0), sky_top=colour("#0b121d"),
        sky_low=colour("#26313f"), haze=colour("#1a232e"), haze_m=260.0, shadow=0.0, contact=0.5, lamps=1.0,
    ),
    "rain": Lighting(
        sun=_towards(0.0, 1.0, -0.1), ambient=0.60, direct=0.16, tint=(255.0, 250.0, 244.0), sky_top=colour("#77838d"),
        sky_low=colour("#a9b1b6"), haze=colour("#9aa3a9"), haze_m=190.0, shadow=0.0, contact=0.5, lamps=0.55, is_wet=True,
    ),
}  # fmt: skip
