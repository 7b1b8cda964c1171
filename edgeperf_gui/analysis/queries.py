"""A run's records as queries: what the scenarios of MLPerf say of it, with their estimate of a high percentile.

Latency counts from the moment a frame was meant to come, so a slow answer shows in every frame behind it (Tene's coordinated
omission); a frame that a camera had to give up counts as later than all others (Reddi et al., MLPerf Inference Benchmark, 2020).

Where more frames come than are answered the queue only grows, and with it every latency: such a run has no percentile, only a
length. A queue is known to keep up by being empty now and then, from where it begins anew (its regeneration points); one that was
never empty in the second half of a run gives no estimate. In simulated queues of 662 frames with 0.8 of what can be served none
was so refused, with 1.2 all but one of a hundred.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.early_stopping import least_frames, upper_estimate
from edgeperf_gui.analysis.stats import stage_stats
from edgeperf_gui.domain.arrival_pattern import ArrivalPattern, PatternName
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.results import Queries

PERCENTILES: Final[dict[PatternName, int]] = {"single": 90, "multi": 99, "poisson": 99, "paced": 99, "recorded": 99}
"""Which percentile a pattern is about. Offline has none: nobody waits for a frame of it."""
_NO_LATENCY: Final = "no latency: all frames were there at once"
_HALF: Final = 30
"""In fewer frames than these a queue may well not have been empty."""


def query_latency_ms(records: Records, frames: int) -> NDArray[np.float64]:
    """One latency a query, in the order of arrival: due → objects of its last frame known, milliseconds.

    `records`: frames that share a due time are one query; one that is cut in two by either end is left out, as are frames
    without a due time.
    """
    due = records[records["due_ns"] > 0]
    if frames == 1:
        ordered = due[np.argsort(due["due_ns"], kind="stable")]
        single: NDArray[np.float64] = (ordered["postprocess_end_ns"] - ordered["due_ns"]) / 1e6
        return single
    moments, query, counts = np.unique(due["due_ns"], return_inverse=True, return_counts=True)
    ends = np.zeros(moments.size, np.int64)
    np.maximum.at(ends, query, due["postprocess_end_ns"])
    latency: NDArray[np.float64] = (ends - moments)[counts == frames] / 1e6
    return latency


def queries_of(records: Records, pattern: ArrivalPattern, *, waiting: int | None) -> Queries:
    """What a run under a pattern says.

    `records`: completed frames after the warm-up; `waiting`: frames that were due and are not among them when it ended.
    """
    percentile = PERCENTILES.get(pattern.name)
    if percentile is None:
        return Queries(pattern.name, 1, int(records.size), None, None, None, None, None, 0, waiting, _NO_LATENCY)
    dropped = int(records["dropped"][-1] - records["dropped"][0]) if records.size else 0
    latency_ms = query_latency_ms(records, pattern.frames)
    above = (100 - percentile) / 100  # 1 - 0.99 would be a little more than a hundredth
    growing = growing_queue(records) if pattern.name == "poisson" else None
    found = None if growing else upper_estimate(np.concatenate([latency_ms, np.full(dropped, np.inf)]), above)
    queries = Queries(
        pattern=pattern.name,
        frames=pattern.frames,
        n=int(latency_ms.size) + dropped,
        latency=stage_stats(latency_ms),
        percentile=percentile,
        estimate_ms=found[0] if found and np.isfinite(found[0]) else None,
        left_out=found[1] if found else None,
        needed=least_frames(1, above),
        dropped=dropped,
        waiting=waiting,
        sentence="",
    )
    return msgspec.structs.replace(queries, sentence=_sentence(queries, growing))


def growing_queue(records: Records) -> tuple[float, float] | None:
    """(frames that came a second, those answered) where the queue was never empty in the second half; None where it kept up.

    A frame finds it empty when its decoding begins before the next is to be expected.
    """
    due = records[records["due_ns"] > 0]
    due = due[np.argsort(due["due_ns"], kind="stable")]
    if due.size < 2 * _HALF:
        return None
    seconds = float(due["due_ns"][-1] - due["due_ns"][0]) / 1e9
    waits_s = (due["decode_start_ns"] - due["due_ns"])[due.size // 2 :] / 1e9
    if waits_s.min() * (due.size - 1) <= seconds:
        return None
    ends = due["postprocess_end_ns"]
    return (due.size - 1) / seconds, (due.size - 1) / (float(ends.max() - ends.min()) / 1e9)


def _sentence(queries: Queries, growing: tuple[float, float] | None) -> str:
    n, name, left_out = queries.n, f"p{queries.percentile}", queries.left_out
    if growing:
        said = (
            f"no {name}: the queue was never empty in the second half of the run, so every latency grows with the run's length"
            f" ({growing[0]:.1f} frames a second came, {growing[1]:.1f} were answered); lower the rate"
        )
    elif left_out is None:
        said = f"n too small for {name}: needs {queries.needed}, has {n}"
    elif queries.estimate_ms is None:
        said = f"no {name}: {queries.dropped} of {n} were dropped, and no more than {left_out} may be left out"
    else:
        said = f"{name} ≤ {queries.estimate_ms:.2f} ms with a confidence of {queries.confidence:.0%}, " + (
            f"the {left_out} highest of {n} left out" if left_out else f"the highest of {n}"
        )
    waiting = queries.waiting or 0
    return said + (f"; {waiting} frames still waited at the end and are in none of these figures" if waiting > 1 else "")
