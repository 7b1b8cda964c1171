"""Calibration frames: pictures spread evenly over a folder or a video, and how each becomes a model's raw input."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.letterbox import PADDING, Letterbox
from edgeperf_gui.zoo.picture_file import MAX_SIDE, PICTURES, Pixels, decode_picture, natural_key

MAX_FILES: Final = 100_000
"""Pictures looked for in a folder; the rest is left out."""

_SEEK_BEYOND: Final = 60
"""Frames between two samples from which a seek is quicker than decoding what lies between."""
_UNKNOWN_STRIDE: Final = 10
"""Frames between two samples of a video that does not say how many it has."""
_REMEDY: Final = "Give a folder with JPEG, PNG, BMP or WebP pictures, or a video file."


class CalibrationFrames(Protocol):
    """Frames that may be gone through more than once, decoded one at a time."""

    title: str

    def __len__(self) -> int:
        """How many frames there are at most; unreadable ones are found, and skipped, when their turn comes."""

    def __iter__(self) -> Iterator[Pixels]:
        """The frames."""


@dataclass(slots=True)
class PictureFrames:
    """Pictures of a folder."""

    title: str
    paths: list[Path]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Pixels]:
        for path in self.paths:
            if (pixels := decode_picture(path)) is not None:
                yield pixels


@dataclass(slots=True)
class VideoFrames:
    """Frames of a video by their numbers, ascending."""

    title: str
    path: Path
    numbers: list[int]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Pixels]:
        capture = _open_video(self.path)
        try:
            position = 0
            for number in self.numbers:
                if number - position > _SEEK_BEYOND and capture.set(cv2.CAP_PROP_POS_FRAMES, number):
                    position = number
                while position < number and capture.grab():
                    position += 1
                delivered, pixels = capture.read()
                position += 1
                if not delivered:
                    return  # a truncated file ends where decoding ends
                if pixels is not None and pixels.ndim == 3:
                    yield cast("Pixels", pixels)
        finally:
            capture.release()


@dataclass(slots=True)
class StoredFrames:
    """Frames kept in memory: what a live source delivered."""

    title: str
    frames: list[Pixels]

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[Pixels]:
        return iter(self.frames)


def calibration_frames(data: Path, samples: int) -> CalibrationFrames:
    """At most `samples` frames spread evenly over a folder of pictures (with its subfolders), a picture or a video file.

    Raises SourceError when there is none that can be decoded.
    """
    title = data.name or str(data)
    frames: CalibrationFrames
    try:
        str(data).encode("utf-8")
        if data.is_dir():
            frames = PictureFrames(title, evenly(_find_pictures(data), samples))
        elif data.is_file() and data.suffix.lower() in PICTURES:
            frames = PictureFrames(title, [data])
        elif data.is_file():
            frames = VideoFrames(title, data, _spread(_count_frames(data), samples))
        else:
            raise SourceError(f"“{data}” is neither a folder nor a video file.", _REMEDY)
    except (OSError, ValueError) as error:
        raise SourceError(f"{title[:80]!r} cannot be read ({getattr(error, 'strerror', None) or error}).", _REMEDY) from error
    if next(iter(frames), None) is None:
        raise SourceError(f"“{title}” holds no picture that can be decoded.", _REMEDY)
    return frames


def evenly(paths: list[Path], samples: int) -> list[Path]:
    """At most `samples` of them, spread evenly."""
    return [paths[number] for number in _spread(len(paths), samples)]


def fit_frame(pixels: Pixels, card: InputCard) -> Pixels:
    """A frame resized and placed as the measured pipeline does it: `[height, width, 3]`, BGR."""
    height, width = pixels.shape[:2]
    box = Letterbox.fit((width, height), (card.width, card.height), keep_aspect=card.keep_aspect)
    placed = np.full((card.height, card.width, 3), PADDING, np.uint8)
    target = placed[box.top : box.top + box.height, box.left : box.left + box.width]
    cv2.resize(pixels, (box.width, box.height), dst=target, interpolation=cv2.INTER_LINEAR)
    return placed


def model_input(pixels: Pixels, card: InputCard, dtype: Any = np.float32) -> NDArray[Any]:
    """A frame as the model's raw input `[1, 3, height, width]` or `[1, height, width, 3]`, mean and scale applied."""
    placed = fit_frame(pixels, card)
    ordered = placed[:, :, ::-1] if card.channels == "RGB" else placed
    values = (ordered.astype(np.float32) - np.array(card.mean, np.float32)) / np.array(card.scale, np.float32)
    layout = values.transpose(2, 0, 1) if card.layout == "NCHW" else values
    return np.ascontiguousarray(layout[None], dtype)


def _spread(count: int | None, samples: int) -> list[int]:
    """Numbers below `count`, ascending: the middles of equal parts."""
    if count is None:
        return [number * _UNKNOWN_STRIDE for number in range(samples)]
    taken = min(count, samples)
    return [(2 * number + 1) * count // (2 * taken) for number in range(taken)]


def _find_pictures(folder: Path) -> list[Path]:
    """Pictures of a folder and its subfolders, in the natural order of their paths; links to folders are not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(place) / name for name in names if Path(name).suffix.lower() in PICTURES]
        if len(found) >= MAX_FILES:
            break
    return sorted(found, key=lambda path: natural_key(str(path)))[:MAX_FILES]


def _open_video(path: Path) -> cv2.VideoCapture:
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # our sentence says it; FFmpeg would add lines of its own
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    size = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    if not capture.isOpened() or not all(1 <= side <= MAX_SIDE for side in size):
        capture.release()
        raise SourceError(f"“{path.name}” cannot be opened as a video.", _REMEDY)
    return capture


def _count_frames(path: Path) -> int | None:
    """What the container says; None where it does not."""
    capture = _open_video(path)
    try:
        count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return int(count) if 1 <= count <= 1e9 else None
    finally:
        capture.release()
