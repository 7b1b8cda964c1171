"""Power and battery of a run held against a scenario."""

from __future__ import annotations

import msgspec
import pytest
from test_scenario_verdict import run_of

from edgeperf_gui.analysis.energy import scaled
from edgeperf_gui.analysis.scenario_energy import battery, bill, energy_of, power
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.scenario_verdict import evaluate
from edgeperf_gui.domain.energy import Banded, Covers, EnergyKind, RunEnergy
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Energy, Scenario
from edgeperf_gui.verbs.scenario import report


def spent(
    watts: float, *, fps: float = 25.0, kind: EnergyKind = "measured", covers: Covers = "machine", idle: float | None = None
) -> RunResult:
    """A run that drew so many watts ± 10 %."""
    run = run_of(fps, saturated=False)
    power_w = Banded(watts, 0.9 * watts, 1.1 * watts)
    frame = scaled(power_w, 1 / fps)
    energy = RunEnergy(
        meter="file",
        kind=kind,
        title="External meter",
        covers=covers,
        seconds=10.0,
        readings=11,
        frames=int(10 * fps),
        joules=scaled(power_w, 10),
        watts=power_w,
        joules_per_frame=frame,
        joules_per_inference=None,
        idle_watts=idle,
        dynamic_joules_per_frame=None if idle is None else scaled(frame, 1 - idle / watts),
    )
    return msgspec.structs.replace(run, energy=energy)


def scenario(**fields: object) -> Scenario:
    return Scenario(title="Trial", why="It tries. Nothing else.", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("watts", "verdict"), [(8.0, "PASS"), (9.5, "UNDECIDED"), (10.5, "UNDECIDED"), (12.0, "FAIL")])
def test_a_band_that_straddles_the_limit_decides_nothing(watts: float, verdict: str) -> None:
    found = power(scenario(power_w=10), spent(watts))
    assert found is not None and (found.name, found.verdict, found.unit) == ("power", verdict, "W")
    assert "External meter" in found.evidence and "…" in found.evidence


@pytest.mark.parametrize(("hours", "verdict"), [(8.0, "PASS"), (10.0, "UNDECIDED"), (12.0, "FAIL")])
def test_a_battery_of_100_wh_at_10_w(hours: float, verdict: str) -> None:
    found = battery(scenario(battery_wh=100, battery_hours=hours), spent(10.0))
    assert found is not None and (found.verdict, found.measured) == (verdict, "10 h")


@pytest.mark.parametrize(("limit", "verdict"), [(40.0, "PASS"), (35.0, "UNDECIDED"), (30.0, "FAIL")])
def test_the_bill_of_10_w_a_whole_year_is_35_at_40_cents(limit: float, verdict: str) -> None:
    # 10 W × 24 h × 365 = 87.6 kWh, ± 10 %: 31.5 … 38.5
    found = bill(scenario(cost_a_year=limit, price_per_kwh=0.4), spent(10.0))
    assert found is not None and (found.name, found.verdict, found.measured) == ("electricity a year", verdict, "35 €")
    assert found.evidence == "31.5 … 38.5 €; 24 h a day at 0.4 € a kWh; measured by External meter"


def test_a_bill_is_of_the_hours_a_day_and_of_the_rate_that_is_needed() -> None:
    # 8 W at 5 FPS, eight hours a day: 23.36 kWh
    asked = scenario(rate_fps=5, hours_per_day=8, cost_a_year=10, price_per_kwh=0.5, currency="CHF")
    found = bill(asked, spent(12.0, idle=7.0))
    assert found is not None and (found.value, found.unit, found.verdict) == (pytest.approx(11.68), "CHF", "FAIL")
    slower = bill(scenario(rate_fps=30, camera_fps=30, cost_a_year=100, price_per_kwh=0.5), spent(10.0))
    assert slower is not None and slower.verdict == "UNDECIDED", "at more frames it draws more"
    unread = bill(asked, run_of())
    assert unread is not None and (unread.verdict, unread.measured) == ("UNDECIDED", None)
    assert bill(scenario(price_per_kwh=0.5), spent(10.0)) is None


def test_a_part_of_the_device_can_break_a_limit_but_not_keep_it() -> None:
    for covers, kind in (("package", "measured"), ("our processes", "estimated"), ("gpu", "measured")):
        low, high = (power(scenario(power_w=10), spent(w, covers=covers, kind=kind)) for w in (1.0, 20.0))  # type: ignore[arg-type]
        assert low is not None and low.verdict == "UNDECIDED" and "device draws more" in low.evidence
        assert high is not None and high.verdict == "FAIL"


def test_the_theoretical_kind_never_decides_watts() -> None:
    found = power(scenario(power_w=10), spent(1.0, kind="theoretical"))
    assert found is not None and found.verdict == "UNDECIDED"


def test_at_another_rate_the_run_bounds_it_from_one_side() -> None:
    slower, faster = scenario(power_w=10, rate_fps=25), scenario(power_w=10, rate_fps=5)
    assert [found.verdict for w in (8.0, 12.0) if (found := power(slower, spent(w, fps=10.0)))] == ["UNDECIDED", "FAIL"]
    assert [found.verdict for w in (8.0, 12.0) if (found := power(faster, spent(w)))] == ["PASS", "UNDECIDED"]
    found = power(faster, spent(12.0))
    assert found is not None and "run it paced" in found.evidence


def test_with_idle_power_known_it_is_told_at_the_rate_that_is_needed() -> None:
    # 12 W at 25 FPS of which 7 W are idle: 0.2 J a frame, so 8 W at 5 FPS
    found = power(scenario(power_w=10, rate_fps=5), spent(12.0, idle=7.0))
    assert found is not None and (found.measured, found.verdict) == ("8 W", "PASS")
    assert "7 W idle" in found.evidence


def test_decoding_that_was_not_measured_is_not_forgotten() -> None:
    run = spent(8.0)
    run = msgspec.structs.replace(run, spec=msgspec.structs.replace(run.spec, inference_only=True))
    found = power(scenario(power_w=10), run)
    assert found is not None and found.verdict == "UNDECIDED" and "decoding" in found.evidence


def test_without_a_meter_it_is_undecided_and_without_a_limit_nothing_is_asked() -> None:
    bare = run_of()
    for found in (power(scenario(power_w=10), bare), battery(scenario(battery_wh=1, battery_hours=1), bare)):
        assert found is not None and (found.verdict, found.measured) == ("UNDECIDED", None)
        assert "edgeperf energy" in found.evidence
    assert power(scenario(), spent(1.0)) is None and battery(scenario(battery_wh=1), spent(1.0)) is None


def test_the_result_carries_the_meters_energy_before_the_theoretical_one() -> None:
    asked = scenario(battery_wh=100, battery_hours=8)
    theoretical = Energy("theoretical", 0.01, 0.01, None, None)
    result = evaluate("trial", asked, spent(10.0), theoretical)
    assert result.energy == Energy("measured", pytest.approx(0.4), pytest.approx(0.36), pytest.approx(0.44), pytest.approx(10.0))
    assert result.verdict == "PASS"
    assert evaluate("trial", asked, run_of(), theoretical).energy is theoretical
    paired = evaluate_runs("trial", asked, [run_of(), spent(10.0)], theoretical)
    assert paired.energy is not None and paired.energy.kind == "measured"
    assert energy_of(scenario(), spent(10.0)) is not None and energy_of(scenario(), run_of()) is None


@pytest.mark.parametrize(("watts", "words"), [(50.0, "a frame: 2 J (1.8 … 2.2)"), (10.0, "a frame: 400 mJ (360 … 440)")])
def test_the_report_gives_a_frame_in_joules_or_thousandths(watts: float, words: str) -> None:
    said = report(evaluate("trial", scenario(power_w=10), spent(watts)))
    assert f"Energy, measured, {words}" in said
