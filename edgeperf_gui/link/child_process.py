"""What every child of ours does first, whatever its task."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn


def prepare(log_path: str | None) -> None:
    """Send everything that is printed, by Python or by a native library, to the log, and a fatal signal's stacks too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is for the window, which ends its children in order
    log = _open_log(log_path)
    for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
        os.dup2(log, descriptor)
        if stream is not None:
            stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    os.close(log)
    faulthandler.enable(2)


def _open_log(log_path: str | None) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        return os.open(log_path or os.devnull, flags, 0o644)
    except OSError:  # a full or read-only disk must not keep the engine from running
        return os.open(os.devnull, os.O_WRONLY)


def function_named(dotted: str) -> Callable[..., Any]:
    """The function "package.module:name"; only here is the engine imported, so the window's process never loads it."""
    module, _, name = dotted.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def end_at_once(code: int) -> NoReturn:
    """Leave without running destructors: drivers' ones may take long or crash, and nothing is left for them to do."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    os._exit(code)
