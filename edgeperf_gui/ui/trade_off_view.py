"""What the page shows of a sweep: its points at the rate asked, the front, the best point, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.trade_off import answer_percentile, at_rate, best_point, is_meeting, pareto_front, percentile_ms
from edgeperf_gui.domain.sweep import Best, SweepPoint

Third = Literal["batch", "energy size", "energy colour"]


@dataclass(frozen=True)
class TradeOffView:
    """`points` stand in the sweep's own order, by which they are chosen."""

    points: tuple[SweepPoint, ...] = ()
    deadline_ms: float | None = None
    rate: float | None = None
    percentile: int = 99
    """Of the latency on the axis: 50, 90 or 99."""
    is_log: bool = False
    chosen: int | None = None
    under_way: int | None = None
    third: Third = "batch"
    """What the size of a mark tells, or its colour in the place of the variant."""

    @cached_property
    def latency_ms(self) -> NDArray[np.float64]:
        """Wait and percentile of each point, NaN where unknown."""
        return _known([percentile_ms(point, self.percentile) for point in self.points])

    @cached_property
    def tails(self) -> str:
        """Which percentile the deadline is held against: p99, p95, or for some points the one and for some the other."""
        found = {answer_percentile(self.points[at]) for at in self.measured}
        return {(95,): "p95", (95, 99): "p99 or p95"}.get(tuple(sorted(filter(None, found))), "p99")

    @property
    def shown_percentile(self) -> str:
        """What the axis of the latency shows."""
        return self.tails if self.percentile == 99 else f"p{self.percentile}"

    @cached_property
    def joules(self) -> NDArray[np.float64]:
        """Energy of a frame at each point, NaN where unknown."""
        return _known([point.joules_per_frame.value if point.joules_per_frame else None for point in self.points])

    def energy_share(self, at: int) -> float | None:
        """A point's energy between the least (0) and the most (1) of all that are measured; None where it is not known."""
        if not np.isfinite(self.joules[at]):
            return None
        least, most = float(np.nanmin(self.joules)), float(np.nanmax(self.joules))
        return 0.0 if most <= least else (float(self.joules[at]) - least) / (most - least)

    @cached_property
    def fps(self) -> NDArray[np.float64]:
        """Throughput of each point, NaN where unknown."""
        return _known([point.fps for point in self.points])

    @cached_property
    def measured(self) -> list[int]:
        """Points that have a place, by latency."""
        seen = np.flatnonzero(np.isfinite(self.latency_ms) & np.isfinite(self.fps))
        return [int(at) for at in seen[np.argsort(self.latency_ms[seen], kind="stable")]]

    @cached_property
    def front(self) -> list[int]:
        """Points that no other beats in what the axes show, by latency."""
        on = pareto_front(self.latency_ms, self.fps)
        return [at for at in self.measured if on[at]]

    @cached_property
    def best(self) -> Best:
        """What serves deadline and rate best."""
        return best_point(self.points, self.deadline_ms, self.rate)

    @cached_property
    def best_at(self) -> int | None:
        """Its index."""
        return None if self.best.point is None else self.points.index(self.best.point)

    @property
    def picked(self) -> SweepPoint | None:
        """The chosen point, or else the best."""
        at = self.best_at if self.chosen is None else self.chosen
        return None if at is None else self.points[at]

    def meets(self, at: int) -> bool:
        """Whether this point keeps to deadline and rate."""
        return is_meeting(self.points[at], self.deadline_ms, self.rate)

    @cached_property
    def series(self) -> list[SweepPoint]:
        """Measured points that differ from the picked one in batch alone, by batch."""
        asked = self.picked or (self.points[self.measured[0]] if self.measured else None)
        if asked is None:
            return []
        same = (point for point in self.points if msgspec.structs.replace(asked, batch=point.batch).settings == point.settings)
        return sorted((point for point in same if point.fps is not None), key=lambda point: point.batch)


def view_of(points: Sequence[SweepPoint], deadline_ms: float | None, rate: float | None, **others: object) -> TradeOffView:
    """The view of these points, their waits being those at `rate`. `others`: fields of TradeOffView."""
    return TradeOffView(at_rate(points, rate), deadline_ms, rate, **others)  # type: ignore[arg-type]


def _known(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)
