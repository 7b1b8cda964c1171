"""From readings to joules: counters of known power, with everything that goes wrong with counters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.energy import (
    Counter,
    EnergyTotal,
    Sample,
    frame_energy,
    meter_of,
    run_energy,
    stage_cpu_ms,
    stage_shares,
    watt_hours,
)
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.energy import EnergyReading, MeterInfo

METER = MeterInfo("rapl", "measured", "A counter", "package", 1.0, 0.95, 1.05, available=True)
SECOND = 1_000_000_000
RANGE_J = 65.536
"""Small, so that it wraps every few seconds."""


def readings_of(samples: list[Sample], meter: MeterInfo = METER, idle_watts: float | None = None) -> list[EnergyReading]:
    total = EnergyTotal(meter, "s", idle_watts)
    return [reading for sample in samples if (reading := total.take(sample)) is not None]


def counted(stamps_s: np.ndarray, joules: np.ndarray, wraps_at: float | None = RANGE_J) -> list[Sample]:
    shown = joules % wraps_at if wraps_at else joules
    return [
        Sample(round(at * SECOND), {"package-0": Counter(float(value), wraps_at)})
        for at, value in zip(stamps_s, shown, strict=True)
    ]


@given(st.integers(0, 2**32 - 1), st.floats(3.0, 45.0))
def test_the_integral_of_a_known_power_with_wraps_and_jitter_is_right(seed: int, watts: float) -> None:
    rng = np.random.default_rng(seed)
    stamps = np.cumsum(rng.uniform(0.7, 1.3, 60))
    # the counter is written every millisecond, in steps of 61 µJ
    joules = np.floor(watts * np.floor(stamps * 1000) / 1000 / 61e-6) * 61e-6
    last = readings_of(counted(stamps, joules))[-1]
    assert last.joules.value == pytest.approx(watts * (stamps[-1] - stamps[0]), rel=0.005)
    assert last.joules.low == pytest.approx(0.95 * last.joules.value)
    assert last.joules.high == pytest.approx(1.05 * last.joules.value)


def test_a_varying_power_is_integrated_by_trapezoids() -> None:
    stamps = np.arange(0, 61, 1.0)
    watts = 10 + 5 * np.sin(stamps / 4)
    samples = [Sample(round(at * SECOND), watts=float(value)) for at, value in zip(stamps, watts, strict=True)]
    exact = 10 * 60 + 5 * 4 * (1 - np.cos(60 / 4))
    assert readings_of(samples)[-1].joules.value == pytest.approx(exact, rel=0.005)


def test_two_packages_are_added_each_with_its_own_wrap() -> None:
    def at(second: int, one: float, other: float) -> Sample:
        return Sample(second * SECOND, {"package-0": Counter(one, 100.0), "package-1": Counter(other, 50.0)})

    found = readings_of([at(0, 95, 10), at(1, 5, 20), at(2, 15, 5)])
    assert [reading.joules.value for reading in found] == pytest.approx([0, 20, 65])


def test_nested_domains_are_shown_apart_and_never_added() -> None:
    def at(second: int, package: float, core: float, psys: float) -> Sample:
        counters = {
            "package-0": Counter(package, 100.0),
            "core": Counter(core, 100.0, is_part=True),
            "psys": Counter(psys, 100.0, is_part=True),
        }
        return Sample(second * SECOND, counters)

    last = readings_of([at(0, 0, 90, 0), at(1, 20, 5, 30)])[-1]
    assert last.joules.value == 20
    assert last.parts == pytest.approx({"core": 15, "psys": 30})


def test_a_counter_that_goes_backwards_leaves_a_gap_and_goes_on() -> None:
    # 1000 J → 3 J in a second would be 261 kW by a wrap: it was set back
    samples = [Sample(n * SECOND, {"p": Counter(joules, 262_144.0)}) for n, joules in enumerate([990.0, 1000.0, 3.0, 13.0])]
    found = readings_of(samples)
    assert [reading.is_after_gap for reading in found] == [False, False, True, False]
    assert [reading.joules.value for reading in found] == [0, 10, 10, 20]
    assert found[2].watts is None


def test_without_a_range_any_step_back_is_a_gap() -> None:
    found = readings_of(counted(np.array([0.0, 1.0, 2.0]), np.array([5.0, 4.0, 6.0]), None))
    assert [reading.is_after_gap for reading in found] == [False, True, False]


def test_after_a_minute_asleep_nobody_knows_how_often_it_wrapped() -> None:
    found = readings_of(counted(np.array([0.0, 1.0, 90.0, 91.0]), np.array([0.0, 10.0, 20.0, 30.0])))
    assert [reading.is_after_gap for reading in found] == [False, False, True, False]
    assert found[-1].joules.value == 20


def test_a_package_that_appears_or_is_lost_is_not_counted_from_nothing() -> None:
    one, two = {"a": Counter(5.0)}, {"a": Counter(6.0), "b": Counter(1000.0)}
    found = readings_of([Sample(0, one), Sample(SECOND, two)])
    assert found[-1].is_after_gap and found[-1].joules.value == 0


def test_an_interruption_is_a_gap_and_samples_of_the_past_are_left_out() -> None:
    total = EnergyTotal(METER, "s")
    samples = counted(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 10.0, 20.0, 30.0]))
    total.interrupt()  # before the first sample there is nothing to lose
    assert total.take(samples[0]) is not None
    total.interrupt()
    after = total.take(samples[1])
    assert after is not None and after.is_after_gap
    assert total.take(samples[1]) is None
    assert total.take(samples[0]) is None


def test_energy_per_frame_and_what_lies_above_idle() -> None:
    readings = readings_of(counted(np.arange(0, 11, 1.0), 12.0 * np.arange(0, 11)), idle_watts=4.0)
    assert readings[-1].idle_joules == pytest.approx(40)
    frames = (np.arange(0.05, 10, 0.1) * SECOND).astype(np.int64)
    stages = {name: stage_stats(np.full(9, ms)) for name, ms in {"decode": 2.0, "inference": 4.0, "queue": 50.0}.items()}
    found = run_energy(
        METER,
        readings,
        frames,
        start_ns=1 * SECOND,
        end_ns=10 * SECOND,
        idle_watts=4.0,
        stage_cpu_ms=stage_cpu_ms(stages, threads=2, streams=1),
    )
    assert found is not None
    assert (found.seconds, found.readings, found.frames) == (9.0, 10, 90)
    assert found.watts.value == pytest.approx(12)
    assert found.joules_per_frame is not None and found.joules_per_frame.value == pytest.approx(1.2)
    assert (found.joules_per_frame.low, found.joules_per_frame.high) == pytest.approx((1.14, 1.26))
    assert found.dynamic_joules_per_frame is not None and found.dynamic_joules_per_frame.value == pytest.approx(0.8)
    # waiting costs nothing; an inference keeps two threads busy
    assert found.stage_joules_per_frame == pytest.approx({"decode": 0.24, "inference": 0.96})
    assert found.joules_per_inference is not None and found.joules_per_inference.value == pytest.approx(0.96)


def test_joules_and_frames_are_of_the_same_seconds_whatever_the_meters_period() -> None:
    readings = readings_of(counted(np.array([0.0, 2.9, 6.1]), np.array([0.0, 29.0, 61.0])))
    frames = (np.arange(0.05, 7, 0.1) * SECOND).astype(np.int64)
    found = run_energy(METER, readings, frames, start_ns=0, end_ns=7 * SECOND)
    assert found is not None and found.joules_per_frame is not None
    assert found.joules_per_frame.value == pytest.approx(1.0, rel=0.02)


def test_frames_and_joules_of_a_gap_are_left_out() -> None:
    samples = counted(np.arange(0, 5, 1.0), np.array([100.0, 110.0, 3.0, 13.0, 23.0]), None)
    frames = (np.arange(0.05, 4, 0.1) * SECOND).astype(np.int64)
    found = run_energy(METER, readings_of(samples), frames, start_ns=0, end_ns=4 * SECOND)
    assert found is not None
    assert (found.frames, found.seconds, found.joules.value) == (30, 3.0, 30)


@pytest.mark.parametrize("joules", [[0.0], [7.0, 7.0, 7.0]])
def test_too_few_readings_and_a_meter_that_stands_still_are_unknown_and_not_zero(joules: list[float]) -> None:
    readings = readings_of(counted(np.arange(len(joules)).astype(float), np.array(joules)))
    assert run_energy(METER, readings, np.zeros(0, np.int64), start_ns=0, end_ns=9 * SECOND) is None


def test_a_card_is_all_inference_and_busy_time_has_no_idle_part() -> None:
    card = MeterInfo("nvml", "measured", "Card", "gpu", 1.0, 1.0, 1.0, available=True)
    own = MeterInfo("tdp", "estimated", "Estimate", "our processes", 1.0, 0.5, 2.0, available=True)
    samples, frames = counted(np.arange(0, 3, 1.0), 10.0 * np.arange(0, 3)), np.array([SECOND, 2 * SECOND])
    asked = {"start_ns": 0, "end_ns": 3 * SECOND, "idle_watts": 4.0, "stage_cpu_ms": {"decode": 1.0, "inference": 1.0}}
    of_card = run_energy(card, readings_of(samples, card), frames, **asked)
    of_own = run_energy(own, readings_of(samples, own, 4.0), frames, **asked)
    assert of_card is not None and of_card.joules_per_inference == of_card.joules_per_frame
    assert of_card.stage_joules_per_frame == {}
    assert of_own is not None and of_own.idle_watts is None and of_own.dynamic_joules_per_frame is None
    assert readings_of(samples, own, 4.0)[-1].idle_joules is None


def test_a_meter_that_shows_less_than_idle_leaves_nothing_above_it() -> None:
    readings = readings_of(counted(np.arange(0, 3, 1.0), 3.0 * np.arange(0, 3)))
    found = run_energy(METER, readings, np.array([SECOND]), start_ns=0, end_ns=3 * SECOND, idle_watts=4.0)
    assert found is not None and found.dynamic_joules_per_frame is None


def test_intervals_without_frames_are_unknown() -> None:
    readings = readings_of(counted(np.arange(0, 4, 1.0), 10.0 * np.arange(0, 4)))
    found = frame_energy(readings, np.array([SECOND // 2, SECOND // 4], np.int64))
    assert found.frames.tolist() == [2, 0, 0]
    assert found.joules[0] == pytest.approx(5.0) and np.isnan(found.joules[1:]).all()
    assert frame_energy([], np.zeros(0, np.int64)).joules.shape == (0,)


def test_a_batch_shares_its_inference() -> None:
    stages = {"inference": stage_stats(np.full(9, 20.0)), "batch wait": stage_stats(np.full(9, 99.0))}
    assert stage_cpu_ms(stages, threads=2, streams=1, batch=4) == {"inference": 10.0}
    assert stage_cpu_ms(stages, threads=None, streams=None) == {"inference": 20.0}


def test_small_things() -> None:
    assert watt_hours(7200) == 2
    assert stage_shares({}) == {} and stage_shares({"decode": 0.0}) == {}
    reading = readings_of(counted(np.array([0.0]), np.array([1.0])))[0]
    assert (meter_of(reading).name, meter_of(reading).covers) == ("rapl", "package")
