"""Plausible results of a search for capacity: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import time

import msgspec
import numpy as np
import replay

from edgeperf_gui.domain.capacity import (
    CameraKind,
    CamerasSeen,
    CameraTile,
    CapacityResult,
    CapacitySpec,
    CapacityStep,
    KindFound,
    KindServed,
)
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.domain.verdict import Verdict
from edgeperf_gui.engine.jobs.camera_tiles import laid_out
from edgeperf_gui.live.capacity_search import Preview

SPEC = CapacitySpec(session_id="replay", model="nanodet-g", kinds=(CameraKind("street.mp4", 10.0),))
MIXED = msgspec.structs.replace(SPEC, kinds=(CameraKind("street.mp4", 10.0, 3), CameraKind("scene:road", 25.0)))
RULE = "at 10 FPS with at most 1 % missed and answers within 200 ms"
FOUND = (
    KindFound("street.mp4", 640, 272, 10.0, 200.0, 3, 9.6),
    KindFound("scene:road", 1280, 720, 25.0, 80.0, 1, 11.0),
)


def step(cameras: int, verdict: Verdict, missed: float, age: float | None, **fields) -> CapacityStep:
    known = {"note": "", "is_disturbed": False, "seconds": 7.5} | fields
    return CapacityStep(
        cameras, 10.0 * (1 - missed / 100), missed, age, verdict, cameras * 75, 12.1 if cameras == 1 else 9.7, 0.8,
        min(100.0, missed * 1.4), age_median_ms=age and age / 2, **known,
    )  # fmt: skip


STEPS = (
    step(
        1,
        "UNDECIDED",
        0.0,
        None,
        note="in 30 s 300 frames are due, and it takes 597 without a miss to pass: give it more seconds",
    ),
    step(20, "FAIL", 21.4, 147.0),
    step(19, "UNDECIDED", 1.2, 114.0),
    step(17, "PASS", 0.0, 24.0),
    step(18, "PASS", 0.07, 26.2),
)


def result(steps: int | None = None, *, complete: bool = True, mixed: bool = False) -> CapacityResult:
    """The first `steps` are known, without a number all."""
    known = STEPS if steps is None else STEPS[:steps]
    kinds = FOUND if mixed else (msgspec.structs.replace(FOUND[0], count=1),)
    if mixed:
        served = (KindServed(13, 9.9, 0.4, 31.0), KindServed(5, 24.7, 0.9, 40.0))
        known = tuple(msgspec.structs.replace(one, kinds=served) for one in known)
    verified = max((one.cameras for one in known if one.verdict == "PASS"), default=None)
    return CapacityResult(
        spec=MIXED if mixed else SPEC,
        machine=replay.MACHINE,
        effective=Effective("FP16", {"bf16": 34}, ("CPU",), 2, 3, 2, "throughput", "bf16"),
        kinds=kinds,
        predicted=19.5,
        cores_used=1.88,
        verified=verified,
        verdict="PASS" if verified else "UNDECIDED",
        sentence=f"{verified} cameras are served {RULE}; 19 are not certain to be."
        if verified
        else f"No camera is certain to be served {RULE}.",
        steps=known,
        complete=complete,
    )


def pictures(cameras: int = 18, frame: int = 1, size: tuple[int, int] = (520, 300), clip=None):
    """Preview and words of the first 16 cameras. `clip`: makes pictures of camera and size; without it they are grey."""
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    boxes, tiles = [], []
    for at, place in enumerate(laid_out([(640, 272)] * min(cameras, 16), *size)):
        left, top, wide, high = place
        pixels[top : top + high, left : left + wide, :3] = 60 + 6 * at if clip is None else clip(at, (wide, high))
        boxes.append((left + wide / 4, top + high / 4, left + wide / 2, top + high - 4, 0.6, at % 5))
        tiles.append(CameraTile(at + 1, place, 10.0, 9.97, 18.0 + at, at // 6, 75))
    found = Findings(np.array(boxes, DETECTION))
    return Preview(frame, pixels, found, size, time.perf_counter_ns()), CamerasSeen("replay", frame, cameras, tuple(tiles))
