"""How a process ended, in words."""

from __future__ import annotations

import signal
from typing import Final

from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus

_MEANINGS: Final = {
    "SIGSEGV": "a driver or native library reached into memory that is not its own",
    "SIGABRT": "a native library gave up",
    "SIGBUS": "memory or a mapped file was gone",
    "SIGILL": "code for another processor",
    "SIGKILL": "killed from outside, or by the system when memory ran out",
    "SIGTERM": "ended from outside",
}


def exit_name(exit_code: int) -> str:
    """What an exit code says: "SIGSEGV", "exit code 3"."""
    if exit_code < 0:
        try:
            return signal.Signals(-exit_code).name
        except ValueError:
            return f"signal {-exit_code}"
    # Windows reports a crash as a status of 32 bits, known by its hexadecimal form
    return f"exit code {exit_code}" if exit_code < 0x8000_0000 else f"exit code {exit_code:#x}"


def crash_status(last: SessionStatus, cause: str, tail: str) -> SessionStatus:
    """The end of a session whose engine died without a word; `last` is what it said before."""
    meaning = f" ({_MEANINGS[cause]})" if cause in _MEANINGS else ""
    return SessionStatus(
        last.session_id,
        RunState.FINISHED,
        FinishReason.CRASHED,
        activity=last.activity,
        sentence=f"The engine died while {_doing(last)}: {cause}{meaning}.",
        remedy="Run it again; if it dies again, try another device or source.",
        log_tail=tail,
    )


def forced_stop_status(last: SessionStatus, cause: str) -> SessionStatus:
    """The end of a session that was asked to stop, did not, and was made to."""
    return SessionStatus(
        last.session_id,
        RunState.FINISHED,
        FinishReason.STOPPED,
        activity=last.activity,
        sentence=f"The engine did not stop while {_doing(last)} and was ended ({cause}); its last moments are not recorded.",
    )


def _doing(last: SessionStatus) -> str:
    return last.activity or last.state.value
