"""How many frames came later than a limit, as far as a run's kept ranks say, and whether a percentile so keeps the limit."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.early_stopping import CONFIDENCE, judge_misses
from edgeperf_gui.analysis.stats import median_ranks, rank
from edgeperf_gui.domain.results import Ranks, StageStats
from edgeperf_gui.domain.verdict import Verdict

_MOST: Final = 1_000_000
"""More frames than these say nothing more, and would only take time to sum up."""


@dataclass(frozen=True, slots=True)
class Late:
    """Between so many and so many of n frames were late."""

    n: int
    low: int
    high: int


def late_frames(stats: StageStats, limit_ms: float, ranks: Ranks | None = None) -> Late:
    """Bounds from the known ranks: with one above the limit all behind it are late, with one within all before it are in time.

    With the run's `ranks` they are one number while no more are late than the highest that were all kept.
    """
    n = stats.n
    if ranks is not None and ranks.n == n:
        first = bisect.bisect_right(ranks.values_ms, limit_ms)
        at_least = n - ranks.at[first] if first < len(ranks.at) else 0
        at_most = n - ranks.at[first - 1] - 1 if first else n
        return Late(n, at_least, max(at_least, at_most))
    low_rank, high_rank = median_ranks(n)
    known = (
        (0, stats.min_ms),
        (low_rank, stats.median_low_ms),
        (rank(0.50, n), stats.median_ms),
        (high_rank, stats.median_high_ms),
        (rank(0.90, n), stats.p90_ms),
        (rank(0.95, n), stats.p95_ms),
        (rank(0.99, n), stats.p99_ms),
        (n - 1, stats.max_ms),
    )
    low = max((n - at for at, value in known if value is not None and value > limit_ms), default=0)
    high = min((n - at - 1 for at, value in known if value is not None and value <= limit_ms), default=n)
    return Late(n, low, max(low, high))


def missed_by_drops(completed: int, dropped: int, needed_share: float) -> int:
    """Dropped frames that were needed, when of those that were due a share of 0…1 is; the others can be spared."""
    needed = round((completed + dropped) * needed_share, 6)  # 0.1 · 30 is not 3 in floating point
    return min(dropped, max(0, math.ceil(needed) - completed))


def missed_in_gaps(intervals: Ranks | None, source_fps: float, needed_share: float) -> int:
    """Dropped frames that were needed because no other was processed near them: a pause is not made good by many before it.

    `intervals`: between two processed frames, by when they were due. Of a source's frames a share of 0…1 is needed, evenly; a
    pause is as long as two of those. All of it but the time from one needed frame to the next is missed: so no more that is asked
    makes it less.
    """
    if intervals is None or needed_share <= 0.0:
        return 0
    each_ms = 1e3 / (needed_share * source_fps)
    pauses = (ms for ms in intervals.values_ms if round(ms / each_ms, 6) >= 2)
    return round(sum(ms - each_ms for ms in pauses) * source_fps / 1e3)


def judge_late(late: Late, missed: int, completed: int, allowed: float, confidence: float = CONFIDENCE) -> Verdict:
    """PASS when even the most that may be late are few enough, FAIL when the least are too many already.

    `missed`: needed frames that were dropped, which are late. `late` may be about fewer frames than were `completed`: then
    each of them counts against a PASS, and only their share towards a FAIL.
    """
    if judge_share(late.n + missed, late.high + missed, allowed, confidence) == "PASS":
        return "PASS"
    missed_among = missed * late.n // max(completed, late.n)
    at_least = judge_share(late.n + missed_among, late.low + missed_among, allowed, confidence)
    return "FAIL" if at_least == "FAIL" else "UNDECIDED"


def judge_share(n: int, misses: int, allowed: float, confidence: float = CONFIDENCE) -> Verdict:
    """The binomial rule, for any number of frames."""
    if n > _MOST:
        n, misses = _MOST, min(_MOST, math.ceil(misses * _MOST / n))
    return judge_misses(n, misses, allowed, confidence)
