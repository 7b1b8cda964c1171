"""Findings of the doctor, on this machine and on made-up ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui import doctor, doctor_trials, system_libraries
from edgeperf_gui.doctor_trials import Trials, ending, try_in_child
from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.energy import MeterChoice
from edgeperf_gui.engine.power.meter import Site
from edgeperf_gui.engine.power.table import list_meters

LDD = """
\tlinux-vdso.so.1 (0x00007ffd)
\tlibQt6Gui.so.6 => /opt/qt/libQt6Gui.so.6 (0x00007f)
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibEGL.so.1 => not found
"""
IMPORT_ERROR = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"


def test_this_machine_can_do_the_main_job() -> None:
    checks = doctor.run_checks()
    assert [check.name for check in checks] == [name for name, _ in doctor.CHECKS]
    assert not [check for check in checks if check.state == "fail"]
    assert doctor.main_job_can_run(checks)
    assert all(check.sentence for check in checks)


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def faint(_: Trials) -> doctor.Check:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(doctor, "CHECKS", (("Nerve", faint),))
    (check,) = doctor.run_checks()
    assert (check.name, check.state) == ("Nerve", "fail")
    assert "oh" in check.sentence


@pytest.mark.parametrize(
    ("version", "python", "state"),
    [
        ("6.11.3", (3, 11), "ok"),
        ("6.12.0", (3, 11), "fail"),
        ("6.12.0", (3, 12), "ok"),
        ("6.7.2", (3, 12), "fail"),
        ("7.0", (3, 11), "fail"),
    ],
)
def test_the_qt_that_kills_python_3_11_is_refused(version: str, python: tuple[int, int], state: str) -> None:
    assert doctor.judge_qt_version(version, python).state == state


def test_two_opencv_wheels_and_a_wheel_with_windows_are_warned_about() -> None:
    assert doctor.judge_opencv(["opencv-python-headless"], "5.0", "NONE").state == "ok"
    assert doctor.judge_opencv(["opencv-python"], "5.0", "QT5").state == "warn"
    both = doctor.judge_opencv(["opencv-python-headless", "opencv-python"], "5.0", "NONE")
    assert both.state == "warn"
    assert "pip uninstall -y opencv-python-headless opencv-python" in both.remedy


def test_power_counters_there_closed_and_absent(tmp_path: Path) -> None:
    def judged(root: Path) -> doctor.Check:
        return doctor.judge_meters(list_meters(Site(root, "Some CPU", MeterChoice())))

    assert judged(tmp_path / "none").state == "warn"
    counter = tmp_path / "class" / "powercap" / "intel-rapl:0" / "energy_uj"
    counter.parent.mkdir(parents=True)
    counter.write_text("1")
    counter.with_name("name").write_text("package-0")
    found = judged(tmp_path)
    assert found.state == "ok"
    assert "by rapl" in found.sentence and "battery (This machine has no battery)" in found.sentence
    counter.chmod(0)
    if not os.access(counter, os.R_OK):  # root may read everything; test_power_meters takes its rights away
        closed = judged(tmp_path)
        assert closed.state == "warn"
        assert "udev" in closed.remedy


def _card(folder: Path, name: str) -> ModelCard:
    variants = {"FP16": VariantCard(f"{name}.xml", "FP16")}
    return ModelCard(name, name, "detection", "MIT", "here", "nanodet", InputCard(4, 4), variants, folder=str(folder))


def test_models_whole_damaged_and_none(tmp_path: Path) -> None:
    for file in ("a.xml", "a.bin", "b.xml"):
        (tmp_path / file).touch()
    whole, damaged = _card(tmp_path, "a"), _card(tmp_path, "b")
    assert doctor.judge_models((whole,), "").state == "ok"
    beside = doctor.judge_models((whole, damaged), "")
    assert beside.state == "warn"
    assert "b lacks b.bin" in beside.sentence
    assert doctor.judge_models((damaged,), "").state == "fail"
    assert doctor.judge_models((), "card.toml is broken.").remedy == "card.toml is broken."


def test_a_home_that_cannot_be_written_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wall = tmp_path / "a file"
    wall.touch()
    monkeypatch.setenv("EDGEPERF_HOME", str(wall))
    checks = {check.name: check for check in doctor.run_checks()}
    assert checks["Write access"].state == "fail"
    assert "EDGEPERF_HOME" in checks["Write access"].remedy
    assert not doctor.main_job_can_run(list(checks.values()))


def test_a_clip_that_is_not_there_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "shipped", lambda name: tmp_path / name)
    assert doctor._clip(Trials()).state == "fail"


def test_a_platform_that_does_not_exist_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "papyrus")
    check = doctor._qt_platform(Trials())
    assert check.state == "fail"
    assert "papyrus" in check.sentence


def test_missing_libraries_become_one_apt_line() -> None:
    assert system_libraries.parse_ldd(LDD) == ("libxcb-cursor.so.0", "libEGL.so.1")
    assert system_libraries.named_in(IMPORT_ERROR) == ("libEGL.so.1",)
    assert system_libraries.remedy(("libxcb-cursor.so.0", "libEGL.so.1")) == "Run: sudo apt-get install -y libegl1 libxcb-cursor0"
    assert "libodd.so.9" in system_libraries.remedy(("libodd.so.9",))
    assert system_libraries.remedy(()) == ""


def test_every_package_that_the_setup_installs_is_known(root: Path) -> None:
    script = (root / "scripts" / "setup.sh").read_text("utf-8")
    listed = script.split('window_packages="')[1].split('"')[0].split()
    assert set(listed) <= set(system_libraries.PACKAGE_OF.values())


@given(st.text())
def test_no_text_breaks_the_library_parsers(text: str) -> None:
    system_libraries.parse_ldd(text)
    system_libraries.remedy(system_libraries.named_in(text))


def test_a_child_that_crashes_is_an_answer() -> None:
    trial = try_in_child("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert trial.answer is None
    assert "SIGSEGV" in trial.why
    assert try_in_child("print('chatter'); print('[1]')").answer == [1]
    assert try_in_child("print('chatter')").answer is None
    assert try_in_child("raise SystemExit('no GPU.')").why == "no GPU"


def test_a_child_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_trials, "PATIENCE_S", 0.2)
    assert "timed out" in try_in_child("import time; time.sleep(30)").why


def test_endings() -> None:
    assert ending(3, "") == "it ended with code 3"
    assert ending(-250, "") == "it died of signal 250"
