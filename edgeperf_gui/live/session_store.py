"""What is known now: the session's state, its newest frame records over all sessions, rates, telemetry, notices.

Written by the controller only; panels read it and listen to its signals. All in the window's thread.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.stages import engine_latency_ms
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.messages import FromEngine, Notice, Opened, RecordBatch, SceneSeen, Telemetry
from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.session import RunState, SessionSpec, SessionStatus, SourceInfo
from edgeperf_gui.live.energy_history import EnergyHistory
from edgeperf_gui.live.rate_history import RateHistory, Rates
from edgeperf_gui.live.recent_rows import RecentRows
from edgeperf_gui.live.scene_history import SceneHistory
from edgeperf_gui.live.shown_stamps import ShownStamps
from edgeperf_gui.live.stretches import Stretches

CAPACITY: Final = 20_000
"""Frame records kept, over all sessions."""

FIRST_FRAMES: Final = 3
"""Frames of each session left out of its statistics: they pay for first use of caches and buffers."""

STATISTICS_FRAMES: Final = 6_000
"""Newest frames that `stage_stats` looks at: twice what p99.9 needs, and sorted in a few milliseconds of the window's thread."""

ALIVE: Final = (RunState.WARMING, RunState.RUNNING)
"""States in which frames are to be expected."""

_NOTIFY_NS: Final = 100_000_000
_IDLE: Final = SessionStatus("", RunState.IDLE)


class Marker(msgspec.Struct, frozen=True):
    """A moment on the time axis at which the user changed something."""

    at_ns: int
    text: str


class SessionStore(QObject):
    """The one place panels read from. Array results are views: use them at once, do not keep them."""

    statusChanged = Signal(object)  # SessionStatus
    openedChanged = Signal(object)  # Opened | None
    recordsChanged = Signal()  # at most 10 a second, not while hidden
    telemetryChanged = Signal(object)  # Telemetry
    noticeAdded = Signal(object)  # Notice
    markersChanged = Signal()
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: SessionStatus = _IDLE
        self.opened: Opened | None = None
        """None until the session's model is compiled and its source open."""
        self.asked: SessionSpec | None = None
        """What this session was asked to do; None when that was not said."""
        self.start_ns = 0
        """When this session was started."""
        self.labels: tuple[str, ...] = ()
        """Names of the object classes; those of the last session until the new one is open, because its picture stays too."""
        self.dropped = 0
        """Frames dropped so far in this session."""
        self._telemetry: deque[Telemetry] = deque(maxlen=1800)
        self._notices: deque[Notice] = deque(maxlen=200)
        self._markers: deque[Marker] = deque(maxlen=200)
        self._records = RecentRows(FRAME, CAPACITY)
        self._rates = RateHistory()
        self.energy = EnergyHistory()
        self.scene = SceneHistory()
        self._stretches = Stretches()
        self._session_start = self._rated = 0
        self._shown = ShownStamps()
        self._notified: tuple[int, int] = (0, 0)
        self._notified_ns = 0
        self._stats: tuple[tuple[int, int, int], dict[str, StageStats | None]] | None = None
        self._alive_ns = 0
        self._reconnecting_ns: int | None = None

    # What panels read ---------------------------------------------------------------------------------------------------

    @property
    def source_info(self) -> SourceInfo | None:
        """What the opened source says of itself."""
        return self.opened.source if self.opened else None

    @property
    def period_s(self) -> float | None:
        """From one answer (of a whole batch) to the next at the source's own rate, or the device's if slower; None: unknown."""
        fps = self.source_info.fps if self.source_info is not None else None
        filled_s = [self.opened.effective.batch / fps] if self.opened is not None and fps else []
        return max([*filled_s, *((row["complete_ns"] - row["submit_ns"]) / 1e9 for row in self.whole()[-1:])], default=None)

    @property
    def telemetry(self) -> tuple[Telemetry, ...]:
        """Telemetry windows of this session, oldest first."""
        return tuple(self._telemetry)

    @property
    def last_telemetry(self) -> Telemetry | None:
        """The newest telemetry window of this session."""
        return self._telemetry[-1] if self._telemetry else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Notices of all sessions, oldest first."""
        return tuple(self._notices)

    @property
    def markers(self) -> tuple[Marker, ...]:
        """Setting changes, oldest first."""
        return tuple(self._markers)

    @property
    def seams_ns(self) -> NDArray[np.int64]:
        """Completion of the first frame of each session: no curve goes on across one."""
        return self._stretches.seams_ns()

    @property
    def frames_completed(self) -> int:
        """Frames completed so far in this session."""
        return self._records.total - self._session_start

    def current(self) -> Records:
        """Records of this session as far as kept, without its first three frames."""
        return self._records.since(self._session_start + FIRST_FRAMES)

    def whole(self) -> Records:
        """Records of this session as far as kept, its first frames too: for statistics that cut the warm-up themselves."""
        return self._records.since(self._session_start)

    def recent(self, seconds: float) -> Records:
        """Records of the newest `seconds`, counted back from the newest completion, over all sessions."""
        kept = self._records.all()
        if not len(kept):
            return kept
        complete_ns = kept["complete_ns"]
        return kept[int(np.searchsorted(complete_ns, complete_ns[-1] - int(seconds * 1e9))) :]

    def rate_history(self) -> Rates:
        """Rows of `rate_history.RATE` (t_ns, fps, source_fps, drops_per_s, age_ms); NaN where unknown and between sessions."""
        return self._rates.all()

    def stage_stats(self) -> dict[str, StageStats | None]:
        """Distribution of each stage and of "age" over the newest `STATISTICS_FRAMES` of `current()`; None without samples."""
        key = (self._records.total, self._session_start, self._shown.joined)
        if self._stats is None or self._stats[0] != key:
            durations = self.durations_ms(self.current()[-STATISTICS_FRAMES:])
            self._stats = (key, {name: stage_stats(values) for name, values in durations.items()})
        return self._stats[1]

    def latency_stats(self) -> StageStats | None:
        """Distribution of decode start → objects known over the same frames: what is left to say when no frame is due."""
        return stage_stats(engine_latency_ms(self.current()[-STATISTICS_FRAMES:]))

    def silence_s(self, now_ns: int) -> float | None:
        """Seconds since the newest frame was completed, or since the session runs; None while it does not run."""
        if self.status.state not in ALIVE:
            return None
        newest = self._records.since(self._session_start)
        return max(0, now_ns - (int(newest["complete_ns"][-1]) if len(newest) else self._alive_ns)) / 1e9

    def engine_silence_s(self, now_ns: int) -> float | None:
        """Seconds since the engine's newest window ended, or since the session runs; None while it does not run."""
        if self.status.state not in ALIVE:
            return None
        last = self.last_telemetry
        return max(0, now_ns - (last.end_ns if last else self._alive_ns)) / 1e9

    @property
    def is_reconnecting(self) -> bool:
        """Whether the source said that it was lost and no frame was decoded since."""
        return self._reconnecting_ns is not None and self.status.state in ALIVE

    def durations_ms(self, records: Records) -> dict[str, NDArray[np.float64]]:
        """Milliseconds per stage and "age" of records in the order of completion, NaN where a frame has no such stage.

        Each is split as its own session ran, whichever runs now.
        """
        return self._stretches.durations_ms(records)

    # What the controller writes -------------------------------------------------------------------------------------------

    def begin(
        self, session_id: str, now_ns: int, activity: str = "starting the engine", asked: SessionSpec | None = None
    ) -> None:
        """A new session starts. Records, rates, markers and notices of earlier ones stay for the time axis."""
        self._session_start = self._rated = self._records.total
        self._rates.begin(now_ns)
        self.energy.begin()
        self.scene.begin(asked)
        self._shown.begin()
        self._telemetry.clear()
        self.dropped = 0
        self.start_ns, self.asked = now_ns, asked
        self.opened = self._reconnecting_ns = None
        # whoever hears the first signal must not see the new session in the old one's state
        self.status = SessionStatus(session_id, RunState.STARTING, activity=activity)
        self.openedChanged.emit(None)
        self.statusChanged.emit(self.status)

    def ingest(self, message: FromEngine) -> None:
        """Take in one message of the current session."""
        match message:
            case SessionStatus():
                self._on_status(message)
            case Opened():
                self._on_opened(message)
            case RecordBatch():
                self._on_records(message)
            case Telemetry():
                self._telemetry.append(message)
                self.telemetryChanged.emit(message)
            case EnergyReading():
                self.energy.take(message)
            case SceneSeen():
                self.scene.take(message)
            case Notice():
                self.add_notice(message)

    def add_notice(self, notice: Notice) -> None:
        """Something to tell the user that does not end the run."""
        if notice.is_reconnecting and notice.session_id == self.status.session_id:
            self._reconnecting_ns = now_ns()
        self._notices.append(notice)
        self.noticeAdded.emit(notice)

    def add_marker(self, at_ns: int, text: str) -> None:
        """Mark a setting change on the time axis."""
        self._markers.append(Marker(at_ns, text))
        self.markersChanged.emit()

    def mark_shown(self, frame: int, shown_ns: int) -> None:
        """A frame of this session was painted."""
        self._shown.mark(self._records.since(self._session_start), frame, shown_ns)

    def notify(self, now_ns: int, *, announce: bool = True) -> None:
        """Make what is due from the records added: a rate row and, to `announce` them, `recordsChanged` every 0.1 s."""
        fresh = self._records.since(self._rated)
        self._rated = self._records.total - len(fresh) + self._rates.add(fresh)
        if self.status.state is RunState.RUNNING:
            self._rates.stalled(now_ns, self.period_s)
        seen = (self._records.total, self._shown.joined)
        if announce and seen != self._notified and now_ns - self._notified_ns >= _NOTIFY_NS:
            self._notified, self._notified_ns = seen, now_ns
            self.recordsChanged.emit()

    def clear(self) -> None:
        """Forget records, rates, markers and notices; the session's state stays."""
        self._records.clear()
        self._rates.clear()
        self.energy.clear()
        self.scene.clear()
        self._stretches.forget()
        self._session_start = self._rated = self._records.total
        self._markers.clear()
        self._notices.clear()
        self._shown.begin()
        self._stats = None
        self.cleared.emit()

    def _on_status(self, status: SessionStatus) -> None:
        if status.state in ALIVE and self.status.state not in ALIVE:
            self._alive_ns = now_ns()
        self.status = status
        self.statusChanged.emit(status)

    def _on_opened(self, opened: Opened) -> None:
        self.opened = opened
        self.labels = opened.labels
        self.openedChanged.emit(opened)

    def _on_records(self, batch: RecordBatch) -> None:
        rows = np.frombuffer(batch.data, FRAME).copy()
        self.dropped = batch.dropped
        if len(rows) and not self.frames_completed:
            self._stretches.add(rows[0], self.opened)
        if len(rows) and self._reconnecting_ns is not None and rows["decode_end_ns"][-1] > self._reconnecting_ns:
            self._reconnecting_ns = None
        self._records.extend(rows)
        self._shown.catch_up(self._records.since(self._session_start), len(rows))


def now_ns() -> int:
    """The clock of all stamps, system-wide."""
    return time.perf_counter_ns()
