"""Requests that ended without telling, since the runtime's binding does not call back when inference throws; and their end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import Any, Final, Protocol

from edgeperf_gui.domain.errors import EdgeperfError, Hung, RunError
from edgeperf_gui.engine.runtime import last_line
from edgeperf_gui.engine.sources.source import Frame

_SILENT_S: Final = 2.0
"""A request without an answer for so long is asked whether it has failed."""
_HUNG_S: Final = 60.0


class Asked(Protocol):
    """An infer request, the frame it is working on, and its stamps."""

    request: Any
    frame: Frame | None
    submit_ns: int
    complete_ns: int


def find_failure(slots: Iterable[Asked]) -> EdgeperfError | None:
    """Ask every request that has been silent for long; what is wrong with the first that failed or hangs."""
    now_ns = time.perf_counter_ns()
    for slot in slots:
        if slot.frame is None or slot.complete_ns > slot.submit_ns or not slot.submit_ns:
            continue
        waited_s = (now_ns - slot.submit_ns) / 1e9
        if waited_s > _HUNG_S:
            return Hung("The device has not answered for a minute.", "Its driver may hang; try another device.")
        if waited_s > _SILENT_S and (failure := _ask(slot)) is not None:
            return failure
    return None


def let_go(slots: Iterable[Asked], wait_ms: int) -> None:
    """Wait for what is under way, at most so long for each request, and take the callbacks back.

    The runtime keeps a callback where no garbage collector looks, and with it all that the request belongs to: jobs that run one
    pipeline after the other would grow with each.
    """
    for slot in slots:
        if slot.submit_ns:
            with contextlib.suppress(RuntimeError):  # a request that failed has nothing left to wait for
                slot.request.wait_for(wait_ms)
        with contextlib.suppress(RuntimeError):  # one that hangs is busy, and keeps it
            slot.request.set_callback(_nobody, None)


def _nobody(_: object) -> None:
    """Hears of no completion."""


def _ask(slot: Asked) -> RunError | None:
    submit_ns, cause = slot.submit_ns, ""
    try:
        if not slot.request.wait_for(0):
            return None
        time.sleep(_SILENT_S / 4)  # a callback may be on its way
        if slot.complete_ns > submit_ns or slot.submit_ns != submit_ns:
            return None
    except RuntimeError as error:
        cause = f" ({last_line(error)})"
    return RunError(f"The device failed to infer a frame{cause}.", "Run again, or try another device.")
