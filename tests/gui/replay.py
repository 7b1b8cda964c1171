"""Plausible messages of an engine that is not there: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import time

import numpy as np

from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.inventory import Camera, Device, Inventory
from edgeperf_gui.domain.messages import Opened, RecordBatch, Telemetry
from edgeperf_gui.domain.records import DETECTION, FRAME
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Steady
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus, SourceInfo
from edgeperf_gui.live.controller import Preview
from edgeperf_gui.live.session_store import SessionStore

LABELS = ("person", "bicycle", "car", "motorcycle", "bus")
COSTS_MS = {"decode": 0.9, "preprocess": 0.6, "queue": 0.5, "inference": 9.0, "postprocess": 0.4, "present": 1.0}
CPU = "AMD EPYC 7B13 64-Core Processor"
MACHINE = Machine("bench", "Linux 6.1", "3.11.7", "2026.4.1-20000-abc", "5.0.0", CPU, 2, None, 8_000_000_000)
INVENTORY = Inventory(
    devices=(Device("CPU", "AMD EPYC 7B13 64-Core Processor", ("FP32", "BF16")), Device("AUTO", "AUTO")),
    cameras=(Camera("camera:0", "Integrated Webcam"),),
    models=(
        ModelCard(
            name="nanodet-g",
            title="NanoDet-g 416 (COCO)",
            task="detection",
            licence="Apache-2.0",
            origin="somewhere",
            decoder="nanodet",
            input=InputCard(416, 416),
            variants={"FP16": VariantCard("a.xml", "FP16"), "FP32": VariantCard("a.xml", "FP16")},
            gmac=2.0901,
        ),
    ),
)


def opened(session_id: str, precision: str = "FP16", paced: bool = True, batch: int = 1) -> Opened:
    """Model compiled, source open."""
    executed = {"bf16": 33, "f32": 2} if precision == "FP16" else {"f32": 35}
    return Opened(
        session_id,
        MACHINE,
        Effective("FP16", executed, ("CPU",), 1, min(batch, 2), 2, "latency", "bf16" if precision == "FP16" else "f32", batch),
        ModelTimes(12.4, 104.2, 14.9, 7_572_000, "cold"),
        SourceInfo("street.mp4", 640, 272, 25.0, False, 250),
        LABELS,
        is_saturated=not paced,
    )


def frames(first: int, count: int, end_ns: int, fps: float, scale: float = 1.0, paced: bool = True, seed: int = 1) -> np.ndarray:
    """`count` records, the last completed at `end_ns`, with a spike now and then."""
    random = np.random.default_rng(seed + first)
    rows = np.zeros(count, FRAME)
    rows["frame"] = np.arange(first, first + count)
    step = int(1e9 / fps)
    spans = {name: mean * scale * random.lognormal(0, 0.10, count) * 1e6 for name, mean in COSTS_MS.items()}
    spans["inference"] *= np.where(random.random(count) < 0.004, 1.35, 1.0)
    complete = end_ns - step * np.arange(count)[::-1]
    rows["complete_ns"] = complete
    rows["submit_ns"] = complete - spans["inference"].astype(np.int64)
    rows["preprocess_end_ns"] = rows["submit_ns"] - spans["queue"].astype(np.int64)
    rows["preprocess_start_ns"] = rows["preprocess_end_ns"] - spans["preprocess"].astype(np.int64)
    rows["decode_end_ns"] = rows["preprocess_start_ns"]
    rows["decode_start_ns"] = rows["decode_end_ns"] - spans["decode"].astype(np.int64)
    rows["postprocess_end_ns"] = complete + spans["postprocess"].astype(np.int64)
    rows["shown_ns"] = rows["postprocess_end_ns"] + spans["present"].astype(np.int64)
    # a paced source is due as regularly as a clock ticks, and before anything is decoded
    before_ms = 1.35 * scale * sum(COSTS_MS[name] for name in ("decode", "preprocess", "queue", "inference"))
    rows["due_ns"] = np.minimum(complete - int(before_ms * 1e6), rows["decode_start_ns"]) if paced else 0
    rows["openvino_latency_ns"] = spans["inference"]
    rows["detections"] = 2
    return rows


def batched(rows: np.ndarray, batch: int) -> np.ndarray:
    """The same frames answered `batch` at a time; only the newest of each batch is known to be painted."""
    for start in range(0, len(rows), batch):
        group = rows[start : start + batch]
        last = group[-1:].copy()
        group["submit_ns"] = last["preprocess_end_ns"]
        group["complete_ns"] = last["complete_ns"]
        group["postprocess_end_ns"] = last["complete_ns"] + 400_000 * np.arange(1, len(group) + 1)
        group["shown_ns"] = 0
        group["shown_ns"][-1:] = group["postprocess_end_ns"][-1:] + 1_000_000
    return rows


def telemetry(session_id: str, end_ns: int, steady: bool = True, foreign: float = 0.6) -> Telemetry:
    """One window of 2 s."""
    said = Steady(True, "steady: 3 windows within 4 %") if steady else Steady(False, "not steady: throughput still rising")
    return Telemetry(session_id, end_ns - 2_000_000_000, end_ns, foreign, 61.4, 312_000_000, 84.1, said)


def ingest_session(
    store: SessionStore,
    session_id: str,
    seconds: float,
    end_ns: int,
    fps: float,
    scale: float = 1.0,
    paced: bool = True,
    steady: bool = True,
    batch: int = 1,
) -> None:
    """A whole running session that ends at `end_ns`."""
    start_ns = end_ns - int(seconds * 1e9)
    store.begin(session_id, start_ns)
    store.ingest(opened(session_id, "FP16" if scale == 1.0 else "FP32", paced, batch))
    store.ingest(SessionStatus(session_id, RunState.RUNNING))
    count, done, chunk = int(seconds * fps), 0, batch * max(1, int(fps / 4 / batch))
    while done < count:
        size = min(chunk, count - done)
        end = end_ns - int((count - done - size) * 1e9 / fps)
        rows = frames(done, size, end, fps, scale, paced)
        painted = batched(rows, batch)[batch - 1 :: batch] if batch > 1 else rows[:0]
        store.ingest(RecordBatch(session_id, rows.tobytes(), 0))
        for frame, shown_ns in zip(painted["frame"].tolist(), painted["shown_ns"].tolist(), strict=True):
            store.mark_shown(frame, shown_ns)
        store.notify(end)
        done += size
    store.ingest(telemetry(session_id, end_ns, steady))


def replay(store: SessionStore, paced: bool = True, steady: bool = True, batch: int = 1) -> None:
    """A session in FP32, then the change to FP16 (and to a batch) about five seconds ago."""
    now_ns = time.perf_counter_ns()
    change_ns = now_ns - 5_600_000_000
    ingest_session(store, "first", 24, change_ns, 25 if paced else 62, 1.35, paced)
    store.add_marker(change_ns, "FP32 → FP16")
    ingest_session(store, "second", 5.3, now_ns, 25 if paced else 84, 1.0, paced, steady, batch)


def failed(session_id: str = "second", reason: FinishReason = FinishReason.CRASHED) -> SessionStatus:
    """A bad end."""
    return SessionStatus(
        session_id,
        RunState.FINISHED,
        reason,
        sentence="The engine was killed by SIGSEGV while compiling nanodet-g for CPU.",
        remedy="Run it again; if it happens again, choose another device.",
        log_tail="12:00:01 compiling\n12:00:02 Fatal Python error: Segmentation fault\n",
    )


def preview(
    frame: int = 0,
    width: int = 740,
    height: int = 314,
    pixels: np.ndarray | None = None,
    findings: Findings | None = None,
    ready_ns: int | None = None,
) -> Preview:
    """A picture, by default with two objects in it; grey where no picture is given."""
    if pixels is None:
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3] = np.linspace(40, 120, width, dtype=np.uint8)[None, :, None]
        pixels[..., 3] = 255
    if findings is None:
        findings = Findings(np.array([(380, 40, 512, 205, 0.63, 0), (0, 20, 300, 272, 0.48, 2)], DETECTION))
    return Preview(frame, pixels, findings, (640, 272), time.perf_counter_ns() if ready_ns is None else ready_ns)
