"""The window's two ends of the pipe: threads that may wait, so that the window never does."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

BELL: Final = b""
"""The message that says: a picture lies ready. It is heard at once and never queued."""

MAX_UNREAD: Final = 1024
MAX_UNSENT: Final = 64


class PipeThreads:
    """Reads ahead (bounded: a flooding engine waits) and sends in the background (bounded: what does not fit is dropped)."""

    def __init__(self, conn: Connection, on_bell: Callable[[], None] | None = None) -> None:
        """`on_bell` is called in the reading thread."""
        self._conn = conn
        self._on_bell = on_bell
        self._received: queue.Queue[bytes] = queue.Queue(MAX_UNREAD)
        self._outgoing: queue.Queue[bytes | None] = queue.Queue(MAX_UNSENT)
        self._closing = False
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, name="engine-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="engine-writer", daemon=True)
        self._reader.start()
        self._writer.start()

    def send(self, data: bytes) -> bool:
        """Queue one message; False when the other side has stopped reading and it was dropped."""
        try:
            self._outgoing.put_nowait(data)
        except queue.Full:
            return False
        return True

    def received(self, limit: int) -> list[bytes]:
        """At most `limit` messages that have arrived, oldest first."""
        messages: list[bytes] = []
        with contextlib.suppress(queue.Empty):
            while len(messages) < limit:
                messages.append(self._received.get_nowait())
        return messages

    @property
    def at_end(self) -> bool:
        """True when the other side has closed and everything it sent has been taken."""
        return self._ended.is_set() and self._received.empty()

    def close(self) -> None:
        """Give the pipe up; only after the other process has ended, or the threads could still be waiting for it."""
        self._closing = True
        with contextlib.suppress(queue.Full):
            self._outgoing.put_nowait(None)
        self._reader.join(1.0)
        self._writer.join(1.0)
        if not self._reader.is_alive() and not self._writer.is_alive():
            # a descriptor closed under a thread could be given to another file, and the thread would use that
            self._conn.close()

    def _read(self) -> None:
        try:
            with contextlib.suppress(EOFError, OSError):
                while not self._closing:
                    data = self._conn.recv_bytes()
                    if data == BELL:
                        self._ring()
                    else:
                        self._keep(data)
        finally:
            self._ended.set()

    def _ring(self) -> None:
        if self._on_bell is not None:
            with contextlib.suppress(RuntimeError):  # whom it calls is being taken down
                self._on_bell()

    def _keep(self, data: bytes) -> None:
        while not self._closing:
            with contextlib.suppress(queue.Full):
                self._received.put(data, timeout=0.2)
                return

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while not self._closing:
                data = self._outgoing.get()
                if data is None:
                    return
                self._conn.send_bytes(data)
        # the other side is gone: keep emptying, so that close() always finds room for its word
        while not self._closing and self._outgoing.get() is not None:
            pass
