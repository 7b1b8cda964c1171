"""The age of a run's frames held against a scenario's deadline."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.early_stopping import CONFIDENCE, least_frames
from edgeperf_gui.analysis.lateness import judge_late, late_frames, missed_by_drops
from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.domain.results import RunResult, StageStats
from edgeperf_gui.domain.scenario import Percentile, Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict

INFERENCE_ONLY: Final = "inference only: no source, no decoding was measured"
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
    if spared := run.throughput.dropped - missed:
        evidence += f"; {frames(spared)} {'more ' if missed else ''}dropped that can be spared"
    value = age_at(run.age, scenario.percentile)
    measured = None if value is None else f"{value:.1f} ms"
    ends = "painted" if run.age_ends == "shown" else "objects known"
    n = run.age.n + missed
    headroom = limit / value if value and not missed else None  # frames that were dropped have no age to compare
    return Requirement(name, asked, measured, n, verdict, f"{evidence}; due → {ends}", headroom, limit, value, "ms")


def age_name(scenario: Scenario) -> str:
    """Of this requirement."""
    return f"age, {scenario.percentile}"


def _missed(scenario: Scenario, run: RunResult) -> int:
    """Dropped frames that the scenario needed: all of them where it asks for no rate, or the source's is not known."""
    rate, needed = run.throughput, needed_fps(scenario)
    if needed is None or not rate.source_fps:
        return rate.dropped
    return missed_by_drops(rate.completed, rate.dropped, min(1.0, needed * scenario.cameras / rate.source_fps))


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
