"""A session: one run of source × variant × device × settings. What is asked for, and what became of it."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import msgspec

from edgeperf_gui.domain.card import Positive, Precision
from edgeperf_gui.domain.energy import MeterChoice

Hint = Literal["latency", "throughput", "none"]
Rate = Annotated[float, msgspec.Meta(gt=0.0, le=1000.0)]
LARGEST_COUNT = 1024
Count = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_COUNT)]
Percent = Annotated[float, msgspec.Meta(ge=0.0, le=100.0)]
LARGEST_BATCH = 64
Batch = Annotated[int, msgspec.Meta(ge=1, le=LARGEST_BATCH)]


class CameraMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Resolution and rate asked of a camera; the driver may give others."""

    width: Positive | None = None
    height: Positive | None = None
    fps: Rate | None = None


class SessionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="session"):
    """Everything that decides a run, as asked for; `Truth` says what came of it."""

    session_id: str
    source: str
    """A path, a URL, `camera:N` or `scene:NAME`."""
    model: str
    """A model's name in the catalogue, or a path to a model folder."""
    precision: Precision = "FP16"
    device: str = "CPU"
    hint: Hint = "latency"
    streams: Count | None = None
    requests: Count | None = None
    threads: Count | None = None
    batch: Batch = 1
    """Frames that one request answers together; the first of them waits until the last has come."""
    paced: bool = True
    """True: frames arrive at the source's own rate. False: flat out, which measures capacity."""
    arrivals: str = ""
    """When frames come instead of at the source's rate: `poisson:RATE`, or a CSV of moments. They queue, and none is lost."""
    inference_only: bool = False
    """benchmark_app's loop: inputs filled once, no source, no decoding."""
    seconds: float | None = None
    """None: until stopped or the source ends."""
    loop: bool = True
    """Start a file again when it ends."""
    camera: CameraMode = CameraMode()
    record_path: str | None = None
    """Where the run file is written while the run goes on; None: not kept."""
    cache_dir: str | None = None
    """OpenVINO's cache of compiled models; None: compile anew."""
    meter: MeterChoice = MeterChoice()
    """Which energy meter is read beside the run; none by default."""
    looks: Count | None = None
    """So many inferences while in view make a vehicle of a drawn scene looked at; None: one, and findings are not judged."""
    oracle: Percent | None = None
    """A drawn scene's truth, less so many percent by chance, in place of what the model finds; the model runs all the same."""
    companion_pids: tuple[int, ...] = ()
    """Other processes of ours whose CPU time is own, not foreign (the window)."""


class RunState(enum.StrEnum):
    """IDLE → STARTING → WARMING → RUNNING → STOPPING → FINISHED."""

    IDLE = "idle"
    STARTING = "starting"
    WARMING = "warming"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"


class FinishReason(enum.StrEnum):
    """Why a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    SOURCE_ENDED = "source ended"
    SOURCE_LOST = "source lost"
    FAILED = "failed"
    CRASHED = "crashed"


Cause = Literal["", "source", "model", "device"]


class SessionStatus(msgspec.Struct, frozen=True, tag="status"):
    """A session's state at one moment. Only the engine (or, for CRASHED, the host that saw it die) makes one."""

    session_id: str
    state: RunState
    reason: FinishReason | None = None
    activity: str = ""
    """What it is doing, for a person: "compiling nanodet-g for CPU"."""
    sentence: str = ""
    """What went wrong, when something did."""
    remedy: str = ""
    log_tail: str = ""
    cause: Cause = ""
    """What the trouble is about, so that a window can offer the way out."""

    @property
    def went_wrong(self) -> bool:
        """Whether it ended otherwise than in order."""
        return self.reason in (FinishReason.FAILED, FinishReason.CRASHED, FinishReason.SOURCE_LOST)


class SourceInfo(msgspec.Struct, frozen=True):
    """What an opened source says of itself."""

    title: str
    width: int
    height: int
    fps: float | None
    """Its own rate; None when it has none (folder of images) or does not say."""
    live: bool
    """True when frames come whether or not anyone reads (camera, stream)."""
    frames: int | None = None
    """How many frames it holds; None when endless or unknown."""
    note: str = ""
    """Anything a user should know, such as a rate that had to be assumed."""
