"""Ctrl+C and a polite kill close the window in order."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier


class Interruption:
    """Qt's loop sleeps in C, where Python hears no signal; a socket wakes it, so no timer has to poll.

    The loop closes the window, not the signal's handler: that runs in the middle of anything, of a `put` for instance which holds
    the lock of the very queue that the closing window puts its last words into.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        self._close = close
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)
        self._before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in self._before:
            signal.signal(number, lambda *_: None)  # what counts is its number in the socket

    def end(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _drain(self) -> None:
        if self._before.keys() & set(self._reader.recv(64)):
            self._close()
