"""A job of the command line in a process of its own: when native code dies there, it is a sentence here."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.errors import BadInput, EdgeperfError, RunError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.messages import Notice, Stop
from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.link.child_process import end_at_once, function_named, prepare
from edgeperf_gui.link.death import exit_name
from edgeperf_gui.link.log_file import log_tail, new_log

T = TypeVar("T")

_LOOK_S: Final = 0.1
_STOP_S: Final = 10.0
"""How long a job may take to end in order; native code that reads or writes a large model cannot be interrupted."""


class _Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The child's last word: no sentence means it went well, or was stopped."""

    sentence: str = ""
    remedy: str = ""
    is_bad_input: bool = False


_Heard = Progress | Answer | Notice | SessionStatus | _Ended


class Broke(RunError):
    """The job could not go on; `answer` is the last one it gave, final or not."""

    def __init__(self, sentence: str, remedy: str, answer: bytes | None) -> None:
        super().__init__(sentence, remedy)
        self.answer = answer


class Died(Broke):
    """Its process died."""


class Job:
    """What a job running elsewhere has said so far."""

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.activity = "starting"
        self.ended: _Ended | None = None


def run_in_child(function: str, spec: Any, result_type: type[T], show: Callable[[Any], None], stop: threading.Event) -> T | None:
    """Run `function` ("package.module:name", called as function(spec, outbox, stop)) in a spawned process.

    `show` gets a SessionStatus for each Progress, and each Notice. The result is the job's last Answer; None when it was
    stopped before any. Raises BadInput or Broke with the job's own sentence, or Died with one that says how the process died.
    """
    context = multiprocessing.get_context("spawn")
    log = new_log(spec.session_id[:8])
    ours, theirs = context.Pipe(duplex=True)
    process = context.Process(target=main, args=(function, spec, theirs, str(log) if log else None), daemon=True)
    try:
        with _interrupts_held_back():
            process.start()
    except OSError as error:
        ours.close()
        raise RunError(f"No process could be started: {error.strerror or error}.") from error
    finally:
        theirs.close()
    job = Job()
    try:
        _follow(job, process, ours, show, stop)
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        ours.close()
    return _outcome(job, process.exitcode or 0, log, result_type, stop)


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A process started meanwhile inherits it: Ctrl+C reaches it too, and before `prepare` it would answer with a traceback.

    Blocked, not ignored: one that comes meanwhile would be lost on us as well.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # starting its own process it would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(job: Job, process: SpawnProcess, pipe: Connection, show: Callable[[Any], None], stop: threading.Event) -> None:
    """Listen until the child has said its last word or is gone; pass the wish to stop on to it."""
    decoder = msgspec.msgpack.Decoder(_Heard)
    until_s: float | None = None
    while job.ended is None and (until_s is None or time.monotonic() < until_s):
        if stop.is_set() and until_s is None:
            with contextlib.suppress(OSError):
                pipe.send_bytes(msgspec.msgpack.encode(Stop()))
            until_s = time.monotonic() + _STOP_S
        ready = wait([pipe, process.sentinel], timeout=_LOOK_S)
        if pipe in ready:
            try:
                _hear(job, decoder.decode(pipe.recv_bytes()), show)
            except (EOFError, OSError):
                return
        elif ready:
            return


def _hear(job: Job, message: _Heard, show: Callable[[Any], None]) -> None:
    match message:
        case Progress():
            job.activity = message.activity
            counted = f" {message.done}/{message.total}" if message.total else ""
            show(SessionStatus(message.session_id, RunState.RUNNING, activity=f"{message.activity}{counted}"))
        case Answer():
            job.answer = message.data
        case SessionStatus():
            job.activity = message.activity or job.activity
            if message.state is not RunState.FINISHED:
                show(message)
        case Notice():
            show(message)
        case _Ended():
            job.ended = message


def _outcome(job: Job, exit_code: int, log: Path | None, result_type: type[T], stop: threading.Event) -> T | None:
    ended = job.ended
    if ended is not None and ended.sentence:
        if ended.is_bad_input:
            raise BadInput(ended.sentence, ended.remedy)
        raise Broke(ended.sentence, ended.remedy, job.answer)
    # stopped, it may have had to be killed: what it had said until then is still true
    if job.answer is not None and (ended is not None or stop.is_set()):
        return msgspec.json.decode(job.answer, type=result_type)
    if stop.is_set():
        return None
    if ended is not None:
        raise RunError("The job ended without an answer.", _log_words(log))
    remedy = f"The file may be damaged. {_log_words(log)}".strip()
    raise Died(f"The process died while {job.activity} ({exit_name(exit_code)}).", remedy, job.answer)


def _log_words(log: Path | None) -> str:
    lines = [line for line in log_tail(log).splitlines() if line.strip()]
    # the end of the tail is the telling one; a fatal signal's first line says which
    said = next((line for line in lines if line.startswith("Fatal Python error")), lines[-1] if lines else "")
    return " ".join(filter(None, (f"The log says: {said.strip()[:200]}." if said else "", f"Log: {log}" if log else "")))


class ChildOutbox:
    """`engine.outbox.Outbox` for jobs: they say how far they are, and show no pictures."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._sending = threading.Lock()
        self._encoder = msgspec.msgpack.Encoder()

    def send(self, message: Any) -> None:
        """Hand over one message; silent when nobody listens any more."""
        with self._sending, contextlib.suppress(OSError):
            self._conn.send_bytes(self._encoder.encode(message))

    def preview_size(self) -> tuple[int, int] | None:
        """No picture, please."""
        return None

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """Never asked for, since `preview_size` is None."""
        return np.empty((height, width, 4), np.uint8)

    def publish(self, *shown: Any) -> None:
        """Nobody looks."""

    def shown(self) -> list[tuple[int, int]]:
        """Nothing is painted."""
        return []


def main(function: str, spec: Any, conn: Connection, log_path: str | None) -> None:
    """Target of the spawned process."""
    prepare(log_path)
    stop = threading.Event()
    outbox = ChildOutbox(conn)
    threading.Thread(target=_listen, args=(conn, stop), name="listen", daemon=True).start()
    try:
        function_named(function)(spec, outbox, stop)
        ended = _Ended()
    except EdgeperfError as error:
        ended = _Ended(error.sentence, error.remedy, isinstance(error, BadInput))
    except Exception as error:
        traceback.print_exc()
        words = _log_words(Path(log_path) if log_path else None)
        ended = _Ended(f"The job failed: {type(error).__name__}: {error}.", f"Report it with the log. {words}")
    outbox.send(ended)
    end_at_once(0)


def _listen(conn: Connection, stop: threading.Event) -> None:
    """Anything that arrives is the wish to stop, and so is the other side's end."""
    with contextlib.suppress(EOFError, OSError):
        conn.recv_bytes()
    stop.set()
