from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from edgeperf_gui import app
from edgeperf_gui.domain import places


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "edgeperf_gui", *arguments]


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=150, cwd=root, env={**os.environ, **environment}
    )


@pytest.mark.parametrize(
    "arguments",
    [("--size", "big"), ("--size", "10x10"), ("--run-seconds", "0"), ("--theme", "pink"), ("--nonsense",)],
    ids=" ".join,
)
def test_bad_arguments_are_told_in_a_sentence(root: Path, arguments: tuple[str, ...]) -> None:
    done = run(root, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "edgeperf-gui: error:" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")
def test_without_a_display_it_says_what_to_do(root: Path) -> None:
    done = run(root, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "edgeperf bench" in done.stderr


def test_a_short_run_leaves_a_picture(root: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = run(root, "--run-seconds", "1", "--screenshot", str(picture), "--size", "1280x720", "--theme", "light")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 720)


def test_a_source_that_is_not_there_keeps_the_window(root: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = run(root, "--run-seconds", "0.5", "--screenshot", str(picture), "--source", "no such file.mp4")
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("edgeperf-gui: ") and "no such file.mp4" in done.stderr
    assert picture.is_file()


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not sent on Windows")
def test_a_second_window_is_refused_and_control_c_closes_the_first(root: Path) -> None:
    first = subprocess.Popen(
        command("--source", "scene:road"), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        lock = places.geometry_file().with_name("window.lock")
        deadline = time.monotonic() + 60
        while not (lock.exists() and (places.runs()).is_dir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        second = run(root, "--run-seconds", "1")
        assert second.returncode == 0
        assert "open already" in second.stdout
        while not _is_drawing() and time.monotonic() < deadline:
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        _, errors = first.communicate(timeout=60)
    finally:
        first.kill()
    assert first.returncode == 0, errors
    assert "Traceback" not in errors
    assert not lock.exists()
    assert places.geometry_file().is_file()


def _is_drawing() -> bool:
    """The window is up once its engine has written records."""
    return any(file.stat().st_size > 4096 for file in places.runs().glob("*.edgeperf"))


def test_without_a_terminal_a_refusal_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a gui-script of Windows runs, which has no standard streams."""
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    assert app._refuse("A sentence.") == 2
    with pytest.raises(SystemExit) as ended:
        app._parse(["--size", "big"])
    assert ended.value.code == 2
