"""The doctor's trials: each runs in a child process of its own, at most once, and survives whatever the child does."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from edgeperf_gui.domain import places
from edgeperf_gui.domain.inventory import Inventory

PATIENCE_S = 60.0

# The answer is the child's last line, because drivers print what they like before it.
QT_TRIAL = """
import json, PySide6.QtGui as gui, PySide6.QtWidgets
application = gui.QGuiApplication(["doctor"])
print(json.dumps(application.platformName()))
"""
INVENTORY_TRIAL = """
import msgspec, sys
from edgeperf_gui.engine.inventory import take_inventory
print(msgspec.json.encode(take_inventory()).decode())
"""
OPENCV_TRIAL = """
import cv2, json, sys
lines = [line.split(":", 1)[1].strip() for line in cv2.getBuildInformation().splitlines() if line.strip().startswith("GUI:")]
read, frame = cv2.VideoCapture(sys.argv[1]).read()
size = [frame.shape[1], frame.shape[0]] if read else None
print(json.dumps({"version": cv2.__version__, "gui": (lines or ["NONE"])[0], "clip": size}))
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one child: its answer, or why there is none."""

    answer: Any
    why: str = ""
    errors: str = ""


class Trials:
    """Every trial the checks share, each made when first asked for."""

    @functools.cached_property
    def platform_was_chosen(self) -> bool:
        """True when the user named Qt's platform."""
        return bool(os.environ.get("QT_QPA_PLATFORM"))

    @functools.cached_property
    def platform(self) -> str:
        """The platform Qt is going to use on Linux; empty elsewhere, where the system has but one."""
        chosen = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
        if chosen or not sys.platform.startswith("linux"):
            return chosen
        displays = (("WAYLAND_DISPLAY", "wayland"), ("DISPLAY", "xcb"))
        return next((name for variable, name in displays if os.environ.get(variable)), "offscreen")

    @functools.cached_property
    def qt(self) -> Trial:
        """Open a QGuiApplication; the answer is the platform's name."""
        return try_in_child(QT_TRIAL, platform=self.platform)

    @functools.cached_property
    def opencv(self) -> Trial:
        """Ask for the build's GUI line and decode one frame of the bundled clip."""
        return try_in_child(OPENCV_TRIAL, str(places.shipped("resources/clips/street.mp4")))

    @functools.cached_property
    def inventory_trial(self) -> Trial:
        """Ask for devices, cameras and models."""
        return try_in_child(INVENTORY_TRIAL)

    @functools.cached_property
    def inventory(self) -> Inventory | None:
        """The same as words; None when the child did not answer."""
        answer = self.inventory_trial.answer
        return None if answer is None else msgspec.convert(answer, Inventory)


def try_in_child(code: str, *arguments: str, platform: str = "") -> Trial:
    """Run `code` in a fresh interpreter and take its last line as JSON."""
    environment = dict(os.environ)
    root = str(Path(__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    if platform and not environment.get("QT_QPA_PLATFORM"):
        environment["QT_QPA_PLATFORM"] = platform
    command = (sys.executable, "-c", code, *arguments)
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE_S, check=False, env=environment, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Trial(None, str(error).splitlines()[0])
    errors = done.stderr.decode("utf-8", "replace")
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    if done.returncode or not lines:
        return Trial(None, ending(done.returncode, errors), errors)
    try:
        return Trial(msgspec.json.decode(lines[-1]), "", errors)
    except msgspec.DecodeError:
        return Trial(None, "its answer could not be read", errors)


def ending(code: int, errors: str) -> str:
    """Why a child that answered nothing ended: the signal's name, or the last line it wrote."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    said = lines[-1].rstrip(".") if lines else ""
    if code >= 0:
        return said or f"it ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"it died of {name}" + (f" ({lines[0].rstrip('.')})" if lines else "")
