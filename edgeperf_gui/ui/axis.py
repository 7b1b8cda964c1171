"""The arithmetic behind a calm plot: round ceilings that move with hysteresis, and columns that scroll without shimmering."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEPS: Final = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
_PATIENCE_NS: Final = 3_000_000_000
_ROOM: Final = 1.15
_SPIKE: Final = 2.0
_SPIKE_SHARE: Final = 0.02
_SPIKE_FRAMES: Final = 4
_SETTLE_NS: Final = 1_000_000_000

Times = NDArray[np.int64]
Values = NDArray[np.float64]
Spans = Sequence[tuple[int, int]]
"""Stretches of time as (from, to)."""


def round_up(value: float) -> float:
    """The next of 1, 2, 3, 4, 6, 8, 10 × 10ⁿ, whose halves are round too."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * 0.999999)


@dataclass
class Ceiling:
    """The value at the top grid line: grows at once, shrinks only after the smaller one would have done for three seconds."""

    top: float = 1.0
    _small_since_ns: int | None = field(default=None, repr=False)

    def fit(self, wanted: float, now_ns: int) -> float:
        """The ceiling for values up to `wanted`."""
        if wanted > self.top:
            self.top = round_up(wanted)
            self._small_since_ns = None
        elif round_up(wanted * _ROOM) >= self.top:
            self._small_since_ns = None
        elif self._small_since_ns is None:
            self._small_since_ns = now_ns
        elif now_ns - self._small_since_ns > _PATIENCE_NS:
            self.top = round_up(wanted * _ROOM)
            self._small_since_ns = None
        return self.top


def wanted_top(values: Values, settled: NDArray[np.bool_] | None = None) -> float:
    """How high an axis must reach: to the largest value, unless the few highest are more than twice as high as the others.

    `settled` says which values count as others; the first moments of a session do not, as long as there is more to see.
    """
    if values.size == 0:
        return 0.0
    others = values if settled is None or not settled.any() else values[settled]
    left_out = min(max(round(_SPIKE_SHARE * others.size), _SPIKE_FRAMES), others.size // 4)
    at = others.size - 1 - left_out
    return min(float(values.max()), float(np.partition(others, at)[at]) * _SPIKE)


def settled(times_ns: Times, seams_ns: Times) -> NDArray[np.bool_]:
    """Which of these moments are not within the first second after a session's first frame."""
    if seams_ns.size == 0:
        return np.ones(times_ns.size, np.bool_)
    session = np.searchsorted(seams_ns, times_ns, side="right") - 1
    late: NDArray[np.bool_] = (session < 0) | (times_ns - seams_ns[session] >= _SETTLE_NS)
    return late


def highest_per_column(times_ns: Times, heights: Values, column_ns: int) -> NDArray[np.intp]:
    """Index of the highest frame of each column, by time. Columns are anchored to the clock, so a frame keeps its own."""
    if times_ns.size == 0:
        return np.empty(0, np.intp)
    column = times_ns // column_ns
    order = np.lexsort((heights, column))
    last_of_column = np.flatnonzero(np.diff(column[order], append=-1))
    return order[last_of_column]


def pieces(times_ns: Times, grey: Spans = (), breaks_ns: Times | None = None) -> list[tuple[int, int, bool]]:
    """Runs of frames without a gap, as (first, one past last, is grey); a curve must not cross a pause or a break."""
    if times_ns.size == 0:
        return []
    steps = np.diff(times_ns)
    limit = max(300_000_000.0, 3.0 * float(np.median(steps))) if steps.size else math.inf
    cuts = set((np.flatnonzero(steps > limit) + 1).tolist())
    if breaks_ns is not None:
        cuts |= set(np.searchsorted(times_ns, breaks_ns).tolist()) - {0, times_ns.size}
    seen = [span for span in grey if span[1] > times_ns[0] and span[0] <= times_ns[-1]]
    switches = set(np.searchsorted(times_ns, np.array(seen, np.int64).ravel()).tolist())
    edges = sorted({0, times_ns.size, *cuts, *switches})
    found = []
    for first, past in itertools.pairwise(edges):
        # the pieces beside a colour change share a point, or a slit would show
        shared = 1 if past in switches and past < times_ns.size and past not in cuts else 0
        found.append((first, past + shared, any(start <= times_ns[first] < end for start, end in seen)))
    return found
