"""One window at a time, unless another is asked for: a second start calls the first to the front."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from PySide6.QtCore import QLockFile, QObject, Qt, Signal

from edgeperf_gui.domain import places

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LOG: Final = logging.getLogger("edgeperf.window")
_MOST_BYTES: Final = 32_768
_ANSWER: Final = b"in front"
_ANSWER_S: Final = 5.0
"""How long a window may be busy (with being built, for instance) before its caller tries again."""
_PAUSE_S: Final = 0.2
_TOKEN: Final = "XDG_ACTIVATION_TOKEN"
_TOKEN_FORM: Final = "^[!-~]{0,256}$"


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second start hands over to the window that is open. The limits are checked when it is heard."""

    source: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)] | None = None
    """A source to change to; None: only come to the front."""
    token: Annotated[str, msgspec.Meta(pattern=_TOKEN_FORM)] = ""
    """Wayland's leave to take the front, which only the program that the user started has."""

    @staticmethod
    def with_source(source: str | None) -> Call:
        """A call from this process."""
        token = os.environ.get(_TOKEN, "")
        return Call(source, token if re.fullmatch(_TOKEN_FORM, token) else "")


class OnlyWindow(QObject):
    """A lock file beside the settings, and a socket beside it that the window with the lock listens at.

    A lock or socket that a dead process left does not count. Sockets of the standard library, because Qt's network module needs
    system libraries that a bare machine lacks.
    """

    _called = Signal(object, object)  # Call, and what to call when it is done

    def __init__(self) -> None:
        super().__init__()
        file = places.geometry_file().with_name("window.lock").absolute()
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(file))
        self._lock.setStaleLockTime(0)
        self._address = _address(file)
        self._listener: Listener | None = None
        self._answer: Callable[[Call], None] | None = None
        self._called.connect(self._on_called, Qt.ConnectionType.QueuedConnection)

    def claim(self) -> bool:
        """False when another window holds it. A folder that cannot be written is no reason not to open."""
        return self._lock.tryLock(50) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self, answer: Callable[[Call], None]) -> None:
        """From now on second starts are told to `answer`, in the window's thread. Only where the lock is held."""
        if not self._lock.isLocked():
            return
        try:
            _forget_socket(self._address)
            self._listener = Listener(self._address, backlog=8)
            _keep_private(self._address)
        except OSError as error:
            _LOG.warning("second starts cannot be heard at %s: %s", self._address, error)
            return
        self._answer = answer
        # a thread that sleeps in `accept` costs nothing, and needs no event loop on any system
        threading.Thread(target=self._serve, args=(self._listener,), name="second starts", daemon=True).start()

    def call(self, call: Call, timeout_s: float = _ANSWER_S) -> bool:
        """Ask the window that is open to come to the front; False when it does not answer (yet)."""
        answers: list[bytes] = []
        _give_away_the_front()
        # a frozen window holds up the connecting too, so all of it is given up together
        caller = threading.Thread(target=_ask, args=(self._address, msgspec.json.encode(call), answers), daemon=True)
        caller.start()
        caller.join(timeout_s)
        return answers == [_ANSWER]

    def hang_up(self) -> None:
        """The window is about to go: calls are no longer for it."""
        listener, self._listener = self._listener, None
        self._answer = None
        if listener is not None:
            with contextlib.suppress(OSError, EOFError):
                Client(self._address).close()  # wakes the thread in `accept`, which finds out
            listener.close()

    def release(self) -> None:
        """The next may open."""
        self.hang_up()
        self._lock.unlock()

    def _serve(self, listener: Listener) -> None:
        while self._listener is listener:
            try:
                line = listener.accept()
            except OSError:  # too many open files, for instance
                time.sleep(_PAUSE_S)
                continue
            # whatever is sent here, the next must be heard
            with contextlib.suppress(OSError, EOFError, msgspec.DecodeError), line:
                self._hear(line)

    def _hear(self, line: Connection) -> None:
        call = msgspec.json.decode(line.recv_bytes(_MOST_BYTES), type=Call)
        if line.poll():  # nothing more is ever said, so the caller has gone: it was told that nobody answers
            return
        done = threading.Event()
        self._called.emit(call, done.set)
        if done.wait(_ANSWER_S):
            line.send_bytes(_ANSWER)

    def _on_called(self, call: Call, done: Callable[[], None]) -> None:
        if self._answer is not None:
            self._answer(call)
            done()


def bring_forward(window: QWidget, token: str = "") -> None:
    """To the front of the screen, also from the task bar; a dialog that waits for an answer stays before it."""
    if token:
        os.environ[_TOKEN] = token  # Qt takes it from there and forgets it
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _address(lock: Path) -> str:
    if sys.platform == "win32":
        return rf"\\.\pipe\edgeperf-{hashlib.sha256(str(lock).encode()).hexdigest()[:24]}"
    return str(lock.with_name("window.socket"))


def _forget_socket(address: str) -> None:
    """One that a killed window left; whoever holds the lock is the only one to listen."""
    if sys.platform != "win32":
        Path(address).unlink(missing_ok=True)


def _keep_private(address: str) -> None:
    """A pipe of Windows is its user's own from the start."""
    if sys.platform != "win32":
        Path(address).chmod(0o600)


def _ask(address: str, call: bytes, answers: list[bytes]) -> None:
    with contextlib.suppress(OSError, EOFError), Client(address) as line:
        line.send_bytes(call)
        answers.append(line.recv_bytes(len(_ANSWER)))


def _give_away_the_front() -> None:
    """Windows lets only the program that was started last put a window before the others."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
