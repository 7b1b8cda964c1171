"""When enough has been seen to say that a limit on misses is kept, or broken: the binomial rule of MLPerf's early stopping.

Each frame misses or does not. With n frames and m misses a limit of a share x is kept for certain when so few misses would be
rare at x itself, P(Bin(n, x) ≤ m) ≤ 1 − c, and broken for certain when so many would be, P(Bin(n, x) ≥ m) ≤ 1 − c; between the
two more frames are needed (Reddi et al., MLPerf Inference Benchmark, 2020, §V; its tables use c = 99 %).

Who looks often, or at many cameras, is wrong more often: the 1 % is therefore divided among the looks and among the cameras.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal

Verdict = Literal["PASS", "FAIL", "UNDECIDED"]

CONFIDENCE: Final = 0.99


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


def judge_cameras(counts: Sequence[tuple[int, int]], limit: float, looks: int = 1) -> Verdict:
    """Each camera's (frames, misses) at one of so many looks: FAIL when a single one breaks the limit, else of all together.

    Over all looks and cameras the chance of a PASS that is wrong is at most 1 %, of a FAIL at most 1 % for the whole and 1 % for
    the single cameras.
    """
    rare = (1.0 - CONFIDENCE) / looks
    if any(judge_misses(n, misses, limit, 1.0 - rare / len(counts)) == "FAIL" for n, misses in counts):
        return "FAIL"
    return judge_misses(sum(n for n, _ in counts), sum(misses for _, misses in counts), limit, 1.0 - rare)


def least_frames(misses: int, limit: float, confidence: float = CONFIDENCE) -> int:
    """How many frames it takes to pass with so many misses: 64 for one at p90, 662 for one at p99."""
    high = misses + 1
    while judge_misses(high, misses, limit, confidence) != "PASS":
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if judge_misses(middle, misses, limit, confidence) == "PASS":
            high = middle
        else:
            low = middle
    return high


def at_most(misses: int, n: int, share: float) -> float:
    """P(Bin(n, share) ≤ misses) with 0 < share < 1, by the regularised sum in logarithms: n of a million must not underflow."""
    log_share, log_rest = math.log(share), math.log1p(-share)
    logs = [
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_share + (n - k) * log_rest
        for k in range(min(misses, n) + 1)
    ]
    top = max(logs)
    return min(1.0, math.exp(top) * math.fsum(math.exp(value - top) for value in logs))
