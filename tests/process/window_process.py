"""The window's program in a process of its own, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from edgeperf_gui.domain import places

START_S = 30.0


class Window:
    """`edgeperf-gui` in a process of its own, offscreen."""

    def __init__(self, home: Path, *words: str, environment: dict[str, str] | None = None) -> None:
        self.report_path = home / "report.json"
        command = [sys.executable, "-m", "edgeperf_gui", "--size", "1280x720", "--report", str(self.report_path), *words]
        self.process = subprocess.Popen(
            command,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | (environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def engine(self) -> psutil.Process:
        """The engine's process, once frames come."""
        return wait_for(self._engine, "an engine")

    def _engine(self) -> psutil.Process | None:
        runs = list(places.runs().glob("*.edgeperf"))
        try:
            children = [
                child for child in psutil.Process(self.process.pid).children() if "spawn_main" in " ".join(child.cmdline())
            ]
        except psutil.Error:  # the short child that lists the devices has just ended
            return None
        # the engine is the first child; the list of devices is asked for after it
        children.sort(key=lambda child: child.create_time())
        return children[0] if children and any(run.stat().st_size > 5_000 for run in runs) else None

    def end(self, timeout_s: float = 40) -> tuple[int, dict, str]:
        """Exit code, report and stderr."""
        _, errors = self.process.communicate(timeout=timeout_s)
        report = json.loads(self.report_path.read_text()) if self.report_path.exists() else {}
        return self.process.returncode, report, errors


def wait_for(look: Callable[[], object], what: str, timeout_s: float = START_S):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout_s} s for {what}")


def end_families(processes: list[subprocess.Popen[str]]) -> None:
    """Kill the processes and all that they started, whichever of them have ended meanwhile; read what they still say."""
    for process in processes:
        family: list[psutil.Process] = []
        if process.poll() is None:  # a number that was waited for may be another's by now
            with contextlib.suppress(psutil.NoSuchProcess):
                family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):  # an engine ends by itself once its window is gone
                one.kill()
        process.communicate()


@contextlib.contextmanager
def windows(home: Path) -> Iterator[Callable[..., Window]]:
    """Opens windows; none of them, nor what they started, outlives the block."""
    opened: list[Window] = []

    def open_one(*words: str, **more) -> Window:
        opened.append(Window(home, *words, **more))
        return opened[-1]

    try:
        yield open_one
    finally:
        end_families([one.process for one in opened])
