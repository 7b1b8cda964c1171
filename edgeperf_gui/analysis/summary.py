"""A run's records → its result: the warm-up cut, the stages, the age, the throughput."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgeperf_gui.analysis.stages import engine_latency_ms, headless_age_ms, stage_durations_ms
from edgeperf_gui.analysis.stats import percentile, stage_stats
from edgeperf_gui.analysis.steady import WINDOW_S, Window, warmup_cut
from edgeperf_gui.domain.records import STAGES, Records
from edgeperf_gui.domain.results import StageStats, Throughput


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run measured after its warm-up."""

    stages: dict[str, StageStats]
    age: StageStats | None
    openvino_latency: StageStats | None
    throughput: Throughput


def summarise(records: Records, *, streams: int | None, dropped: int, source_fps: float | None, saturated: bool) -> Summary:
    """Cut the warm-up by MSER-5 on the pipeline's latency and summarise the rest; with no steady state nothing is cut.

    The age ends when a frame was painted where a window painted any, otherwise when its objects were known.
    """
    cut = warmup_cut(engine_latency_ms(records)) or 0
    kept = records[cut:]
    durations = stage_durations_ms(kept, streams)
    stages = {name: stats for name in STAGES if (stats := stage_stats(durations[name])) is not None}
    wall_s = _span_s(kept)
    return Summary(
        stages=stages,
        age=stage_stats(durations["age"]) or stage_stats(headless_age_ms(kept)),
        openvino_latency=stage_stats(kept["openvino_latency_ns"] / 1e6),
        throughput=Throughput(
            fps=(kept.size - 1) / wall_s if wall_s > 0 else None,
            source_fps=source_fps,
            completed=int(records.size),
            dropped=dropped,
            warmup_discarded=cut,
            wall_s=wall_s,
            saturated=saturated,
        ),
    )


def window(records: Records, foreign_cpu_percent: float | None) -> Window:
    """Throughput and median latency of the frames completed in one window."""
    span_s = _span_s(records)
    if span_s <= 0:
        return Window(0.0, 0.0, foreign_cpu_percent)
    return Window((records.size - 1) / span_s, percentile(engine_latency_ms(records), 0.5), foreign_cpu_percent)


def windows_of(records: Records, foreign_cpu_percent: float | None) -> list[Window]:
    """A whole run in windows of `WINDOW_S`, counted from its end; the load is known for the run only, so each gets the same."""
    if records.size == 0:
        return []
    age_s = (int(records["complete_ns"].max()) - records["complete_ns"]) / 1e9
    number = (age_s / WINDOW_S).astype(np.int64)
    whole = int(_span_s(records) / WINDOW_S)
    return [window(records[number == n], foreign_cpu_percent) for n in reversed(range(whole))]


def _span_s(records: Records) -> float:
    """First to last completion, seconds: n completions span n − 1 intervals."""
    if records.size < 2:
        return 0.0
    return (int(records["complete_ns"].max()) - int(records["complete_ns"].min())) / 1e9
