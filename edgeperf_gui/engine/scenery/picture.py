"""One scene, drawn: the still world, then everything that moves, then what lies over it."""

from __future__ import annotations

from typing import Final

import numpy as np

from edgeperf_gui.analysis.scenes.highway import FAR_M
from edgeperf_gui.analysis.scenes.parking_lot import ParkingLot
from edgeperf_gui.analysis.scenes.truth import Seen, Traffic, seen_vehicles, traffic_of, truth
from edgeperf_gui.domain.scene import SceneSpec
from edgeperf_gui.domain.truth import TrueObject
from edgeperf_gui.engine.scenery.highway_ground import paint_highway
from edgeperf_gui.engine.scenery.lamps import Lamps
from edgeperf_gui.engine.scenery.lighting import LIGHTS
from edgeperf_gui.engine.scenery.lot_ground import paint_lot
from edgeperf_gui.engine.scenery.vehicles import VehiclePainter
from edgeperf_gui.engine.scenery.weather import Noise, Rain
from edgeperf_gui.engine.sources.source import Pixels

_FADE_M: Final = 70.0
"""The last stretch of the road, where vehicles come out of the haze."""


class Scene:
    """A drawn world. `draw` and `truth` are pure functions of a frame's number."""

    def __init__(self, spec: SceneSpec) -> None:
        self.spec = spec
        self.traffic: Traffic = traffic_of(spec)
        lighting = LIGHTS[spec.light]
        self._painter = VehiclePainter(self.traffic.camera, lighting)
        self._lamps = Lamps(self.traffic.camera, lighting.lamps) if lighting.lamps else None
        if isinstance(self.traffic, ParkingLot):
            self.background = paint_lot(self.traffic, spec.light, spec.seed)
        else:
            self.background = paint_highway(self.traffic.camera, spec.light, spec.seed)
        self._noise = Noise(spec.width, spec.height, spec.noise, spec.seed) if spec.noise else None
        self._rain = Rain(spec.width, spec.height, spec.seed) if spec.light == "rain" else None

    def truth(self, frame: int) -> tuple[TrueObject, ...]:
        """What is in frame `frame`, nearest first."""
        return truth(self.traffic, frame)

    def draw(self, frame: int, picture: Pixels, without: int | None = None) -> None:
        """Paint frame `frame` into `picture` `[height, width, 3]`; `without` leaves the vehicle of that id out."""
        np.copyto(picture, self.background)
        vehicles = [seen for seen in seen_vehicles(self.traffic, frame / self.spec.fps) if seen.placed.vehicle.id != without]
        if self._lamps:
            for seen in vehicles:
                self._lamps.light_road(picture, seen)
        for seen in vehicles:
            sprite = self._painter.paint(seen, self._opacity(seen))
            if sprite is not None:
                sprite.lay_on(picture)
            if self._lamps:
                self._lamps.glow(picture, seen)
        if self._rain:
            self._rain.lay_on(picture, frame)
        if self._noise:
            self._noise.lay_on(picture, frame)

    def _opacity(self, seen: Seen) -> float:
        if self.spec.world != "highway":
            return 1.0
        return min(1.0, max(0.0, (FAR_M - seen.placed.z) / _FADE_M))
