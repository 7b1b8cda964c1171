"""Runs held against scenarios: what is met, what is not, and what a run cannot say."""

from __future__ import annotations

import numpy as np
import pytest

from edgeperf_gui.analysis.scenario_verdict import evaluate, worst
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, RunResult, Steady, Throughput
from edgeperf_gui.domain.scenario import Requirement, Scenario, ScenarioResult
from edgeperf_gui.domain.session import SessionSpec

MACHINE = Machine("box", "Linux", "3.11", "2026.4", "5.0", "CPU", 2, None, None)
EFFECTIVE = Effective("FP16", {"bf16": 34}, ("CPU",), 1, 1, 2, "latency", "bf16")


def run_of(
    fps: float | None = 100.0,
    *,
    saturated: bool = True,
    dropped: int = 0,
    source_fps: float = 25.0,
    age_ms: float | None = None,
    n: int = 400,
    inference_ms: float = 8.0,
    preprocess_ms: float = 1.0,
) -> RunResult:
    stages = {"preprocess": preprocess_ms, "inference": inference_ms, "postprocess": 1.0}
    return RunResult(
        spec=SessionSpec("trial", "clip.mp4", "nanodet-g"),
        machine=MACHINE,
        effective=EFFECTIVE,
        model=ModelTimes(1, 1, 1, 1, "off"),
        source=None,
        stages={name: stage_stats(np.full(n, value)) for name, value in stages.items()},
        age=None if age_ms is None else stage_stats(np.full(n, age_ms)),
        throughput=Throughput(fps, source_fps, n, dropped, 0, 10.0, saturated),
        steady=Steady(True, ""),
        foreign_cpu_percent=0.0,
        own_cpu_percent=90.0,
        openvino_command="",
    )


def held(run: RunResult, **fields) -> ScenarioResult:
    return evaluate("trial", Scenario(title="Trial", why="It tries. Nothing else.", **fields), run)


def only(result: ScenarioResult) -> Requirement:
    (requirement,) = result.requirements
    return requirement


def test_capacity_answers_a_rate_of_many_cameras() -> None:
    assert only(held(run_of(100), rate_fps=10, cameras=8)).verdict == "PASS"
    fails = only(held(run_of(70), rate_fps=10, cameras=8))
    assert fails.verdict == "FAIL" and fails.headroom == pytest.approx(0.875) and "capacity" in fails.evidence


def test_a_paced_run_does_not_know_what_more_frames_would_do() -> None:
    assert only(held(run_of(25, saturated=False), rate_fps=30)).verdict == "UNDECIDED"
    assert only(held(run_of(24.9, saturated=False), rate_fps=25)).verdict == "PASS"
    assert only(held(run_of(20, saturated=False, dropped=50), rate_fps=25)).verdict == "FAIL"
    assert only(held(run_of(None), rate_fps=25)).measured is None


def test_a_deadline_needs_due_times_and_enough_frames() -> None:
    assert only(held(run_of(), deadline_ms=50)).verdict == "UNDECIDED"
    assert only(held(run_of(age_ms=20), deadline_ms=50)).verdict == "PASS"
    assert only(held(run_of(age_ms=60), deadline_ms=50)).verdict == "FAIL"
    few = only(held(run_of(age_ms=20, n=100), deadline_ms=50))
    assert few.verdict == "UNDECIDED" and few.evidence.startswith("100 frames; p99 takes 299")
    assert only(held(run_of(age_ms=60, n=100), deadline_ms=50)).verdict == "FAIL"
    assert only(held(run_of(age_ms=20, n=100), deadline_ms=50, percentile="p95")).verdict == "PASS"
    assert only(held(run_of(age_ms=20, n=40), deadline_ms=50, percentile="p50")).verdict == "PASS"


def test_looks_come_from_what_is_processed_of_each_camera() -> None:
    passing = {"speed_km_h": 36.0, "visible_m": 10.0, "looks": 5, "camera_fps": 25.0}
    all_seen = held(run_of(25, saturated=False), **passing)
    assert all_seen.looks is not None and all_seen.looks.probability == 1 and all_seen.looks.in_view_s == 1
    shared = held(run_of(50), **passing, cameras=8)  # 6.25 of 25 frames of each camera
    assert shared.looks.probability == pytest.approx(0.786, abs=0.002)
    assert {one.name: one.verdict for one in shared.requirements} == {"rate": "PASS", "seen at least 5×": "FAIL"}
    unknown = held(run_of(25, saturated=False), **passing, cameras=8)
    assert unknown.looks.probability is None and unknown.verdict == "UNDECIDED"


def test_the_way_per_frame_is_no_reason_to_optimise_when_the_camera_is_the_limit() -> None:
    result = held(run_of(200), rate_fps=25, speed_km_h=90, visible_m=50, metres_per_frame=1.05)
    way = result.requirements[-1]
    assert way.measured == "1.00 m" and way.verdict == "PASS" and way.headroom is None
    assert result.optimise.answer == "no"
    assert held(run_of(10), speed_km_h=90, visible_m=50, metres_per_frame=1).requirements[-1].verdict == "FAIL"


def test_what_no_run_can_tell_is_undecided_and_never_passed_over() -> None:
    result = held(run_of(), power_w=15, battery_wh=100, battery_hours=96, min_accuracy=0.3, min_agreement=0.9)
    assert [one.verdict for one in result.requirements] == ["UNDECIDED"] * 4
    assert result.verdict == "UNDECIDED"
    assert worst([]) == "UNDECIDED" and worst(["PASS", "UNDECIDED", "FAIL"]) == "FAIL"


def test_the_answer_names_what_takes_most_of_the_frame() -> None:
    assert held(run_of(300), rate_fps=25).optimise.answer == "no"
    slow = held(run_of(10), rate_fps=25).optimise
    assert (slow.answer, slow.stage) == ("model", "inference")
    assert slow.share == pytest.approx(0.8) and slow.ceiling == pytest.approx(5)
    other = held(run_of(10, preprocess_ms=40), rate_fps=25).optimise
    assert other.answer == "another stage" and other.evidence.startswith("Preprocess first: preprocess is 82 %")
    assert held(run_of(25, saturated=False), rate_fps=30).optimise.answer == "undecided"
