"""The sender: ships records, previews and telemetry every 33 ms, in a thread that no measured stage waits for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

import cv2

from edgeperf_gui.analysis.steady import WINDOW_S, WINDOWS, Window, judge
from edgeperf_gui.analysis.summary import is_filling, window
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.domain.messages import Notice, RecordBatch, Telemetry
from edgeperf_gui.domain.results import Steady
from edgeperf_gui.engine.outbox import Outbox
from edgeperf_gui.engine.pipeline import Exhibit, Pipeline, Showcase
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.telemetry import LoadMeter, engine_rss_bytes
from edgeperf_gui.store.run_file import RunWriter

PERIOD_S: Final = 0.033
_SATURATED_PREVIEW_S: Final = 1 / 12
"""Between two previews while the model is driven flat out: scaling pictures takes cores from it."""
_FRESH_NS: Final = 8_000_000
_MAX_RECORDS: Final = 4096

T = TypeVar("T")


class Sender:
    """Everything that leaves the engine while a session runs."""

    def __init__(self, session_id: str, pipeline: Pipeline, recorder: Recorder, outbox: Outbox, meter: LoadMeter) -> None:
        self._session_id = session_id
        self._pipeline = pipeline
        self._recorder = recorder
        self._outbox = outbox
        self._meter = meter
        self._writer: RunWriter | None = None
        self._sent = 0
        self._window_start_row = 0
        self._window_before_ns: int | None = None
        self._windows: deque[Window] = deque(maxlen=WINDOWS)
        self._notices: deque[Notice] = deque(maxlen=32)
        self._readings: deque[EnergyReading] = deque(maxlen=1024)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._guarded, name="sender", daemon=True)
        self.steady = Steady(is_steady=False, reason="not steady yet: no window measured")
        self.error: Exception | None = None

    def start(self, writer: RunWriter | None) -> None:
        """Begin; `writer` keeps the run on disk."""
        self._writer = writer
        self._thread.start()

    def finish(self, timeout_s: float = 2.0) -> bool:
        """Ship what is left and end; False when the outside does not take it."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def notify(self, notice: Notice) -> None:
        """Queue a notice; callable from any thread."""
        self._notices.append(notice)

    def tell(self, reading: EnergyReading) -> None:
        """Queue a reading of the session's meter; callable from any thread."""
        self._readings.append(reading)

    def _guarded(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.error = error
            self._pipeline.halt()

    def _work(self) -> None:
        showcase = self._pipeline.showcase
        preview_s = _SATURATED_PREVIEW_S if self._pipeline.is_saturated else PERIOD_S
        next_batch = next_window = time.perf_counter()
        next_preview = next_batch
        next_window += WINDOW_S
        window_start_ns = time.perf_counter_ns()
        while not self._end.is_set():
            now = time.perf_counter()
            if showcase.filled.wait(max(0.0, min(next_batch, next_window) - now)):
                now = time.perf_counter()
                if now < next_preview:
                    self._end.wait(min(next_preview, next_batch) - now)
                elif self._show(showcase, is_overdue=now > next_preview + preview_s):
                    # a preview is drawn the moment its frame is ready, but not more often than anyone needs
                    next_preview = max(next_preview + preview_s, now)
            now = time.perf_counter()
            if now >= next_batch:
                self._ship()
                next_batch = now + PERIOD_S
            if now >= next_window:
                end_ns = time.perf_counter_ns()
                self._report(window_start_ns, end_ns)
                window_start_ns, next_window = end_ns, now + WINDOW_S
        self._ship()

    def _show(self, showcase: Showcase, *, is_overdue: bool) -> bool:
        """Draw the newest frame, if there is one that is new; whether it was."""
        exhibit = showcase.take()
        if exhibit is None:
            return False
        try:
            size = self._outbox.preview_size()
            # between two previews a faster source leaves older frames here; one of them would be shown with our wait in its age
            is_fresh = is_overdue or time.perf_counter_ns() - exhibit.postprocess_end_ns < _FRESH_NS
            if size is not None and is_fresh:
                self._draw(exhibit, size)
        finally:
            showcase.give_back(exhibit)
        return is_fresh

    def _draw(self, exhibit: Exhibit, size: tuple[int, int]) -> None:
        height, width = exhibit.pixels.shape[:2]
        scale = min(size[0] / width, size[1] / height)
        target = max(1, round(width * scale)), max(1, round(height * scale))
        canvas = self._outbox.preview(*target)
        cv2.cvtColor(cv2.resize(exhibit.pixels, target, interpolation=cv2.INTER_LINEAR), cv2.COLOR_BGR2BGRA, dst=canvas)
        self._outbox.publish(exhibit.number, exhibit.postprocess_end_ns, (width, height), exhibit.findings)

    def _ship(self) -> None:
        """Notices, readings, and every new record; to the disk first, because a stalled window must not hold up the run file."""
        while self._notices:
            notice = self._notices.popleft()
            if self._writer:
                self._keep(self._writer.notice, notice)
            self._outbox.send(notice)
        while self._readings:
            reading = self._readings.popleft()
            if self._writer:
                self._keep(self._writer.energy, reading)
            self._outbox.send(reading)
        shown = self._outbox.shown()
        for frame, shown_ns in shown:
            self._recorder.mark_shown(frame, shown_ns)
        if self._writer:
            self._keep(self._writer.shown, shown)
        while (records := self._recorder.since(self._sent)[:_MAX_RECORDS]).size:
            self._sent = int(records["frame"][-1]) + 1
            if self._writer:
                self._keep(self._writer.records, records)
            self._outbox.send(RecordBatch(self._session_id, records.tobytes(), self._pipeline.dropped))
        witness = self._pipeline.witness
        if witness is not None and (seen := witness.news(time.perf_counter_ns())) is not None:
            self._outbox.send(seen)

    def _keep(self, append: Callable[[T], None], what: T) -> None:
        """Add to the run file; a full disk is told once (the writer closes itself) and the run goes on."""
        try:
            append(what)
        except StoreError as error:
            self.notify(Notice(self._session_id, error.sentence, error.remedy))

    def _report(self, start_ns: int, end_ns: int) -> None:
        load = self._meter.lap()
        records = self._recorder.since(self._window_start_row)
        batch, before_ns = self._pipeline.runtime.effective.batch, self._window_before_ns
        measured = window(records, (end_ns - start_ns) / 1e9, load.foreign_percent, batch=batch, before_ns=before_ns)
        if records.size:
            self._window_start_row = int(records["frame"][-1]) + 1
            self._window_before_ns = int(records["complete_ns"][-1])
        waited_s = None if before_ns is None else (end_ns - before_ns) / 1e9
        is_told = not is_filling(measured, self._windows[-1] if self._windows else None, batch, waited_s)
        if is_told:
            self._windows.append(measured)
            self.steady = judge(list(self._windows))
        telemetry = Telemetry(
            session_id=self._session_id,
            start_ns=start_ns,
            end_ns=end_ns,
            foreign_cpu_percent=load.foreign_percent,
            own_cpu_percent=load.own_percent,
            engine_rss_bytes=engine_rss_bytes(),
            fps=measured.fps if is_told else None,
            steady=self.steady,
        )
        self._outbox.send(telemetry)
        if self._writer:
            self._keep(self._writer.telemetry, telemetry)
