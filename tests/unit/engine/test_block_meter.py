"""A meter read at both ends of short blocks: counters by difference, and a sentence where that cannot be."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from edgeperf_gui.domain.energy import Banded, MeterChoice, MeterInfo
from edgeperf_gui.engine.power.block_meter import BlockEnergy, BlockMeter, variant_energy

TDP = MeterInfo("tdp", "estimated", "Estimate", "our processes", 1.0, 0.5, 2.0, True)


def block(joules: float, frames: int = 10, cpu_ms: float = 100.0, other_ms: float = 25.0) -> BlockEnergy:
    return BlockEnergy(Banded(joules, joules / 2, joules * 2), frames, cpu_ms, other_ms)


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_busy_time_between_two_laps_is_joules() -> None:
    meter = BlockMeter(MeterChoice("tdp", tdp_low_watts=10.0, tdp_high_watts=10.0))
    assert meter.lap() is None, "the first lap has no beginning"
    burn(0.05)
    found = meter.lap()
    assert found is not None and 0 < found.low < found.value < found.high
    assert meter.note == ""


def test_a_counter_that_wraps_and_one_that_goes_backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "class" / "powercap" / "intel-rapl:0"
    folder.mkdir(parents=True)
    for name, text in (("name", "package-0"), ("max_energy_range_uj", "1000000"), ("energy_uj", "900000")):
        (folder / name).write_text(text)
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    meter = BlockMeter(MeterChoice("rapl"))
    assert meter.note == "" and meter.lap() is None
    (folder / "energy_uj").write_text("100000")
    found = meter.lap()
    assert found is not None and found.value == pytest.approx(0.2)
    assert meter.lap() is None, "a counter that stands still was not read anew: nothing runs on 0 J"
    (folder / "energy_uj").unlink()
    assert meter.lap() is None and "energy_uj" in meter.note


@pytest.mark.parametrize("name", ["rapl", "nonsense", "file"])
def test_a_meter_that_cannot_be_read_says_why(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tmp_path))
    meter = BlockMeter(MeterChoice(name))
    assert meter.lap() is None and meter.info is None and len(meter.note) > 40
    assert variant_energy(meter.info, []) is None


def test_a_meter_that_only_shows_a_power_is_too_slow(tmp_path: Path) -> None:
    file = tmp_path / "meter.csv"
    file.write_text("")
    meter = BlockMeter(MeterChoice("file", file=str(file)))
    meter.lap()
    assert "too slow for blocks" in meter.note
    meter.close()


def test_no_meter_at_all_says_what_to_do() -> None:
    assert "Energy dock" in BlockMeter(MeterChoice()).note


def test_an_inference_has_its_part_of_the_cpu_time() -> None:
    found = variant_energy(TDP, [block(1.0), block(2.0), block(30.0)])
    assert found is not None
    assert found.joules_per_frame.value == pytest.approx(0.2) and found.joules_per_frame.high == pytest.approx(0.4)
    assert found.joules_per_inference.value == pytest.approx(0.15)
    assert found.kind == "estimated" and found.blocks == 3
