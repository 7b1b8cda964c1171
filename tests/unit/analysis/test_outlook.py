"""What a run comes to: metres, ceilings, frames to skip, batches, and variants that were only compared."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.outlook import ceilings, every_nth, faster, largest_batch, outlook, with_faster
from edgeperf_gui.analysis.stats import ranks_of
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.scenario import Scenario

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
    assert largest_batch(scenario(rate_fps=25, cameras=10, deadline_ms=100), run) == 1 + int(80 / 12)
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
    assert outlook("trial", asked, [run_of()]).consequences is None
