"""The same settings paced and flat out: what each gave last in this window, so that both can stand side by side.

Kept while the window lives and no longer: of another day the machine may be another, and the two would not belong together.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.domain.messages import Telemetry
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.live.session_store import SessionStore

_KEY: Final = ("source", "model", "precision", "device", "hint", "streams", "requests", "threads", "batch", "camera")
"""Settings that both must share."""
_MOST: Final = 64
Feed = Literal["paced", "saturated"]


@dataclass(frozen=True, slots=True)
class Pace:
    """What one feed gave. Unknown is None."""

    fps: float | None
    inference_ms: float | None
    """Median."""
    is_steady: bool
    at_s: float
    """When, by `time.monotonic`."""
    is_from_waterfall: bool = False


class Paces(QObject):
    """Listens to sessions; a waterfall is told to it. A steady number is not replaced by one that is not."""

    changed = Signal()

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._known: dict[tuple[object, ...], Pace] = {}
        store.telemetryChanged.connect(self._on_telemetry)

    def of(self, feed: Feed, asked: SessionSpec | None) -> Pace | None:
        """The last one with these settings, however they were fed; None when there was none."""
        return None if asked is None else self._known.get((feed, *_key(asked)))

    def keep_waterfall(self, asked: SessionSpec, result: WaterfallResult) -> None:
        """A waterfall has measured this session, one frame a request, both ways."""
        asked = msgspec.structs.replace(asked, batch=1)
        is_sure = result.complete and not result.only_dirty
        pacing, now_s = result.pacing, time.monotonic()
        saturated_ms = pacing.saturated_ms if pacing is not None else None
        self._keep("saturated", asked, Pace(result.whole_fps, saturated_ms, is_sure, now_s, is_from_waterfall=True))
        if pacing is not None:
            self._keep("paced", asked, Pace(pacing.rate, pacing.paced_ms, is_sure, now_s, is_from_waterfall=True))

    def _on_telemetry(self, telemetry: Telemetry) -> None:
        opened, asked = self._store.opened, self._store.asked
        # a live source has a rate that nobody chose, and a timetable one that is not the source's
        if opened is None or opened.source is None or opened.source.live or asked is None or asked.arrivals:
            return
        if telemetry.fps is None:  # a batch is still being filled
            return
        stats = self._store.stage_stats()["inference"]
        median = stats.median_ms if stats is not None else None
        feed: Feed = "saturated" if opened.is_saturated else "paced"
        self._keep(feed, asked, Pace(telemetry.fps, median, telemetry.steady.is_steady, time.monotonic()))

    def _keep(self, feed: Feed, asked: SessionSpec, pace: Pace) -> None:
        key = (feed, *_key(asked))
        before = self._known.get(key)
        if before is not None and before.is_steady and not pace.is_steady:
            return
        self._known.pop(key, None)  # the newest stand last
        self._known[key] = pace
        while len(self._known) > _MOST:
            self._known.pop(next(iter(self._known)))
        self.changed.emit()


def _key(asked: SessionSpec) -> tuple[object, ...]:
    return tuple(getattr(asked, name) for name in _KEY)
