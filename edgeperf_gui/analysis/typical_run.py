"""The typical one of several simulated runs: what half of them exceed; and how far a real one may lie from it.

A pause of the host that was measured once is drawn in one run often, in another never, and near saturation it makes the p99. One
run would tell which happened to be drawn. But all of them draw from the whole calibration and so come to about its mean pace,
while a machine that is slow for seconds at a time gives each real run another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median_low
from typing import Final

from edgeperf_gui.analysis.service_times import ServiceTimes
from edgeperf_gui.analysis.simulation import Simulated, simulate
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.simulation import Outcome, Situation, Spans

_RUNS: Final = 9
_FRAMES: Final = 200_000
"""Of all runs together; a long run needs no others beside it."""


def simulated_runs(situation: Situation, times: ServiceTimes) -> tuple[Simulated, ...]:
    """An odd number of them, each of another seed."""
    frames = situation.rate_fps * situation.seconds * situation.cameras
    number = max(1, min(_RUNS, int(_FRAMES / frames)))
    return tuple(simulate(situation, times, seed) for seed in range(17, 17 + number - (number + 1) % 2))


def typical(outcomes: Sequence[Outcome]) -> Outcome:
    """Of an odd number of outcomes the median of each figure; None where most of them do not know it."""
    ages = [one.age for one in outcomes if one.age is not None]
    return Outcome(
        fps=_median([one.fps for one in outcomes]),
        due=median_low(one.due for one in outcomes),
        completed=median_low(one.completed for one in outcomes),
        dropped=median_low(one.dropped for one in outcomes),
        age=_typical_stats(ages) if 2 * len(ages) > len(outcomes) else None,
    )


def at_other_paces(situation: Situation, times: ServiceTimes) -> tuple[Outcome, ...]:
    """What it would give, were the machine all the time as fast, or as slow, as it ever was while the times were measured."""
    return tuple(simulate(situation, times.scaled(slowdown)).outcome for slowdown in times.slowdowns())


def spans(outcomes: Sequence[Outcome]) -> Spans:
    """The lowest and the highest of each figure; None of no outcomes, and where one of them does not know it."""
    return Spans(
        fps=_span(outcomes, lambda one: one.fps),
        dropped_percent=_span(outcomes, lambda one: 100 * one.dropped / one.due if one.due else None),
        age_median_ms=_span(outcomes, lambda one: one.age.median_ms if one.age else None),
        age_p99_ms=_span(outcomes, lambda one: one.age.p99_ms if one.age else None),
    )


def _span(outcomes: Sequence[Outcome], figure: Callable[[Outcome], float | None]) -> tuple[float, float] | None:
    known = [value for one in outcomes if (value := figure(one)) is not None]
    return (min(known), max(known)) if 0 < len(known) == len(outcomes) else None


def _typical_stats(stats: Sequence[StageStats]) -> StageStats:
    of_each = {name: _median([getattr(one, name) for one in stats]) for name in StageStats.__struct_fields__}
    n = int(of_each.pop("n") or 0)
    return StageStats(n=n, **of_each)  # type: ignore[arg-type]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median_low(known) if 2 * len(known) > len(values) else None
