"""How often a passing object is seen: geometry, the camera's rate, and the share of its frames that is processed."""

from __future__ import annotations

import math

from edgeperf_gui.analysis.early_stopping import at_most
from edgeperf_gui.domain.scenario import Scenario

_KM_H: float = 3.6


def in_view_s(scenario: Scenario) -> float | None:
    """How long an object can be seen: L / v, or as long as it stands; None where neither is given."""
    if scenario.dwell_s is not None:
        return scenario.dwell_s
    if scenario.speed_km_h is None or scenario.visible_m is None:
        return None
    return scenario.visible_m / (scenario.speed_km_h / _KM_H)


def needed_fps(scenario: Scenario) -> float | None:
    """Frames per second of each camera: as asked, or k looks while an object is in view, k · v / L."""
    if scenario.rate_fps is not None:
        return scenario.rate_fps
    seconds = in_view_s(scenario)
    return None if seconds is None else scenario.looks / seconds


def metres_per_frame(scenario: Scenario, fps: float) -> float | None:
    """Way an object goes between two processed frames; None where nothing moves."""
    return scenario.speed_km_h / _KM_H / fps if scenario.speed_km_h and fps > 0 else None


def probability_of_looks(looks: int, seconds: float, camera_fps: float, processed: float) -> float:
    """That an object in view for so long is seen at least `looks` times when the share `processed` (0…1) of the frames is taken.

    Cameras served in turn, each with its newest frame, are thinned evenly: an object that comes at any moment is seen ⌊T·f·share⌋
    times or once more, and once more with the fraction that is left.
    """
    seen = round(seconds * camera_fps * processed, 9)  # 0.3 · 10 is not 3 in floating point
    return min(1.0, max(0.0, seen - (looks - 1)))


def probability_of_looks_by_chance(looks: int, seconds: float, camera_fps: float, processed: float) -> float:
    """The same when each frame is taken by chance, independently of the others: the worst case.

    The object comes at any phase of the camera, so ⌊T·f⌋ or one more frames show it, and their number taken is binomial.
    """
    frames = round(seconds * camera_fps, 9)
    fewer = math.floor(frames)
    one_more = frames - fewer
    return (1 - one_more) * _at_least(looks, fewer, processed) + one_more * _at_least(looks, fewer + 1, processed)


def _at_least(looks: int, frames: int, share: float) -> float:
    """P(Bin(frames, share) ≥ looks)."""
    if looks > frames or share <= 0.0:
        return 0.0
    return 1.0 if share >= 1.0 else 1.0 - at_most(looks - 1, frames, share)
