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
    age_ends_when_shown: bool
    openvino_latency: StageStats | None
    throughput: Throughput


def summarise(
    records: Records,
    *,
    streams: int | None,
    completed: int,
    dropped: int,
    source_fps: float | None,
    saturated: bool,
    end_ns: int | None = None,
    cut_warmup: bool = True,
) -> Summary:
    """Cut the warm-up by MSER-5 on the pipeline's latency and summarise the rest; with no steady state nothing is cut.

    `records`: the frames still held of `completed`. Their throughput counts until `end_ns`, when the run was told to end, so that
    a silence at the end is not forgiven; None ends it with the last completion. The age ends when a frame was painted where a
    window painted any, otherwise when its objects were known.
    """
    if end_ns is not None:
        records = records[records["complete_ns"] <= end_ns]
    from_the_start = records.size > 0 and int(records["frame"][0]) == 0
    cut = (warmup_cut(engine_latency_ms(records)) or 0) if cut_warmup and from_the_start else 0
    kept = records[cut:]
    durations = stage_durations_ms(kept, streams)
    stages = {name: stats for name in STAGES if (stats := stage_stats(durations[name])) is not None}
    wall_s = _wall_s(kept, end_ns)
    shown_age = stage_stats(durations["age"])
    return Summary(
        stages=stages,
        age=shown_age or stage_stats(headless_age_ms(kept)),
        age_ends_when_shown=shown_age is not None,
        openvino_latency=stage_stats(kept["openvino_latency_ns"] / 1e6),
        throughput=Throughput(
            fps=(kept.size - 1) / wall_s if wall_s else None,
            source_fps=source_fps,
            completed=completed,
            dropped=dropped,
            warmup_discarded=cut,
            wall_s=wall_s,
            saturated=saturated,
        ),
    )


def window(records: Records, seconds: float, foreign_cpu_percent: float | None) -> Window:
    """Frames completed in one window of so many seconds, and their median latency."""
    latency_ms = percentile(engine_latency_ms(records), 0.5) if records.size else None
    return Window(int(records.size), seconds, latency_ms, foreign_cpu_percent)


def windows_of(records: Records, end_ns: int, foreign_cpu_percent: float | None) -> list[Window]:
    """A whole run in windows of `WINDOW_S`, counted back from its end. The load is known for the run only: each gets the same."""
    if records.size == 0:
        return []
    number = ((end_ns - records["complete_ns"]) / 1e9 // WINDOW_S).astype(np.int64)
    whole = int((end_ns - int(records["complete_ns"].min())) / 1e9 / WINDOW_S)
    return [window(records[number == n], WINDOW_S, foreign_cpu_percent) for n in reversed(range(whole))]


def _wall_s(records: Records, end_ns: int | None) -> float | None:
    """First completion to the end, seconds; None when nothing was measured. n completions span n − 1 intervals."""
    if records.size < 2:
        return None
    last_ns = int(records["complete_ns"].max()) if end_ns is None else end_ns
    return (last_ns - int(records["complete_ns"].min())) / 1e9
