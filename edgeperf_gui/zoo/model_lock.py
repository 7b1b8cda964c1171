"""Only one process at a time changes a model."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from edgeperf_gui.domain.errors import RunError


@contextlib.contextmanager
def model_lock(place: Path, name: str, title: str) -> Iterator[None]:
    """Hold `name`'s lock file in `place`; the system lets go of it when a process dies, so a killed one blocks nobody.

    Raises RunError at once when another process holds it, and OSError when there can be no such file.
    """
    lock = place / f".{name}.lock"
    file = _take(lock, title)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
        file.close()


def _take(lock: Path, title: str) -> BinaryIO:
    while True:
        file = lock.open("ab")
        try:
            _claim(file)
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
                return file
            file.close()  # its holder removed it between our opening and claiming it
        except FileNotFoundError:
            file.close()
        except (BlockingIOError, PermissionError) as error:
            file.close()
            raise RunError(
                f"A variant of {title} is being made by another window or process.", "Wait until it is done, or stop it there."
            ) from error


def _claim(file: BinaryIO) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
