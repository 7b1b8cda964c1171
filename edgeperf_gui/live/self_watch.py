"""What the window itself costs and how smoothly it runs: the instrument measured by itself."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import psutil
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from edgeperf_gui.analysis.stats import P99_MIN_SAMPLES, percentile
from edgeperf_gui.analysis.summary import summarise
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.records import stages_of
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.controller import Controller

PERIOD_MS: Final = 33
_LAP_S: Final = 2.0
_SETTLE_S: Final = 4.0
"""Building the window and compiling the model are not what it costs to run."""


class SelfReport(msgspec.Struct, frozen=True):
    """Written by `edgeperf-gui --report FILE`; None where it cannot be told."""

    first_boxes_ms: float | None
    """Start of the process → first frame with objects painted."""
    window_cores: float | None
    """CPU of the window's process, in cores, after the first 4 s."""
    lateness_p99_ms: float | None
    """How late a 33 ms timer fires."""
    lateness_max_ms: float | None
    fps: float | None
    foreign: float | None
    """Median over the windows of the share of the machine that others used, percent."""
    stages: dict[str, StageStats]
    """After the warm-up; `present` of the frames that were painted."""
    stage_medians_ms: float | None
    """Sum of the medians of all stages."""
    age_median_ms: float | None
    rss_60_mb: float | None
    """Both processes after 60 s (or at the end of a shorter run)."""
    rss_growth_mb: float | None
    """From then to the end."""
    steady: str
    status: SessionStatus
    """How the last session stands."""
    notices: tuple[Notice, ...]
    """Everything that was told on the way."""


class SelfWatch(QObject):
    """Samples the window's own timer, CPU and memory while it runs."""

    costChanged = Signal(float)  # cores, every 2 s

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        process = psutil.Process()
        now_ns = time.perf_counter_ns()
        self._start_ns = now_ns - round((time.time() - process.create_time()) * 1e9)
        self._process = process
        self._first_boxes_ns: int | None = None
        self._lateness_ms: deque[float] = deque(maxlen=20_000)
        self._rss: list[tuple[float, float]] = []  # (seconds since start, MB of both)
        self._due_ns = now_ns + PERIOD_MS * 1_000_000
        self._lap = self._settled = (time.perf_counter(), time.process_time())
        self._is_settled = False
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=PERIOD_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def report(self) -> SelfReport:
        """Everything up to now."""
        store = self._controller.store
        streams = store.opened.effective.streams if store.opened else None
        batch = store.opened.effective.batch if store.opened else 1
        # the same function, and so the same warm-up cut, as `edgeperf bench`: otherwise the two could not be compared
        summary = summarise(
            store.whole(),
            streams=streams,
            batch=batch,
            completed=store.frames_completed,
            dropped=store.dropped,
            source_fps=None,
            saturated=False,
        )
        stages = summary.stages
        loads = [t.foreign_cpu_percent for t in store.telemetry if t.foreign_cpu_percent is not None]
        lateness = np.array(self._lateness_ms)
        last = store.last_telemetry
        wall, cpu = time.perf_counter() - self._settled[0], time.process_time() - self._settled[1]
        after_60 = [mb for at, mb in self._rss if at >= 60] or [mb for _, mb in self._rss[-1:]]
        return SelfReport(
            first_boxes_ms=None if self._first_boxes_ns is None else (self._first_boxes_ns - self._start_ns) / 1e6,
            window_cores=cpu / wall if self._is_settled and wall > 0 else None,
            lateness_p99_ms=percentile(lateness, 0.99) if lateness.size >= P99_MIN_SAMPLES else None,
            lateness_max_ms=float(lateness.max()) if lateness.size else None,
            fps=summary.throughput.fps,
            foreign=float(np.median(loads)) if loads else None,
            stages=stages,
            stage_medians_ms=sum(s.median_ms for s in stages.values()) if len(stages) == len(stages_of(batch)) else None,
            age_median_ms=summary.age.median_ms if summary.age else None,
            rss_60_mb=after_60[0] if after_60 else None,
            rss_growth_mb=after_60[-1] - after_60[0] if after_60 else None,
            steady=last.steady.reason if last else "",
            status=store.status,
            notices=store.notices,
        )

    def write(self, path: Path) -> None:
        """Write the report as JSON. Raises OSError."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self.report()), indent=2))

    def _tick(self) -> None:
        now_ns = time.perf_counter_ns()
        if self._is_settled:
            self._lateness_ms.append(max(0.0, (now_ns - self._due_ns) / 1e6))
        self._due_ns = now_ns + PERIOD_MS * 1_000_000
        if self._first_boxes_ns is None:
            self._look_for_boxes()
        wall, cpu = time.perf_counter(), time.process_time()
        if not self._is_settled and now_ns - self._start_ns > _SETTLE_S * 1e9:
            self._is_settled, self._settled = True, (wall, cpu)
        if wall - self._lap[0] >= _LAP_S:
            self.costChanged.emit((cpu - self._lap[1]) / (wall - self._lap[0]))
            self._lap = (wall, cpu)
            self._sample_memory((now_ns - self._start_ns) / 1e9)

    def _look_for_boxes(self) -> None:
        records = self._controller.store.current()
        stamps = records["shown_ns"][(records["detections"] > 0) & (records["shown_ns"] > 0)]
        if stamps.size:
            self._first_boxes_ns = int(stamps.min())

    def _sample_memory(self, at_s: float) -> None:
        own = self._process.memory_info().rss
        last = self._controller.store.last_telemetry
        if last is not None and last.engine_rss_bytes is not None:
            self._rss = [*self._rss[-3000:], (at_s, (own + last.engine_rss_bytes) / 1e6)]
