"""The age of a run's frames held against a scenario's deadline."""

from __future__ import annotations

import contextlib
import math
from typing import Final

from edgeperf_gui.analysis.early_stopping import CONFIDENCE, least_frames
from edgeperf_gui.analysis.lateness import judge_late, late_frames, missed_by_drops, missed_in_gaps
from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.domain.arrival_pattern import pattern_in
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import RunResult, StageStats
from edgeperf_gui.domain.scenario import Percentile, Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict

INFERENCE_ONLY: Final = "inference only: no source, no decoding was measured"
RATE_TOLERANCE: Final = 0.995
"""A paced run ends within a period, so its rate may read half a percent low."""
_SHARES: Final[dict[Percentile, float]] = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_NO_AGES: Final = "the run was written by an older version, which kept only a few ranks of the age; measure it again"
_MEDIAN_CONFIDENCE: Final = 0.95
"""Of the ranks around a median only those of its 95 % interval are kept, and they decide nothing at more."""


def deadline(scenario: Scenario, run: RunResult) -> Requirement | None:
    """Whether the percentile of the age that is asked for keeps the deadline; None where none is asked for."""
    limit = scenario.deadline_ms
    if limit is None:
        return None
    name, asked = age_name(scenario), f"≤ {limit:g} ms"
    if run.age is None or run.spec.inference_only:
        why = INFERENCE_ONLY if run.spec.inference_only else "frames had no due time; run it paced"
        return Requirement(name, asked, None, None, "UNDECIDED", why, None, limit, None, "ms")
    missed = _missed(scenario, run)
    verdict, evidence = _held_against(run.age, run, scenario.percentile, limit, missed)
    too_light = lighter(scenario, run) if verdict != "FAIL" else ""  # with more frames none would be younger
    if too_light:
        verdict, evidence = "UNDECIDED", f"{evidence}; {too_light}"
    if spared := run.throughput.dropped - missed:
        evidence += f"; {frames(spared)} {'more ' if missed else ''}dropped that can be spared"
    value = age_at(run.age, scenario.percentile)
    measured = None if value is None else f"{value:.1f} ms"
    ends = "painted" if run.age_ends == "shown" else "objects known"
    n = run.age.n + missed
    is_known = not missed and not too_light  # frames that were dropped have no age to compare
    headroom = limit / value if value and is_known else None
    return Requirement(name, asked, measured, n, verdict, f"{evidence}; due → {ends}", headroom, limit, value, "ms")


def age_name(scenario: Scenario) -> str:
    """Of this requirement."""
    return f"age, {scenario.percentile}"


def _missed(scenario: Scenario, run: RunResult) -> int:
    """Dropped frames that the scenario needed: all of them where it asks for no rate, or the source's is not known."""
    rate, needed = run.throughput, needed_fps(scenario)
    if needed is None or not rate.source_fps:
        return rate.dropped
    share = min(1.0, needed * scenario.cameras / rate.source_fps)
    in_gaps = missed_in_gaps(run.intervals, rate.source_fps, share)
    elsewhere = rate.completed + rate.dropped - in_gaps
    # as many as were processed elsewhere in that time: the frames beside which they count
    missed = round(rate.completed * in_gaps / elsewhere) if elsewhere > 0 else rate.dropped
    return max(missed_by_drops(rate.completed, rate.dropped, share), min(rate.dropped, missed))


def lighter(scenario: Scenario, run: RunResult) -> str:
    """Of a run whose frames came at less than the rate that is needed: why its ages do not show it; else empty."""
    needed, came = needed_fps(scenario), _came_fps(run)
    if needed is None or came is None or came >= RATE_TOLERANCE * needed * scenario.cameras:
        return ""
    whole = needed * scenario.cameras
    rates = f"frames came at {round(came, 1):g} FPS where {round(whole, 1):g} are needed"
    return f"{rates}: bench --arrivals poisson:{math.ceil(whole)}, or pace a source of that rate"


def _came_fps(run: RunResult) -> float | None:
    """Frames a second that asked for an answer; None where nobody knows."""
    rate, arrivals = run.throughput, run.spec.arrivals
    if arrivals.startswith("poisson:"):
        with contextlib.suppress(BadInput):  # the number that came by chance wavers around it
            return pattern_in(arrivals).rate
    came = rate.fps * (rate.completed + rate.dropped) / rate.completed if rate.fps and rate.completed else None
    of_source = None if arrivals or rate.saturated else rate.source_fps
    return min(filter(None, (of_source, came)), default=None)  # in the dark a camera gives fewer than it says


def age_at(stats: StageStats, percentile: Percentile) -> float | None:
    """The age at this percentile, ms; None with too few frames for it."""
    values = {"p50": stats.median_ms, "p90": stats.p90_ms, "p95": stats.p95_ms, "p99": stats.p99_ms}
    return values[percentile]


def _held_against(stats: StageStats, run: RunResult, percentile: Percentile, limit: float, missed: int) -> tuple[Verdict, str]:
    """Whether the percentile keeps the limit, and why that can be said. So many frames were needed and dropped: misses."""
    allowed = 1 - _SHARES[percentile]
    late = late_frames(stats, limit, run.ages)
    confidence = _MEDIAN_CONFIDENCE if percentile == "p50" else CONFIDENCE
    verdict = judge_late(late, missed, run.throughput.completed, allowed, confidence)
    if percentile == "p50" and run.ages is None and None in (stats.median_low_ms, stats.median_high_ms):
        verdict = "UNDECIDED"
    low, high = late.low + missed, late.high + missed
    many = f"{low}" if low == high else f"{low} … {high}"
    evidence = f"{many} of {frames(late.n + missed)} late" + (f", {missed} of them dropped" if missed else "")
    enough = least_frames(0, allowed, confidence)
    if verdict == "UNDECIDED" and late.n + missed < enough:
        evidence += f"; {percentile} takes {enough}"
    elif verdict == "UNDECIDED" and late.low < late.high and run.ages is None:
        evidence += f"; {_NO_AGES}"
    return verdict, evidence


def frames(n: int) -> str:
    """So many of them, in words."""
    return f"{n} frame" if n == 1 else f"{n} frames"
