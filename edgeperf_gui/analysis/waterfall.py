"""From blocks of loops that grow part by part to what each part adds, and what they leave unexplained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from edgeperf_gui.analysis.bootstrap import difference_interval
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.waterfall import PARTS, WaterfallStep

LEAST_KEPT: Final = 3
"""Completions without which a block says nothing of a pace."""
_ENOUGH: Final = 0.02
"""Half width of an interval, as a share of the whole frame, from which a waterfall is certain enough."""


def pace_ms(records: Records, first: int, end_ns: int) -> float | None:
    """Wall milliseconds a frame: the mean distance between completions from number `first` until `end_ns`; None with too few.

    Those that complete after the end have less company, and those before the first were begun while the pipe filled.
    """
    stamps = np.sort(records["complete_ns"])
    kept = stamps[stamps <= end_ns][first:]
    if kept.size < LEAST_KEPT:
        return None
    return float(kept[-1] - kept[0]) / (kept.size - 1) / 1e6


def steps(loops: Mapping[str, Sequence[float]], missing: Mapping[str, str]) -> tuple[WaterfallStep, ...]:
    """What each part adds. `loops`: milliseconds a frame of each loop, round by round; `missing`: why a part has no loop.

    A step is the median of its loop less that of the loop before, so that the steps add up to the last loop exactly.
    """
    found: list[WaterfallStep] = []
    before: Sequence[float] | None = None
    for part in PARTS:
        after = loops.get(part)
        if not after:
            found.append(WaterfallStep(part, None, None, None, missing.get(part, "It was not measured.")))
            continue
        total_ms = float(np.median(after))
        adds = difference_interval(after, np.zeros(len(after)) if before is None else before)
        found.append(WaterfallStep(part, adds, total_ms, 1e3 / total_ms))
        before = after
    return tuple(found)


def is_certain(whole: Interval | None, rest: Interval | None) -> bool:
    """Whether what the steps leave unexplained is known to 2 % of a frame."""
    if whole is None or rest is None or rest.low is None or rest.high is None:
        return False
    return (rest.high - rest.low) / 2 <= _ENOUGH * whole.value
