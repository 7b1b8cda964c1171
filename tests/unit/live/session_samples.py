"""A session's records, for tests of what is made of them."""

from __future__ import annotations

import numpy as np

from edgeperf_gui.domain.messages import Opened, RecordBatch, Telemetry
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Steady
from edgeperf_gui.domain.session import SessionSpec, SourceInfo
from edgeperf_gui.live.session_store import SessionStore

_MS = 1_000_000


def feed(store: SessionStore, session_id: str, *, frames: int, fps: float, paced: bool = True, precision: str = "FP16") -> None:
    """A session of so many frames of 14 ms each, 9 of them inference."""
    asked = SessionSpec(session_id, "street.mp4", "nanodet-g", precision=precision, paced=paced)
    store.begin(session_id, 0, asked=asked)
    machine = Machine("box", "Linux", "3.11", "2026.4", "5.0", "CPU", 2, None, None)
    effective = Effective(precision, {"f32": 34}, ("CPU",), 1, 1, 2, "latency", "f32")
    source = SourceInfo("street.mp4", 640, 272, 25.0, False, 250)
    store.ingest(Opened(session_id, machine, effective, ModelTimes(1, 1, 1, 1, "off"), source, is_saturated=not paced))
    rows = np.zeros(frames, FRAME)
    rows["frame"] = np.arange(frames)
    start = 1_000 * _MS + (np.arange(frames) * 1e9 / fps).astype(np.int64)
    stamps = ("due_ns", "decode_start_ns", "decode_end_ns", "preprocess_start_ns", "preprocess_end_ns", "submit_ns")
    for name, ms in zip((*stamps, "complete_ns", "postprocess_end_ns"), (0, 1, 2, 2, 4, 4, 13, 14), strict=True):
        rows[name] = start + ms * _MS
    if not paced:
        rows["due_ns"] = 0
    store.ingest(RecordBatch(session_id, rows.tobytes(), 0))
    end = int(rows["postprocess_end_ns"][-1])
    store.ingest(Telemetry(session_id, end - 2_000 * _MS, end, 0.5, 60.0, 1, fps, Steady(True, "steady")))
