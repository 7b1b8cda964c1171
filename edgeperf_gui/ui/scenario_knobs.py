"""What can be tried on a scenario: which numbers have a slider, from where to where, and how a slider's place is a number."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.domain.scenario import Scenario

STEPS: Final = 400
"""Places of a slider."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One number of a scenario; places of its slider are in the same ratio everywhere."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    tip: str
    is_whole: bool = False
    is_for: Callable[[Scenario], bool] = lambda scenario: True
    """Whether the scenario asks for it at all."""

    def value_at(self, place: int) -> float:
        """The number at a slider's place, rounded as a person would."""
        value = self.low * (self.high / self.low) ** (place / STEPS)
        return self.rounded(value)

    def place_of(self, value: float) -> int:
        """The slider's place for a number; those beyond its ends stand at them."""
        share = math.log(min(max(value, self.low), self.high) / self.low) / math.log(self.high / self.low)
        return round(share * STEPS)

    def rounded(self, value: float) -> float:
        """Whole, or with two digits that count, three from 100 on."""
        if self.is_whole or value <= 0:
            return float(max(1, round(value)))
        digits = 1 - math.floor(math.log10(value)) + (value >= 100)
        return float(round(value, max(digits, 0)) if digits > 0 else round(value, digits))

    def fields(self, value: float) -> dict[str, float | int]:
        """The change of the scenario."""
        return {self.key: round(value) if self.is_whole else value}


def _moves(scenario: Scenario) -> bool:
    return scenario.dwell_s is None and scenario.speed_km_h is not None


def _stands(scenario: Scenario) -> bool:
    return scenario.dwell_s is not None


def _is_seen(scenario: Scenario) -> bool:
    return _moves(scenario) or _stands(scenario)


def _has_deadline(scenario: Scenario) -> bool:
    return scenario.deadline_ms is not None


KNOBS: Final = (
    Knob("speed_km_h", "speed", "km/h", 1, 300, "How fast an object passes.", is_for=_moves),
    Knob("visible_m", "way in view", "m", 0.5, 300, "Length of way on which an object can be seen.", is_for=_moves),
    Knob("dwell_s", "stands", "s", 0.1, 600, "How long an object stands in view.", is_for=_stands),
    Knob("looks", "looks needed", "×", 1, 60, "How often an object has to be seen.", is_whole=True, is_for=_is_seen),
    Knob("deadline_ms", "deadline", "ms", 5, 20_000, "Longest age of a frame.", is_for=_has_deadline),
    Knob("cameras", "cameras", "", 1, 256, "How many cameras share the machine.", is_whole=True),
    Knob("rate_fps", "rate needed", "fps", 0.05, 240, "Frames of each camera that have to be processed a second."),
)


def value_of(knob: Knob, scenario: Scenario) -> float | None:
    """The number as it stands; a rate that is not given is what the looks need."""
    value = getattr(scenario, knob.key)
    if value is None and knob.key == "rate_fps":
        value = needed_fps(scenario)
    return None if value is None else float(value)


def words_of(knob: Knob, value: float | None) -> str:
    """As it stands in the field."""
    if value is None:
        return ""
    return f"{value:.0f}" if knob.is_whole or value >= 99.95 else f"{value:.3g}"
