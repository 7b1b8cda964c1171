"""The sockets that FFmpeg opened for one capture: OpenCV cannot break a wait for the network, hanging up can. Linux only."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_OPEN_FILES: Final = Path("/proc/self/fd")
_INTERNET: Final = frozenset({socket.AF_INET, socket.AF_INET6})

Connection = tuple[int, str]
"""A file number and the kernel's name of the socket behind it, which tells it from a later one with the same number."""


class Line:
    """The connections of one capture."""

    def __init__(self) -> None:
        """Not connected."""
        self._others: frozenset[Connection] | None = None
        self._own: frozenset[Connection] = frozenset()

    @contextlib.contextmanager
    def dialling(self) -> Iterator[None]:
        """Around the opening of the capture; one at a time in a process, so that new sockets are its own."""
        self._others = _connections()
        try:
            yield
        finally:
            self._own, self._others = _connections() - self._others, None

    @property
    def is_dialling(self) -> bool:
        """Whether the opening goes on."""
        return self._others is not None

    def hang_up(self) -> None:
        """End the capture's connections under it: whatever waits for them fails at once. From any thread."""
        others, now = self._others, _connections()
        for connection in self._own & now if others is None else now - others:
            with contextlib.suppress(OSError), _held(connection) as held:
                if held is not None:
                    held.shutdown(socket.SHUT_RDWR)


def _connections() -> frozenset[Connection]:
    """Every internet socket of this process; none where the system does not list them."""
    if not _OPEN_FILES.is_dir():
        return frozenset()
    found = set()
    for entry in os.listdir(_OPEN_FILES):  # noqa: PTH208  names are wanted, a hundred times quicker
        with contextlib.suppress(OSError):
            connection = int(entry), _name(int(entry))
            if connection[1].startswith("socket:"):
                with _held(connection) as held:
                    if held is not None:
                        found.add(connection)
    return frozenset(found)


@contextlib.contextmanager
def _held(connection: Connection) -> Iterator[socket.socket | None]:
    """The connection as a socket of our own, None when it is another one by now or not of the internet."""
    with socket.socket(fileno=os.dup(connection[0])) as held:
        yield held if held.family in _INTERNET and _name(held.fileno()) == connection[1] else None


def _name(number: int) -> str:
    return os.readlink(_OPEN_FILES / str(number))  # noqa: PTH115  not a path but a name like socket:[4711]
