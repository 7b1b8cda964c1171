"""How often the window looks at its engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cadence:
    """A timer's period, and how many ticks lie between two looks at messages, two redraws of plots and two of text.

    Plots and text are drawn half and a sixth of the way through theirs, so that they never come in the same tick.
    """

    tick_ms: int
    drain: int
    plots: int
    text: int


WATCHING: Final = Cadence(tick_ms=4, drain=8, plots=24, text=120)
"""A picture is painted at most 4 ms after it is ready: that wait is part of its age."""

STEPPING_BACK: Final = Cadence(tick_ms=40, drain=1, plots=6, text=12)
"""While a model is driven flat out every core belongs to it, and no frame is due at any time."""
