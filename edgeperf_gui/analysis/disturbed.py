"""Runs during which others used the machine: what they cannot have spoiled.

As with many cameras (see `camera_verdict`): whoever was disturbed is not to be blamed, and whoever overloads a machine is not to
be excused. A failure stands where the run would have failed with the CPU time of all, ours and theirs; and where nine of ten
frames were late although a fifth of the CPU was left over and others had less than half a core: then it was not others that they
waited for. (An inference on all cores waits for the slowest of them, so who takes one core holds it up.)
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

from edgeperf_gui.analysis.advice import WORK
from edgeperf_gui.analysis.camera_verdict import NEARLY_ALL
from edgeperf_gui.analysis.lateness import late_frames
from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.results import Ranks, RunResult, StageStats, Throughput

_FULL_PERCENT: Final = 80.0
_HALF_A_CORE: Final = 50.0


def others_percent(run: RunResult) -> float | None:
    """How much of the machine others took, where it was more than a measurement bears; None where it was not, or nobody knows."""
    percent = run.foreign_cpu_percent
    return percent if percent is not None and percent > DIRTY_PERCENT else None


def remedy(percent: float) -> str:
    """What to do about it."""
    return f"others took {percent:.0f} % of the machine: run again while it is quiet"


def at_best(run: RunResult) -> RunResult:
    """The run as it cannot have been better without others: as many frames as the CPU time of all makes, each without a wait.

    A frame is taken to cost what the cheapest one did.
    """
    factor, cheapest_ms = _most_frames(run), sum(one.min_ms for one in _work(run))
    best = msgspec.structs.replace(run, age=None if run.age is None else _each(run.age, cheapest_ms), ages=None)
    rate = run.throughput
    if rate.saturated:
        fps = None if rate.fps is None else rate.fps * factor
        throughput = msgspec.structs.replace(rate, fps=fps)
        return msgspec.structs.replace(best, throughput=throughput, intervals=_closer(run.intervals, factor))
    served = _served(rate, factor)
    # without the drops there are other gaps between frames, of which nothing is known
    return msgspec.structs.replace(best, throughput=served, intervals=run.intervals if served == rate else None)


def is_late_by_itself(run: RunResult, limit_ms: float) -> bool:
    """Whether nearly all frames were late while there was CPU to spare and others held up no core for long."""
    own, foreign = run.own_cpu_percent, run.foreign_cpu_percent
    if run.age is None or own is None or foreign is None or own + foreign > _FULL_PERCENT:
        return False
    if foreign * run.machine.logical_cpus >= _HALF_A_CORE:
        return False
    late = late_frames(run.age, limit_ms, run.ages)
    return late.low >= NEARLY_ALL * late.n


def _most_frames(run: RunResult) -> float:
    """How many times as many frames the CPU time of all would have made; ∞ where ours is not known."""
    own, foreign = run.own_cpu_percent or 0.0, run.foreign_cpu_percent or 0.0
    work = _work(run)
    cheapest = sum(one.min_ms for one in work)
    if not own or not cheapest:
        return math.inf
    return (own + foreign) / own * sum(one.mean_ms for one in work) / cheapest


def _work(run: RunResult) -> list[StageStats]:
    return [run.stages[stage] for stage in WORK if stage in run.stages]


def _served(rate: Throughput, factor: float) -> Throughput:
    if not rate.completed:
        return rate  # what a frame costs is not known
    due = rate.completed + rate.dropped
    completed = due if factor * rate.completed >= due else int(factor * rate.completed)
    fps = None if rate.fps is None else rate.fps * completed / rate.completed
    return msgspec.structs.replace(rate, completed=completed, dropped=due - completed, fps=fps)


def _closer(intervals: Ranks | None, factor: float) -> Ranks | None:
    if intervals is None or math.isinf(factor):
        return None
    return Ranks(intervals.n, intervals.at, tuple(value / factor for value in intervals.values_ms))


def _each(stats: StageStats, ms: float) -> StageStats:
    """Every one of the values."""
    known = {name for name in stats.__struct_fields__ if name.endswith("_ms") and getattr(stats, name) is not None}
    return msgspec.structs.replace(stats, **dict.fromkeys(known, ms))
