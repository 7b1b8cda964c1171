"""The real window under a real X server: what the offscreen platform cannot show."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgeperf_gui import system_libraries

XVFB = shutil.which("Xvfb")
pytestmark = pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed (Debian: apt install xvfb)")


@pytest.fixture
def display() -> Iterator[Callable[[str], str]]:
    """Starts an X server with a screen of this size on a free display, and ends it afterwards."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(size: str) -> str:
        read, write = os.pipe()
        command = [str(XVFB), "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        servers.append(subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()  # comes when the server answers
        if not number:
            pytest.skip("Xvfb does not start here")
        return f":{number}"

    yield start
    for server in servers:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def open_window(display: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-m", "edgeperf_gui", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150)


@pytest.mark.parametrize("size", ["1600x900", "1280x720"])
def test_it_opens_fits_the_screen_takes_its_picture_and_says_nothing(display, tmp_path: Path, size: str) -> None:
    if missing := system_libraries.missing_libraries("xcb"):
        pytest.skip(f"Qt's X11 platform lacks {', '.join(missing)}")
    picture = tmp_path / "window.png"
    done = open_window(display(size), "--run-seconds", "2", "--screenshot", str(picture))
    assert (done.returncode, done.stderr) == (0, "")
    assert_within(picture, size)


def test_a_window_left_on_a_large_screen_comes_back_on_a_small_one(display, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    for size in ("1920x1080", "1280x720"):
        done = open_window(display(size), "--run-seconds", "1", "--screenshot", str(picture))
        assert (done.returncode, done.stderr) == (0, "")
        assert_within(picture, size)


def assert_within(picture: Path, size: str) -> None:
    found = struct.unpack(">II", picture.read_bytes()[16:24])  # a PNG begins with its size
    width, height = map(int, size.split("x"))
    assert 960 <= found[0] <= width and 600 <= found[1] <= height


def test_a_display_without_a_server_is_one_sentence_and_no_abort(display) -> None:
    done = open_window(":4711", "--run-seconds", "1")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "DISPLAY=:4711 does not answer" in done.stderr
