"""Machine descriptions, on samples of machines that are not this one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.engine import machine

X86 = "processor\t: 0\nmodel\t\t: 143\nmodel name\t: Intel(R)  Xeon(R) Processor\n\nprocessor\t: 1\nmodel name\t: other\n"
RASPBERRY = "processor\t: 0\nCPU part\t: 0xd0b\n\nRevision\t: d04170\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"
POWER = "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (X86, "Intel(R) Xeon(R) Processor"),
        (RASPBERRY, "Raspberry Pi 5 Model B Rev 1.0"),
        (POWER, "POWER9, altivec supported"),
        ("processor\t: 0\nCPU part\t: 0xd0b\n", None),
        ("", None),
    ],
)
def test_processor_names_of_several_families(text: str, name: str | None) -> None:
    assert machine.parse_cpuinfo(text) == name


@pytest.mark.parametrize(
    ("text", "cores"),
    [
        ("max 100000\n", None),
        ("200000 100000\n", 2.0),
        ("50000 100000", 0.5),
        ("", None),
        ("max", None),
        ("1 0", None),
        ("-1 100000", None),
    ],
)
def test_quota_of_unified_groups(text: str, cores: float | None) -> None:
    assert machine.parse_cpu_max(text) == cores


@pytest.mark.parametrize(
    ("quota", "period", "cores"), [("-1\n", "100000\n", None), ("150000\n", "100000\n", 1.5), ("", "", None)]
)
def test_quota_of_classic_groups(quota: str, period: str, cores: float | None) -> None:
    assert machine.parse_cfs(quota, period) == cores


def test_group_paths_by_controller() -> None:
    assert machine.parse_groups("4:memory:/a\n1:cpu,cpuacct:/b:c\n0::/user.slice\nbroken\n") == {
        "memory": "/a",
        "cpu": "/b:c",
        "cpuacct": "/b:c",
        "": "/user.slice",
    }


def test_the_tightest_group_on_the_way_up_counts(tmp_path: Path) -> None:
    leaf = tmp_path / "fs" / "slice" / "leaf"
    leaf.mkdir(parents=True)
    (leaf / "cpu.max").write_text("400000 100000\n")
    (leaf.parent / "cpu.max").write_text("150000 100000\n")
    (tmp_path / "fs" / "cpu.max").write_text("max 100000\n")
    membership = tmp_path / "cgroup"
    membership.write_text("0::/slice/leaf\n")
    assert machine._allowed_by_groups(tmp_path / "fs", membership) == 1.5


def test_a_container_that_names_a_group_of_its_host_falls_back_to_the_mount(tmp_path: Path) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("250000\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    membership = tmp_path / "cgroup"
    membership.write_text("4:cpu,cpuacct:/docker/1234\n")
    assert machine._allowed_by_groups(tmp_path, membership) == 2.5
    assert machine._allowed_by_groups(tmp_path / "nowhere", tmp_path / "nothing") is None


def test_only_a_limit_that_takes_something_away_is_a_limit() -> None:
    assert machine.tightest(8, None, 8.0, 12.0) is None
    assert machine.tightest(8, 4.0, 2.5, None) == 2.5


@given(st.text())
def test_no_text_breaks_a_parser(text: str) -> None:
    machine.parse_cpuinfo(text)
    machine.parse_groups(text)
    for cores in (machine.parse_cpu_max(text), machine.parse_cfs(text, text)):
        assert cores is None or cores > 0


def test_this_machine() -> None:
    here = machine.describe_machine()
    assert here.cpu
    assert here.logical_cpus == os.cpu_count()
    assert here.openvino.startswith("2026.4")
    assert here.opencv.startswith("5.")
    assert here.memory_bytes is not None
    assert here.memory_bytes > 2**28
    assert here.cpu_quota is None or 0 < here.cpu_quota < here.logical_cpus
