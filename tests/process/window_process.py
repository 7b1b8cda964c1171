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

import numpy as np
import psutil
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.store.run_file import Run, read_run

START_S = 60.0
"""For anything that a process comes to by itself: a busy machine takes its time over a start."""


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
        if self.process.poll() is not None:
            raise AssertionError(f"the window has ended: {self.process.communicate()[1]}")
        runs = list(places.runs().glob("*.edgeperf"))
        try:
            children = [
                child for child in psutil.Process(self.process.pid).children() if "spawn_main" in " ".join(child.cmdline())
            ]
            # the engine is the first child; the list of devices is asked for after it
            children.sort(key=lambda child: child.create_time())
        except psutil.Error:  # the short child that lists the devices has just ended
            return None
        return children[0] if children and any(run.stat().st_size > 5_000 for run in runs) else None

    def end(self, timeout_s: float = 2 * START_S) -> tuple[int, dict, str]:
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


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or only waits for somebody to ask how it ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two questions
        return True


def newest_run() -> Run:
    """What the newest run file holds: every record of it, none left out."""
    run = read_run(max(places.runs().glob("*.edgeperf"), key=lambda path: path.stat().st_mtime_ns))
    assert run.records["frame"].tolist() == list(range(len(run.records))), "a record was lost"
    return run


def assert_kept_pace(report: dict, fps: float = 25.0) -> None:
    """The newest run and its report are those of a source of this rate.

    By the moments at which its frames were due, whatever the machine's other work left of them: a frame that could not be served
    is dropped and counted, and the next is due a whole number of periods later.
    """
    periods = np.diff(newest_run().records["due_ns"]) / (1e9 / fps)
    assert periods.size >= 5 and np.round(periods).min() == 1
    assert periods == pytest.approx(np.round(periods), abs=0.01)
    assert 5 < report["fps"] < 1.2 * fps


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
