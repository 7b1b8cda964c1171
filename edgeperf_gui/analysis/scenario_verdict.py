"""A run held against a scenario: PASS, FAIL or UNDECIDED for each requirement, with its evidence, and whether to optimise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edgeperf_gui.analysis.early_stopping import least_frames
from edgeperf_gui.analysis.looks import in_view_s, metres_per_frame, needed_fps, probability_of_looks
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.capacity import Verdict
from edgeperf_gui.domain.results import RunResult, StageStats
from edgeperf_gui.domain.scenario import Energy, Looks, Optimise, Percentile, Requirement, Scenario, ScenarioResult

_SHARES: Final[dict[Percentile, float]] = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_WORK: Final = ("decode", "preprocess", "inference", "postprocess")
"""Stages that compute; queue and present are waits."""
_PLENTY: Final = 1.5
"""From this headroom on nothing needs to be optimised: capacity falls by a fifth when a machine gets warm or busy."""
_CONFIDENCE: Final = 0.95
_RUN_OTHERWISE: Final = "run it flat out, or paced at the cameras' rate"
_RATE_TOLERANCE: Final = 0.995
"""A paced run ends within a period, so its rate may read half a percent low."""


def evaluate(name: str, scenario: Scenario, run: RunResult, energy: Energy | None = None) -> ScenarioResult:
    """Every requirement of the scenario that a run can answer, and those that it cannot as UNDECIDED."""
    looks = _looks(scenario, run)
    checks: tuple[Callable[[], Requirement | None], ...] = (
        lambda: _rate(scenario, run),
        lambda: _deadline(scenario, run),
        lambda: _seen(scenario, run, looks),
        lambda: _way(scenario, run),
        lambda: _unmeasured("power", scenario.power_w, "W", "≤", "no meter was read in this run"),
        lambda: _unmeasured("battery life", scenario.battery_hours, "h", "≥", "no meter was read in this run"),
        lambda: _unmeasured("accuracy", scenario.min_accuracy, "", "≥", "measure it: edgeperf accuracy"),
        lambda: _unmeasured("agreement", scenario.min_agreement, "", "≥", "measure it: edgeperf compare"),
    )
    requirements = tuple(found for check in checks if (found := check()) is not None)
    verdict = worst([requirement.verdict for requirement in requirements])
    return ScenarioResult(name, scenario, requirements, verdict, _optimise(requirements, run), looks, energy)


def worst(verdicts: list[Verdict]) -> Verdict:
    """FAIL if any fails, else UNDECIDED if any is, else PASS; of nothing, UNDECIDED."""
    order: tuple[Verdict, ...] = ("FAIL", "UNDECIDED", "PASS")
    return min(verdicts, key=order.index, default="UNDECIDED")


def _rate(scenario: Scenario, run: RunResult) -> Requirement | None:
    needed = needed_fps(scenario)
    if needed is None:
        return None
    whole = needed * scenario.cameras
    asked = f"≥ {needed:.3g} FPS" + (f" × {scenario.cameras} cameras" if scenario.cameras > 1 else "")
    rate = run.throughput
    if rate.fps is None:
        return Requirement("rate", asked, None, 0, "UNDECIDED", "the run is too short")
    headroom = rate.fps / whole
    verdict: Verdict
    if rate.fps >= whole * _RATE_TOLERANCE:
        verdict, evidence = "PASS", "capacity" if rate.saturated else "kept up with the source"
    elif rate.saturated:
        verdict, evidence = "FAIL", "this is the capacity: frames were read flat out"
    elif rate.dropped:
        verdict, evidence = "FAIL", f"{rate.dropped} frames had to be dropped at this rate already"
    else:
        verdict, evidence = "UNDECIDED", "the source gave no more than this; run it flat out to know the capacity"
    return Requirement("rate", asked, f"{rate.fps:.1f} FPS", rate.completed, verdict, evidence, headroom)


def _deadline(scenario: Scenario, run: RunResult) -> Requirement | None:
    limit = scenario.deadline_ms
    if limit is None:
        return None
    name, asked = f"age, {scenario.percentile}", f"≤ {limit:g} ms"
    if run.age is None:
        return Requirement(name, asked, None, None, "UNDECIDED", "frames had no due time; run it paced")
    value, verdict, evidence = _held_against(run.age, scenario.percentile, limit)
    measured = None if value is None else f"{value:.1f} ms"
    ends = "painted" if run.age_ends == "shown" else "objects known"
    headroom = limit / value if value else None
    return Requirement(name, asked, measured, run.age.n, verdict, f"{evidence}; due → {ends}", headroom)


def _held_against(stats: StageStats, percentile: Percentile, limit: float) -> tuple[float | None, Verdict, str]:
    """The percentile, whether it keeps the limit, and why that can be said."""
    if percentile == "p50":
        low, high = stats.median_low_ms, stats.median_high_ms
        if low is not None and high is not None and low <= limit < high:
            return stats.median_ms, "UNDECIDED", f"95 % interval of the median {low:.1f} … {high:.1f} ms"
        return stats.median_ms, "PASS" if stats.median_ms <= limit else "FAIL", f"n = {stats.n}"
    value = {"p90": stats.p90_ms, "p95": stats.p95_ms, "p99": stats.p99_ms}[percentile]
    enough = least_frames(0, 1 - _SHARES[percentile], _CONFIDENCE)
    if stats.p90_ms > limit:  # the worst tenth is late already
        return value, "FAIL", f"p90 is {stats.p90_ms:.1f} ms"
    if value is None or stats.n < enough:
        return value, "UNDECIDED", f"{stats.n} frames; {percentile} takes {enough}"
    return value, "PASS" if value <= limit else "FAIL", f"n = {stats.n}"


def _processed(scenario: Scenario, run: RunResult) -> tuple[float | None, float | None, float | None]:
    """Share of the cameras' frames that is processed, with its 95 % interval where the run counted drops."""
    rate = run.throughput
    if rate.fps is None:
        return None, None, None
    if rate.saturated:
        share = min(1.0, rate.fps / (scenario.camera_fps * scenario.cameras))
        return share, None, None
    counted = proportion(rate.completed, rate.completed + rate.dropped)
    if scenario.cameras > 1 or (rate.source_fps or 0.0) < scenario.camera_fps * _RATE_TOLERANCE:
        return None, None, None  # what more frames would do is not known from a paced run
    return counted.value, counted.low, counted.high


def _looks(scenario: Scenario, run: RunResult) -> Looks | None:
    seconds = in_view_s(scenario)
    if seconds is None:
        return None
    value, low, high = (
        None if share is None else probability_of_looks(scenario.looks, seconds, scenario.camera_fps, share)
        for share in _processed(scenario, run)
    )
    return Looks(scenario.looks, seconds, value, low, high)


def _seen(scenario: Scenario, run: RunResult, looks: Looks | None) -> Requirement | None:
    if looks is None:
        return None
    name, asked = f"seen at least {looks.k}×", f"≥ {100 * scenario.seen_share:g} %"
    if looks.probability is None:
        return Requirement(name, asked, None, None, "UNDECIDED", _RUN_OTHERWISE)
    low, high = looks.low, looks.high
    undecided = low is not None and high is not None and low < scenario.seen_share <= high
    verdict: Verdict = "UNDECIDED" if undecided else "PASS" if looks.probability >= scenario.seen_share else "FAIL"
    interval = f"95 % interval {100 * low:.1f} … {100 * high:.1f} %; " if low is not None and high is not None else ""
    evidence = f"{interval}in view {looks.in_view_s:.2f} s, that is {looks.in_view_s * scenario.camera_fps:.1f} frames"
    return Requirement(name, asked, f"{100 * looks.probability:.1f} %", run.throughput.completed, verdict, evidence)


def _way(scenario: Scenario, run: RunResult) -> Requirement | None:
    limit = scenario.metres_per_frame
    if limit is None:
        return None
    name, asked = "way per frame", f"≤ {limit:g} m"
    share = _processed(scenario, run)[0]
    processed = scenario.camera_fps * (share or 0.0)
    way = metres_per_frame(scenario, processed)
    if way is None:
        return Requirement(name, asked, None, None, "UNDECIDED", _RUN_OTHERWISE)
    evidence = f"{scenario.speed_km_h:g} km/h at {processed:.1f} processed frames a second"
    if share == 1.0:  # the camera's own rate is the limit, and no faster model would change that
        evidence, headroom = f"{evidence}, all that the camera gives", None
    else:
        headroom = limit / way
    n = run.throughput.completed
    return Requirement(name, asked, f"{way:.2f} m", n, "PASS" if way <= limit else "FAIL", evidence, headroom)


def _unmeasured(name: str, limit: float | None, unit: str, sign: str, why: str) -> Requirement | None:
    """What this run says nothing about is undecided, and never passed over."""
    return None if limit is None else Requirement(name, f"{sign} {limit:g} {unit}".strip(), None, None, "UNDECIDED", why)


def _optimise(requirements: tuple[Requirement, ...], run: RunResult) -> Optimise:
    """Whether to optimise, by what the rate, the deadline and the looks say; and what, by the share of the work."""
    work = {stage: run.stages[stage].median_ms for stage in _WORK if stage in run.stages}
    whole = sum(work.values())
    if not whole:
        return Optimise("undecided", None, None, None, "The run has no stages to compare.")
    stage = max(work, key=work.__getitem__)
    share = work[stage] / whole
    ceiling = whole / (whole - work[stage]) if work[stage] < whole else None
    told = f"{stage} is {100 * share:.0f} % of a frame's work ({work[stage]:.1f} of {whole:.1f} ms)"
    speed = [one for one in requirements if one.headroom is not None]
    failed = [one for one in requirements if one.verdict == "FAIL"]
    least = min((one.headroom for one in speed if one.headroom is not None), default=None)
    if not failed and least is not None and all(one.verdict == "PASS" for one in speed):
        much = "so a slower device or FP32 might do" if least >= _PLENTY else "which is little where a machine gets warm or busy"
        return Optimise("no", stage, share, ceiling, f"Inference is not your limit: the least headroom is {least:.1f}×, {much}.")
    if not failed and any(one.verdict == "UNDECIDED" for one in speed):
        return Optimise("undecided", stage, share, ceiling, f"The run does not decide it; {told}.")
    if not speed:
        return Optimise("undecided", stage, share, ceiling, f"The scenario asks for no speed; {told}.")
    limit = "" if ceiling is None else f", and if it cost nothing a frame would be {ceiling:.1f}× faster"
    if stage == "inference":
        return Optimise("model", stage, share, ceiling, f"The model first: {told}{limit}.")
    return Optimise("another stage", stage, share, ceiling, f"{stage.capitalize()} first: {told}{limit}.")
