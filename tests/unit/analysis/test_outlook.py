"""What a run comes to: metres, ceilings, frames to skip, batches, and variants that were only compared."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.energy import scaled
from edgeperf_gui.analysis.outlook import ceilings, every_nth, faster, largest_batch, outlook, with_faster
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.stats import ranks_of
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.upkeep import Upkeep

HIGHWAY = {"cameras": 8, "speed_km_h": 130.0, "visible_m": 11.0, "looks": 4, "deadline_ms": 100.0, "metres_per_frame": 3.0}


def scenario(**fields) -> Scenario:
    return Scenario(title="Trial", why="It tries. Nothing else.", **fields)


def test_metres_and_looks_of_two_runs() -> None:
    flat = msgspec.structs.replace(run_of(84), intervals=ranks_of(np.full(500, 1e3 / 84)))
    paced = run_of(25, saturated=False, age_ms=36.0)
    found = outlook("highway", scenario(**HIGHWAY), [flat, paced])
    assert found.way_per_frame_m == pytest.approx(130 / 3.6 / 10.5) and found.way_during_age_m == pytest.approx(1.3)
    assert set(found.looks) == {3, 4} and found.looks[4] == pytest.approx(0.2, abs=0.03)
    assert found.headroom == pytest.approx(84 / (4 * 130 / 3.6 / 11 * 8)) and found.is_capacity
    alone = outlook("highway", scenario(**HIGHWAY), [paced])
    assert alone.way_per_frame_m is None and alone.looks == {} and not alone.is_capacity


def test_one_inference_is_the_work_of_its_whole_batch() -> None:
    """8 ms for four frames are 2 of each frame's 4 ms of work."""
    run = run_of(250, age_ms=40)
    run = msgspec.structs.replace(run, effective=msgspec.structs.replace(run.effective, batch=4))
    first = ceilings(run)[0]
    assert (first.stage, first.share, first.fps) == ("inference", 0.5, 500)
    twice = with_faster(run, 2.0)
    assert twice.throughput.fps == pytest.approx(250 * 4 / 3)
    assert twice.age is not None and twice.age.median_ms == 36  # a frame's age ends with its batch
    # 40 ms are to spare where each further frame takes 10 ms to come and 2 to be answered
    assert largest_batch(Scenario(title="t", why="w", rate_fps=100, camera_fps=100, deadline_ms=80), run) == 4 + 3


def test_ceilings_are_amdahls() -> None:
    first, *others = ceilings(run_of(100))  # 8 of 10 ms
    assert (first.stage, first.share, first.fps) == ("inference", 0.8, pytest.approx(500))
    assert [one.fps for one in others] == pytest.approx([100 / 0.9] * 2)
    assert ceilings(run_of(25, saturated=False))[0].fps == pytest.approx(500)  # one frame after another
    lonely = msgspec.structs.replace(run_of(100), stages={"inference": run_of(100).stages["inference"]})
    assert ceilings(lonely)[0].fps is None


@pytest.mark.parametrize(
    ("fields", "n"),
    [
        ({"rate_fps": 1.0}, 25),
        ({"rate_fps": 25.0}, 1),
        ({"dwell_s": 3.0, "looks": 3}, 25),
        ({"dwell_s": 0.5, "looks": 3}, 4),
        ({"dwell_s": 1.0, "looks": 5, "speed_km_h": 90.0, "metres_per_frame": 2.0}, 2),
        ({"dwell_s": 0.1, "looks": 3}, None),  # not even every frame is enough
        ({}, None),
    ],
)
def test_as_many_frames_may_be_skipped_as_rate_looks_and_way_allow(fields: dict, n: int | None) -> None:
    assert every_nth(scenario(**fields)) == n


def test_the_largest_batch_waits_no_longer_than_the_deadline() -> None:
    run = run_of(25, saturated=False, age_ms=20.0)
    assert largest_batch(scenario(rate_fps=25, deadline_ms=100), run) == 1 + int(80 / 48)
    assert largest_batch(scenario(rate_fps=25, cameras=10, deadline_ms=100), run) is None, "nobody knows the age at 250 FPS"
    many = msgspec.structs.replace(run, throughput=msgspec.structs.replace(run.throughput, fps=250.0, source_fps=250.0))
    assert largest_batch(scenario(rate_fps=25, cameras=10, deadline_ms=100), many) == 1 + int(80 / 12)
    assert largest_batch(scenario(rate_fps=25, deadline_ms=10), run) is None
    assert largest_batch(scenario(rate_fps=25), run) is None and largest_batch(scenario(deadline_ms=50), run) is None


def test_a_faster_variant_is_predicted_and_a_ratio_of_one_changes_nothing() -> None:
    run = msgspec.structs.replace(
        run_of(84), intervals=ranks_of(np.full(500, 1e3 / 84)), ages=ranks_of(np.full(500, 20.0)), age=run_of(age_ms=20.0).age
    )
    assert with_faster(run, 1.0) == run
    twice = with_faster(run, 2.0)
    assert twice.throughput.fps == pytest.approx(84 * 10 / 6) and twice.age.median_ms == pytest.approx(16)
    assert twice.ages.values_ms[0] == pytest.approx(16) and twice.intervals.values_ms[0] == pytest.approx(0.6 * 1e3 / 84)
    found = outlook("highway", scenario(**HIGHWAY, power_w=15), [run], faster([run], {"INT8": 2.0, "FP32": 0.5}))
    assert {one.precision: one.verdict for one in found.forecasts} == {"INT8": "PASS", "FP32": "FAIL"}


def test_power_becomes_battery_and_bill_and_no_meter_is_unknown() -> None:
    banded = Banded(10.0, 5.0, 20.0)
    energy = RunEnergy("tdp", "estimated", "TDP", "our processes", 10.0, 10, 250, banded, banded, None, None)
    asked = scenario(rate_fps=1, battery_wh=100, battery_hours=96)
    found = outlook("trial", asked, [msgspec.structs.replace(run_of(), energy=energy)])
    assert found.consequences.battery_hours.value == pytest.approx(10) and found.energy_kind == "estimated"
    assert found.energy_bound == "", "a part of the device, at a higher rate"
    assert outlook("trial", asked, [run_of()]).consequences is None


def metered(watts: float, *, idle: float | None = None, saturated: bool = False) -> RunResult:
    """At 25 FPS, by a meter of the whole machine."""
    power, frame = Banded(watts, watts, watts), Banded(watts / 25, watts / 25, watts / 25)
    above = None if idle is None else scaled(frame, 1 - idle / watts)
    energy = RunEnergy("file", "measured", "Meter", "machine", 10.0, 11, 250, power, power, frame, None, idle, above)
    return msgspec.structs.replace(run_of(25, saturated=saturated), energy=energy)


def test_battery_and_bill_are_of_the_rate_that_is_needed() -> None:
    asked = scenario(rate_fps=1, battery_wh=100, battery_hours=12)
    found = outlook("trial", asked, [metered(30.0, idle=5.0)])  # 1 J a frame above 5 W, so 6 W at 1 FPS
    (battery,) = (one for one in found.result.requirements if one.name == "battery life")
    assert found.consequences.battery_hours.value == pytest.approx(battery.value) == pytest.approx(100 / 6)
    assert found.consequences.kwh_a_year.value == pytest.approx(6 * 8.76)
    assert found.consequences.joules_per_1000_frames.value == pytest.approx(6000)
    assert found.result.energy.joules_per_frame == pytest.approx(6.0)
    assert found.energy_evidence in battery.evidence and (found.energy_kind, found.energy_bound) == ("measured", "")


def test_the_scenarios_price_of_a_kwh_goes_before_the_one_typed_into_the_window() -> None:
    typed = Upkeep(price_per_kwh=0.1, currency="$")
    found = outlook("trial", scenario(price_per_kwh=0.4), [metered(10.0)], upkeep=typed)
    assert (found.consequences.cost_a_year.value, found.currency) == (pytest.approx(35.04), "€")
    found = outlook("trial", scenario(), [metered(10.0)], upkeep=typed)
    assert (found.consequences.cost_a_year.value, found.currency) == (pytest.approx(8.76), "$")


@pytest.mark.parametrize(("rate", "bound"), [(1, "at most"), (25, ""), (100, "at least")])
def test_without_idle_power_another_rate_bounds_it(rate: float, bound: str) -> None:
    found = outlook("trial", scenario(rate_fps=rate, camera_fps=100), [metered(30.0)])
    assert found.energy_bound == bound and found.consequences.watts.value == 30
    # how idle power is shared out at another rate is not known
    assert (found.consequences.joules_per_1000_frames is None) == bool(bound)
    assert ("drawn at 25 FPS where" in found.energy_evidence) == bool(bound)


def test_the_paced_runs_power_goes_before_that_of_the_run_flat_out() -> None:
    runs = [metered(40.0, saturated=True), metered(30.0)]
    for order in (runs, runs[::-1]):
        energy = evaluate_runs("trial", scenario(rate_fps=25, battery_wh=100), order).energy
        assert (energy.joules_per_frame, energy.battery_hours) == pytest.approx((30 / 25, 100 / 30))
        assert outlook("trial", scenario(rate_fps=25), order).consequences.watts.value == 30


def test_a_rate_can_be_foreseen_where_the_age_at_it_cannot() -> None:
    flat = msgspec.structs.replace(run_of(84), intervals=ranks_of(np.full(500, 1e3 / 84)))
    runs = [flat, run_of(25, saturated=False, age_ms=20.0)]
    (one,) = outlook("highway", scenario(**HIGHWAY), runs, faster(runs, {"INT8": 2.0})).forecasts
    assert (one.verdict, one.undecided) == ("UNDECIDED", ("age, p99",))
