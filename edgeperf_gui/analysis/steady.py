"""When numbers may be believed: the warm-up cut and the steadiness of the last windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.results import Steady

WINDOW_S: Final = 2.0
WINDOWS: Final = 3
TOLERANCE: Final = 1.10
"""Largest max/min over the last three windows, for throughput and for latency (perf_analyzer's criterion)."""
DIRTY_PERCENT: Final = 5.0
_BATCH: Final = 5


@dataclass(frozen=True, slots=True)
class Window:
    """What one stated interval measured."""

    frames: int
    seconds: float
    latency_ms: float | None
    """Median; None when no frame was completed."""
    foreign_cpu_percent: float | None

    @property
    def fps(self) -> float:
        """Completions per wall second of the whole window, its silences included."""
        return self.frames / self.seconds


def warmup_cut(values: NDArray[np.float64]) -> int | None:
    """How many leading values are warm-up, by MSER-5 (White 1997); None when no steady state shows.

    Chooses the truncation d ≤ n/2, in batches of five, that minimises var(x[d:]) / (n − d).
    """
    batches = values.size // _BATCH
    if batches < 4:
        return 0
    means = values[: batches * _BATCH].reshape(batches, _BATCH).mean(axis=1)
    half = batches // 2
    # suffix sums give every candidate's variance in one pass
    counts = np.arange(batches, 0, -1, dtype=np.float64)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum(means[::-1] ** 2)[::-1]
    spread = np.maximum(squares / counts - (sums / counts) ** 2, 0.0)
    best = int(np.argmin(spread[: half + 1] / counts[: half + 1]))
    return None if best == half else best * _BATCH


def judge(windows: Sequence[Window]) -> Steady:
    """Whether the last three windows agree, and if not, which way they differ."""
    last = windows[-WINDOWS:]
    loads = [w.foreign_cpu_percent for w in last if w.foreign_cpu_percent is not None]
    worst = max(loads, default=0.0)
    if worst > DIRTY_PERCENT:
        return Steady(is_steady=False, reason=f"dirty: {worst:.0f} % foreign CPU", is_dirty=True)
    if len(last) < WINDOWS:
        return Steady(is_steady=False, reason=f"not steady yet: {len(last)} of {WINDOWS} windows measured")
    latencies = [w.latency_ms for w in last if w.latency_ms is not None]
    if len(latencies) < WINDOWS:
        return Steady(is_steady=False, reason="not steady: a window without a frame")
    spread = 1.0
    counts = [w.frames for w in last]
    for name, values in {"throughput": [w.fps for w in last], "latency": latencies}.items():
        ratio = max(values) / min(values)
        # a count is uncertain by one: at 5 fps that is the 10 % already
        if ratio > TOLERANCE and not (name == "throughput" and max(counts) - min(counts) <= 1):
            return Steady(is_steady=False, reason=f"not steady: {name} {_trend(values)}")
        spread = max(spread, ratio)
    return Steady(is_steady=True, reason=f"steady: {WINDOWS} windows within {_percent(spread)} %")


def _trend(values: Sequence[float]) -> str:
    steps = np.diff(values)
    if (steps > 0).all():
        return "still rising"
    if (steps < 0).all():
        return "still falling"
    return f"varies by {_percent(max(values) / min(values))} %"


def _percent(ratio: float) -> int:
    return max(1, round((ratio - 1) * 100))
