"""How often the window looks at its engine, and when it draws: in the pauses between two frames, where it disturbs no inference.

Drawing at any time met every third inference on two cores and made the slowest ones a third slower (`make bench`, row "window
against bench"). A picture comes when its frame is done, so what is due is drawn right after one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do about every so many ticks."""

    every: int
    after_picture: int
    """The place it takes: so many ticks after a picture came."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """A timer's period, how long an errand that is due waits for a picture to follow, and the errands by name."""

    tick_ms: int
    patience: int
    errands: dict[str, Errand]


WATCHING: Final = Cadence(
    tick_ms=6, patience=8, errands={"plots": Errand(every=13, after_picture=1), "drain": Errand(4, 2), "text": Errand(78, 1)}
)
"""A picture is painted when it comes, not at a tick: that wait would be part of its age."""

STEPPING_BACK: Final = Cadence(
    tick_ms=40, patience=0, errands={"plots": Errand(every=6, after_picture=0), "drain": Errand(1, 0), "text": Errand(12, 0)}
)
"""While a model is driven flat out every core belongs to it, there is no pause, and no frame is due at any time."""

_EARLY_NS: Final = 4_000_000
"""A picture may come so much before its turn, or a source that jitters would lose every second one."""

_DRAWN: Final = ("plots", "text")


def is_its_turn(since_last_ns: int, view_rate: float) -> bool:
    """Whether a picture may be shown so long after the last one, at so many a second."""
    return since_last_ns >= 1e9 / view_rate - _EARLY_NS


class Rota:
    """Says at each tick what is to be done in it."""

    def __init__(self, cadence: Cadence) -> None:
        self.cadence = cadence
        self._ticks = 0
        self._picture = 0
        self._done = dict.fromkeys(cadence.errands, 0)

    def picture_came(self) -> bool:
        """Ticks are counted from here. False when none has passed since the last picture: a timer begun anew would never fire."""
        has_ticked = self._ticks > self._picture
        self._picture = self._ticks
        return has_ticked

    def due(self) -> list[str]:
        """One tick passed: the errands to do in it. Plots and text are never drawn in the same one."""
        self._ticks += 1
        chosen: list[str] = []
        for name, errand in self.cadence.errands.items():
            waited = self._ticks - self._done[name] - errand.every
            in_place = self._ticks - self._picture == errand.after_picture
            if waited < 0 or not (in_place or waited >= self.cadence.patience):
                continue
            if name in _DRAWN and any(other in _DRAWN for other in chosen):
                continue
            self._done[name] = self._ticks
            chosen.append(name)
        return chosen
