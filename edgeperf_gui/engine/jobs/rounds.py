"""The measured rounds of a comparison: which of them count, and what they say of each variant against the others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, Literal, TypeVar

import numpy as np

from edgeperf_gui.analysis.bootstrap import LEAST_BLOCKS, ratio_interval
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.compare import Blocks, Ratio
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.engine.jobs.contestant import Block

_ENOUGH: Final = 0.05
"""Half width of an interval, as a share of its value, from which a ratio is certain enough."""


T = TypeVar("T")


def used(rounds: Sequence[tuple[T, float]]) -> list[T]:
    """The clean rounds; where the machine is hardly ever quiet, as many of the cleanest as an interval needs.

    `rounds`: each with the share of the machine that others used meanwhile, percent.
    """
    clean = [blocks for blocks, foreign in rounds if foreign <= DIRTY_PERCENT]
    if len(clean) >= LEAST_BLOCKS:
        return clean
    return [blocks for blocks, _ in sorted(rounds, key=lambda pair: pair[1])[:LEAST_BLOCKS]]


def counted(rounds: Sequence[tuple[object, float]]) -> Blocks:
    """How many of them were clean."""
    clean = sum(foreign <= DIRTY_PERCENT for _, foreign in rounds)
    return Blocks(clean, len(rounds) - clean, only_dirty=clean < min(len(rounds), LEAST_BLOCKS))


class Rounds:
    """One block of every variant a round; the first variant is the baseline. `decides` as in `Ratio`."""

    def __init__(self, names: Sequence[Precision], decides: Literal["latency", "fps"]) -> None:
        self._names = tuple(names)
        self._decides = decides
        self._rounds: list[tuple[dict[Precision, Block], float]] = []  # with the share of the machine that others used, percent

    def add(self, blocks: dict[Precision, Block], foreign_percent: float) -> None:
        """One more."""
        self._rounds.append((blocks, foreign_percent))

    def used(self) -> list[dict[Precision, Block]]:
        """Those that count."""
        return used(self._rounds)

    def counted(self) -> Blocks:
        """How many there are."""
        return counted(self._rounds)

    def is_certain(self) -> bool:
        """Enough quiet rounds, and narrow intervals of what decides."""
        return self.counted().clean >= LEAST_BLOCKS and all(_is_narrow(ratio.time) for ratio in self.ratios().values())

    def pairs(self) -> list[tuple[Precision, Precision]]:
        """Each variant against the baseline, then against the one before it: INT8 may beat FP32 and still lose to FP16."""
        base, *others = self._names
        return [(name, base) for name in others] + [(after, before) for before, after in itertools.pairwise(others)]

    def ratios(self) -> dict[str, Ratio]:
        """By keys such as "INT8/FP32"; empty before the first round."""
        used = self.used()
        if not used:
            return {}
        latency = {name: [float(np.median(blocks[name].inference_ms)) for blocks in used] for name in self._names}
        fps = {name: [blocks[name].fps for blocks in used] for name in self._names}
        ratios = {}
        for name, other in self.pairs():
            by = {"latency": ratio_interval(latency[name], latency[other]), "fps": ratio_interval(fps[name], fps[other])}
            decides = by[self._decides]
            differs = decides.low is not None and not decides.contains(1.0)
            ratios[f"{name}/{other}"] = Ratio(by["latency"], by["fps"], differs, self._decides)
        return ratios


def _is_narrow(interval: Interval) -> bool:
    if interval.low is None or interval.high is None:
        return False
    return (interval.high - interval.low) / 2 <= _ENOUGH * interval.value
