"""Runs held against scenarios: what is met, what is not, and what a run cannot say."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.lateness import judge_late, late_frames
from edgeperf_gui.analysis.scenario_verdict import evaluate, worst
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.results import RunResult, Steady
from edgeperf_gui.domain.scenario import Requirement, Scenario, ScenarioResult


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
    assert only(held(run_of(100), rate_fps=25)).headroom == 4
    assert only(held(run_of(25, saturated=False), rate_fps=25)).headroom is None  # it may be more
    assert only(held(run_of(None), rate_fps=25)).measured is None


def test_a_deadline_needs_due_times_and_enough_frames() -> None:
    assert only(held(run_of(), deadline_ms=50)).verdict == "UNDECIDED"
    assert only(held(run_of(age_ms=20), deadline_ms=50)).verdict == "PASS"
    assert only(held(run_of(age_ms=60), deadline_ms=50)).verdict == "FAIL"
    few = only(held(run_of(age_ms=20, n=100), deadline_ms=50))
    assert few.verdict == "UNDECIDED" and few.evidence.startswith("0 of 100 frames late; p99 takes 459")
    assert only(held(run_of(age_ms=60, n=100), deadline_ms=50)).verdict == "FAIL"
    assert only(held(run_of(age_ms=20, n=100), deadline_ms=50, percentile="p95")).verdict == "PASS"
    assert only(held(run_of(age_ms=20, n=40), deadline_ms=50, percentile="p50")).verdict == "PASS"


LANES = {"rate_fps": 10.0, "cameras": 8, "deadline_ms": 50.0}


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"fps": 25, "source_fps": 25}, "UNDECIDED"),
        ({"fps": 79.5, "source_fps": 79.5}, "UNDECIDED"),
        ({"fps": 79.7, "source_fps": 79.7}, "PASS"),  # it ended within a period
        ({"fps": 80, "source_fps": 80}, "PASS"),
        ({"fps": 78.1, "source_fps": 25, "arrivals": "poisson:80"}, "PASS"),  # the clip's own rate is not that of the frames
        ({"fps": 41.3, "source_fps": 240, "arrivals": "poisson:40"}, "UNDECIDED"),
        ({"fps": 85, "source_fps": 25, "arrivals": "moments.csv"}, "PASS"),
        ({"fps": 30, "source_fps": 240, "arrivals": "single"}, "UNDECIDED"),
        ({"fps": 30, "source_fps": 240, "arrivals": "poisson:many"}, "UNDECIDED"),
        ({"fps": 30, "source_fps": None}, "UNDECIDED"),
        ({"fps": 40, "source_fps": 80}, "UNDECIDED"),  # a camera that claims 80 and gives 40 in the dark
    ],
)
def test_ages_at_a_lighter_load_than_is_needed_pass_nothing(given: dict, verdict: str) -> None:
    age = held(run_of(saturated=False, age_ms=20, **given), **LANES).requirements[1]
    assert (age.name, age.verdict, age.value) == ("age, p99", verdict, 20)
    is_told = "FPS where 80 are needed: bench --arrivals poisson:80, or pace a source of that rate" in age.evidence
    assert is_told == (age.headroom is None) == (verdict != "PASS")


def test_a_source_that_gives_all_and_loses_half_is_no_lighter_load() -> None:
    age = held(run_of(40, saturated=False, age_ms=20, source_fps=80, n=500, dropped=500), **LANES).requirements[1]
    assert age.verdict == "FAIL" and "500 of 1000 frames late, 500 of them dropped" in age.evidence


def test_frames_that_are_late_at_a_lighter_load_are_late() -> None:
    late = held(run_of(25, saturated=False, age_ms=60), **LANES).requirements[1]
    assert late.verdict == "FAIL" and late.headroom == pytest.approx(50 / 60) and "where 80 are" not in late.evidence
    few = held(run_of(25, saturated=False, age_ms=20, n=100), **LANES).requirements[1]
    assert "p99 takes 459; frames came at 25 FPS where 80 are needed" in few.evidence, "said before it is run for longer"


def test_looks_come_from_what_is_processed_of_each_camera() -> None:
    passing = {"speed_km_h": 36.0, "visible_m": 10.0, "looks": 5, "camera_fps": 25.0}
    all_seen = held(run_of(25, saturated=False), **passing)
    assert all_seen.looks is not None and all_seen.looks.probability == 1 and all_seen.looks.in_view_s == 1
    shared = held(run_of(36), **passing, cameras=8)  # 4.5 of 25 frames of each camera
    assert shared.looks.probability == pytest.approx(0.5) and shared.looks.low == pytest.approx(0.474, abs=0.01)
    assert {one.name: one.verdict for one in shared.requirements} == {"rate": "FAIL", "seen at least 5×": "FAIL"}
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


def test_eight_lanes_served_in_turn_see_every_plate() -> None:
    lanes = {"cameras": 8, "speed_km_h": 130.0, "visible_m": 11.0, "looks": 4}
    seen = held(run_of(147.5), **lanes).requirements[1]
    assert (seen.verdict, seen.value, seen.limit, seen.unit) == ("PASS", 100, 99, "%")
    assert seen.evidence.startswith("94.8 % if frames were taken by chance")


def test_a_dropped_frame_is_a_miss_of_the_deadline() -> None:
    age = {"deadline_ms": 50.0}
    assert only(held(run_of(age_ms=20, n=2000, saturated=False), **age)).verdict == "PASS"
    lost = only(held(run_of(age_ms=20, n=2000, saturated=False, dropped=200), **age))
    assert (lost.verdict, lost.n, lost.headroom) == ("FAIL", 2200, None)
    assert lost.evidence.startswith("200 of 2200 frames late, 200 of them dropped")
    assert only(held(run_of(age_ms=20, n=2000, saturated=False, dropped=20), **age)).verdict == "UNDECIDED"


@pytest.mark.parametrize(
    ("ages", "percentile", "verdict"),
    [
        ([20.0] * 4 + [500.0], "p99", "UNDECIDED"),  # one slow frame of five proves nothing
        ([20.0], "p50", "UNDECIDED"),
        ([80.0], "p50", "UNDECIDED"),
        ([20.0] * 24 + [80.0] * 26, "p50", "UNDECIDED"),
        ([20.0] * 10 + [80.0] * 190, "p50", "FAIL"),
        ([20.0] * 120 + [80.0] * 80, "p50", "PASS"),
        ([20.0] * 990 + [80.0] * 10, "p95", "PASS"),
        ([20.0] * 800 + [80.0] * 200, "p95", "FAIL"),
        ([20.0] * 995 + [80.0] * 5, "p99", "UNDECIDED"),  # of the ranks that are kept only the longest says more
    ],
)
def test_a_percentile_is_held_by_the_binomial_rule(ages: list[float], percentile: str, verdict: str) -> None:
    run = run_of(ages_ms=ages, n=len(ages), saturated=False)
    assert only(held(run, deadline_ms=50, percentile=percentile)).verdict == verdict


def test_a_run_without_the_medians_interval_does_not_decide_it() -> None:
    run = run_of(age_ms=20)
    old = msgspec.structs.replace(run, age=msgspec.structs.replace(run.age, median_low_ms=None, median_high_ms=None))
    assert only(held(old, deadline_ms=50, percentile="p50")).verdict == "UNDECIDED"


def test_the_late_frames_lie_between_the_bounds_of_the_known_ranks() -> None:
    random = np.random.default_rng(2)
    for n in (1, 2, 7, 63, 298, 299, 1000):
        ages = random.gamma(2.0, 20.0, n)
        for limit in (0.0, 10.0, 40.0, 90.0, 1000.0):
            late = late_frames(stage_stats(ages), limit)
            assert 0 <= late.low <= (ages > limit).sum() <= late.high <= n
    assert judge_late(late_frames(stage_stats(np.full(10**5, 9.0)), 5.0), 10**12, 10**12, 0.01) == "FAIL"


def test_unknown_is_not_passed() -> None:
    assert held(run_of(300), rate_fps=25, deadline_ms=50).optimise.answer == "undecided"
    assert held(run_of(300), rate_fps=25).optimise.answer == "no"
    assert held(run_of(10), rate_fps=25, deadline_ms=50).optimise.answer == "model"  # the rate has failed already
    met = held(run_of(25, saturated=False, age_ms=20), rate_fps=25, camera_fps=25, deadline_ms=50)
    assert met.optimise.answer == "no" and "2.5× where it is known" in met.optimise.evidence
    bare = held(run_of(25, saturated=False), rate_fps=25).optimise
    assert bare.answer == "no" and "flat out" in bare.evidence


def test_where_the_camera_is_the_limit_no_model_helps() -> None:
    asked = {"rate_fps": 25, "dwell_s": 0.1, "looks": 3}  # 2.5 frames show it, however many are processed
    result = held(run_of(200), **asked)
    assert [one.verdict for one in result.requirements] == ["PASS", "FAIL"]
    assert result.optimise.answer == "no" and result.optimise.evidence.startswith("The camera's rate is the limit")
    assert held(run_of(20), **asked).optimise.answer == "model"
    assert held(run_of(200), **asked, deadline_ms=50).optimise.answer == "undecided"


def test_a_drop_in_ten_thousand_decides_no_rate() -> None:
    one = only(held(run_of(10, saturated=False, dropped=1, n=10_000), rate_fps=25))
    assert one.verdict == "UNDECIDED" and one.evidence.startswith("1 frame of 10001 dropped")
    many = only(held(run_of(10, saturated=False, dropped=1000, n=10_000), rate_fps=25))
    assert many.verdict == "FAIL" and many.evidence.startswith("1000 frames of 11000")


PASSING = {"speed_km_h": 36.0, "visible_m": 10.0, "looks": 5, "metres_per_frame": 1.0}


def test_arrivals_and_inference_alone_say_nothing_of_a_cameras_rate() -> None:
    queued = held(run_of(25, saturated=False, arrivals="poisson:25", age_ms=20), **PASSING, deadline_ms=50)
    verdicts = {one.name: one.verdict for one in queued.requirements}
    assert verdicts == {
        "rate": "UNDECIDED",
        "age, p99": "PASS",
        "seen at least 5×": "UNDECIDED",
        "way per frame": "UNDECIDED",
    }
    assert queued.requirements[0].evidence.startswith("frames came by poisson:25") and queued.looks.probability is None
    alone = held(run_of(400, inference_only=True), **PASSING, deadline_ms=50)
    assert {one.verdict for one in alone.requirements} == {"UNDECIDED"}
    assert {one.evidence for one in alone.requirements} == {"inference only: no source, no decoding was measured"}


def test_two_frames_pass_nothing_and_doubts_are_repeated() -> None:
    assert {one.verdict for one in held(run_of(300, n=2), **PASSING).requirements} == {"UNDECIDED"}
    shaky = held(run_of(300, steady=Steady(False, "not steady: throughput still rising"), foreign=12.4), **PASSING)
    for one in shaky.requirements:
        assert one.evidence.endswith("; not steady: throughput still rising; 12 % foreign CPU")


def test_values_are_numbers_beside_the_words() -> None:
    result = held(run_of(100, age_ms=20, source_fps=80), rate_fps=10, cameras=8, deadline_ms=50, power_w=15)
    numbers = [(one.limit, one.value, one.unit) for one in result.requirements]
    assert numbers == [(80, 100, "FPS"), (50, 20, "ms"), (15, None, "W")]
