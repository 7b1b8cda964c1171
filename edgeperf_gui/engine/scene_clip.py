"""A drawn scene as a clip with labels, whole or not at all."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.scene import SceneSpec
from edgeperf_gui.domain.truth import TrueObject
from edgeperf_gui.engine.scenery.picture import Scene
from edgeperf_gui.engine.sources.source import Pixels
from edgeperf_gui.zoo.coco_labels import as_coco, picture_name

_JPEG_QUALITY: Final = 92
_HALF: Final = ".half"
"""Marks what is not whole yet."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What to write, and where."""

    spec: SceneSpec
    frames: int
    out: Path
    labels: Path | None = None
    pictures: Path | None = None
    """A folder for the labelled frames as JPEG, which is what readers of COCO want."""
    every: int = 1
    """Every so many-th frame is labelled."""


def render(clip: Clip, stop: threading.Event, progress: Callable[[int], None]) -> bool:
    """Draw and write it; False when stopped, and then nothing new is left behind. Raises BadInput and RunError."""
    half = clip.out.with_name(f"{clip.out.stem}{_HALF}{clip.out.suffix}")
    half_labels = clip.labels.with_name(clip.labels.name + _HALF) if clip.labels else None
    written: list[Path] = []
    done = False
    try:
        truths = _write_frames(clip, half, stop, progress, written)
        if truths is None:
            return False
        if clip.labels and half_labels:
            _write(half_labels, as_coco(clip.spec, clip.out.stem, truths))
            half_labels.replace(clip.labels)
        half.replace(clip.out)
        done = True
    finally:
        for path in (half, half_labels, *([] if done else written)):
            if path is not None:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
    return True


Truths = list[tuple[int, tuple[TrueObject, ...]]]


def _write_frames(
    clip: Clip, half: Path, stop: threading.Event, progress: Callable[[int], None], written: list[Path]
) -> Truths | None:
    """The clip, and the truth of the labelled frames; None when stopped."""
    spec, scene = clip.spec, Scene(clip.spec)
    picture = np.empty((spec.height, spec.width, 3), np.uint8)
    truths: Truths = []
    with _writer(half, spec) as writer:
        for number in range(clip.frames):
            if stop.is_set():
                return None
            scene.draw(number, picture)
            writer.write(picture)
            if number % clip.every == 0:
                truths.append((number, scene.truth(number)))
                if clip.pictures:
                    path = clip.pictures / picture_name(clip.out.stem, number)
                    written.append(path)
                    _write(path, _as_jpeg(picture))
            progress(number + 1)
    _check(half, clip)
    return truths


@contextlib.contextmanager
def _writer(path: Path, spec: SceneSpec) -> Iterator[cv2.VideoWriter]:
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), code, spec.fps, (spec.width, spec.height))
    try:
        if not writer.isOpened():
            raise BadInput(f"{path.parent} cannot take a clip.", "Choose a folder that can be written to, and a name in .mp4.")
        yield writer
    finally:
        writer.release()


def _check(half: Path, clip: Clip) -> None:
    """The writer does not tell of a full disk: what it wrote is opened again."""
    reader = cv2.VideoCapture(str(half))
    try:
        frames = round(reader.get(cv2.CAP_PROP_FRAME_COUNT)) if reader.isOpened() else 0
    finally:
        reader.release()
    if frames != clip.frames:
        raise RunError(f"{clip.out} holds {frames} of {clip.frames} frames.", "See whether the disk is full.")


def _as_jpeg(picture: Pixels) -> bytes:
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY))[1].tobytes()


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise RunError(f"{path} could not be written: {error.strerror or error}.", "See whether the disk is full.") from error
