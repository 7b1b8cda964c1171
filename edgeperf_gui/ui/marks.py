"""Moments on the time axis: which of them share a label, and where words find room above a plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edgeperf_gui.ui.axis import Spans, Times

_GAP: Final = 8.0
_BESIDE: Final = 6.0
_SAME_LINE: Final = 12.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the time axis, such as a change of settings."""

    at_ns: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """What all plots of a window share: how late it is, what happened when, and what may be believed."""

    now_ns: int
    marks: tuple[Mark, ...] = ()
    grey: Spans = ()
    """When numbers were not steady."""
    seams_ns: Times = field(default_factory=lambda: np.empty(0, np.int64))
    """First frames of sessions: no curve crosses one."""
    is_over: bool = False
    """The right edge is the end of a session, not now."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Marks too close for a label each. The label stands beside the last of them."""

    marks: tuple[Mark, ...]
    lines: tuple[float, ...]
    """Where lines stand: marks nearer than a few pixels share one."""

    @property
    def text(self) -> str:
        """One change by name, several by number."""
        return self.marks[0].text if len(self.marks) == 1 else f"{len(self.marks)} changes"


def clustered(marks: Sequence[Mark], x_of: Callable[[int], float], width_of: Callable[[str], float]) -> list[Cluster]:
    """Marks in rising order of time, gathered as far as the next would stand on the label of the one before."""
    found: list[Cluster] = []
    for mark in sorted(marks, key=lambda mark: mark.at_ns):
        x = x_of(mark.at_ns)
        last = found[-1] if found else None
        if last is None or x > last.lines[-1] + _BESIDE + width_of(last.text) + _GAP:
            found.append(Cluster((mark,), (x,)))
            continue
        lines = last.lines[:-1] if x - last.lines[-1] < _SAME_LINE else last.lines
        found[-1] = Cluster((*last.marks, mark), (*lines, x))
    return found


class Strip:
    """A line of words above a plot; none may stand on another."""

    def __init__(self, width: float) -> None:
        self._width = width
        self._taken: list[tuple[float, float]] = []

    def take(self, left: float, right: float) -> None:
        """Something stands there."""
        self._taken.append((left, right))

    def beside(self, x: float, width: float) -> float | None:
        """The left end of words this wide at the right of `x`, or else at its left; None when there is no room, else taken."""
        return self._first_free((x + _BESIDE, x - _BESIDE - width), width)

    def near(self, x: float, width: float) -> float | None:
        """The same, or else the nearest place where there is room."""
        others = [place for a, b in self._taken for place in (b + _GAP, a - _GAP - width)]
        return self._first_free((x + _BESIDE, x - _BESIDE - width, *sorted(others, key=lambda left: abs(left - x))), width)

    def _first_free(self, places: Sequence[float], width: float) -> float | None:
        for left in places:
            right = left + width
            if left >= 0 and right <= self._width and all(right + _GAP <= a or left >= b + _GAP for a, b in self._taken):
                self.take(left, right)
                return left
        return None
