"""Which rate of chance arrivals still keeps to a deadline: doubled until one fails, then halved between the two.

Every rate gets the same chances of arrival, only closer together, so that of two rates the higher can hardly look better by luck.
Each is looked at up to three times, at twice as many answers each time; the 1 % of verdicts that may be wrong is divided among
them. A failure is certain before its look when so many are late already that the rest cannot change it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.early_stopping import CONFIDENCE, judge_misses, least_frames, least_that
from edgeperf_gui.domain.arrival_pattern import FASTEST
from edgeperf_gui.domain.verdict import Verdict

CLOSE: Final = 1.02
"""The search ends when the lowest rate that did not pass is no more than this times the highest that did."""
_LOOKS: Final = 3
DEADLINES: Final = 200
"""A rate is tried for at least so many deadlines. A queue that two frames of a hundred too many feed takes fifty before the first
answer is late; and while a queue stands all answers are late together, so that few queues say little, however many answers they
hold. At 200 the rates found for simulated queues lay within 7 % of the true ones in nine of ten searches at p90, at 50 within 26.
"""
_ENOUGH: Final = 50_000
"""Answers to a first look, however many come within so many deadlines: all of a rate's answers are held in memory."""
HELD: Final = _ENOUGH << (_LOOKS - 1)
"""The most answers that are held of one rate."""
_LOWEST: Final = 1 / 16
"""Of the first rate: where the queue is nearly always empty and answers are late all the same, no rate will do."""
_MILD: Final = 6
"""Rates still to be tried, as a first guess, once one has passed and one has not: from a factor of 2 to one of 1.02."""


@dataclass(frozen=True)
class Bound:
    """So many of a hundred answers must take no longer than the deadline."""

    deadline_ms: float
    percentile: int
    deadlines: int = DEADLINES
    """Least time for a rate, in deadlines."""

    @property
    def limit(self) -> float:
        """The share that may be late."""
        return (100 - self.percentile) / 100

    @property
    def confidence(self) -> float:
        """Of one look."""
        return 1.0 - (1.0 - CONFIDENCE) / _LOOKS

    def looks(self, rate: float) -> tuple[int, ...]:
        """Answers after which is looked at a rate: those of the three that go on for so many deadlines, up to `fastest`."""
        long_enough = math.ceil(self.deadlines * rate * self.deadline_ms / 1e3)
        first = max(least_frames(1, self.limit, self.confidence), min(long_enough, _ENOUGH))
        looks = tuple(first << at for at in range(_LOOKS))
        return tuple(look for look in looks if look >= long_enough) or looks

    @property
    def fastest(self) -> float:
        """The highest rate whose answers within so many deadlines can be held; frames a second."""
        return min(FASTEST, HELD / (self.deadlines * self.deadline_ms / 1e3))

    def judge(self, latency_ms: NDArray[np.float64], rate: float) -> tuple[Verdict, int]:
        """(verdict, after how many answers). `latency_ms`: of the answers so far in the order of arrival, without a gap."""
        late = np.cumsum(latency_ms > self.deadline_ms)
        looks = self.looks(rate)
        for look in looks:
            failed_at = int(np.searchsorted(late[:look], _too_many(look, self.limit, self.confidence)))
            if failed_at < min(look, late.size):
                return "FAIL", failed_at + 1
            if late.size < look:
                return "UNDECIDED", int(late.size)
            if judge_misses(look, int(late[look - 1]), self.limit, self.confidence) == "PASS":
                return "PASS", look
        return "UNDECIDED", looks[-1]


@functools.lru_cache(256)
def _too_many(n: int, limit: float, confidence: float) -> int:
    """How many late answers among n break the limit for certain."""
    return least_that(1, n, lambda late: judge_misses(n, late, limit, confidence) == "FAIL")


@dataclass(frozen=True)
class Trial:
    """One rate and what came of it; `latency_ms` holds the answers that the verdict is about."""

    rate: float
    verdict: Verdict
    latency_ms: NDArray[np.float64]


def search_rate(
    run: Callable[[float], NDArray[np.float64] | None],
    bound: Bound,
    first: float,
    close: float = CLOSE,
    fastest: float = FASTEST,
) -> Iterator[Trial]:
    """Try rates from `first` on and yield each; ends when those around the answer are close, or no rate will do.

    Nothing faster than `fastest` is tried: a deadline longer than all answers together take is kept at any rate.

    `run`: latencies in milliseconds at a rate, in the order of arrival, enough for `bound` to judge; None when it was stopped.
    """
    low = high = None
    rate = first
    while True:
        latency_ms = run(rate)
        if latency_ms is None:
            return
        verdict, n = bound.judge(latency_ms, rate)
        yield Trial(rate, verdict, latency_ms[:n])
        if verdict == "PASS":
            low = rate
        else:
            high = rate
        if low is None:
            rate /= 2
            if rate < first * _LOWEST:
                return
        elif high is None:
            if rate >= fastest:
                return
            rate = min(2 * rate, fastest)
        elif high <= low * close:
            return
        else:
            rate = math.sqrt(low * high)


def seconds_left(trials: list[Trial], bound: Bound, rate: float, close: float = CLOSE) -> float:
    """About how long a search takes that is about to try a rate: one look at this one, and at each that will still be tried."""
    passed = max((trial.rate for trial in trials if trial.verdict == "PASS"), default=None)
    beyond = min((trial.rate for trial in trials if trial.verdict != "PASS"), default=None)
    rates = _MILD + 1
    if passed is not None and beyond is not None:
        rates = max(1, math.ceil(math.log2(math.log(beyond / passed) / math.log(close))))
    return rates * bound.looks(rate)[0] / rate
