"""A row of `make bench`, and the interleaved pairs it comes from."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass

DIRTY_PERCENT = 8.0


@dataclass
class Row:
    """One measured claim."""

    name: str
    value: float | None
    bound: str
    unit: str
    evidence: str

    @property
    def passed(self) -> bool | None:
        if self.value is None:
            return None
        limit = float(self.bound.split()[1])
        return self.value >= limit if self.bound.startswith("≥") else self.value <= limit

    def line(self) -> str:
        verdict = {True: "ok", False: "MISSED", None: "not measured"}[self.passed]
        value = "–" if self.value is None else f"{self.value:.3f}{self.unit}"
        return f"{self.name:<66} {value:>12}   {self.bound:<9} {verdict:<13} {self.evidence}"


@dataclass
class Settings:
    pairs: int
    seconds: float
    window_seconds: float
    soak_seconds: float


Side = Callable[[], dict[str, float]]


def pairs(settings: Settings, *sides: Side) -> tuple[list[list[dict[str, float]]], int]:
    """Measure the sides in turn until enough clean rounds are in; returns the rounds used and how many were dirty.

    A machine that is never quiet still gets its numbers: then the cleanest rounds count, and the row says so.
    """
    rounds: list[list[dict[str, float]]] = []
    while len(rounds) < 2 * settings.pairs and len([r for r in rounds if _worst(r) <= DIRTY_PERCENT]) < settings.pairs:
        rounds.append([side() for side in sides])
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    used = sorted(rounds, key=_worst)[: settings.pairs]
    return used, sum(_worst(r) > DIRTY_PERCENT for r in used)


def _worst(one_round: list[dict[str, float]]) -> float:
    return max(side["foreign"] for side in one_round)


def ratio(rounds: list[list[dict[str, float]]], figure: str, a: int = 0, b: int = 1) -> tuple[float, str]:
    """Ratio of medians of side a to side b, and both medians in words."""
    top, bottom = (statistics.median(r[side][figure] for r in rounds) for side in (a, b))
    return top / bottom, f"{figure} {top:.1f} / {bottom:.1f}"
