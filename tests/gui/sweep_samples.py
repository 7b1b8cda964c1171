"""Plausible results of a sweep: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import itertools

import msgspec
import replay

from edgeperf_gui.analysis.trade_off import best_point
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.sweep import SweepPoint, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import hints_and_streams

BASE_MS = {"FP32": 22.0, "FP16": 11.8, "INT8": 8.3}
SPEC = SweepSpec(
    session_id="replay",
    model="nanodet-g",
    precisions=("FP16", "INT8"),
    batches=(1, 2, 4, 8),
    streams=(1, 2),
    requests=(1, 2),
)
HINTED = msgspec.structs.replace(
    SPEC, batches=(1, 4), hints=("none", "latency", "throughput"), streams=(2,), requests=(2,), threads=(1, 2)
)


def stage(median: float) -> StageStats:
    return StageStats(
        300, median, median, median * 1.08, median * 1.12, median * 1.31, median * 0.9, median * 1.9, median * 0.99, median * 1.01
    )


def point(variant: str, batch: int, streams: int, requests: int, blocks: int = 5) -> SweepPoint:
    busy = min(streams, requests)
    fps = 1e3 / BASE_MS[variant] * (1.0 + 0.16 * (1 - 1 / batch)) * (1.25 if busy == 2 else 1.06 if requests == 2 else 1.0)
    median = 1e3 * batch * requests / fps
    return SweepPoint(
        variant, batch, streams, requests, "none", streams, requests, 2, {"bf16": 34}, stage(median), fps, median / batch,
        None, 12.0 + 9 * batch, 98.0 + 7 * batch, blocks, batch // 4, False,
    )  # fmt: skip


def unmeasured(variant: str, batch: int, streams: int, requests: int, sentence: str = "") -> SweepPoint:
    return msgspec.structs.replace(
        point(variant, batch, streams, requests),
        streams=None, requests=None, threads=None, executed_precision={}, latency=None, fps=None, per_frame_ms=None,
        rss_mb=None, compile_ms=None, clean_blocks=0, dirty_blocks=0, sentence=sentence,
    )  # fmt: skip


def result(spec: SweepSpec = SPEC, measured: int | None = None, complete: bool = True) -> SweepResult:
    """The first `measured` points are known, without a number all; the next is under way."""
    made = []
    combinations = list(itertools.product(spec.precisions, spec.batches, hints_and_streams(spec), spec.requests, spec.threads))
    known = len(combinations) if measured is None else measured
    for at, (variant, batch, (hint, streams), requests, threads) in enumerate(combinations):
        chosen = 2 if hint == "throughput" and threads != 1 else 1
        asked = (variant, batch, streams or chosen, requests or chosen)
        one = point(*asked) if at < known else unmeasured(*asked)
        taken = {"hint": hint, "threads_asked": threads, "threads": threads if one.fps and threads else one.threads}
        made.append(msgspec.structs.replace(one, **taken, **({"streams_asked": None} if hint != "none" else {})))
    return SweepResult(
        spec=spec,
        machine=replay.MACHINE,
        points=tuple(made),
        best=best_point(made, spec.deadline_ms, spec.rate),
        seconds=63.0,
        saved_seconds=None,
        complete=complete,
        under_way=None if complete or known >= len(made) else known,
    )
