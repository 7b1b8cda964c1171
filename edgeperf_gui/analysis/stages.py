"""From stamps to stages: what each frame's time was spent on. Definitions: the README's "What the numbers mean"."""

from __future__ import annotations

import heapq
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.batches import waited_ns
from edgeperf_gui.domain.records import BATCH_WAIT, Records, stages_of

_NS_PER_MS: Final = 1e6

Durations = NDArray[np.float64]


def stage_durations_ms(records: Records, streams: int | None = None, batch: int = 1) -> dict[str, Durations]:
    """Milliseconds per stage and `age`, one value a frame; NaN where a frame has no such stage.

    `batch wait`, absent from batches of one, is a frame's wait for those that its request answers with it. `queue` is all other
    waiting: of a due frame for its reader, of a decoded one for a free request, and inside the runtime when requests outnumber
    `streams`. `postprocess` starts at the completion stamp, so the hand-over to the decoding thread is inside it, and the
    decoding of those before it in its batch. So the stages of a frame add up to its age. `present` and `age` are NaN for
    frames that no window painted.
    """
    wait_ns = runtime_wait_ns(records, streams)
    unsent_ns = waited_ns(records)
    shown = records["shown_ns"] > 0
    due = records["due_ns"] > 0
    spans = {
        "decode": records["decode_end_ns"] - records["decode_start_ns"],
        "preprocess": records["preprocess_end_ns"] - records["preprocess_start_ns"],
        "queue": np.where(due, records["decode_start_ns"] - records["due_ns"], 0)
        + (records["preprocess_start_ns"] - records["decode_end_ns"])
        + (unsent_ns if batch == 1 else 0)
        + wait_ns,
        "inference": records["complete_ns"] - records["submit_ns"] - wait_ns,
        "postprocess": records["postprocess_end_ns"] - records["complete_ns"],
    }
    durations = {name: span / _NS_PER_MS for name, span in spans.items()}
    durations[BATCH_WAIT] = unsent_ns / _NS_PER_MS
    durations["present"] = np.where(shown, (records["shown_ns"] - records["postprocess_end_ns"]) / _NS_PER_MS, np.nan)
    durations["age"] = np.where(shown & due, (records["shown_ns"] - records["due_ns"]) / _NS_PER_MS, np.nan)
    return {name: durations[name] for name in (*stages_of(batch), "age")}


def headless_age_ms(records: Records) -> Durations:
    """Due → detections, for runs without a window; NaN for frames without a due time (read flat out)."""
    return np.where(records["due_ns"] > 0, (records["postprocess_end_ns"] - records["due_ns"]) / _NS_PER_MS, np.nan)


def engine_latency_ms(records: Records) -> Durations:
    """Decode start → detections: what the pipeline itself takes for a frame, waiting included."""
    latency: Durations = (records["postprocess_end_ns"] - records["decode_start_ns"]) / _NS_PER_MS
    return latency


def runtime_wait_ns(records: Records, streams: int | None) -> NDArray[np.int64]:
    """Time each frame's request waited inside the runtime for one of its `streams`, by first come first served.

    A request starts when it is submitted or when the earliest busy stream frees, whichever is later. Zero when streams are
    unknown or were never all busy at a submission, which is always so while requests ≤ streams.
    """
    waits = np.zeros(records.size, np.int64)
    if streams is None or records.size <= streams:
        return waits
    order = np.argsort(records["submit_ns"], kind="stable")
    submits, completes = records["submit_ns"][order].tolist(), records["complete_ns"][order].tolist()
    busy_until: list[int] = []
    newest: tuple[int, int] | None = None
    wait_ns = 0
    for at, stamps in enumerate(zip(submits, completes, strict=True)):
        if stamps != newest:  # frames that were answered together were one request
            newest, (submit, complete) = stamps, stamps
            freed = heapq.heappop(busy_until) if len(busy_until) == streams else submit
            wait_ns = max(0, min(freed, complete) - submit)
            heapq.heappush(busy_until, complete)
        waits[order[at]] = wait_ns
    return waits
