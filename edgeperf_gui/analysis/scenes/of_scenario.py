"""The drawn scene in which a scenario's vehicles pass as it says, so that what is predicted can be held against the truth."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.scenes.highway import LANES
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.scene import DEFAULTS, SceneSpec, parse

_WORLD: Final = DEFAULTS["highway"]


def scene_of(scenario: Scenario, seed: int = 1) -> SceneSpec | None:
    """The highway with the scenario's speed, view, rate and traffic; None where its vehicles do not pass, or no scene is like it.

    The middle lane goes at the scenario's speed, the others slower and faster: take each vehicle's own `visible_intervals`.
    """
    if scenario.speed_km_h is None or scenario.visible_m is None:
        return None
    density = _WORLD.density
    if scenario.objects_per_minute is not None:
        density = scenario.objects_per_minute / (scenario.speed_km_h / 60.0) / LANES
    words = {
        "speed": scenario.speed_km_h,
        "view": scenario.visible_m,
        "fps": scenario.camera_fps,
        "density": density,
        "seed": seed,
    }
    try:
        return parse(f"scene:highway?{'&'.join(f'{key}={value!r}' for key, value in words.items())}")
    except SourceError:
        return None
