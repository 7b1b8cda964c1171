"""Completed frames in a preallocated ring; written by one thread, read by others."""

from __future__ import annotations

from typing import Final

import numpy as np

from edgeperf_gui.domain.records import FRAME, Records

CAPACITY: Final = 1 << 16


class Recorder:
    """The last 65 536 completed frames of a session. One writer; readers take copies of what is complete."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._rows = np.zeros(capacity, FRAME)
        # touch every page now, so that memory does not grow while the run is measured
        self._rows["frame"] = -1
        self._capacity = capacity
        self.count = 0
        """Frames completed so far."""

    def append(self, row: tuple[int, ...]) -> None:
        """Add one completed frame, the fields of `FRAME` in order."""
        self._rows[self.count % self._capacity] = row
        # readers look at count only, and it moves after the row is whole
        self.count += 1

    def mark_shown(self, frame: int, shown_ns: int) -> None:
        """Join the stamp of a frame that a window painted."""
        if self.count - self._capacity <= frame < self.count:
            self._rows["shown_ns"][frame % self._capacity] = shown_ns

    def since(self, start: int) -> Records:
        """A copy of frames number `start` and later that are still held, oldest first."""
        end = self.count
        first = max(start, end - self._capacity, 0)
        return self._rows[np.arange(first, end) % self._capacity]
