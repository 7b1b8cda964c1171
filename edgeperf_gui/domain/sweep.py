"""A sweep: many settings of one model measured against each other, and which of them serves a deadline and a rate best."""

from __future__ import annotations

from typing import Annotated

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.energy import Banded, EnergyKind, MeterChoice
from edgeperf_gui.domain.results import Machine, StageStats
from edgeperf_gui.domain.session import Count, Hint, Rate

MOST_POINTS = 400
LONGEST_BLOCK_S = 60.0
Milliseconds = Annotated[float, msgspec.Meta(gt=0.0, le=3_600_000.0)]


class SweepSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="sweep"):
    """Every combination of the ranges is a point. None stands for the runtime's own choice."""

    session_id: str
    model: str
    device: str = "CPU"
    arrivals: str = "offline"
    """How frames come: `offline` (all requests kept busy), `single`, `multi:B`, `poisson:RATE`, `paced:RATE` or a CSV file."""
    source: str | None = None
    """Whose frames fill the inputs; None fills them with noise, as benchmark_app does."""
    precisions: tuple[Precision, ...] = ("FP16",)
    batches: tuple[Count, ...] = (1,)
    streams: tuple[Count | None, ...] = (None,)
    requests: tuple[Count | None, ...] = (None,)
    threads: tuple[Count | None, ...] = (None,)
    hints: tuple[Hint, ...] = ("none",)
    """With a hint that is not `none` the runtime chooses the streams; `streams` are for `none` alone."""
    deadline_ms: Milliseconds | None = None
    rate: Rate | None = None
    """Frames per second that have to be served; also the rate at which a batch fills."""
    adaptive: bool = False
    """Go on only with the points that may still be on the front."""
    rounds: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    block_seconds: Annotated[float, msgspec.Meta(gt=0.0, le=LONGEST_BLOCK_S)] = 0.5
    meter: MeterChoice = MeterChoice()
    """Which energy meter is read at both ends of every block; none by default."""
    known: tuple[SweepPoint, ...] = ()
    """Points of an earlier sweep that was cut short; those measured whole, or known not to run, are taken over.

    The others stand until they are measured again.
    """


class SweepPoint(msgspec.Struct, frozen=True):
    """One combination. Unknown is None."""

    variant: Precision
    batch: int
    streams_asked: int | None
    requests_asked: int | None
    hint: Hint
    """As asked."""
    streams: int | None
    """What the runtime gave, which may be fewer than asked."""
    requests: int | None
    threads: int | None
    """What the runtime gave, for all streams together."""
    executed_precision: dict[str, int]
    latency: StageStats | None
    """Of one request, that is of one batch, while all requests are kept busy; the wait to fill the batch is not in it.

    Under another pattern of arrivals of one query: the batch wait of frames that come by chance is in it.
    """
    fps: float | None
    """Frames per second: median over the blocks."""
    per_frame_ms: float | None
    """Median latency ÷ batch, or ÷ the frames of a query; None where frames come by chance."""
    batch_wait_ms: float | None
    """How long the first frame of a batch waits for its last at the rate asked, (b − 1) / λ; None without a rate."""
    rss_mb: float | None
    """What the process grew by when this point was loaded; None where it took memory that was let go before."""
    compile_ms: float | None
    clean_blocks: int
    dirty_blocks: int
    on_front: bool
    """No other point is both faster to answer and higher in throughput."""
    sentence: str = ""
    """Why it could not be measured, or not wholly."""
    batch_wait_mean_ms: float | None = None
    """How long a frame waits on average for its batch's last, (b − 1) / 2λ; None without a rate."""
    joules_per_frame: Banded | None = None
    """By the meter: mean power ÷ throughput, median over the blocks; None where none was read."""
    energy_kind: EnergyKind | None = None
    threads_asked: int | None = None

    @property
    def settings(self) -> tuple[Precision, int, int | None, int | None, Hint, int | None]:
        """As asked: what tells it from all other points of its sweep."""
        return self.variant, self.batch, self.streams_asked, self.requests_asked, self.hint, self.threads_asked


class Best(msgspec.Struct, frozen=True):
    """What serves the deadline and the rate best."""

    deadline_ms: float | None
    rate: float | None
    point: SweepPoint | None
    """None when no point does."""
    sentence: str


class SweepResult(msgspec.Struct, frozen=True):
    """All points. Written as JSON with `schema: "edgeperf.sweep/1"`."""

    spec: SweepSpec
    machine: Machine
    points: tuple[SweepPoint, ...]
    best: Best
    seconds: float
    saved_seconds: float | None
    """What leaving hopeless points out saved; None when all were measured."""
    complete: bool
    """False while it runs, and when it was stopped."""
    under_way: int | None = None
    """Index of the point that is being loaded or measured."""
    fps_spread_percent: float | None = None
    """Standard deviation of a block's throughput round its point's, pooled over all points: what chance does to a block."""
    schema: str = "edgeperf.sweep/1"
