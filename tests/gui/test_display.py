from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from edgeperf_gui.ui.display import display_trouble

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")
DEAD = ":4711"


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:size=1x1", "vnc"])
def test_a_platform_that_needs_no_server_is_fine(platform: str) -> None:
    assert display_trouble({"QT_QPA_PLATFORM": platform}) == ""


@pytest.mark.parametrize("environment", [{}, {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ""}])
def test_no_display_named(environment: dict[str, str]) -> None:
    assert display_trouble(environment).startswith("There is no display")


@pytest.mark.parametrize("name", [DEAD, f"unix{DEAD}", "localhost:4711", "rubbish"])
def test_a_display_that_does_not_answer_is_named(name: str) -> None:
    assert display_trouble({"DISPLAY": name}).startswith(f"The display DISPLAY={name} does not answer.")


def test_of_two_displays_one_is_enough(tmp_path: Path) -> None:
    environment = {"DISPLAY": DEAD, "WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert "DISPLAY=:4711 does not answer" in display_trouble(environment)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        assert display_trouble(environment) == ""
        assert display_trouble(environment | {"QT_QPA_PLATFORM": "xcb"}) != ""
