"""Stamps of painted frames and the records they belong to, whichever comes first."""

from __future__ import annotations

from typing import Final

import numpy as np

from edgeperf_gui.analysis.batches import mates
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.session import LARGEST_BATCH

_NEAR: Final = 1024
"""Newest records among which a painted frame is looked for, and most stamps that wait for theirs."""


class ShownStamps:
    """Of one session. A painting is that of all frames that were answered with the painted one; a frame's first one counts."""

    def __init__(self) -> None:
        self._early: dict[int, int] = {}
        self.joined = 0
        """How many found their records, over all sessions."""

    def begin(self) -> None:
        """A new session counts its frames anew."""
        self._early.clear()

    def mark(self, own: Records, frame: int, shown_ns: int) -> None:
        """A frame of the session was painted. Its record often arrives after its picture, so early stamps wait for it."""
        if self._join(own[-_NEAR:], frame, shown_ns):
            return
        self._early[frame] = shown_ns
        while len(self._early) > _NEAR:
            self._early.pop(next(iter(self._early)))

    def catch_up(self, own: Records, fresh: int) -> None:
        """So many records were added at the end of the session's own."""
        if not self._early:
            return
        near = own[-(fresh + LARGEST_BATCH) :]
        for frame in near["frame"][np.isin(near["frame"], list(self._early))].tolist():
            self._join(near, frame, self._early.pop(frame))

    def _join(self, near: Records, frame: int, shown_ns: int) -> bool:
        at = np.flatnonzero(near["frame"] == frame)
        if not len(at):
            return False
        together = near[mates(near, int(at[-1]))]
        lacking = together["shown_ns"] == 0
        together["shown_ns"][lacking] = shown_ns
        self.joined += int(lacking.any())
        return True
