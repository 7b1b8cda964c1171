"""Intervals by resampling: the ratio of two variants' block medians, and a figure's difference over the same images.

Percentile bootstrap with a fixed seed: the same numbers give the same interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeperf_gui.domain.interval import Interval

RESAMPLES: Final = 2000
LEAST_BLOCKS: Final = 6
"""Fewer cannot cover 95 %: the median's widest statement, smallest to largest of n, holds with 1 − 2·½ⁿ."""
LEAST_IMAGES: Final = 8
_SEED: Final = 20
_TAIL: Final = 0.025
_NORMAL: Final = NormalDist()

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def ratio_interval(blocks_a: ArrayLike, blocks_b: ArrayLike) -> Interval:
    """median(a) / median(b) of positive block medians, with its 95 % interval; None for the interval below `LEAST_BLOCKS`.

    Blocks of equal number are rounds (`a[i]` was measured beside `b[i]`) and are resampled together, so that a machine that
    drifts moves both and not the ratio: three times narrower there, and no wider elsewhere. Otherwise each side is on its own.
    """
    a, b = np.asarray(blocks_a, np.float64), np.asarray(blocks_b, np.float64)
    for blocks in (a, b):
        if blocks.ndim != 1 or not blocks.size or not np.isfinite(blocks).all() or (blocks <= 0).any():
            raise ValueError("blocks must be positive, finite numbers, at least one a side")
    value = float(np.median(a) / np.median(b))
    n = min(a.size, b.size)
    if n < LEAST_BLOCKS:
        return Interval(value)
    random = np.random.default_rng(_SEED)
    chosen_a = random.integers(0, a.size, (RESAMPLES, a.size))
    chosen_b = chosen_a if a.size == b.size else random.integers(0, b.size, (RESAMPLES, b.size))
    return _interval(value, np.median(a[chosen_a], axis=1) / np.median(b[chosen_b], axis=1), n)


def difference_interval(rounds_a: ArrayLike, rounds_b: ArrayLike) -> Interval:
    """median(a) − median(b) of blocks measured side by side, with its 95 % interval; None for the interval below `LEAST_BLOCKS`.

    Rounds are resampled together, as in `ratio_interval`. Raises ValueError unless both are finite and of equal number.
    """
    a, b = np.asarray(rounds_a, np.float64), np.asarray(rounds_b, np.float64)
    if a.ndim != 1 or a.shape != b.shape or not a.size or not np.isfinite(a).all() or not np.isfinite(b).all():
        raise ValueError("rounds must be finite numbers, as many of one as of the other")
    value = float(np.median(a) - np.median(b))
    if a.size < LEAST_BLOCKS:
        return Interval(value)
    chosen = np.random.default_rng(_SEED).integers(0, a.size, (RESAMPLES, a.size))
    return _interval(value, np.median(a[chosen], axis=1) - np.median(b[chosen], axis=1), a.size)


def paired_difference(
    images: int,
    figure_a: Callable[[Counts], Floats],
    figure_b: Callable[[Counts], Floats],
    resamples: int = RESAMPLES,
) -> Interval:
    """Figure A minus figure B, both of the same `images`, with its 95 % interval over images.

    A figure such as average precision is no mean over images, so it is computed anew on each resample: a function from
    multiplicities `[resamples, images]` (how often each image was drawn) to its values `[resamples]`.

    Of average precision only the difference gets an interval: with classes that occur a few times it lies above what more
    images would give, both variants' alike, so an interval round one variant's own figure would cover far less than 95 %.
    """
    once = np.ones((1, images), np.int64)
    value = float(figure_a(once)[0] - figure_b(once)[0])
    if images < LEAST_IMAGES:
        return Interval(value)
    portions = [figure_a(drawn) - figure_b(drawn) for drawn in multiplicities(images, resamples)]
    return _interval(value, np.concatenate(portions), images)


def multiplicities(images: int, resamples: int, portion: int = 100) -> Iterator[Counts]:
    """How often each image is drawn `[≤ portion, images]`, portion by portion so that memory stays small."""
    random = np.random.default_rng(_SEED)
    for start in range(0, resamples, portion):
        yield random.multinomial(images, np.full(images, 1 / images), min(portion, resamples - start)).astype(np.int64)


def _interval(value: float, resampled: Floats, n: int) -> Interval:
    known = resampled[np.isfinite(resampled)]
    if not known.size:
        return Interval(value)
    tail = _tail(n)
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(value, float(low), float(high))


def _tail(n: int) -> float:
    """Share left off each end: 2.5 %, less for small n, where a plain percentile interval is too narrow (Hesterberg 2015)."""
    return _NORMAL.cdf(-math.sqrt(n / (n - 1)) * _student(1 - _TAIL, n - 1))


def _student(share: float, freedom: int) -> float:
    """Quantile of Student's t by the Cornish–Fisher expansion (Abramowitz & Stegun 26.7.5); 0.1 % off at 5 degrees of freedom."""
    z = _NORMAL.inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / math.pow(freedom, power + 1) for power, term in enumerate(terms))
