"""Late frames counted exactly from a run's kept ranks, and verdicts that never turn for the better when more is asked."""

from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.lateness import late_frames
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.scenario_verdict import evaluate
from edgeperf_gui.analysis.stats import ranks_of, stage_stats
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.results import RunResult, Throughput
from edgeperf_gui.domain.scenario import Requirement, Scenario

RANK = {"FAIL": 0, "UNDECIDED": 1, "PASS": 2}


def paced(ages_ms: np.ndarray, dropped: int = 0, source_fps: float = 25.0) -> RunResult:
    run = run_of(source_fps, saturated=False, ages_ms=list(ages_ms), n=len(ages_ms), dropped=dropped, source_fps=source_fps)
    return msgspec.structs.replace(run, ages=ranks_of(ages_ms), intervals=ranks_of(np.full(500, 1e3 / source_fps)))


def flat_out(intervals_ms: np.ndarray) -> RunResult:
    run = run_of(1e3 / float(np.mean(intervals_ms)), n=len(intervals_ms))
    return msgspec.structs.replace(run, intervals=ranks_of(intervals_ms))


def scenario(**fields) -> Scenario:
    return Scenario(title="Trial", why="It tries. Nothing else.", **fields)


def age(run: RunResult, **fields) -> Requirement:
    return next(one for one in evaluate("trial", scenario(**fields), run).requirements if one.name.startswith("age"))


def test_the_late_frames_of_a_deadline_are_counted_exactly_in_the_tail() -> None:
    random = np.random.default_rng(5)
    for n in (1, 7, 500, 1024, 5000, 65_536):
        ages = random.gamma(3.0, 8.0, n)
        ranks, stats = ranks_of(ages), stage_stats(ages)
        assert len(ranks.at) <= 1024 + 512
        for share in (0.0, 0.5, 0.9, 0.98, 0.99, 0.999, 1.0):
            limit = float(np.quantile(ages, share))
            found, truth = late_frames(stats, limit, ranks), int((ages > limit).sum())
            assert found.low <= truth <= found.high and found.high - found.low <= 1 + n // 500
            if truth <= 1024:
                assert found.low == found.high == truth


def test_a_frame_that_is_late_no_longer_leaves_a_p99_undecided() -> None:
    ages = np.array([20.0] * 2000 + [80.0] * 5)
    verdict = age(paced(ages), deadline_ms=50)
    assert verdict.verdict == "PASS" and verdict.n == 2005 and verdict.evidence.startswith("5 of 2005 frames late")
    assert age(paced(np.array([20.0] * 2000 + [80.0] * 60)), deadline_ms=50).verdict == "FAIL"
    assert age(paced(np.array([20.0] * 662 + [80.0])[1:]), deadline_ms=50).verdict == "PASS"  # the table's 662 with one miss
    assert age(paced(np.array([20.0] * 661 + [80.0])[1:]), deadline_ms=50).verdict == "UNDECIDED"


def test_a_run_of_an_older_version_says_why_it_cannot_decide() -> None:
    old = msgspec.structs.replace(paced(np.array([20.0] * 2000 + [80.0] * 5)), ages=None)
    verdict = age(old, deadline_ms=50)
    assert verdict.verdict == "UNDECIDED" and verdict.evidence.startswith("1 … 20 of 2005 frames late")
    assert "written by an older version" in verdict.evidence and "measure it again" in verdict.evidence
    assert age(msgspec.structs.replace(paced(np.full(500, 20.0)), ages=None), deadline_ms=50).verdict == "PASS"


def test_the_medians_verdict_needs_no_interval_where_the_ages_are_kept() -> None:
    run = paced(np.array([20.0] * 60 + [80.0] * 40))
    bare = msgspec.structs.replace(run, age=msgspec.structs.replace(run.age, median_low_ms=None, median_high_ms=None))
    assert age(bare, deadline_ms=50, percentile="p50").verdict == "PASS"


def never_better(requirements: list[list[Requirement]]) -> None:
    """Along a row of scenarios that ask for more and more no requirement goes from FAIL to PASS."""
    for same in zip(*requirements, strict=True):
        ranks = [RANK[one.verdict] for one in same]
        for before, later in itertools.pairwise(ranks):
            assert not (before == 0 and later == 2), [(one.name, one.required, one.verdict) for one in same]


@pytest.mark.parametrize("seed", range(6))
def test_more_that_is_asked_turns_no_fail_into_a_pass(seed: int) -> None:
    random = np.random.default_rng(seed)
    intervals = random.gamma(random.uniform(1, 30), 1.0, int(random.integers(40, 5000)))
    intervals *= random.uniform(4, 60) / intervals.mean()
    ages = random.gamma(3.0, random.uniform(2, 40), int(random.integers(5, 3000)))
    runs = (flat_out(intervals), paced(ages, dropped=int(random.integers(0, 20))))
    start = {
        "speed_km_h": random.uniform(5, 150),
        "visible_m": random.uniform(3, 40),
        "looks": int(random.integers(1, 6)),
        "deadline_ms": random.uniform(10, 200),
        "metres_per_frame": random.uniform(0.3, 6),
        "cameras": int(random.integers(1, 6)),
        "camera_fps": 25.0,
        "percentile": str(random.choice(["p50", "p90", "p95", "p99"])),
    }
    harder = {
        "cameras": [int(value) for value in np.linspace(1, 60, 12)],
        "looks": [1, 2, 3, 4, 5, 6, 8, 10, 13, 20, 29],
        "speed_km_h": list(np.geomspace(2, 300, 12)),
        "visible_m": list(np.geomspace(100, 0.5, 12)),
        "deadline_ms": list(np.geomspace(1000, 1, 20)),
        "metres_per_frame": list(np.geomspace(20, 0.1, 12)),
    }
    for key, values in harder.items():
        for run in runs:
            never_better([list(evaluate("trial", scenario(**{**start, key: value}), run).requirements) for value in values])
        never_better([list(evaluate_runs("trial", scenario(**{**start, key: value}), runs).requirements) for value in values])


def test_two_runs_answer_what_each_knows() -> None:
    asked = scenario(speed_km_h=130, visible_m=11, looks=4, cameras=8, deadline_ms=100)
    runs = (flat_out(np.full(3000, 6.0)), paced(np.full(600, 14.0), source_fps=106.0))
    both = evaluate_runs("trial", asked, runs)
    assert both.verdict == "PASS" and both.optimise.answer == "no"
    assert [evaluate_runs("trial", asked, [run]).verdict for run in runs] == ["UNDECIDED", "UNDECIDED"]
    assert both == evaluate_runs("trial", asked, runs[::-1])
    short = evaluate_runs("trial", asked, (runs[0], paced(np.full(100, 14.0)))).requirements[1]
    assert short.n == 100 and "0 of 100 frames late" in short.evidence, "the run flat out says less: it had no due times"
    lighter = evaluate_runs("trial", asked, (runs[0], paced(np.full(600, 14.0))))
    assert {one.name: one.verdict for one in lighter.requirements}["age, p99"] == lighter.verdict == "UNDECIDED"
    slow = msgspec.structs.replace(runs[0], throughput=Throughput(20.0, 25.0, 500, 0, 0, 10.0, True))
    assert evaluate_runs("trial", asked, (slow, runs[1])).optimise.answer == "model"


@pytest.mark.parametrize(
    ("part", "changed", "said"),
    [
        ("spec", {"precision": "INT8"}, "precision FP16 and INT8"),
        ("spec", {"hint": "throughput"}, "hint latency and throughput"),
        ("spec", {"streams": 2}, "streams not set and 2"),
        ("spec", {"requests": 4}, "requests not set and 4"),
        ("spec", {"threads": 1}, "threads not set and 1"),
        ("spec", {"batch": 16}, "batch 1 and 16"),
        ("spec", {"oracle": 3.0}, "oracle not set and 3.0"),
        ("machine", {"cpu": "Faster"}, "cpu CPU and Faster"),
        ("machine", {"hostname": "tower"}, "hostname box and tower"),
    ],
)
def test_what_no_one_device_gave_is_not_put_together(part: str, changed: dict, said: str) -> None:
    asked, runs = scenario(rate_fps=25, deadline_ms=100), (flat_out(np.full(3000, 6.0)), paced(np.full(600, 14.0)))
    assert evaluate_runs("trial", asked, runs).verdict == "PASS"
    other = msgspec.structs.replace(runs[1], **{part: msgspec.structs.replace(getattr(runs[1], part), **changed)})
    with pytest.raises(BadInput, match=f"different things: {said}") as caught:
        evaluate_runs("trial", asked, (runs[0], other))
    assert caught.value.remedy == "Give runs of one variant, with the same settings, on one machine."
