"""Messages between the window's host and the engine's child. Plain data, tagged, each with its session's id."""

from __future__ import annotations

import msgspec

from edgeperf_gui.domain.capacity import CamerasSeen
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Steady
from edgeperf_gui.domain.session import SessionStatus, SourceInfo
from edgeperf_gui.domain.watch import Disagreement, WatchBegan, Watched


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """Model compiled and source open: everything that is known before the first frame."""

    session_id: str
    machine: Machine
    effective: Effective
    model: ModelTimes
    source: SourceInfo | None
    labels: tuple[str, ...] = ()
    is_saturated: bool = False
    """Frames are read as fast as they are taken: then the throughput is the capacity."""


class RecordBatch(msgspec.Struct, frozen=True, tag="records"):
    """Completed frames since the last batch: the bytes of an array of dtype `records.FRAME`."""

    session_id: str
    data: bytes
    dropped: int
    """Frames dropped so far in this session."""


class Telemetry(msgspec.Struct, frozen=True, tag="telemetry"):
    """One window of the machine's and our own load (2 s)."""

    session_id: str
    start_ns: int
    end_ns: int
    foreign_cpu_percent: float | None
    """Share of the whole machine's capacity used by others; above 5 % the window is dirty."""
    own_cpu_percent: float | None
    """Engine and window, 100 % being the whole machine."""
    engine_rss_bytes: int | None
    fps: float | None
    """None while a batch that takes longer than a window is still being filled or computed."""
    steady: Steady


class SceneFindings(msgspec.Struct, frozen=True):
    """What was found in one frame of a drawn scene."""

    frame: int
    """Its number in the scene."""
    boxes: bytes
    """Those of vehicles, best score first: an array of dtype `records.DETECTION`."""


class SceneSeen(msgspec.Struct, frozen=True, tag="scene"):
    """About a second of a drawn scene at its own pace. What is true of it follows from its address and the frames' numbers."""

    session_id: str
    stamp_ns: int
    frames: bytes
    """Numbers in the scene of the frames processed since the last message, int64 in rising order, at most 4096."""
    sampled: tuple[SceneFindings, ...] = ()
    """Some four of them; none where the model finds no vehicles."""


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """Something to tell the user that does not end the run (a stream reconnects, a disk is full)."""

    session_id: str
    sentence: str
    remedy: str = ""
    is_reconnecting: bool = False
    """The source was lost and is being called again: no frame can come until it answers."""


FromEngine = (
    SessionStatus
    | Opened
    | RecordBatch
    | Telemetry
    | EnergyReading
    | Notice
    | Progress
    | Answer
    | WatchBegan
    | Watched
    | Disagreement
    | CamerasSeen
    | SceneSeen
)


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Finish in order: drain, close, report."""


class View(msgspec.Struct, frozen=True, tag="view"):
    """Size in device pixels at which the window shows the picture; the preview is scaled to fit it."""

    width: int
    height: int


class Shown(msgspec.Struct, frozen=True, tag="shown"):
    """Frames painted by the window: pairs of frame number and stamp."""

    stamps: tuple[tuple[int, int], ...]


ToEngine = Stop | View | Shown
