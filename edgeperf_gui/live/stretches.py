"""Which session a frame on the time axis belongs to, and how that one was set up."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.stages import stage_durations_ms
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.records import Records

_KEPT: Final = 500


class Stretch(NamedTuple):
    """What one session says of its records."""

    first_ns: int
    """When its first frame would have been completed without waiting for its batch."""
    streams: int | None
    requests: int
    batch: int


class Stretches:
    """The sessions that completed frames, oldest first."""

    def __init__(self) -> None:
        self._stretches: deque[Stretch] = deque(maxlen=_KEPT)

    def add(self, first: np.void, opened: Opened | None) -> None:
        """The first frame of a session came: its record."""
        first_ns = int(first["complete_ns"])
        if opened is None:
            self._stretches.append(Stretch(first_ns, None, 1, 1))
            return
        did = opened.effective
        waited_ns = int(first["submit_ns"] - first["preprocess_end_ns"]) if did.batch > 1 else 0
        self._stretches.append(Stretch(first_ns - waited_ns, did.streams, did.requests, did.batch))

    def seams_ns(self) -> NDArray[np.int64]:
        """When each session's first frame came: no line goes on across one."""
        return np.array([stretch.first_ns for stretch in self._stretches], np.int64)

    def durations_ms(self, records: Records) -> dict[str, NDArray[np.float64]]:
        """Milliseconds per stage and "age" of records in the order of completion, each split as its own session ran.

        A stage that only some of the sessions had is NaN in the others.
        """
        edges = np.maximum.accumulate(np.searchsorted(records["complete_ns"], self.seams_ns())).tolist()
        starts, ends = [0, *edges], [*edges, len(records)]
        hows = [(None, 1), *((_streams_that_queue(stretch), stretch.batch) for stretch in self._stretches)]
        pieces = [
            stage_durations_ms(records[start:end], *how)
            for start, end, how in zip(starts, ends, hows, strict=True)
            if end > start
        ]
        if len(pieces) == 1:
            return pieces[0]
        if not pieces:
            return stage_durations_ms(records, batch=hows[-1][1])
        unknown = [np.full(piece["age"].size, np.nan) for piece in pieces]
        return {
            name: np.concatenate([piece.get(name, none) for piece, none in zip(pieces, unknown, strict=True)])
            for name in max(pieces, key=len)
        }

    def forget(self) -> None:
        """Their records are gone; the newest may go on."""
        while len(self._stretches) > 1:
            self._stretches.popleft()


def _streams_that_queue(stretch: Stretch) -> int | None:
    """Without more requests than streams nothing waits inside the runtime, and the search for waits costs milliseconds."""
    return stretch.streams if stretch.streams is not None and stretch.requests > stretch.streams else None
