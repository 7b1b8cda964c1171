"""Simulation: what settings would give that were not run, from service times that were measured; and the real run beside it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.results import Machine, StageStats
from edgeperf_gui.domain.session import Hint, Rate
from edgeperf_gui.domain.truth import TrueLooks

MOST_CAMERAS: Final = 64
LARGEST_BATCH: Final = 64
MOST_REQUESTS: Final = 64

Line = Literal["newest", "all"]
"""What becomes of frames that nobody takes in time. `newest`: only the newest is kept, as with a live camera, and the others are
drops. `all`: they queue, and none is lost."""


class Situation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be predicted."""

    rate_fps: Rate
    """Of each camera."""
    line: Line = "newest"
    cameras: Annotated[int, msgspec.Meta(ge=1, le=MOST_CAMERAS)] = 1
    batch: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_BATCH)] = 1
    requests: Annotated[int, msgspec.Meta(ge=1, le=MOST_REQUESTS)] = 1
    streams: Annotated[int, msgspec.Meta(ge=1, le=MOST_REQUESTS)] = 1
    """Requests that run at the same moment; the others wait inside the runtime."""
    by_chance: bool = False
    """Frames come as a Poisson process instead of evenly."""
    seconds: Annotated[float, msgspec.Meta(ge=1.0, le=3600.0)] = 20.0


class Outcome(msgspec.Struct, frozen=True):
    """What came of a situation, simulated or run. Ages end when the objects are known."""

    fps: float | None
    """All cameras together; None with too few frames."""
    due: int
    """Frames that the cameras gave."""
    completed: int
    dropped: int
    age: StageStats | None
    foreign_cpu_percent: float | None = None
    """Of a real run."""


class Spans(msgspec.Struct, frozen=True):
    """How far a real run may lie from a prediction: the lowest and the highest of each figure; None: some runs do not know it.

    Of the simulated runs, and of such on a machine that is all the time as fast as in the fastest eighth of what was measured, or
    as slow as in the slowest.
    """

    fps: tuple[float, float] | None
    dropped_percent: tuple[float, float] | None
    age_median_ms: tuple[float, float] | None
    age_p99_ms: tuple[float, float] | None


class SimulationSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="simulation"):
    """Measure service times, predict each situation, and on request run it too."""

    session_id: str
    source: str
    model: str
    situations: tuple[Situation, ...]
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "latency"
    calibration_s: Annotated[float, msgspec.Meta(ge=1.0, le=60.0)] = 5.0
    """Of each run that service times are taken from; those of slow batches last longer."""
    verify: bool = False
    looks: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    """Of a drawn scene: how likely its vehicles are seen so often while they are in view."""
    cache_dir: str | None = None


class Prediction(msgspec.Struct, frozen=True):
    """One situation."""

    situation: Situation
    predicted: Outcome
    measured: Outcome | None
    """None: not run."""
    samples: int
    """Frames whose service times were drawn from."""
    looks: TrueLooks | None = None
    """Of the scene's own vehicles, as the simulated frames see them."""
    measured_looks: TrueLooks | None = None
    """As the frames of the real run saw them."""
    spans: Spans | None = None
    """Around `predicted`, which are the medians of the simulated runs."""
    hindcast: Outcome | None = None
    """The real run simulated again, each frame with its own service times. What lies between it and `measured` is the
    simulation's own error; between it and `predicted` lie chance, the machine's drift and the way from the calibrated rates to
    this one. None: not run, several cameras, no frames, or more than were kept."""
    hindcast_looks: TrueLooks | None = None
    slowdown: float | None = None
    """What a frame took after its decoding in the real run, in parts of what it took at this rate while the service times were
    measured: 1.1 is a machine that was 10 % slower. What comes of it is no error of the simulation. None: as for `hindcast`."""


class SimulationResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.simulation/1"`."""

    spec: SimulationSpec
    machine: Machine
    predictions: tuple[Prediction, ...]
    complete: bool
    schema: str = "edgeperf.simulation/1"
