"""An axis from values to pixels, linear or logarithmic, with round ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.ui.axis import round_up

_TICKS: Final = 5
_LOG_STEPS: Final = ((1, 2, 5), (1, 3), (1,))
"""Within a decade, from dense to sparse."""
_MOST_LOG_TICKS: Final = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`; a share is 0 at `low` and 1 at `high`."""

    low: float
    high: float
    is_log: bool = False

    def share(self, value: float) -> float:
        """Where a value stands, outside 0…1 when it is beyond the ends."""
        if self.is_log:
            return math.log(max(value, 1e-12) / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """What stands there."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def ticks(self) -> list[float]:
        """Round values, not too many."""
        if not self.is_log:
            step = round_up((self.high - self.low) / _TICKS)
            first = math.ceil(self.low / step - 1e-9)
            return [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in _LOG_STEPS:
            found = [step * 10.0**decade for decade in decades for step in steps]
            seen = [value for value in found if self.low * 0.999 <= value <= self.high * 1.001]
            if len(seen) <= _MOST_LOG_TICKS:
                return seen
        return seen


def fitted(values: Sequence[float], *, is_log: bool = False) -> Scale:
    """The scale on which these values have room: linear from 0."""
    highest = max(values, default=1.0)
    if not is_log:
        return Scale(0.0, max(highest, 1e-6) * 1.12)
    lowest = max(min(values, default=1.0), 1e-6)
    return Scale(lowest / 1.35, max(highest, lowest) * 1.35, is_log=True)


def tick_words(value: float) -> str:
    """Without needless zeros: 0.5, 20, 1 500."""
    return f"{value:,.0f}".replace(",", "\u2009") if value >= 1000 else f"{value:.6g}"
