"""The real window, the real engine, and everything that goes wrong around them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from window_process import Window, assert_kept_pace, has_ended, newest_run, wait_for, windows

from edgeperf_gui.domain import places


@pytest.fixture
def window(home: Path) -> Iterator[Callable[..., Window]]:
    with windows(home) as open_one:
        yield open_one


def test_runs_takes_its_picture_and_leaves_nothing(window, home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    one = window("--run-seconds", "3", "--screenshot", str(picture))
    engine = one.engine()
    code, report, errors = one.end()
    assert (code, errors) == (0, "")
    assert picture.stat().st_size > 50_000
    assert report["first_boxes_ms"] > 0
    assert_kept_pace(report)
    assert not engine.is_running()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV"])
def test_a_killed_engine_is_told_with_its_signal_and_the_window_stays(window, name: str) -> None:
    one = window("--run-seconds", "4")
    one.engine().send_signal(getattr(signal, name))
    code, report, errors = one.end()
    assert code == 1 and name in errors
    assert (report["status"]["state"], report["status"]["reason"]) == ("finished", "crashed")
    # the system gives no time for a last word when it kills
    assert ("Segmentation fault" in report["status"]["log_tail"]) is (name == "SIGSEGV")
    assert name in report["status"]["sentence"] and report["status"]["remedy"]


def test_a_killed_window_takes_its_engine_along_and_the_run_file_is_whole_up_to_then(window) -> None:
    one = window()
    engine = one.engine()
    wait_for(lambda: len(newest_run().records) > 10, "some records")
    one.process.kill()
    wait_for(lambda: has_ended(engine), "the engine's end")
    assert len(list(places.runs().glob("*.edgeperf"))) == 1
    assert len(newest_run().records) > 10


@pytest.mark.parametrize(
    ("source", "words"),
    [("missing.mp4", "missing.mp4"), ("scene:nowhere", "nowhere"), ("gopher://example", "gopher")],
)
def test_a_source_that_cannot_be_opened_is_a_sentence_in_the_window(window, source: str, words: str) -> None:
    code, report, errors = window("--source", source, "--run-seconds", "0.5").end()
    assert code == 1 and words in errors
    assert "Traceback" not in errors
    assert report["status"]["reason"] == "failed"
    assert words in report["status"]["sentence"] and report["status"]["remedy"]


def test_a_clip_that_is_no_clip(window, tmp_path: Path) -> None:
    clip = tmp_path / "holiday.mp4"
    clip.write_text("not a film")
    code, report, _ = window("--source", str(clip), "--run-seconds", "0.5").end()
    assert code == 1 and report["status"]["reason"] == "failed" and report["status"]["cause"] == "source"
    assert "holiday.mp4" in report["status"]["sentence"]


def test_a_clip_cut_in_the_middle_still_plays(window, street_clip: Path, tmp_path: Path) -> None:
    avi = tmp_path / "cut.avi"
    recode_as_avi(street_clip, avi)
    avi.write_bytes(avi.read_bytes()[: avi.stat().st_size // 2])
    code, report, _ = window("--source", str(avi), "--run-seconds", "3").end()
    assert code == 0 and report["fps"] > 5
    assert report["status"]["reason"] in (None, "stopped")


def test_an_unknown_device_in_the_settings(window, home: Path) -> None:
    write_settings('device = "NPU"\n')
    code, report, _ = window("--run-seconds", "0.5").end()
    assert code == 1 and report["status"]["cause"] == "device"
    assert "NPU is not on this machine" in report["status"]["sentence"]


@pytest.mark.parametrize("text", ["\x00\x01 not toml", "source = 5\ntheme = 'purple'\nhint = 'throughput'\n", "[[[["])
def test_corrupt_settings_never_block_the_start(window, text: str) -> None:
    write_settings(text)
    code, report, errors = window("--run-seconds", "2").end()
    assert code == 0 and report["fps"] > 5
    assert "Traceback" not in errors
    (notice,) = report["notices"]
    assert "settings" in notice["sentence"].lower()


def test_without_a_folder_to_write_to_everything_runs_and_that_is_told(window) -> None:
    code, report, errors = window("--run-seconds", "2", environment={"EDGEPERF_HOME": "/proc/nope"}).end()
    assert (code, errors) == (0, "") and report["fps"] > 5
    (notice,) = report["notices"]
    assert "settings, run files, logs, compiled models" in notice["sentence"]


def test_what_cannot_be_written_is_told_and_fails(window, tmp_path: Path) -> None:
    one = window(
        "--run-seconds", "1", "--screenshot", str(tmp_path / "no folder" / "x.png"), "--report", str(tmp_path / "no" / "y")
    )
    code, _, errors = one.end()
    assert code == 1
    assert "the picture cannot be written to" in errors and "the report cannot be written to" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("source", ["", "bad\udcff.mp4"])
def test_a_source_that_is_no_address_is_refused_before_a_window_opens(window, source: str) -> None:
    code, _, errors = window("--run-seconds", "1", "--source", source).end()
    assert code == 2
    assert errors.startswith("edgeperf-gui: ") and errors.count("\n") == 1


def test_odd_sources_are_sentences(window) -> None:
    for source in ("~nosuchuser/x", "x" * 300):
        code, _, errors = window("--run-seconds", "1", "--source", source).end()
        assert code == 1 and "Traceback" not in errors and source[:40] in errors


def test_a_source_of_the_command_line_is_for_one_start(window) -> None:
    assert window("--run-seconds", "1", "--source", "scene:road").end()[0] == 0
    assert not places.settings_file().exists()


def test_a_corrupt_window_layout_never_blocks_the_start(window) -> None:
    places.geometry_file().parent.mkdir(parents=True, exist_ok=True)
    places.geometry_file().write_bytes(b"[window]\nstate=@ByteArray(rubbish\xff\x00)\n\x00\x00")
    code, report, _ = window("--run-seconds", "2").end()
    assert code == 0 and report["fps"] > 5


def test_a_second_window_says_so_and_leaves_the_first_alone(window) -> None:
    first = window()
    engine = first.engine()
    second = subprocess.run(
        [sys.executable, "-m", "edgeperf_gui", "--run-seconds", "2"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert second.returncode == 0
    assert "open already" in second.stdout + second.stderr
    assert first.process.poll() is None and engine.is_running()
    first.process.send_signal(signal.SIGINT)
    assert first.end()[0] == 0


def test_without_a_display_it_says_what_to_do(window) -> None:
    environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    code, _, errors = window("--run-seconds", "2", environment=environment).end()
    assert code == 2
    assert "display" in errors and "Traceback" not in errors


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_told_and_the_run_goes_on(window) -> None:
    places.runs().mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(places.runs())], capture_output=True)
    if mounted.returncode:
        pytest.skip("this sandbox does not allow mounting")
    try:
        code, report, _ = window("--run-seconds", "3").end()
        assert code == 0 and 5 < report["fps"] < 30
        assert any("recorded" in notice["sentence"] for notice in report["notices"])
    finally:
        # lazily: an engine that is only just ending may still hold its file
        subprocess.run(["umount", "--lazy", str(places.runs())], check=True)


def test_ctrl_c_closes_in_order(window) -> None:
    one = window()
    engine = one.engine()
    one.process.send_signal(signal.SIGINT)
    code, _, errors = one.end()
    assert code == 0 and "Traceback" not in errors
    assert not engine.is_running()


def write_settings(text: str) -> None:
    places.settings_file().parent.mkdir(parents=True, exist_ok=True)
    places.settings_file().write_text(text)


def recode_as_avi(clip: Path, avi: Path) -> None:
    import cv2

    capture = cv2.VideoCapture(str(clip))
    writer = cv2.VideoWriter(str(avi), cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 272))
    for _ in range(100):
        writer.write(capture.read()[1])
    writer.release()
