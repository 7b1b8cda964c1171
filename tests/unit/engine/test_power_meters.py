"""Every meter of the kernel's on a fake tree: there, closed, nested, gone, nonsense."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_sysfs import laptop, rapl, site, without_rights, write

from edgeperf_gui import doctor
from edgeperf_gui.analysis.energy import EnergyTotal
from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import MeterChoice, MeterList
from edgeperf_gui.domain.errors import BadInput, MeterError
from edgeperf_gui.engine.power.battery import Battery
from edgeperf_gui.engine.power.hwmon import Hwmon
from edgeperf_gui.engine.power.meter import Site, here
from edgeperf_gui.engine.power.nvml import Nvml
from edgeperf_gui.engine.power.perf import Perf
from edgeperf_gui.engine.power.powercap import Powercap
from edgeperf_gui.engine.power.table import METERS, list_meters, open_meter
from edgeperf_gui.engine.power.tdp import TdpEstimate


@pytest.fixture
def tree() -> Iterator[Path]:
    """A folder that others may enter, too: pytest's own are shut."""
    folder = Path(tempfile.mkdtemp(prefix="edgeperf-sysfs-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_packages_are_added_and_all_else_is_shown_apart(tree: Path) -> None:
    laptop(tree)
    meter = Powercap(site(tree))
    assert meter.info.available and meter.info.covers == "package"
    assert meter.info.parts == ("core of package-0", "uncore of package-0", "dram of package-0", "psys")
    (sample,) = meter.read()
    assert [name for name, counter in sample.counters.items() if not counter.is_part] == ["package-0"]
    assert sample.counters["package-0"].joules == pytest.approx(1.0)
    assert sample.counters["package-0"].wraps_at == pytest.approx(65.536)


def test_two_sockets_are_two_packages(tree: Path) -> None:
    rapl(tree, "intel-rapl:0", "package-0", 0)
    rapl(tree, "intel-rapl:1", "package-1", 0)
    rapl(tree, "intel-rapl:1:0", "dram", 0)
    (sample,) = Powercap(site(tree)).read()
    assert sum(not counter.is_part for counter in sample.counters.values()) == 2


def test_a_wrap_is_taken_back(tree: Path) -> None:
    path = rapl(tree, "intel-rapl:0", "package-0", 65_000_000)
    meter = Powercap(site(tree))
    total = EnergyTotal(meter.info, "s")
    total.take(*meter.read())
    path.write_text("464000\n")
    # what lies between two readings of a test is microseconds: any power is too much, so they are pulled apart
    (sample,) = meter.read()
    reading = total.take(type(sample)(sample.stamp_ns + 1_000_000_000, sample.counters))
    assert reading is not None and reading.joules.value == pytest.approx(1.0)


def test_a_counter_without_a_range_never_wraps(tree: Path) -> None:
    rapl(tree, "intel-rapl:0", "package-0", 7, None)
    assert Powercap(site(tree)).read()[0].counters["package-0"].wraps_at is None


def test_closed_counters_name_the_rule_that_opens_them(tree: Path) -> None:
    path = rapl(tree, "intel-rapl:0", "package-0", 1)
    with without_rights(path):
        info = Powercap(site(tree)).info
    found = doctor.judge_meters(MeterList((info,), None))
    assert not info.available
    assert info.reason == f"{path} may only be read by root."
    assert 'SUBSYSTEM=="powercap"' in info.remedy and "udevadm trigger" in info.remedy
    assert found.state == "warn" and "udev" in found.remedy


def test_a_closed_part_does_not_shut_its_package(tree: Path) -> None:
    laptop(tree)
    with without_rights(tree / "class/powercap/intel-rapl:0:2/energy_uj"):
        info = Powercap(site(tree)).info
    assert info.available and "dram of package-0" not in info.parts


def test_no_counters_at_all(tree: Path) -> None:
    info = Powercap(site(tree)).info
    assert not info.available and str(tree) in info.reason and "modprobe" in info.remedy


@pytest.mark.parametrize("content", ["", "lots", "12 34"])
def test_a_counter_that_holds_no_number_and_one_that_vanishes(tree: Path, content: str) -> None:
    path = rapl(tree, "intel-rapl:0", "package-0", 1)
    meter = Powercap(site(tree))
    path.write_text(content)
    with pytest.raises(MeterError, match="holds no number"):
        meter.read()
    path.unlink()
    with pytest.raises(MeterError, match="cannot be read any more") as caught:
        meter.read()
    assert str(path) in caught.value.sentence and caught.value.remedy


def test_a_part_that_vanishes_is_left_out(tree: Path) -> None:
    laptop(tree)
    meter = Powercap(site(tree))
    (tree / "class/powercap/intel-rapl:1/energy_uj").unlink()
    assert "psys" not in meter.read()[0].counters


def event(root: Path, **changed: str) -> None:
    # the software event "cpu-clock" of processor 0: every kernel counts it, in nanoseconds
    files = {"type": "1", "cpumask": "0", "events/energy-pkg": "event=0x00", "events/energy-pkg.scale": "1e-9"} | changed
    write(root, {f"bus/event_source/devices/power/{name}": content for name, content in files.items()})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="perf is Linux's")
def test_a_performance_event_is_read_by_the_real_system_call(tree: Path) -> None:
    event(tree)
    meter = Perf(site(tree))
    if not meter.info.available:  # a kernel that asks for more rights says so
        assert "perf_event_paranoid" in meter.info.reason and "sysctl" in meter.info.remedy
        return
    try:
        first, second = meter.read()[0], meter.read()[0]
    finally:
        meter.close()
    assert 0 <= first.counters["package-0"].joules < second.counters["package-0"].joules < 60
    assert first.counters["package-0"].wraps_at is None


@pytest.mark.parametrize("changed", [{"type": "x"}, {"events/energy-pkg": "config=1"}, {"events/energy-pkg.scale": ""}])
def test_an_event_that_is_not_as_described_is_refused(tree: Path, changed: dict[str, str]) -> None:
    event(tree, **changed)
    info = Perf(site(tree)).info
    assert not info.available and info.reason


def test_an_event_that_may_not_be_opened_says_so(tree: Path) -> None:
    event(tree, type="4294967295")
    info = Perf(site(tree)).info
    assert not info.available and "may not be opened" in info.reason and "perf_event_paranoid" in info.remedy
    assert not Perf(site(tree / "none")).info.available


def test_of_a_boards_rails_the_one_that_holds_all_is_read(tree: Path) -> None:
    home = "class/hwmon/hwmon0"
    write(tree, {f"{home}/name": "ina3221", f"{home}/power1_input": 3_000_000, f"{home}/power1_label": "VDD_CPU"})
    write(tree, {f"{home}/power2_input": 7_500_000, f"{home}/power2_label": "VDD_IN"})
    write(tree, {"class/hwmon/hwmon1/name": "amdgpu", "class/hwmon/hwmon1/power1_average": 50_000_000})
    meter = Hwmon(site(tree))
    assert meter.info.available and meter.info.covers == "board"
    assert meter.read()[0].watts == pytest.approx(7.5)
    assert "VDD_CPU" in meter.info.note and "amdgpu" in meter.info.note
    (tree / home / "power2_input").unlink()
    with pytest.raises(MeterError):
        meter.read()


def test_a_batterys_own_sensor_is_no_rail_of_the_board(tree: Path) -> None:
    home = "class/hwmon/hwmon0"
    write(tree, {f"{home}/name": "BAT0", f"{home}/power1_input": 30_000_000, f"{home}/device/type": "Battery"})
    assert not Hwmon(site(tree)).info.available
    write(tree, {"class/hwmon/hwmon1/name": "ina219", "class/hwmon/hwmon1/power1_input": 4_000_000})
    write(tree, {"class/hwmon/hwmon1/device/type": "0"})
    assert Hwmon(site(tree)).read()[0].watts == pytest.approx(4.0)


def test_an_energy_counter_is_better_than_a_power(tree: Path) -> None:
    write(tree, {"class/hwmon/hwmon0/name": "amd_energy", "class/hwmon/hwmon0/energy1_input": 5_000_000})
    write(tree, {"class/hwmon/hwmon0/power1_input": 1})
    meter = Hwmon(site(tree))
    assert meter.info.covers == "package"
    assert [counter.joules for counter in meter.read()[0].counters.values()] == pytest.approx([5.0])


def test_a_card_alone_is_a_card_and_a_closed_sensor_says_how_to_open_it(tree: Path) -> None:
    assert not Hwmon(site(tree)).info.available
    write(tree, {"class/hwmon/hwmon0/name": "amdgpu", "class/hwmon/hwmon0/power1_average": 50_000_000})
    assert Hwmon(site(tree)).info.covers == "gpu"
    with without_rights(tree / "class/hwmon/hwmon0/power1_average"):
        info = Hwmon(site(tree)).info
    assert not info.available and "chmod a+r" in info.remedy


def supply(root: Path, name: str, **files: object) -> None:
    write(root, {f"class/power_supply/{name}/{key}": value for key, value in files.items()})


def test_batteries_that_discharge_are_added(tree: Path) -> None:
    supply(tree, "BAT0", type="Battery", status="Discharging", power_now=-8_000_000)
    supply(tree, "BAT1", type="Battery", status="Discharging", current_now=500_000, voltage_now=12_000_000)
    supply(tree, "BAT2", type="Battery", status="Full", power_now=0)
    supply(tree, "hidpp_battery_0", type="Battery", scope="Device", status="Discharging", power_now=9_000_000)
    supply(tree, "AC", type="Mains", online=0)
    meter = Battery(site(tree))
    assert meter.info.available and meter.info.covers == "machine"
    assert meter.read()[0].watts == pytest.approx(14.0)


def test_a_charger_that_is_plugged_in_and_a_battery_that_is_taken_out(tree: Path) -> None:
    assert "no battery" in Battery(site(tree)).info.reason
    supply(tree, "BAT0", type="Battery", status="Discharging", power_now=8_000_000)
    meter = Battery(site(tree))
    supply(tree, "BAT0", status="Charging")
    with pytest.raises(MeterError, match="not on its battery") as caught:
        meter.read()
    assert "Unplug" in caught.value.remedy
    assert not Battery(site(tree)).info.available
    shutil.rmtree(tree / "class/power_supply/BAT0")
    with pytest.raises(MeterError, match="taken out"):
        meter.read()


class CardError(Exception):
    pass


def card(monkeypatch: pytest.MonkeyPatch, **functions: object) -> None:
    """No card and no driver here: the library's names, as its manual gives them."""
    known = {
        "NVMLError": CardError,
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetHandleByIndex": lambda number: number,
        "nvmlDeviceGetTotalEnergyConsumption": lambda card: 12_000,
        "nvmlDeviceGetPowerUsage": lambda card: 55_000,
    }
    monkeypatch.setitem(sys.modules, "pynvml", SimpleNamespace(**(known | functions)))


def refuse(*_: object) -> None:
    raise CardError("Not Supported")


def test_a_card_by_its_counter_or_by_its_power(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card(monkeypatch)
    meter = Nvml(site(tree))
    assert meter.info.available
    assert meter.read()[0].counters["card"].joules == pytest.approx(12.0)
    meter.close()
    card(monkeypatch, nvmlDeviceGetTotalEnergyConsumption=refuse)
    assert Nvml(site(tree)).read()[0].watts == pytest.approx(55.0)
    card(monkeypatch, nvmlInit=refuse)
    info = Nvml(site(tree)).info
    assert not info.available and "Not Supported" in info.reason and "nvidia-smi" in info.remedy


def test_the_real_library_says_what_is_lacking(tree: Path) -> None:
    info = Nvml(site(tree)).info
    assert info.available or ("cannot be read" in info.reason and "nvidia-smi" in info.remedy)


def test_without_its_package_a_card_says_which(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert "edgeperf-gui[nvidia]" in Nvml(site(tree)).info.remedy


def test_an_estimate_from_a_typed_range_counts_our_own_busy_time(tree: Path) -> None:
    meter = TdpEstimate(site(tree, tdp_low_watts=10.0, tdp_high_watts=30.0))
    info = meter.info
    assert (info.kind, info.covers, info.available) == ("estimated", "our processes", True)
    assert 20 * info.low_factor == pytest.approx(0.5 * 10)
    assert 20 * info.high_factor == pytest.approx(2 * 30)
    before = meter.read()[0].counters["busy time"].joules
    sum(number * number for number in range(400_000))
    after = meter.read()[0].counters["busy time"].joules
    assert 0 < (after - before) * (os.cpu_count() or 1) / 20 < 5  # seconds of one processor


def test_an_estimate_never_invents_a_range(tree: Path) -> None:
    info = TdpEstimate(site(tree, "Some CPU")).info
    assert not info.available and "Some CPU" in info.reason and "--tdp" in info.remedy
    assert "cannot be" in TdpEstimate(site(tree, tdp_low_watts=9.0, tdp_high_watts=3.0)).info.reason
    assert TdpEstimate(site(tree, "Intel(R) N100")).info.title == "Estimate from 6 W"


def test_a_companion_that_is_gone_takes_nothing_back(tree: Path) -> None:
    meter = TdpEstimate(Site(tree, "x", MeterChoice(tdp_low_watts=5.0), (2**22 + 1, os.getpid())))
    assert meter.read()[0].counters["busy time"].joules > 0


def test_a_users_table_with_a_mistake_is_named(tree: Path, home: Path) -> None:
    write(home, {"config/processors.toml": "[processors]\nN100 = [6, -6]"})
    info = TdpEstimate(site(tree, "Intel(R) N100")).info
    assert not info.available and "processors.toml, line 2" in info.reason


def test_the_table_takes_the_best_that_can_be_read(tree: Path) -> None:
    assert list_meters(site(tree)).chosen is None
    assert open_meter(site(tree, name="auto")) is None
    assert open_meter(site(tree)) is None
    with_range = site(tree, name="auto", tdp_low_watts=5.0)
    found = open_meter(with_range)
    assert found is not None and found.info.name == "tdp"
    laptop(tree)
    found = open_meter(with_range)
    assert found is not None and found.info.name == "rapl"
    assert list_meters(with_range).chosen == "rapl"
    assert [info.name for info in list_meters(with_range).meters] == list(METERS)


def test_a_card_has_to_be_asked_for(tree: Path) -> None:
    write(tree, {"class/hwmon/hwmon0/name": "amdgpu", "class/hwmon/hwmon0/power1_average": 50_000_000})
    assert open_meter(site(tree, name="auto")) is None
    assert open_meter(site(tree, name="hwmon")) is not None


def test_a_name_that_is_none_and_a_meter_that_is_not_here(tree: Path) -> None:
    with pytest.raises(BadInput, match="no meter called") as caught:
        open_meter(site(tree, name="rappl"))
    assert "rapl" in caught.value.remedy
    with pytest.raises(BadInput, match="“battery” cannot be read here: This machine has no battery"):
        open_meter(site(tree, name="battery"))
    with pytest.raises(BadInput, match="“file” cannot be read here"):  # who names a file wants it read
        open_meter(site(tree, name="auto", file=str(tree / "none.csv")))


def test_the_place_of_the_kernels_files_can_be_another(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.sysfs() == Path("/sys")
    monkeypatch.setenv("EDGEPERF_SYSFS", str(tree))
    laptop(tree)
    assert list_meters(here()).chosen == "rapl"
