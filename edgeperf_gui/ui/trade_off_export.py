"""The sweep as a file: CSV and JSON of the points."""

from __future__ import annotations

import csv
import io
from typing import Final

import msgspec

from edgeperf_gui.analysis.trade_off import answer_ms, answer_percentile
from edgeperf_gui.domain.sweep import SweepResult
from edgeperf_gui.ui.trade_off_view import TradeOffView

_FIELDS: Final = (
    "variant", "batch", "streams_asked", "streams", "requests_asked", "requests", "hint", "threads_asked", "threads",
    "fps", "per_frame_ms", "batch_wait_ms", "batch_wait_mean_ms",
    "rss_mb", "compile_ms", "clean_blocks", "dirty_blocks", "on_front", "sentence", "energy_kind",
)  # fmt: skip
_ANSWER: Final = ("wait_and_tail_ms", "tail_percentile")
"""What a deadline is held against, and which percentile of the latency is in it: 99, or 95 with too few samples."""
_LATENCIES: Final = ("n", "mean_ms", "median_ms", "p90_ms", "p95_ms", "p99_ms", "min_ms", "max_ms")


def as_shown(result: SweepResult, view: TradeOffView) -> SweepResult:
    """The result with the deadline and the rate that are asked now."""
    spec = msgspec.structs.replace(result.spec, deadline_ms=view.deadline_ms, rate=view.rate)
    return msgspec.structs.replace(result, spec=spec, points=view.points, best=view.best)


def as_csv(result: SweepResult) -> str:
    """A line a point, units in the titles, empty where unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    energy = [f"joules_per_frame{end}" for end in ("", "_low", "_high")]
    writer.writerow([*_FIELDS, *(f"latency_{name}" for name in _LATENCIES), *_ANSWER, *energy])
    for point in result.points:
        latency = [getattr(point.latency, name) if point.latency else None for name in _LATENCIES]
        answer = answer_ms(point), answer_percentile(point)
        joules = msgspec.structs.astuple(point.joules_per_frame) if point.joules_per_frame else (None, None, None)
        writer.writerow([*(getattr(point, name) for name in _FIELDS), *latency, *answer, *joules])
    return text.getvalue()
