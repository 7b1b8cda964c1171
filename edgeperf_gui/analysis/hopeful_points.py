"""Which points of a sweep are worth more rounds: successive halving that leaves nothing out because of chance.

A block of half a second is a noisy number. Two points are told apart only by more than their blocks wander: the 95 % interval of
the difference of two medians of n blocks each, whose standard error is √(π/2) σ/√n, with σ on the logarithm so that it is a
share (Kenney & Keeping, Mathematics of Statistics, §8.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_Z: Final = 1.96
_MEDIAN: Final = float(np.sqrt(np.pi / 2))
"""Standard error of a median over that of a mean, for normal noise."""
_LEAST_SPREAD: Final = 0.005
"""A few blocks that agree by luck are not taken for exact."""
_NEVER_CHANCE: Final = float(np.log(1.5))
"""On a machine that is never quiet blocks wander without end; half as good again is believed all the same."""

Blocks = Sequence[Sequence[float]]
"""For each point the numbers of its blocks; empty for one that was not measured."""


def spread(blocks: Blocks) -> float | None:
    """Standard deviation of a block round its point, as a share, pooled over all points; None while no point has two blocks."""
    squares = freedom = 0.0
    for own in map(_logs, blocks):
        if own.size > 1:
            squares += float(((own - own.mean()) ** 2).sum())
            freedom += own.size - 1
    return float(np.sqrt(squares / freedom)) if freedom else None


def chance(spread_a: float, blocks_a: int, spread_b: float, blocks_b: int) -> float:
    """How far apart, as a share, two medians of so many blocks may lie by chance (95 %)."""
    return float(np.expm1(_Z * _MEDIAN * np.sqrt(spread_a**2 / blocks_a + spread_b**2 / blocks_b)))


def hopeful(latency: Blocks, fps: Blocks, rounds: int) -> NDArray[np.bool_]:
    """Which points may still be the best for some deadline or rate; one that was not measured may.

    A point is given up when another one surely answers sooner or surely does more, and is in the other figure no worse than what
    all `rounds` together could tell apart. So it is either beaten, or as good as one that is better in the other figure.
    """
    known = [at for at in range(len(fps)) if len(fps[at]) and len(latency[at])]
    found = np.ones(len(fps), np.bool_)
    if not known:
        return found
    sooner = _Figure([-_logs(latency[at]) for at in known], rounds)
    more = _Figure([_logs(fps[at]) for at in known], rounds)
    if not (sooner.is_known and more.is_known):
        return found
    beaten = (more.surely_better & sooner.surely_no_worse) | (sooner.surely_better & more.surely_no_worse)
    found[known] = ~beaten.any(axis=1)
    return found


class _Figure:
    """One figure of all points, the larger the better, on the logarithm; rows are points, columns the others."""

    def __init__(self, blocks: Sequence[NDArray[np.float64]], rounds: int) -> None:
        pooled = spread([np.exp(own) for own in blocks])  # type: ignore[misc]
        self.is_known = pooled is not None
        if pooled is None:
            return
        medians = np.array([np.median(own) for own in blocks])
        counts = np.array([own.size for own in blocks])
        # a point whose own blocks disagree more than most is less certain than most
        own = np.array([max(pooled, _LEAST_SPREAD, float(one.std(ddof=1)) if one.size > 1 else 0.0) for one in blocks])
        better = medians[None, :] - medians[:, None]
        now = _Z * _MEDIAN * np.sqrt(own[:, None] ** 2 / counts[:, None] + own[None, :] ** 2 / counts[None, :])
        least = np.maximum(counts, rounds)
        finally_ = _Z * _MEDIAN * np.sqrt(own[:, None] ** 2 / least[:, None] + own[None, :] ** 2 / least[None, :])
        now = np.minimum(now, _NEVER_CHANCE)
        self.surely_better = better > now
        self.surely_no_worse = better + finally_ >= now


def _logs(values: Sequence[float]) -> NDArray[np.float64]:
    return np.log(np.asarray(values, np.float64))
