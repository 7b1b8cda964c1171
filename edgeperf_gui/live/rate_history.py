"""Throughput, source rate, drops and age over time: one row per half second, made from frame records."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import Records
from edgeperf_gui.live.recent_rows import RecentRows

RATE: Final = np.dtype(
    [
        ("t_ns", np.int64),  # end of the interval
        ("fps", np.float64),  # completed frames per wall second; where they were due at some time, per second of those times
        ("source_fps", np.float64),  # frames the source had due per second, dropped ones included; NaN when read flat out
        ("drops_per_s", np.float64),
        ("age_ms", np.float64),  # median of due → shown; NaN when nothing was shown or frames have no due time
    ]
)
"""One interval. NaN is "not known"; a whole row of NaN separates two sessions, so that a line breaks there."""

Rates = NDArray[np.void]

INTERVAL_S: Final = 0.5
STALL_S: Final = 2.0
_STALL_PERIODS: Final = 1.5
CAPACITY: Final = 7200  # an hour


class _Closing(NamedTuple):
    """Of the frame that closed an interval."""

    frame: int
    complete_ns: int
    due_ns: int
    dropped: int


class RateHistory:
    """Fed with a session's records in the order of completion.

    The wall time of an interval is that from the due time of the frame that closed the one before to that of its own last frame.
    From completion to completion would be the same but for the difference between two frames' latencies: that is a few percent
    of half a second, and would show more frames than the source gave.
    """

    def __init__(self) -> None:
        self._rows = RecentRows(RATE, CAPACITY)
        self._last: _Closing | None = None
        self._zero_ns: int | None = None

    def begin(self, now_ns: int) -> None:
        """A new session starts: break the lines."""
        if self._rows.total:
            self._append(now_ns, np.nan, np.nan, np.nan, np.nan)
        self._last = self._zero_ns = None

    def add(self, fresh: Records) -> int:
        """Use up as many of the records as fill an interval; returns how many (0: not enough yet)."""
        if not len(fresh):
            return 0
        if self._last is None:
            # frames that were answered together came at one moment, from which on time counts
            first = int(np.searchsorted(fresh["complete_ns"], fresh["complete_ns"][0], side="right"))
            self._last = _closing(fresh[first - 1])
            return first
        last, end = self._last, _closing(fresh[-1])
        seconds = (end.complete_ns - last.complete_ns) / 1e9
        if seconds < INTERVAL_S:
            return 0
        if end.due_ns:
            end = end._replace(due_ns=max(last.due_ns, int(fresh["due_ns"].max())))
        # by number and not by length, so that records forgotten before they came here are counted all the same
        completed, lost = end.frame - last.frame, max(0, end.dropped - last.dropped)
        due_s = (end.due_ns - last.due_ns) / 1e9 if end.due_ns and last.due_ns else 0.0
        source_fps = (completed + lost) / due_s if due_s > 0 else np.nan
        # of several requests a later one may be done first: what it overtook at a seam lies before this interval by its due time
        is_in_order = due_s > 0 and int(fresh["due_ns"].min()) > last.due_ns
        wall_s = due_s if is_in_order else seconds
        at_ns = max(end.complete_ns, (self._zero_ns or 0) + 1)  # completed before a zero was noted, and told after it
        self._append(at_ns, completed / wall_s, source_fps, lost / wall_s, _median_age_ms(fresh))
        self._last, self._zero_ns = end, None
        return len(fresh)

    def stalled(self, now_ns: int, period_s: float | None = None) -> None:
        """Note a rate of zero when a running session has completed nothing for 2 s; else the line would stay where it was.

        `period_s`: from one answer to the next when all is well; a stall is longer than that.
        """
        if self._last is None:
            return
        if self._zero_ns is None:
            since_ns, patience_s = self._last.complete_ns, max(STALL_S, _STALL_PERIODS * (period_s or 0.0))
        else:
            since_ns, patience_s = self._zero_ns, INTERVAL_S
        if now_ns - since_ns > patience_s * 1e9:
            self._append(now_ns, 0.0, np.nan, np.nan, np.nan)
            self._zero_ns = now_ns

    def all(self) -> Rates:
        """Rows of dtype `RATE`, oldest first: a view, valid until the next call that adds."""
        return self._rows.all()

    def clear(self) -> None:
        """Forget everything."""
        self._rows.clear()
        self._last = self._zero_ns = None

    def _append(self, *values: float) -> None:
        self._rows.extend(np.array([values], RATE))


def _closing(record: np.void) -> _Closing:
    return _Closing(*(int(record[name]) for name in _Closing._fields))


def _median_age_ms(records: Records) -> float:
    known = records[(records["shown_ns"] > 0) & (records["due_ns"] > 0)]
    return float(np.median(known["shown_ns"] - known["due_ns"])) / 1e6 if len(known) else float("nan")
