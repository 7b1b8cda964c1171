"""Statistics of one stage: nearest-rank percentiles, nothing clipped, nothing claimed from too few samples."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.results import Ranks, StageStats

P99_MIN_SAMPLES: Final = 299
"""Least n for a 95 % statement about the 99th percentile: 0.99²⁹⁹ ≤ 0.05."""
_HIGHEST_KEPT: Final = 1024
"""A run's statistics cover 65 536 frames; of these at p99 up to 655 may be late, and each of them is kept."""
_BELOW_KEPT: Final = 512


def rank(share: float, n: int) -> int:
    """Zero-based nearest rank of a percentile given as a share (0.99): ⌈share·n⌉ − 1, kept inside 0…n−1."""
    # round() first: 0.95·20 is 19.000000000000004 in floating point and must not become rank 20
    return min(max(math.ceil(round(share * n, 9)) - 1, 0), n - 1)


def median_ranks(n: int) -> tuple[int, int]:
    """Zero-based ranks of the 95 % interval of the median by order statistics: n/2 ± 0.98√n (Conover 1999, §3.2)."""
    half_width = 0.98 * math.sqrt(n)
    return max(round(n / 2 - half_width) - 1, 0), min(round(n / 2 + half_width), n - 1)


def percentile(values: NDArray[np.float64], share: float) -> float:
    """Nearest-rank percentile of at least one value."""
    at = rank(share, values.size)
    return float(np.partition(values, at)[at])


def ranks_of(values_ms: NDArray[np.float64]) -> Ranks | None:
    """The distribution in bounded size; None without values. NaN is left out."""
    values = np.sort(values_ms[np.isfinite(values_ms)])
    n = int(values.size)
    if n == 0:
        return None
    lower = n - min(n, _HIGHEST_KEPT)
    below = np.unique(np.linspace(0, lower - 1, min(lower, _BELOW_KEPT)).round().astype(int)) if lower else np.zeros(0, int)
    at = np.concatenate([below, np.arange(lower, n)])
    return Ranks(n, tuple(at.tolist()), tuple(values[at].tolist()))


def stage_stats(values_ms: NDArray[np.float64]) -> StageStats | None:
    """Summarise durations in milliseconds; None when there are none. NaN is not a duration and is left out."""
    values = np.sort(values_ms[np.isfinite(values_ms)])
    n = int(values.size)
    if n == 0:
        return None
    low, high = median_ranks(n)
    return StageStats(
        n=n,
        mean_ms=float(values.mean()),
        median_ms=float(values[rank(0.5, n)]),
        p90_ms=float(values[rank(0.90, n)]),
        p95_ms=float(values[rank(0.95, n)]),
        p99_ms=float(values[rank(0.99, n)]) if n >= P99_MIN_SAMPLES else None,
        min_ms=float(values[0]),
        max_ms=float(values[-1]),
        median_low_ms=float(values[low]),
        median_high_ms=float(values[high]),
    )
