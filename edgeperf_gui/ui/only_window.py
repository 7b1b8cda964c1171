"""One window at a time, unless another is asked for."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QLockFile

from edgeperf_gui.domain import places


class OnlyWindow:
    """A lock file beside the settings; one that a dead process left does not count."""

    def __init__(self) -> None:
        file = places.geometry_file().with_name("window.lock")
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(file))
        self._lock.setStaleLockTime(0)

    def claim(self) -> bool:
        """False when another window holds it. A folder that cannot be written is no reason not to open."""
        return self._lock.tryLock(50) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def release(self) -> None:
        """The next may open."""
        self._lock.unlock()
