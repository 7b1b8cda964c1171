"""A meter beside a session: gone, back, backwards, and hours of readings."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_sysfs import rapl, site

from edgeperf_gui.analysis.energy import Counter, EnergyTotal, Sample, run_energy
from edgeperf_gui.domain.energy import EnergyReading, MeterChoice, MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.power.meter import Sensor
from edgeperf_gui.engine.power.powercap import Powercap
from edgeperf_gui.engine.power.reading import MeterReader, thinned
from edgeperf_gui.engine.power.session_energy import SessionEnergy

SECOND = 1_000_000_000


class Scripted(Sensor):
    """Tells what it is given, one item a reading; an error is raised. The last one stays."""

    def __init__(self, *script: float | MeterError) -> None:
        self.info = MeterInfo("trial", "measured", "Trial meter", "package", 0.005, 1.0, 1.0, available=True)
        self.script = list(script)
        self.at = 0
        self.all_told = threading.Event()

    def read(self) -> Sequence[Sample]:
        now = self.script[min(self.at, len(self.script) - 1)]
        self.at += 1
        if self.at >= len(self.script):
            self.all_told.set()
        if isinstance(now, MeterError):
            raise now
        return (Sample(self.at * SECOND, {"p": Counter(now)}),)


def run(meter: Scripted) -> tuple[MeterReader, list[EnergyReading], list[Notice]]:
    told: list[EnergyReading] = []
    notices: list[Notice] = []
    reader = MeterReader(meter, "s", None, told.append, notices.append)
    reader.start()
    assert meter.all_told.wait(5)
    reader.finish()
    reader.finish()
    return reader, told, notices


def test_it_reads_at_the_start_each_period_and_at_the_end() -> None:
    reader, told, notices = run(Scripted(0.0, 10.0, 20.0, 30.0))
    assert told == reader.readings and notices == [] and reader.troubles == []
    assert [reading.joules.value for reading in told[:4]] == [0, 10, 20, 30]
    assert told[-1].session_id == "s"


def test_a_meter_that_vanishes_is_told_once_and_comes_back_with_a_gap() -> None:
    gone = MeterError("The card was pulled.", "Plug it in again.")
    reader, told, notices = run(Scripted(0.0, 10.0, gone, gone, gone, 90.0, 100.0))
    assert [notice.sentence for notice in notices] == ["The card was pulled.", "Trial meter can be read again."]
    assert notices[0].remedy == "Plug it in again."
    assert [reading.is_after_gap for reading in told[:4]] == [False, False, True, False]
    assert told[3].joules.value == 20  # what it counted while it was gone is not known to be ours
    assert reader.troubles == ["The card was pulled."]


def test_a_meter_that_goes_backwards_is_told() -> None:
    _, told, notices = run(Scripted(100.0, 110.0, 5.0, 15.0))
    assert [notice.sentence for notice in notices] == [
        "Trial meter went backwards: what was used since its last reading is not counted."
    ]
    assert notices[0].remedy == "Let the run go on: from now on it counts again."
    assert [reading.joules.value for reading in told[:4]] == [0, 10, 10, 20]


def test_a_counter_that_was_not_read_for_a_minute_did_not_go_backwards() -> None:
    meter = Scripted(0.0)
    notices: list[Notice] = []
    reader = MeterReader(meter, "s", None, lambda reading: None, notices.append)
    total = EnergyTotal(meter.info, "s")
    for at, joules in ((0, 0.0), (90, 10.0)):
        reading = total.take(Sample(at * SECOND, {"p": Counter(joules, wraps_at=65_000.0)}))
        assert reading is not None
        reader._keep(reading)
    assert "told nothing for over a minute" in notices[0].sentence


def test_a_meter_that_only_goes_backwards_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgeperf_gui.engine.power.reading._MOST_KEPT", 100)
    meter = Scripted(0.0)
    reader = MeterReader(meter, "s", None, lambda reading: None, lambda notice: None)
    total = EnergyTotal(meter.info, "s")
    for at in range(1000):
        reading = total.take(Sample(at * SECOND, {"p": Counter(1000.0 - at)}))
        assert reading is not None
        reader._keep(reading)
    assert len(reader.readings) <= 101


def test_a_counter_unplugged_under_a_running_session_ends_nothing(tmp_path: Path) -> None:
    path = rapl(tmp_path, "intel-rapl:0", "package-0", 1)
    meter = Powercap(site(tmp_path))
    notices: list[Notice] = []
    reader = MeterReader(meter, "s", None, lambda reading: None, notices.append)
    path.unlink()
    reader.start()
    reader.finish()
    assert reader.readings == []
    assert len(notices) == 1 and str(path) in notices[0].sentence


def readings(count: int, gap_at: int) -> list[EnergyReading]:
    total = EnergyTotal(Scripted(0.0).info, "s")
    found = []
    for number in range(count):
        if number == gap_at:
            total.interrupt()
        found.append(total.take(Sample(number * SECOND, {"p": Counter(10.0 * number)})))
    return [reading for reading in found if reading is not None]


@pytest.mark.parametrize("gap_at", [6, 7, 9])
def test_half_of_the_readings_tell_the_same_sum(gap_at: int) -> None:
    whole = readings(20, gap_at)
    few = thinned(whole)
    assert len(few) <= 13 and few[0] == whole[0] and few[-1] == whole[-1]
    frames = (np.arange(0.05, 20, 0.1) * SECOND).astype(np.int64)
    asked = {"start_ns": 0, "end_ns": 20 * SECOND}
    one, other = (run_energy(Scripted(0.0).info, some, frames, **asked) for some in (whole, few))
    assert one is not None and other is not None
    assert (one.joules, one.seconds, one.frames) == (other.joules, other.seconds, other.frames)


@pytest.mark.parametrize(("first", "is_known"), [(0, True), (1000, False)])
def test_joules_of_frames_that_are_not_held_any_more_are_given_to_no_others(first: int, is_known: bool) -> None:
    """A meter that told nothing in the time of the frames held, of a run that began before them."""
    reader, _, _ = run(Scripted(0.0, 10.0, 20.0))
    reader.readings, reader.begin_ns = reader.readings[:3], 0
    energy = SessionEnergy(SessionSpec("s", "clip", "m"), lambda notice: None)
    energy._reader = reader
    records = np.zeros(10, FRAME)
    records["frame"] = first + np.arange(10)
    records["complete_ns"] = (2.5 + np.arange(10) / 20) * SECOND
    notices: list[Notice] = []
    effective = Effective("FP16", {}, ("CPU",), 1, 1, 1, "latency", None)
    spent = energy.result(records, 0, 3 * SECOND, {}, effective, notices.append)
    assert (spent is not None) == is_known
    assert [notice.sentence for notice in notices] == (
        [] if is_known else ["Trial meter gave 1 reading in this run, so its energy is not known."]
    )


def test_a_meter_that_is_not_here_does_not_keep_a_session_from_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    notices: list[Notice] = []
    energy = SessionEnergy(SessionSpec("s", "clip", "m", meter=MeterChoice("rapl")), notices.append)
    energy.start()
    energy.finish()
    assert len(notices) == 1
    assert "cannot be read here" in notices[0].sentence and "modprobe" in notices[0].remedy
    assert SessionEnergy(SessionSpec("s", "clip", "m"), notices.append) and len(notices) == 1
