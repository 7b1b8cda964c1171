"""When enough has been seen to say that a limit on misses is kept, or broken: the binomial rule of MLPerf's early stopping.

Each frame misses or does not. With n frames and m misses a limit of a share x is kept for certain when so few misses would be
rare at x itself, P(Bin(n, x) ≤ m) ≤ 1 − c, and broken for certain when so many would be, P(Bin(n, x) ≥ m) ≤ 1 − c; between the
two more frames are needed (Reddi et al., MLPerf Inference Benchmark, 2020, §V; its tables use c = 99 %).

Who looks often, or at many cameras, is wrong more often: the 1 % is therefore divided among the looks and among the cameras.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.verdict import Verdict

CONFIDENCE: Final = 0.99
DOUBT: Final = 0.95
"""A camera whose own misses a kept limit would allow in one case of twenty at most is no longer passed among the others."""
_NEGLIGIBLE: Final = 45.0
"""Terms smaller than the largest by e to this are far below a float's precision, even a million of them."""


def judge_misses(n: int, misses: int, limit: float, confidence: float = CONFIDENCE) -> Verdict:
    """Whether a share of misses of at most `limit` (0…1, exclusive) is kept, given `misses` among `n` frames."""
    if not (0 <= misses <= n and 0.0 < limit < 1.0):
        raise ValueError("misses are among n frames, and the limit is between 0 and 1")
    rare = 1.0 - confidence
    if n and at_most(misses, n, limit) <= rare:
        return "PASS"
    if misses and 1.0 - at_most(misses - 1, n, limit) <= rare:
        return "FAIL"
    return "UNDECIDED"


def look_times(seconds: float, least_s: float) -> tuple[float, ...]:
    """When to look at a run: at its end, and each time at half of what went before, down to `least_s`."""
    times = [seconds]
    while times[0] / 2 >= least_s:
        times.insert(0, times[0] / 2)
    return tuple(times)


def judge_cameras(
    counts: Sequence[tuple[int, int]], limit: float, looks: int = 1, groups: Sequence[Sequence[int]] = ()
) -> Verdict:
    """Each camera's (frames, misses) at one of so many looks: FAIL when a single one breaks the limit, else of all together.

    `groups`: indices of cameras that are judged together besides, such as those of one kind; one that breaks the limit is a FAIL.
    Over all looks and cameras the chance of a PASS that is wrong is at most 1 %, of a FAIL at most 1 % for the whole and 1 % for
    the single cameras and groups. All together pass only when no camera's own misses speak against it.
    """
    if breaking(counts, limit, looks, groups):
        return "FAIL"
    verdict = judge_misses(*together(counts), limit, 1.0 - (1.0 - CONFIDENCE) / looks)
    return "UNDECIDED" if verdict == "PASS" and doubtful(counts, limit) else verdict


def breaking(
    counts: Sequence[tuple[int, int]], limit: float, looks: int = 1, groups: Sequence[Sequence[int]] = ()
) -> list[tuple[int, ...]]:
    """Indices of each camera, and of each group, that breaks the limit by itself; the 1 % is divided among all of them."""
    parts = [*((at,) for at in range(len(counts))), *map(tuple, groups)]
    confidence = 1.0 - (1.0 - CONFIDENCE) / looks / len(parts)
    return [part for part in parts if judge_misses(*together([counts[at] for at in part]), limit, confidence) == "FAIL"]


def doubtful(counts: Sequence[tuple[int, int]], limit: float) -> list[int]:
    """Indices of cameras that miss so much more than the limit that it is hardly chance; that only delays a PASS."""
    return [at for at, (n, misses) in enumerate(counts) if judge_misses(n, misses, limit, DOUBT) == "FAIL"]


def together(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The same of all of them as if they were one camera."""
    return sum(n for n, _ in counts), sum(misses for _, misses in counts)


def least_that(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least number from `low` on for which it holds, and so for all above it; `high` when for none below that."""
    return low + bisect.bisect_left(range(low, high), True, key=holds)


def least_frames(misses: int, limit: float, confidence: float = CONFIDENCE) -> int:
    """How many frames it takes to pass with so many misses: 64 for one at p90, 662 for one at p99."""
    high = misses + 1
    while judge_misses(high, misses, limit, confidence) != "PASS":
        high *= 2
    return least_that(max(misses, high // 2) + 1, high, lambda n: judge_misses(n, misses, limit, confidence) == "PASS")


def most_misses(n: int, limit: float, confidence: float = CONFIDENCE) -> int | None:
    """With how many misses among n frames the limit still counts as kept; None when n is too small for any."""
    if judge_misses(n, 0, limit, confidence) != "PASS":
        return None
    return least_that(1, n, lambda misses: judge_misses(n, misses, limit, confidence) != "PASS") - 1


def upper_estimate(values: NDArray[np.float64], above: float, confidence: float = CONFIDENCE) -> tuple[float, int] | None:
    """(what at most a share `above` of all is higher than, how many of these values lie above it); None with too few values.

    MLPerf's rule for a percentile, 0.1 for p90: with t misses allowed among so many, the highest value once the t - 1 highest are
    left out; t is at least 1.
    """
    allowed = most_misses(values.size, above, confidence)
    if not allowed:
        return None
    return float(np.sort(values)[-allowed]), allowed - 1


def at_most(misses: int, n: int, share: float) -> float:
    """P(Bin(n, share) ≤ misses) with 0 < share < 1, by the regularised sum in logarithms: n of a million must not underflow."""
    log_share, log_rest = math.log(share), math.log1p(-share)

    def log_of(k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_share + (n - k) * log_rest

    last = min(misses, n)
    peak = min(last, int((n + 1) * share))  # the terms fall to both sides of it
    top = log_of(peak)
    logs: list[float] = []
    for side in (range(peak, -1, -1), range(peak + 1, last + 1)):
        for k in side:
            if (value := log_of(k)) < top - _NEGLIGIBLE:
                break
            logs.append(value)
    return min(1.0, math.exp(top) * math.fsum(math.exp(value - top) for value in logs))
