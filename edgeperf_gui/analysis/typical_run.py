"""The typical one of several simulated runs: what half of them exceed.

A pause of the host that was measured once is drawn in one run often, in another never, and near saturation it makes the p99. One
run would tell which happened to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import Final

from edgeperf_gui.analysis.service_times import ServiceTimes
from edgeperf_gui.analysis.simulation import Simulated, simulate
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.simulation import Outcome, Situation

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


def p99_span_ms(outcomes: Sequence[Outcome]) -> tuple[float, float] | None:
    """The lowest and the highest; None of one run, and where one of them has too few frames."""
    known = [one.age.p99_ms for one in outcomes if one.age is not None and one.age.p99_ms is not None]
    return (min(known), max(known)) if 1 < len(known) == len(outcomes) else None


def _typical_stats(stats: Sequence[StageStats]) -> StageStats:
    of_each = {name: _median([getattr(one, name) for one in stats]) for name in StageStats.__struct_fields__}
    n = int(of_each.pop("n") or 0)
    return StageStats(n=n, **of_each)  # type: ignore[arg-type]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median_low(known) if 2 * len(known) > len(values) else None
