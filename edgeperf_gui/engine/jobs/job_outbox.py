"""How a job speaks to whoever started it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol, TypeVar

import msgspec

from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus

_PERIOD_S: Final = 0.1

T = TypeVar("T", bound=msgspec.Struct)


class JobOutbox(Protocol):
    """What a job needs of its listener."""

    def send(self, message: Any) -> None:
        """Hand over a SessionStatus, a Progress or an Answer."""


class Teller:
    """Progress at most ten times a second, and answers that are not the last."""

    def __init__(self, session_id: str, outbox: JobOutbox) -> None:
        self._session_id = session_id
        self._outbox = outbox
        self._next = 0.0
        self._activity = ""

    def progress(self, done: int, total: int | None, activity: str) -> None:
        """How far it is; skipped when the last one is fresh and says the same."""
        now = time.monotonic()
        if now < self._next and activity == self._activity:
            return
        self._next, self._activity = now + _PERIOD_S, activity
        self._outbox.send(Progress(self._session_id, done, total, activity))

    def so_far(self, result: msgspec.Struct) -> None:
        """What is known up to now."""
        self._outbox.send(Answer(self._session_id, msgspec.json.encode(result), is_final=False))


@contextlib.contextmanager
def failure_told(session_id: str, outbox: JobOutbox) -> Iterator[None]:
    """Tell the outbox of an error that ends the job, and let it pass on."""
    try:
        yield
    except EdgeperfError as error:
        outbox.send(
            SessionStatus(session_id, RunState.FINISHED, FinishReason.FAILED, sentence=error.sentence, remedy=error.remedy)
        )
        raise


def tell_result(session_id: str, outbox: JobOutbox, result: msgspec.Struct) -> None:
    """The answer, then the end."""
    outbox.send(Answer(session_id, msgspec.json.encode(result)))
    outbox.send(SessionStatus(session_id, RunState.FINISHED, FinishReason.COMPLETED))


def tell_stopped(session_id: str, outbox: JobOutbox) -> None:
    """It was stopped, in order."""
    outbox.send(SessionStatus(session_id, RunState.FINISHED, FinishReason.STOPPED))


def follow(session_id: str, outbox: JobOutbox, stop: threading.Event, work: Callable[[Teller], T | None]) -> T | None:
    """Do the work and tell how it ended: the answer; when stopped, what was known by then; or the error, which passes on."""
    teller = Teller(session_id, outbox)
    with failure_told(session_id, outbox):
        result = work(teller)
    if stop.is_set():
        if result is not None:
            teller.so_far(result)
        tell_stopped(session_id, outbox)
    elif result is not None:
        tell_result(session_id, outbox, result)
    return result
