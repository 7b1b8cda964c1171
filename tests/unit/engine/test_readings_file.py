"""An external meter's file: every form of line, garbage, and what can happen to a file."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from fake_sysfs import site

from edgeperf_gui.analysis.energy import NS_PER_S, Sample
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.engine.power.reading import MeterReader
from edgeperf_gui.engine.power.readings_file import ReadingsFile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plug meter ü.csv"
    path.write_text("")
    return path


def opened(path: Path, tmp_path: Path) -> ReadingsFile:
    meter = ReadingsFile(site(tmp_path, file=str(path)))
    assert meter.info.available
    assert meter.read() == ()
    return meter


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def watts(samples: list[Sample]) -> list[float | None]:
    return [sample.watts for sample in samples]


def test_watts_alone_are_of_the_moment_they_came(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    add(file, "12.5\r\n13\n")
    assert watts(list(meter.read())) == [12.5, 13.0]
    add(file, "14")  # not a line yet
    assert list(meter.read()) == []
    add(file, "5\n")
    assert watts(list(meter.read())) == [145.0]
    meter.close()


@pytest.mark.parametrize(("head", "line"), [("", "{s}, {w}"), ("time;W\n", "{s};{w}"), ("Watts Seconds\n", "{w},0\t{s}")])
def test_seconds_are_the_meters_own_clock(file: Path, tmp_path: Path, head: str, line: str) -> None:
    add(file, head)
    meter = opened(file, tmp_path)
    for second in (100, 101, 103):
        add(file, line.format(s=second, w=10) + "\n")
    first, second, third = meter.read()
    assert (second.stamp_ns - first.stamp_ns, third.stamp_ns - first.stamp_ns) == (NS_PER_S, 3 * NS_PER_S)
    assert first.watts == 10
    meter.close()


def test_joules_are_a_counter(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    add(file, "seconds,joules\n1,500\n2,512.5\n")
    assert [sample.counters["external"].joules for sample in meter.read()] == [500, 512.5]
    meter.close()


def test_lines_that_were_there_before_belong_to_something_else(file: Path, tmp_path: Path) -> None:
    add(file, "watts\n1\n2\nhalf a li")
    meter = opened(file, tmp_path)
    add(file, "ne\n3\n")
    assert watts(list(meter.read())) == [3.0]
    assert meter.garbage == 1 and meter.first_garbage == 4
    meter.close()


GARBAGE = ("garbage", "1,2,3,4", "nan", "inf", "-5", "1e9", "0x10", "12 W", ",", "\0", "9" * 5000, "1;;2")


def test_garbage_is_left_out_counted_and_told_with_its_line(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    assert meter.trouble == ""
    add(file, "# a comment\n\n10\n" + "\n".join(GARBAGE) + "\n20\n")
    assert watts(list(meter.read())) == [10.0, 20.0]
    assert (meter.garbage, meter.first_garbage) == (len(GARBAGE), 4)
    assert meter.trouble.startswith(f"plug meter ü.csv, line 4: {len(GARBAGE)} lines are no readings")
    assert "seconds, watts" in meter.trouble
    meter.close()


def test_garbage_is_told_once_while_it_goes_on(file: Path, tmp_path: Path) -> None:
    notices: list[Notice] = []
    reader = MeterReader(opened(file, tmp_path), "s", None, lambda reading: None, notices.append)
    for text in ("10\ngarbage\n", "worse\n"):
        add(file, text)
        reader._read()
    reader.meter.close()
    (told,) = notices
    assert told.sentence.startswith("plug meter ü.csv, line 2: 1 line is no reading and left out.")
    assert "seconds, watts" in told.sentence
    (trouble,) = reader.troubles  # the run's note says how many they were in the end
    assert trouble.startswith("plug meter ü.csv, line 2: 2 lines are no readings")


def test_bytes_that_are_no_text_and_a_time_that_goes_back(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    with file.open("ab") as raw:
        raw.write(b"\xff\xfe\x00\n5, 10\n4, 10\n5, 10\n6, 10\n")
    assert len(meter.read()) == 2
    assert meter.garbage == 3
    meter.close()


def test_a_line_without_end_takes_no_memory(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    for _ in range(4):
        add(file, "x" * 100_000)
        assert list(meter.read()) == []
    assert len(meter._rest) <= 1000
    add(file, "\n7\n")
    assert watts(list(meter.read())) == [7.0]
    meter.close()


def test_a_file_that_is_cut_replaced_or_gone_is_no_continuation(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    add(file, "10\n11\n")
    meter.read()
    file.write_text("1\n")
    with pytest.raises(MeterError, match="replaced or cut"):
        meter.read()
    assert meter.read() == ()  # it is there again, from its end on
    add(file, "12\n")
    assert watts(list(meter.read())) == [12.0]
    other = tmp_path / "other"
    other.write_text("1\n2\n3\n4\n5\n6\n")
    other.replace(file)
    with pytest.raises(MeterError, match="replaced or cut"):
        meter.read()
    assert meter.read() == ()
    file.unlink()
    with pytest.raises(MeterError, match="cannot be read any more"):
        meter.read()


def test_the_clock_of_another_file_begins_anew(file: Path, tmp_path: Path) -> None:
    meter = opened(file, tmp_path)
    add(file, "5000, 10\n5001, 10\n")
    assert len(meter.read()) == 2
    file.write_text("")
    with pytest.raises(MeterError, match="replaced or cut"):
        meter.read()
    assert meter.read() == ()
    add(file, "1, 12\n2, 13\n")
    assert watts(list(meter.read())) == [12.0, 13.0]
    assert meter.garbage == 0
    meter.close()


def test_a_file_that_is_too_large_to_be_read_first(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate((256 << 20) + 1)
    info = ReadingsFile(site(tmp_path, file=str(tmp_path / "large"))).info
    assert not info.available and "256 MiB" in info.reason and "new file" in info.remedy


@pytest.mark.parametrize("name", ["~nobody-of-this-name/meter.csv", "a\0b", "x" * 3000])
def test_names_that_cannot_be_are_a_sentence(name: str, tmp_path: Path) -> None:
    info = ReadingsFile(site(tmp_path, file=name)).info
    assert not info.available and "cannot be read" in info.reason


def test_files_that_are_none(tmp_path: Path) -> None:
    assert "No file" in ReadingsFile(site(tmp_path)).info.reason
    gone = ReadingsFile(site(tmp_path, file=str(tmp_path / "none"))).info
    assert not gone.available and "Create it" in gone.remedy
    assert "is not a file" in ReadingsFile(site(tmp_path, file=str(tmp_path))).info.reason
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in ReadingsFile(site(tmp_path, file=str(tmp_path / "pipe"))).info.reason


def test_a_meter_that_tells_a_thousand_times_a_second_is_thinned_out_and_loses_no_joule(file: Path, tmp_path: Path) -> None:
    """Three seconds at 1 kHz, with power that jumps, read as a session reads it."""
    told: list[EnergyReading] = []
    reader = MeterReader(opened(file, tmp_path), "s", None, told.append, lambda notice: None)
    powers = [5.0 + 10.0 * (at // 100 % 2) for at in range(3001)]
    for start in range(0, 3001, 250):  # the period of such a meter is a quarter of a second
        block = enumerate(powers[start : start + 250], start)
        add(file, "".join(f"{at / 1000}, {watts}\n" for at, watts in block))
        reader._read()
    reader._keep_pending()
    reader.meter.close()
    truth = sum((one + other) / 2 / 1000 for one, other in itertools.pairwise(powers))
    assert told[-1].joules.value == pytest.approx(truth, rel=1e-9)
    assert told == reader.readings and 55 <= len(told) <= 62
    assert (told[-1].stamp_ns - told[0].stamp_ns) / NS_PER_S == pytest.approx(3.0)
    spans = [((after.stamp_ns - before.stamp_ns) / NS_PER_S, after) for before, after in itertools.pairwise(told)]
    means = [seconds * one.watts.value for seconds, one in spans if one.watts is not None]
    assert len(means) == len(spans)
    assert sum(means) == pytest.approx(truth, rel=1e-6)
    assert all(one.watts is not None and one.watts.low <= one.watts.value <= one.watts.high for _, one in spans)


def test_where_a_fast_meter_goes_backwards_the_gap_stays_between_two_readings(file: Path, tmp_path: Path) -> None:
    told: list[EnergyReading] = []
    reader = MeterReader(ReadingsFile(site(tmp_path, file=str(file))), "s", None, told.append, lambda notice: None)
    file.write_text("seconds, joules\n")
    reader._read()
    counted = [*range(20), *range(5, 25)]
    add(file, "".join(f"{at / 1000}, {joules}\n" for at, joules in enumerate(counted)))
    reader._read()
    reader._keep_pending()
    reader.meter.close()
    assert [one.joules.value for one in told] == [0, 19, 19, 38]
    assert [one.is_after_gap for one in told] == [False, False, True, False]
