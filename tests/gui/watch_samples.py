"""Plausible messages of a watch: what the gui tests and the pictures are fed with."""

from __future__ import annotations

import numpy as np
import replay
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.domain.watch import Apart, Disagreement, Tally, VariantAnswer, WatchBegan, Watched, WatchedVariant
from edgeperf_gui.live.controller import Preview
from edgeperf_gui.live.watching import Watching

SIZE = (640, 272)
EXECUTED = {"FP32": {"f32": 34}, "FP16": {"bf16": 34}, "INT8": {"i8": 33, "bf16": 1}}
PERSON = (100, 40, 180, 250, 0.81, 0)
CAR = (300, 120, 520, 250, 0.47, 2)


def boxes(*rows) -> bytes:
    return np.array([tuple(row) for row in rows], DETECTION).tobytes()


def answers(int8_has_car: bool = False) -> tuple[VariantAnswer, ...]:
    return (
        VariantAnswer("FP32", boxes(PERSON, CAR)),
        VariantAnswer("FP16", boxes(PERSON, CAR)),
        VariantAnswer("INT8", boxes(PERSON, CAR) if int8_has_car else boxes(PERSON)),
    )


LACKING = (Apart("FP32", 1, "INT8"),)
CLASSES = (VariantAnswer("FP32", classes=((1, 0.9), (2, 0.1))), VariantAnswer("INT8", classes=((2, 0.7), (1, 0.3))))


def began(precisions=("FP32", "FP16", "INT8"), threshold: float | None = 0.35) -> WatchBegan:
    variants = tuple(WatchedVariant(name, EXECUTED[name]) for name in precisions)
    return WatchBegan("w", variants, replay.LABELS, SourceInfo("street.mp4", *SIZE, 25.0, False, 250), threshold)


def jpeg(colour: str = "#557799") -> bytes:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPG")
    return bytes(data.data())


def disagreement(frame: int, at_s: float | None = None, **fields) -> Disagreement:
    wanted = {"answers": answers(), "apart": LACKING, "jpeg": jpeg()} | fields
    return Disagreement("w", frame, frame / 25 if at_s is None else at_s, source_size=SIZE, **wanted)


def watched(frame: int, differing: int = 18, frames: int = 430) -> Watched:
    tally = Tally(frames, frames - differing, {"FP16": 0, "INT8": differing})
    return Watched("w", frame, answers(), LACKING, tally)


def picture(frame: int) -> Preview:
    return Preview(frame, np.full((272, 640, 4), 90, np.uint8), Findings(), SIZE, 0)


def replay_watch(watching: Watching, kept: int = 4, **fields) -> None:
    """As if the engine's child had said all this."""
    watching._running = True
    watching._on_told(began(**fields))
    for number in range(kept):
        watching._on_told(disagreement(number * 40))
    watching._on_told(watched(171))
    watching._on_picture(picture(171))


def end(watching: Watching) -> None:
    watching._end()
