"""How many looks an object gets, from the intervals between frames that a run really processed, not from its mean rate."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.results import Ranks

_DRAWN: Final = 4096
_SEED: Final = 5
_MOST_BARS: Final = 100_000

Shares = dict[int, float]
"""Number of looks → share of the objects that get so many."""


def looks_seen(
    intervals: Ranks, *, seconds: float, camera_fps: float | None = None, cameras: int = 1, scale: float = 1.0
) -> Shares | None:
    """Shares of objects in view for `seconds` that are seen 0, 1, 2 … times; None where nothing was between two frames.

    The run's intervals (times `scale`) are laid one after another in a fixed random order, and an object comes in each of them.
    Of the c frames that are processed meanwhile a camera served in turn gets c / cameras, thinned evenly, and never more than the
    T·f that it gives; None where the frames are those of the camera itself. More cameras, a shorter view or a slower camera
    therefore never give an object more looks.
    """
    stamps_s = _stamps_ms(intervals) * (scale / 1e3)
    whole_s = float(stamps_s[-1])
    if whole_s <= 0.0:
        return None
    rounds, rest_s = divmod(seconds, whole_s)
    around = np.concatenate([stamps_s, stamps_s + whole_s])
    # an object may come at any moment: halfway into each interval, weighed by its length
    lengths = np.diff(stamps_s, prepend=0.0)
    starts = stamps_s - lengths * _phases(len(lengths))
    first = np.searchsorted(around, starts, "left")
    counted = np.searchsorted(around, starts + rest_s, "left") - first + rounds * len(stamps_s)
    given = math.inf if camera_fps is None else round(seconds * camera_fps, 9)
    each = np.minimum(np.round(counted / cameras, 9), given)
    return _shares(each, lengths / whole_s)


def probability(shares: Shares, looks: int) -> float:
    """That an object is seen at least so many times."""
    return min(1.0, max(0.0, 1.0 - math.fsum(share for count, share in shares.items() if count < looks)))


def looks_evenly(seconds: float, camera_fps: float, processed: float) -> Shares:
    """The same where only a share (0…1) of the frames is known: ⌊T·f·share⌋ looks, or one more."""
    return _shares(np.array([round(seconds * camera_fps * processed, 9)]), np.ones(1))


def _shares(each: NDArray[np.float64], weights: NDArray[np.float64]) -> Shares:
    """Each number of looks, mostly no whole one, is the next lower one or one more in proportion."""
    lower = np.minimum(np.floor(each), _MOST_BARS).astype(np.int64)
    more = np.clip(each - lower, 0.0, 1.0)
    bars = np.bincount(lower, weights * (1.0 - more), int(lower.max()) + 2)
    bars += np.bincount(lower + 1, weights * more, len(bars))
    return {int(count): float(bars[count]) for count in np.flatnonzero(bars > 1e-12)}


@lru_cache(maxsize=16)
def _stamps_ms(intervals: Ranks) -> NDArray[np.float64]:
    """So many of the intervals as they are distributed, one after another in an order that is always the same."""
    wanted, order = _order(intervals.n)
    kept = np.searchsorted(np.array(intervals.at), wanted, "left")  # between two ranks the longer one
    stamps: NDArray[np.float64] = np.cumsum(np.array(intervals.values_ms)[kept][order])
    return stamps


@lru_cache(maxsize=8)
def _order(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    wanted = ((np.arange(_DRAWN) + 0.5) * n / _DRAWN).astype(np.int64)
    return wanted, np.random.default_rng(_SEED).permutation(_DRAWN)


@lru_cache(maxsize=2)
def _phases(n: int) -> NDArray[np.float64]:
    return (np.random.default_rng(_SEED + 1).permutation(n) + 0.5) / n
