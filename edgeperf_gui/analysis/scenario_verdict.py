"""A run held against a scenario: PASS, FAIL or UNDECIDED for each requirement, with its evidence, and whether to optimise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.advice import advise
from edgeperf_gui.analysis.disturbed import at_best, is_late_by_itself, others_percent, remedy
from edgeperf_gui.analysis.lateness import judge_share
from edgeperf_gui.analysis.looks import (
    in_view_s,
    metres_per_frame,
    needed_fps,
    probability_of_looks,
    probability_of_looks_by_chance,
)
from edgeperf_gui.analysis.looks_seen import Shares, looks_evenly, looks_seen, probability
from edgeperf_gui.analysis.scenario_age import INFERENCE_ONLY, RATE_TOLERANCE, age_name, deadline, frames
from edgeperf_gui.analysis.scenario_device import PRICE, SIZE, price, size
from edgeperf_gui.analysis.scenario_energy import BATTERY, BILL, POWER, battery, bill, energy_of, power
from edgeperf_gui.analysis.scenario_quality import ACCURACY, AGREEMENT, Quality, accuracy, agreement
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Energy, Looks, Optimise, Requirement, Scenario, ScenarioResult
from edgeperf_gui.domain.verdict import Verdict

OF_THE_DEVICE: Final = (POWER, BATTERY, BILL, PRICE, SIZE, ACCURACY, AGREEMENT)
"""Names of requirements that no faster model meets by being faster."""
SEEN: Final = "seen at least"
WAY: Final = "way per frame"
_RUN_OTHERWISE: Final = "run it flat out, or paced at the cameras' rate"
_FEW_FRAMES: Final = 30
"""Fewer completed frames than these give no rate; the report of a run calls them too few as well."""
_DROPS: Final = 0.01
"""Share of dropped frames up to which a source was kept up with."""


def evaluate(
    name: str,
    scenario: Scenario,
    run: RunResult,
    energy: Energy | None = None,
    sheet: DeviceSheet | None = None,
    quality: Quality | None = None,
) -> ScenarioResult:
    """Every requirement that a run, the device's sheet or the quality of its variant can answer; the others are UNDECIDED."""
    looks, _ = looks_of(scenario, run)
    certain = _certain_failures(scenario, run)
    speed = [_with_doubts(one, run, certain) for one in _speed(scenario, run, looks)]
    others = (
        power(scenario, run),
        battery(scenario, run),
        bill(scenario, run),
        price(scenario, sheet),
        size(scenario, sheet),
        accuracy(scenario, quality),
        agreement(scenario, quality),
    )
    requirements = (*speed, *(one for one in others if one is not None))
    spent = energy_of(scenario, run) or energy
    verdict = worst([one.verdict for one in requirements])
    return ScenarioResult(name, scenario, requirements, verdict, advice_of(scenario, run, requirements), looks, spent)


def advice_of(scenario: Scenario, run: RunResult, requirements: Sequence[Requirement]) -> Optimise:
    """What to optimise, by the stages of this run and by what it, or several runs together, came to."""
    speed = [one for one in requirements if one.name not in OF_THE_DEVICE]
    is_whole = processed(scenario, run)[0] == 1.0  # then looks and way are as good as the camera lets them be
    advice = advise(speed, run, [one for one in speed if is_whole and (one.name == WAY or one.name.startswith(SEEN))])
    percent = others_percent(run)
    if percent is None or advice.answer not in ("model", "another stage"):
        return advice
    return msgspec.structs.replace(advice, evidence=f"{advice.evidence} But {remedy(percent)}.")


def worst(verdicts: list[Verdict]) -> Verdict:
    """FAIL if any fails, else UNDECIDED if any is, else PASS; of nothing, UNDECIDED."""
    order: tuple[Verdict, ...] = ("FAIL", "UNDECIDED", "PASS")
    return min(verdicts, key=order.index, default="UNDECIDED")


def _speed(scenario: Scenario, run: RunResult, looks: Looks | None) -> list[Requirement]:
    """What is asked of rate, age, looks and way."""
    found = (_rate(scenario, run), deadline(scenario, run), _seen(scenario, run, looks), _way(scenario, run))
    return [one for one in found if one is not None]


def _certain_failures(scenario: Scenario, run: RunResult) -> set[str]:
    """Names of what would have failed as well had nobody else been on the machine; asked only of a run that was disturbed."""
    if others_percent(run) is None:
        return set()
    best = at_best(run)
    certain = {one.name for one in _speed(scenario, best, looks_of(scenario, best)[0]) if one.verdict == "FAIL"}
    if scenario.deadline_ms is not None and is_late_by_itself(run, scenario.deadline_ms):
        certain.add(age_name(scenario))
    return certain


def _with_doubts(requirement: Requirement, run: RunResult, certain: set[str]) -> Requirement:
    """What makes measured frames less certain is said beside what they gave; a failure that others may have caused is none."""
    if requirement.n is None:
        return requirement
    doubts = [] if run.steady.is_steady or not run.steady.reason else [run.steady.reason]
    percent, verdict, headroom = others_percent(run), requirement.verdict, requirement.headroom
    if percent is not None and verdict == "FAIL" and requirement.name not in certain:
        verdict, headroom = "UNDECIDED", None
        doubts = [*([] if run.steady.is_dirty else doubts), remedy(percent)]
    elif percent is not None and not run.steady.is_dirty:
        doubts.append(f"{percent:.0f} % foreign CPU")
    if percent is not None and verdict == "FAIL":
        doubts.append("without that it would fail as well")
    evidence = "; ".join([requirement.evidence, *doubts])
    return msgspec.structs.replace(requirement, verdict=verdict, headroom=headroom, evidence=evidence)


def _unread(run: RunResult) -> str:
    """Why nothing can be said about a camera's rate from this run; empty when it can."""
    if run.spec.inference_only:
        return INFERENCE_ONLY
    if run.spec.arrivals:
        return f"frames came by {Path(run.spec.arrivals).name}, not at a camera's rate; {_RUN_OTHERWISE}"
    if run.throughput.fps is None:
        return "the run is too short"
    completed = run.throughput.completed
    if completed < _FEW_FRAMES:
        return f"n too small: {frames(completed)}, and a rate takes {_FEW_FRAMES}"
    return ""


def _rate(scenario: Scenario, run: RunResult) -> Requirement | None:
    needed = needed_fps(scenario)
    if needed is None:
        return None
    whole = needed * scenario.cameras
    asked = f"≥ {needed:.3g} FPS" + (f" × {scenario.cameras} cameras" if scenario.cameras > 1 else "")
    rate, unread = run.throughput, _unread(run)
    if unread or rate.fps is None:
        value = None if run.spec.inference_only else rate.fps
        measured = None if value is None else f"{value:.1f} FPS"
        return Requirement("rate", asked, measured, rate.completed, "UNDECIDED", unread, None, whole, value, "FPS")
    verdict, evidence = _rate_verdict(run, rate.fps, whole)
    # a rate that a source gave is a lower bound, unless more of it had to be dropped
    known = rate.saturated or verdict == "FAIL"
    headroom = rate.fps / whole if known else None
    return Requirement("rate", asked, f"{rate.fps:.1f} FPS", rate.completed, verdict, evidence, headroom, whole, rate.fps, "FPS")


def _rate_verdict(run: RunResult, fps: float, whole: float) -> tuple[Verdict, str]:
    rate = run.throughput
    if rate.saturated:
        return ("PASS", "capacity") if fps >= whole else ("FAIL", "this is the capacity: frames were read flat out")
    if fps >= whole * RATE_TOLERANCE:
        return "PASS", "kept up with the source"
    due = rate.completed + rate.dropped
    if rate.dropped and judge_share(due, rate.dropped, _DROPS) == "FAIL":
        return "FAIL", f"{frames(rate.dropped)} of {due} had to be dropped at this rate already"
    lost = f"{frames(rate.dropped)} of {due} dropped, too few to say; " if rate.dropped else ""
    return "UNDECIDED", f"{lost}the source gave no more than this; run it flat out to know the capacity"


def processed(scenario: Scenario, run: RunResult) -> tuple[float | None, float | None, float | None]:
    """Share of the cameras' frames that is processed, with its 95 % interval where the run counted drops."""
    rate = run.throughput
    if _unread(run) or rate.fps is None:
        return None, None, None
    if rate.saturated:
        share = min(1.0, rate.fps / (scenario.camera_fps * scenario.cameras))
        return share, None, None
    counted = proportion(rate.completed, rate.completed + rate.dropped)
    if scenario.cameras > 1 or (rate.source_fps or 0.0) < scenario.camera_fps * RATE_TOLERANCE:
        return None, None, None  # what more frames would do is not known from a paced run
    return counted.value, counted.low, counted.high


def looks_of(scenario: Scenario, run: RunResult) -> tuple[Looks | None, Shares]:
    """How likely an object is seen often enough, and the share of the objects by their number of looks; empty when not known."""
    seconds = in_view_s(scenario)
    if seconds is None:
        return None, {}
    share, low, high = processed(scenario, run)
    if share is None:
        return Looks(scenario.looks, seconds, None, None, None), {}
    shares = _measured_looks(scenario, run, seconds) or looks_evenly(seconds, scenario.camera_fps, share)
    value = probability(shares, scenario.looks)
    asked = (scenario.looks, seconds, scenario.camera_fps)
    worst_case = min(value, probability_of_looks_by_chance(*asked, share if low is None else low))
    best_case = None if high is None else max(value, probability_of_looks(*asked, high))
    return Looks(scenario.looks, seconds, value, worst_case, best_case), shares


def _measured_looks(scenario: Scenario, run: RunResult, seconds: float) -> Shares | None:
    """From the run's own intervals; None where it kept none."""
    if run.intervals is None:
        return None
    if run.throughput.saturated:
        return looks_seen(run.intervals, seconds=seconds, camera_fps=scenario.camera_fps, cameras=scenario.cameras)
    # a camera that is slower than the source gives the same frames further apart
    scale = (run.throughput.source_fps or scenario.camera_fps) / scenario.camera_fps
    return looks_seen(run.intervals, seconds=seconds, scale=scale)


def _seen(scenario: Scenario, run: RunResult, looks: Looks | None) -> Requirement | None:
    if looks is None:
        return None
    name, share, asked = f"{SEEN} {looks.k}×", 100 * scenario.seen_share, f"≥ {100 * scenario.seen_share:g} %"
    if looks.probability is None:
        why = _unread(run) or _RUN_OTHERWISE
        return Requirement(name, asked, None, None, "UNDECIDED", why, None, share, None, "%")
    low, high, value = looks.low, looks.high, 100 * looks.probability
    undecided = low is not None and high is not None and low < scenario.seen_share <= high
    verdict: Verdict = "UNDECIDED" if undecided else "PASS" if looks.probability >= scenario.seen_share else "FAIL"
    interval = ""
    if low is not None:
        interval = f"{100 * low:.1f} % if frames were taken by chance; " if high is None else ""
        interval = interval or f"95 % interval {100 * low:.1f} … {100 * (high or 0.0):.1f} %; "
    evidence = f"{interval}in view {looks.in_view_s:.2f} s, that is {looks.in_view_s * scenario.camera_fps:.1f} frames"
    n = run.throughput.completed
    return Requirement(name, asked, f"{value:.1f} %", n, verdict, evidence, None, share, value, "%")


def _way(scenario: Scenario, run: RunResult) -> Requirement | None:
    limit = scenario.metres_per_frame
    if limit is None:
        return None
    name, asked = WAY, f"≤ {limit:g} m"
    share = processed(scenario, run)[0]
    rate = scenario.camera_fps * (share or 0.0)
    way = metres_per_frame(scenario, rate)
    if way is None:
        return Requirement(name, asked, None, None, "UNDECIDED", _unread(run) or _RUN_OTHERWISE, None, limit, None, "m")
    evidence = f"{scenario.speed_km_h:g} km/h at {rate:.1f} processed frames a second"
    if share == 1.0:  # the camera's own rate is the limit, and no faster model would change that
        evidence, headroom = f"{evidence}, all that the camera gives", None
    else:
        headroom = limit / way
    n = run.throughput.completed
    verdict: Verdict = "PASS" if way <= limit else "FAIL"
    return Requirement(name, asked, f"{way:.2f} m", n, verdict, evidence, headroom, limit, way, "m")
