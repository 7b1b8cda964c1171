"""Runs that others disturbed, and frames that a scenario can spare: what fails all the same, and what is not decided."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.disturbed import at_best, others_percent
from edgeperf_gui.analysis.lateness import missed_by_drops, missed_in_gaps
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.stats import ranks_of, stage_stats
from edgeperf_gui.cli import main
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.results import RunResult, Steady
from edgeperf_gui.domain.scenario import Requirement, Scenario, ScenarioResult

QUIET = "others took 22 % of the machine: run again while it is quiet"
PASSING = {"speed_km_h": 36.0, "visible_m": 10.0, "looks": 5, "metres_per_frame": 1.0}


def held(*runs: RunResult, **fields) -> ScenarioResult:
    return evaluate_runs("trial", Scenario(title="Trial", why="It tries. Nothing else.", **fields), runs)


def only(result: ScenarioResult) -> Requirement:
    (requirement,) = result.requirements
    return requirement


def age_of(result: ScenarioResult) -> Requirement:
    return next(one for one in result.requirements if one.name.startswith("age"))


def dirty(run: RunResult, foreign: float = 22.0, own: float | None = 70.0) -> RunResult:
    return msgspec.structs.replace(run, foreign_cpu_percent=foreign, own_cpu_percent=own)


# Drops --------------------------------------------------------------------------------------------------------------------------


def test_a_frame_that_can_be_spared_is_no_miss_of_the_deadline() -> None:
    run = run_of(20, age_ms=20, n=195, saturated=False, dropped=47)
    asked = {"rate_fps": 1.0, "deadline_ms": 1000.0, "percentile": "p95"}
    age = age_of(held(run, **asked))
    assert (age.verdict, age.n, age.headroom) == ("PASS", 195, 50)
    assert age.evidence == "0 of 195 frames late; 47 frames dropped that can be spared; due → objects known"
    assert held(run, **asked).verdict == "PASS"
    needed = age_of(held(run, **{**asked, "rate_fps": 25.0}))
    assert needed.verdict == "FAIL" and needed.evidence.startswith("47 of 242 frames late, 47 of them dropped")
    some = age_of(held(run, **{**asked, "rate_fps": 22.0}))  # 213 of 242 were needed, 195 came
    assert (some.verdict, some.n, some.headroom) == ("UNDECIDED", 213, None)
    assert some.evidence.startswith("18 of 213 frames late, 18 of them dropped; 29 frames more dropped that can be spared")
    assert age_of(held(run, **{**asked, "cameras": 25})).verdict == "FAIL", "each of the cameras needs its frame"


def test_frames_that_were_processed_too_late_stay_late() -> None:
    ages = [20.0] * 150 + [1500.0] * 45
    run = run_of(20, ages_ms=ages, n=195, saturated=False, dropped=47)
    late = age_of(held(run, rate_fps=1.0, deadline_ms=1000.0, percentile="p95"))
    assert late.verdict == "FAIL" and "of 195 frames late; 47 frames dropped that can be spared" in late.evidence


def test_every_drop_counts_where_no_rate_is_asked_for_or_the_sources_is_not_known() -> None:
    run = run_of(20, age_ms=20, n=1950, saturated=False, dropped=470)
    assert only(held(run, deadline_ms=1000)).n == 2420
    unknown = msgspec.structs.replace(run, throughput=msgspec.structs.replace(run.throughput, source_fps=None))
    assert age_of(held(unknown, rate_fps=1.0, deadline_ms=1000)).verdict == "FAIL"


@pytest.mark.parametrize(
    ("completed", "dropped", "share", "missed"),
    [
        (195, 47, 0.04, 0),
        (195, 47, 1.0, 47),
        (195, 47, 0.88, 18),  # 212.96 of them: a part of a frame is a frame
        (0, 10, 0.04, 1),
        (3, 27, 0.1, 0),  # 0.1 · 30 is more than 3 in floating point
        (0, 0, 1.0, 0),
        (10**6, 10**6, 0.75, 500_000),
    ],
)
def test_misses_by_drops_are_what_is_lacking_of_the_needed(completed: int, dropped: int, share: float, missed: int) -> None:
    assert missed_by_drops(completed, dropped, share) == missed


HANG = [40.0] * 1248 + [10_040.0]  # 25 FPS for a minute, 10 s of them without a frame


def test_one_hang_is_no_spared_frame() -> None:
    run = run_of(20.8, age_ms=20, n=1250, saturated=False, dropped=250)
    asked = {"rate_fps": 1.0, "deadline_ms": 1000.0, "percentile": "p95"}
    assert age_of(held(run, **asked)).verdict == "PASS", "nobody knows when they were dropped"
    hung = age_of(held(msgspec.structs.replace(run, intervals=ranks_of(np.array(HANG))), **asked))
    assert (hung.verdict, hung.n) == ("FAIL", 1472) and hung.evidence.startswith("222 of 1472 frames late, 222 of them dropped")
    # two frames a second of a source of 30, and half a minute of the two is missed once for 1.5 s: one frame in eighty
    few = run_of(2, age_ms=20, n=237, saturated=False, dropped=3363, source_fps=30.0)
    paused = msgspec.structs.replace(few, intervals=ranks_of(np.array([500.0] * 235 + [2500.0])))
    brief = age_of(held(paused, **asked | {"deadline_ms": 2000.0}))
    assert brief.verdict == "PASS" and brief.evidence.startswith("3 of 240 frames late, 3 of them dropped")
    spread = np.repeat([40.0, 80.0], [999, 250])
    assert age_of(held(msgspec.structs.replace(run, intervals=ranks_of(spread)), **asked)).verdict == "PASS"


@pytest.mark.parametrize(
    ("gap_ms", "share", "missed"),
    [
        (40.0, 1.0, 0),
        (80.0, 1.0, 1),
        (400.0, 1.0, 9),
        (960.0, 0.04, 0),
        (1960.0, 0.04, 0),
        (2000.0, 0.04, 25),
        (2400.0, 0.04, 35),
        (120.00000001, 1.0, 2),  # by the clock
        (119.99999999, 1.0, 2),
        (500.0, 0.0, 0),
    ],
)
def test_a_gap_misses_the_moments_in_it(gap_ms: float, share: float, missed: int) -> None:
    assert missed_in_gaps(ranks_of(np.array([40.0] * 2000 + [gap_ms])), 25.0, share) == missed
    assert missed_in_gaps(None, 25.0, share) == 0


@pytest.mark.parametrize("seed", range(4))
def test_more_that_is_needed_misses_no_less_of_a_gap(seed: int) -> None:
    gaps = ranks_of(40.0 * np.random.default_rng(seed).geometric(0.3, 500))
    missed = [missed_in_gaps(gaps, 25.0, share) for share in np.geomspace(0.01, 1.0, 200)]
    assert missed == sorted(missed) and missed[0] == 0 and missed[-1] == round(sum(gaps.values_ms) / 40 - 500)


# Others -------------------------------------------------------------------------------------------------------------------------


def test_a_failure_that_others_may_have_caused_is_not_decided_and_nothing_is_advised() -> None:
    for run, asked in (
        (run_of(70), {"rate_fps": 10.0, "cameras": 8}),
        (run_of(20, saturated=False, n=2000, dropped=500), {"rate_fps": 25.0}),
        (run_of(age_ms=60, saturated=False), {"deadline_ms": 50.0}),
        (run_of(20, age_ms=20, saturated=False, n=2000, dropped=500), {"deadline_ms": 50.0}),
    ):
        assert only(held(run, **asked)).verdict == "FAIL" and held(run, **asked).optimise.answer == "model"
        found = held(dirty(run), **asked)
        one = only(found)
        assert (one.verdict, one.headroom) == ("UNDECIDED", None) and one.evidence.endswith(f"; {QUIET}")
        assert found.verdict == "UNDECIDED" and found.optimise.answer == "undecided"
        assert only(held(dirty(run, foreign=5.0), **asked)).verdict == "FAIL", "so much a measurement bears"


def test_looks_and_way_wait_as_well() -> None:
    asked = {**PASSING, "looks": 24, "metres_per_frame": 0.45, "rate_fps": 1.0}
    run = run_of(22, saturated=False, n=2000, dropped=273)
    assert [one.verdict for one in held(run, **asked).requirements] == ["PASS", "FAIL", "FAIL"]
    found = held(dirty(run), **asked)
    assert [one.verdict for one in found.requirements] == ["PASS", "UNDECIDED", "UNDECIDED"]
    assert all(one.evidence.endswith(QUIET) for one in found.requirements[1:])


def test_what_would_fail_with_the_cpu_of_all_fails() -> None:
    slow = held(dirty(run_of(50)), rate_fps=10, cameras=8)  # 92 / 70 of 50 is less than 80
    assert only(slow).verdict == "FAIL" and slow.verdict == "FAIL"
    assert only(slow).evidence.endswith("22 % foreign CPU; without that it would fail as well")
    assert slow.optimise.answer == "model" and slow.optimise.evidence.endswith(f"But {QUIET}.")
    dropping = dirty(run_of(10, age_ms=20, saturated=False, n=1000, dropped=1500))
    assert {one.verdict for one in held(dropping, rate_fps=25, deadline_ms=50).requirements} == {"FAIL"}
    varying = msgspec.structs.replace(run_of(50), stages={"inference": stage_stats(np.linspace(4.0, 16.0, 100))})
    assert only(held(dirty(varying), rate_fps=10, cameras=8)).verdict == "UNDECIDED", (
        "its cheapest frames say that it can do more"
    )
    assert only(held(dirty(run_of(50), own=None), rate_fps=10, cameras=8)).verdict == "UNDECIDED"


def test_frames_that_are_late_with_cpu_to_spare_waited_for_nobody_else() -> None:
    late = run_of(age_ms=60, saturated=False)
    assert only(held(dirty(late, own=50.0), deadline_ms=50)).verdict == "FAIL"
    assert only(held(dirty(late, own=70.0), deadline_ms=50)).verdict == "UNDECIDED"
    assert only(held(dirty(late, own=70.0), deadline_ms=9)).verdict == "FAIL", "a frame takes 10 ms when it waits for nothing"
    some = run_of(ages_ms=[20.0] * 300 + [60.0] * 200, saturated=False)
    assert only(held(dirty(some, own=50.0), deadline_ms=50)).verdict == "UNDECIDED"


def test_on_many_cores_who_takes_a_whole_one_holds_up_every_frame() -> None:
    for cores, verdict in ((2, "FAIL"), (4, "UNDECIDED")):  # 22 % of four is most of one
        late = dirty(run_of(age_ms=60, saturated=False), own=50.0)
        late = msgspec.structs.replace(late, machine=msgspec.structs.replace(late.machine, logical_cpus=cores))
        assert only(held(late, deadline_ms=50)).verdict == verdict


def test_a_disturbed_run_without_a_frame_decides_nothing() -> None:
    run = msgspec.structs.replace(run_of(None, saturated=False, n=0, dropped=250), stages={}, age=None)
    found = held(dirty(run), rate_fps=25, deadline_ms=50)
    assert [one.verdict for one in found.requirements] == ["UNDECIDED"] * 2


def test_where_the_camera_is_the_limit_others_are_no_excuse() -> None:
    asked = {"rate_fps": 25, "dwell_s": 0.1, "looks": 3}
    assert [one.verdict for one in held(dirty(run_of(200)), **asked).requirements] == ["PASS", "FAIL"]
    assert held(dirty(run_of(200)), **asked).optimise.answer == "no"


def test_a_pass_in_spite_of_others_stands_and_a_quiet_run_decides() -> None:
    assert only(held(dirty(run_of(300)), rate_fps=25)).verdict == "PASS"
    disturbed, quiet = dirty(run_of(70)), run_of(100)
    assert held(disturbed, quiet, rate_fps=10, cameras=8).verdict == "PASS"
    assert held(disturbed, run_of(60), rate_fps=10, cameras=8).verdict == "FAIL"


def test_a_dirty_window_is_not_told_twice() -> None:
    steady = Steady(False, "dirty: 22 % foreign CPU", is_dirty=True)
    one = only(held(dirty(run_of(70, steady=steady)), rate_fps=10, cameras=8))
    assert one.evidence == f"this is the capacity: frames were read flat out; {QUIET}"


def test_the_command_says_so_by_its_exit_code(tmp_path: Path, capsys, home: Path) -> None:
    banded = Banded(10.0, 5.0, 20.0)
    energy = RunEnergy("tdp", "estimated", "TDP", "our processes", 10.0, 10, 250, banded, banded, None, None)
    dropping = run_of(20, age_ms=20, saturated=False, n=2000, dropped=500)
    (tmp_path / "one.toml").write_text('title = "One"\nwhy = "It tries. Nothing else."\nrate_fps = 1\ndeadline_ms = 1000\n')
    (tmp_path / "all.toml").write_text('title = "All"\nwhy = "It tries. Nothing else."\nrate_fps = 25\ndeadline_ms = 1000\n')
    path = tmp_path / "run.json"
    for run, name, code in ((dropping, "one", 0), (dropping, "all", 1), (dirty(dropping), "one", 0), (dirty(dropping), "all", 2)):
        path.write_bytes(msgspec.json.encode(msgspec.structs.replace(run, energy=energy)))
        assert main(["scenario", "evaluate", str(tmp_path / f"{name}.toml"), "--run", str(path)]) == code
    out = capsys.readouterr().out
    assert f"rate: 500 frames of 2500 had to be dropped at this rate already; {QUIET}" in out.split("All: UNDECIDED")[1]
    assert "Optimise? Undecided." in out.split("All: UNDECIDED")[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_run_at_its_best_is_never_worse(seed: int) -> None:
    random = np.random.default_rng(seed)
    saturated = bool(seed % 2)
    ages = None if saturated else list(random.gamma(3.0, 8.0, 500))
    run = dirty(run_of(random.uniform(5, 30), saturated=saturated, dropped=0 if saturated else 300, ages_ms=ages))
    run = msgspec.structs.replace(run, intervals=ranks_of(random.gamma(4.0, 10.0, 500)))
    best = at_best(run)
    assert others_percent(run) == 22 and best.throughput.fps >= run.throughput.fps
    assert best.throughput.dropped <= run.throughput.dropped
    assert best.throughput.completed + best.throughput.dropped == run.throughput.completed + run.throughput.dropped
    rank = {"FAIL": 0, "UNDECIDED": 1, "PASS": 2}
    for fields in ({"rate_fps": 20.0, "deadline_ms": 30.0}, PASSING):
        quiet = {"foreign_cpu_percent": 0.0}
        pairs = zip(
            held(msgspec.structs.replace(run, **quiet), **fields).requirements,
            held(msgspec.structs.replace(best, **quiet), **fields).requirements,
            strict=True,
        )
        assert all(rank[better.verdict] >= rank[one.verdict] for one, better in pairs)
