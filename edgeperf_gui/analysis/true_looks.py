"""How often each vehicle of a drawn scene was really looked at: its time in view against the frames that were processed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.truth import TrueLooks, VisibleInterval

Counts = NDArray[np.int64]


def counting(intervals: Sequence[VisibleInterval], start_s: float, end_s: float) -> tuple[VisibleInterval, ...]:
    """Vehicles that came into view from `start_s` on, and so early before `end_s` that even the longest was in view to its end.

    To take just those whose own time in view was over would prefer the short ones.
    """
    came = [one for one in intervals if start_s <= one.start_s < end_s]
    longest = max((one.end_s - one.start_s for one in came), default=0.0)
    return tuple(one for one in came if one.start_s <= end_s - longest)


def looks_of(intervals: Sequence[VisibleInterval], frames: ArrayLike, fps: float) -> Counts:
    """`[n]`: how many of the processed frames (their numbers in the scene, in any order) show each vehicle in view."""
    stamps = np.sort(np.asarray(frames, np.float64)) / fps
    starts, ends = ([getattr(one, end) for one in intervals] for end in ("start_s", "end_s"))
    counted: Counts = np.searchsorted(stamps, ends, "left") - np.searchsorted(stamps, starts, "left")
    return counted


def true_looks(looks: int, counts: ArrayLike) -> TrueLooks:
    """The share of vehicles with at least so many of them. `counts`: of each vehicle that counts."""
    each = np.asarray(counts, np.int64)
    share = proportion(int((each >= looks).sum()), len(each))
    mean = float(each.mean()) if len(each) else None
    return TrueLooks(looks, share.hits, share.n, share.value, share.low, share.high, mean)


def times_found(intervals: Sequence[VisibleInterval], found: Mapping[int, int]) -> Counts:
    """`[n]` from how often each vehicle (by its id) was found while in view."""
    return np.array([found.get(one.id, 0) for one in intervals], np.int64)
