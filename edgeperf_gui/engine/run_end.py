"""The end of a run: followed until it comes, and told in words when it went wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from edgeperf_gui.domain.errors import EdgeperfError, Hung, RunError
from edgeperf_gui.engine.runtime import last_line

JOIN_S: Final = 5.0
"""How long the threads of a run that was told to end may take."""


class Running(Protocol):
    """What is looked at while a pipeline runs."""

    error: BaseException | None

    def alive(self) -> bool:
        """Whether frames may still come."""

    def find_failed_request(self) -> None:
        """Set `error` when a request ended without telling."""


def follow(pipeline: Running, stop: threading.Event, every_s: float, is_over: Callable[[], bool]) -> int:
    """Wait until it ends, fails, is stopped or `is_over`; the stamp of that moment. Failed requests are found meanwhile."""
    while pipeline.alive() and pipeline.error is None and not stop.wait(every_s):
        if is_over():
            break
        pipeline.find_failed_request()
    return time.perf_counter_ns()


def as_told(error: BaseException | None, who: str = "The pipeline") -> EdgeperfError | None:
    """An error of a run's threads as one a user can read."""
    if error is None or isinstance(error, EdgeperfError):
        return error
    told = RunError(f"{who} stopped: {type(error).__name__}: {last_line(error)}.", "Run it again.")
    told.__cause__ = error
    return told


def check_end(error: BaseException | None, joined: bool, who: str = "The pipeline", source: str = "The source") -> None:
    """Raises what went wrong, or Hung where the threads did not come back."""
    if (told := as_told(error, who)) is not None:
        raise told
    if not joined:
        raise Hung(f"{source} or the device did not come back from its last call.", "Try another source or device.")
