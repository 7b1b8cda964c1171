"""The engine's log files: one a session, the newest few kept."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Final

from edgeperf_gui.domain import places

KEPT: Final = 10
_TAIL_BYTES: Final = 16_000
_TAIL_LINES: Final = 100
"""Enough for the stacks of all threads, before which stands what happened."""


def new_log(name: str) -> Path | None:
    """A path for a fresh log, after removing the oldest ones; None when there is no folder to write to."""
    folder = places.logs()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    _prune(folder)
    return folder / f"engine-{time.strftime('%Y%m%d-%H%M%S')}-{name}.log"


def only_log(name: str) -> Path | None:
    """A path for a log of which only the newest is kept; None when there is no folder to write to."""
    path = places.logs() / f"{name}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def log_tail(path: Path | None) -> str:
    """The last lines of a log; empty when it cannot be read."""
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            text = file.read(_TAIL_BYTES).decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-_TAIL_LINES:])


def _prune(folder: Path) -> None:
    """Leave room for one more."""
    with contextlib.suppress(OSError):
        # the names begin with the time, so their order is their age
        logs = sorted(folder.glob("engine-*.log"))
        for old in logs[: max(0, len(logs) - KEPT + 1)]:
            with contextlib.suppress(OSError):
                old.unlink()
