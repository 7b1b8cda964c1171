"""Why a live pipeline does not give benchmark_app's number: what each part adds to a frame, measured in one run."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.session import CameraMode, Count, Hint

PARTS: Final = ("inference", "input fill", "preprocess", "queue", "postprocess", "decode", "window")
"""In the order in which they are added: each loop has all parts up to its own."""


class WaterfallSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="waterfall"):
    """Short interleaved blocks of loops that grow from benchmark_app's to the whole session; flat out, one frame a request."""

    session_id: str
    source: str
    model: str
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "latency"
    streams: Count | None = None
    requests: Count | None = None
    threads: Count | None = None
    camera: CameraMode = CameraMode()
    seconds: Annotated[float, msgspec.Meta(ge=1.0, le=3600.0)] = 60.0
    """Time budget of the measured rounds; they end before when the sum is certain enough."""
    block_seconds: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)] = 0.5
    companion_pids: tuple[int, ...] = ()


class WaterfallStep(msgspec.Struct, frozen=True):
    """One part. Unknown is None."""

    part: str
    """One of `PARTS`."""
    adds_ms: Interval | None
    """Wall milliseconds a frame of the loop with this part less those of the loop before; below 0 where it wins time back."""
    total_ms: float | None
    """Wall milliseconds a frame of the loop with this part and all before it: the wall time over the completed frames."""
    fps: float | None
    """The same as frames a second."""
    sentence: str = ""
    """Why it was not measured."""


class Pacing(msgspec.Struct, frozen=True):
    """The same pipeline fed at the source's rate and flat out, block by block in turn: medians of the inference alone."""

    rate: float
    """Frames a second at which the paced blocks were fed."""
    paced_ms: float
    saturated_ms: float
    ratio: Interval
    """Paced ÷ saturated; above 1 an inference takes longer when it is paced."""
    paced_frames: int


class WaterfallResult(msgspec.Struct, frozen=True):
    """Written as JSON with `schema: "edgeperf.waterfall/1"`."""

    spec: WaterfallSpec
    machine: Machine
    effective: Effective
    app_requests: int
    """Requests kept busy by the loops without a pipeline: what benchmark_app takes. The others have `effective.requests`."""
    command: str
    """The same as benchmark_app's first line."""
    steps: tuple[WaterfallStep, ...]
    whole_ms: Interval | None
    """Wall milliseconds a frame of the whole session, measured for itself in blocks of its own."""
    whole_fps: float | None
    rest_ms: Interval | None
    """The whole less the sum of the steps: what they do not explain."""
    pacing: Pacing | None
    """None before a round is measured, and for a source without a rate."""
    clean_rounds: int
    dirty_rounds: int
    """Others used more than 5 % of the machine meanwhile; measured again."""
    only_dirty: bool
    """The machine was hardly ever quiet: dirty rounds had to be used."""
    seconds: float
    complete: bool
    """False while it runs, and when it was stopped before its end."""
    schema: str = "edgeperf.waterfall/1"

    @property
    def sum_ms(self) -> float | None:
        """What the steps add up to."""
        known = [step.total_ms for step in self.steps if step.total_ms is not None]
        return known[-1] if known else None
