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
    """Completion of its first frame."""
    streams: int | None
    requests: int


class Stretches:
    """The sessions that completed frames, oldest first."""

    def __init__(self) -> None:
        self._stretches: deque[Stretch] = deque(maxlen=_KEPT)

    def add(self, first_ns: int, opened: Opened | None) -> None:
        """The first frame of a session came."""
        effective = opened.effective if opened else None
        self._stretches.append(
            Stretch(first_ns, effective.streams if effective else None, effective.requests if effective else 1)
        )

    def seams_ns(self) -> NDArray[np.int64]:
        """Completion of each session's first frame: no line goes on across one."""
        return np.array([stretch.first_ns for stretch in self._stretches], np.int64)

    def durations_ms(self, records: Records) -> dict[str, NDArray[np.float64]]:
        """Milliseconds per stage and "age" of records in the order of completion, each split as its own session ran."""
        edges = np.maximum.accumulate(np.searchsorted(records["complete_ns"], self.seams_ns())).tolist()
        starts, ends = [0, *edges], [*edges, len(records)]
        streams = [None, *(_streams_that_queue(stretch) for stretch in self._stretches)]
        pieces = [
            stage_durations_ms(records[start:end], waits)
            for start, end, waits in zip(starts, ends, streams, strict=True)
            if end > start
        ]
        if len(pieces) == 1:
            return pieces[0]
        if not pieces:
            return stage_durations_ms(records)
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}

    def forget(self) -> None:
        """Their records are gone; the newest may go on."""
        while len(self._stretches) > 1:
            self._stretches.popleft()


def _streams_that_queue(stretch: Stretch) -> int | None:
    """Without more requests than streams nothing waits inside the runtime, and the search for waits costs milliseconds."""
    return stretch.streams if stretch.streams is not None and stretch.requests > stretch.streams else None
