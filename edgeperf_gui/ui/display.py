"""Whether there is a display that answers: Qt aborts the process when it is asked to start without one. Loads no Qt."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_WITHOUT = "Measure without a window: `edgeperf bench`."
_NONE = f"There is no display to open a window on. Set DISPLAY or WAYLAND_DISPLAY, or use `ssh -X`. {_WITHOUT}"
_WAYLAND_WAIT_S = 2.0


def display_trouble(environment: Mapping[str, str]) -> str:
    """Why no window can be opened, as a sentence with its remedy; empty when one can."""
    platforms = _platforms(environment)
    if not platforms:
        return ""
    named = [platform for platform in platforms if environment.get(_VARIABLES[platform])]
    if not named:
        return _NONE
    if any(_ANSWERS[platform](environment[_VARIABLES[platform]], environment) for platform in named):
        return ""
    names = " and ".join(f"{_VARIABLES[platform]}={environment[_VARIABLES[platform]]}" for platform in named)
    return f"The display {names} does not answer. Start it, or set the variable to one that runs. {_WITHOUT}"


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Those of Qt's platforms that may be used and need a server."""
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if not sys.platform.startswith("linux"):
        return []
    return [platform for platform in _VARIABLES if not chosen or chosen.startswith(platform)]


def _x_answers(name: str, _environment: Mapping[str, str]) -> bool:
    """Connect as Qt will do, with the same library, address and authority."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt will say itself which library is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(name), None))
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_failed


def _wayland_answers(name: str, environment: Mapping[str, str]) -> bool:
    path = Path(environment.get("XDG_RUNTIME_DIR", "")) / name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(_WAYLAND_WAIT_S)
            probe.connect(str(path))
    except OSError:
        return False
    return True


_VARIABLES = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
_ANSWERS = {"wayland": _wayland_answers, "xcb": _x_answers}
