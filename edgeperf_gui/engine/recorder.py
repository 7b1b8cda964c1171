"""Completed frames in a preallocated ring; written by one thread, read by others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from edgeperf_gui.analysis.batches import mates
from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.domain.session import LARGEST_BATCH

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
        self.heard: Callable[[int], None] | None = None
        """Told by the writing thread of every addition how many frames are in it."""

    def append(self, *rows: tuple[int, ...]) -> None:
        """Add the completed frames of one request, the fields of `FRAME` in order."""
        for at, row in enumerate(rows, self.count):
            self._rows[at % self._capacity] = row
        # readers look at count only, and it moves after the rows are whole
        self.count += len(rows)
        if self.heard is not None:
            self.heard(len(rows))

    def mark_shown(self, frame: int, shown_ns: int) -> None:
        """Join the stamp of a frame that a window painted; it is that of the frames answered with it, too."""
        if self.count - self._capacity <= frame < self.count:
            known = self.since(frame - LARGEST_BATCH + 1)
            for mate in known["frame"][mates(known, frame - int(known["frame"][0]))].tolist():
                self._rows["shown_ns"][mate % self._capacity] = shown_ns

    def since(self, start: int) -> Records:
        """A copy of frames number `start` and later that are still held, oldest first."""
        end = self.count
        first = max(start, end - self._capacity, 0)
        return self._rows[np.arange(first, end) % self._capacity]
