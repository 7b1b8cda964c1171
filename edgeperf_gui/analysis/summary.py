"""A run's records → its result: the warm-up cut, the stages, the age, the throughput."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.stages import engine_latency_ms, headless_age_ms, stage_durations_ms
from edgeperf_gui.analysis.stats import percentile, ranks_of, stage_stats
from edgeperf_gui.analysis.steady import DIRTY_PERCENT, WINDOW_S, Window, warmup_cut
from edgeperf_gui.domain.records import Records, stages_of
from edgeperf_gui.domain.results import Ranks, StageStats, Throughput

_PATIENCE: Final = 1.5
"""So many times as long as the last one a batch may take before no answer is a silence."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run measured after its warm-up."""

    stages: dict[str, StageStats]
    age: StageStats | None
    age_ends_when_shown: bool
    openvino_latency: StageStats | None
    throughput: Throughput
    ages: Ranks | None
    intervals: Ranks | None
    """Between two frames as they were due; as they were completed where none was."""


def summarise(
    records: Records,
    *,
    streams: int | None,
    batch: int = 1,
    completed: int,
    dropped: int,
    source_fps: float | None,
    saturated: bool,
    unfinished: int | None = None,
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
    durations = stage_durations_ms(kept, streams, batch)
    stages = {name: stats for name in stages_of(batch) if (stats := stage_stats(durations[name])) is not None}
    wall_s = _wall_s(kept, end_ns)
    shown_age = stage_stats(durations["age"])
    ages_ms = headless_age_ms(kept) if shown_age is None else durations["age"]
    return Summary(
        stages=stages,
        age=shown_age or stage_stats(ages_ms),
        age_ends_when_shown=shown_age is not None,
        openvino_latency=stage_stats(kept["openvino_latency_ns"] / 1e6),
        throughput=Throughput(
            fps=_after_the_first(kept) / wall_s if wall_s else None,
            source_fps=source_fps,
            completed=completed,
            dropped=dropped,
            warmup_discarded=cut,
            wall_s=wall_s,
            saturated=saturated,
            unfinished=unfinished,
        ),
        ages=ranks_of(ages_ms),
        intervals=ranks_of(intervals_ms(kept)),
    )


def intervals_ms(records: Records) -> NDArray[np.float64]:
    """Milliseconds from one processed frame to the next, by due times where frames had any, else by completions."""
    name = "due_ns" if records.size and records["due_ns"].all() else "complete_ns"
    return np.diff(np.sort(records[name])) / 1e6


def window(
    records: Records, seconds: float, foreign_cpu_percent: float | None, *, batch: int = 1, before_ns: int | None = None
) -> Window:
    """Frames completed in one window of so many seconds, and their median latency.

    Batches make every count uncertain by one of them. So with batches a window lasts from the completion before it, `before_ns`,
    to its own last one.
    """
    if not records.size:
        return Window(0, seconds, None, foreign_cpu_percent)
    last_ns = int(records["complete_ns"][-1])
    if batch > 1 and before_ns is not None and last_ns > before_ns:
        seconds = (last_ns - before_ns) / 1e9
    return Window(int(records.size), seconds, percentile(engine_latency_ms(records), 0.5), foreign_cpu_percent)


def is_filling(found: Window, last: Window | None, batch: int, waited_s: float | None) -> bool:
    """Whether a window without an answer says nothing yet, since a batch of frames is still being filled or computed.

    `last`: the window before; `waited_s`: since the newest answer, None before the first. What others disturbed is told at once.
    """
    is_dirty = (found.foreign_cpu_percent or 0.0) > DIRTY_PERCENT
    if batch == 1 or found.frames or is_dirty or last is None or waited_s is None:
        return False
    return waited_s <= _PATIENCE * last.seconds


def windows_of(records: Records, end_ns: int, foreign_cpu_percent: float | None, batch: int = 1) -> list[Window]:
    """A whole run in windows of `WINDOW_S`, counted back from its end. The load is known for the run only: each gets the same."""
    if records.size == 0:
        return []
    number = ((end_ns - records["complete_ns"]) / 1e9 // WINDOW_S).astype(np.int64)
    whole = int((end_ns - int(records["complete_ns"].min())) / 1e9 / WINDOW_S)
    windows: list[Window] = []
    for n in reversed(range(whole)):
        earlier = records["complete_ns"][number > n]
        before_ns = int(earlier.max()) if earlier.size else None
        found = window(records[number == n], WINDOW_S, foreign_cpu_percent, batch=batch, before_ns=before_ns)
        waited_s = None if before_ns is None else (end_ns - before_ns) / 1e9 - n * WINDOW_S
        if not is_filling(found, windows[-1] if windows else None, batch, waited_s):
            windows.append(found)
    return windows


def _after_the_first(records: Records) -> int:
    """Frames that came after the first completion: all but one, or but those that were answered with it."""
    return int(np.count_nonzero(records["complete_ns"] > records["complete_ns"].min()))


def _wall_s(records: Records, end_ns: int | None) -> float | None:
    """First completion to the last, seconds; None with nothing after it. n completions span n − 1 intervals.

    The time since the last one counts too when it is longer than any wait before it: then the next is late.
    """
    if not records.size or not _after_the_first(records):
        return None
    completions = np.sort(records["complete_ns"])
    last_ns = int(completions[-1])
    is_late = end_ns is not None and end_ns - last_ns > int(np.diff(completions).max())
    return ((end_ns if end_ns is not None and is_late else last_ns) - int(completions[0])) / 1e9
