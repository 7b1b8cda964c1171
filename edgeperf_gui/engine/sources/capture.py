"""OpenCV's VideoCapture, quiet, bounded, and safe to close from another thread while it waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Final, cast

import cv2

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.engine.sources.source import Pixels

MAX_SIDE: Final = 8192
"""Largest frame width or height that is accepted, in pixels."""

LARGEST_ONE_THREAD: Final = 1280 * 720
"""Pixels a frame up to which one decoding thread beats several (measured, see `decoding_threads`)."""

ALL_THREADS: Final = 0

_CREDIBLE_FPS: Final = (0.1, 480.0)
_CREDIBLE_FRAMES: Final = 1e9
_TEXT_CODECS: Final = frozenset({"ansi"})  # FFmpeg draws a text file as a film of letters


def _keep_quiet() -> None:
    """Silence OpenCV's and FFmpeg's own lines on stderr, unless their environment variables ask for them."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    if "OPENCV_LOG_LEVEL" not in os.environ:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def decoding_threads(width: int, height: int) -> int:
    """How many threads a recording of this size should be decoded with; `ALL_THREADS` lets FFmpeg choose.

    A second thread costs a fifth more CPU than it saves in small frames, and that CPU belongs to the inference.
    """
    return 1 if width * height <= LARGEST_ONE_THREAD else ALL_THREADS


def credible_fps(value: float) -> float | None:
    """A container's frame rate, or None where it is missing or cannot be meant (0, NaN, a time base of 90000)."""
    return value if _CREDIBLE_FPS[0] <= value <= _CREDIBLE_FPS[1] else None


def credible_frames(value: float) -> int | None:
    """A container's count of frames, or None where it does not say (OpenCV then gives huge negative numbers)."""
    return int(value) if 1 <= value <= _CREDIBLE_FRAMES else None


def check_size(title: str, width: float, height: float) -> None:
    """Refuse frames without an area or beyond `MAX_SIDE`."""
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise SourceError(
            f"{title} has frames of {width:.0f} × {height:.0f} pixels.", f"Use one with 1 to {MAX_SIDE} pixels on each side."
        )


def check_text(address: str) -> None:
    """Refuse a name that is not valid text (lone surrogates): OpenCV crashes the process on it."""
    try:
        address.encode("utf-8")
    except UnicodeEncodeError:
        raise SourceError("The source's name is not valid UTF-8 text.", "Rename the file with ordinary characters.") from None


_keep_quiet()  # at import: FFmpeg reads its level once, when OpenCV first uses it for anything


class Capture:
    """One cv2.VideoCapture. `grab` and `retrieve` belong to one thread; `close` may be called from any."""

    def __init__(self, target: str | int, backend: int, parameters: Sequence[int] = ()) -> None:
        """Open at once, silently; ask `is_open`. `parameters` alternate property and value, as OpenCV takes them."""
        if isinstance(target, str):
            check_text(target)
            self._capture = cv2.VideoCapture(target, backend, list(parameters))
        else:
            self._capture = cv2.VideoCapture(target, backend, list(parameters))
        self._in_use = threading.Lock()
        self._closing = False

    @property
    def is_open(self) -> bool:
        """Whether OpenCV could open it."""
        return self._capture.isOpened()

    def get(self, property_id: int) -> float:
        """A property by its `cv2.CAP_PROP_` number."""
        return self._capture.get(property_id)

    def set(self, property_id: int, value: float) -> bool:
        """Set a property; False when the backend refuses."""
        return self._capture.set(property_id, value)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as the container or driver states them."""
        return self.get(cv2.CAP_PROP_FRAME_WIDTH), self.get(cv2.CAP_PROP_FRAME_HEIGHT)

    @property
    def codec(self) -> str:
        """Four characters that name the codec, such as `h264`; empty when unknown."""
        code = int(self.get(cv2.CAP_PROP_FOURCC))
        return code.to_bytes(4, "little").decode("latin-1").strip("\0 ") if 0 < code < 2**32 else ""

    @property
    def is_picture(self) -> bool:
        """False for what FFmpeg opens although it is no video: text."""
        return self.codec.lower() not in _TEXT_CODECS

    def grab(self) -> bool:
        """Advance to the next frame, waiting for it; False at the end, after a time-out, or when closed."""
        with _Use(self) as usable:
            return usable and self._capture.grab()

    def retrieve(self, into: Pixels | None) -> Pixels | None:
        """The grabbed frame, in `into` when its shape fits, else in a new array; None when it cannot be decoded."""
        with _Use(self) as usable:
            if not usable:
                return None
            delivered, pixels = self._capture.retrieve(into)
            return cast("Pixels", pixels) if delivered and pixels is not None and pixels.ndim == 3 else None

    def is_free_within(self, seconds: float) -> bool:
        """Wait until no thread is inside; False when one still is."""
        free = self._in_use.acquire(timeout=seconds)
        if free:
            self._in_use.release()
        return free

    def close(self) -> None:
        """Release the capture now, or, when another thread is inside, as soon as it leaves."""
        self._closing = True
        self._release_when_free()

    def _release_when_free(self) -> None:
        # Releasing under a waiting grab is a use after free inside FFmpeg, so whoever is inside releases on leaving.
        if self._in_use.acquire(blocking=False):
            try:
                self._capture.release()
            finally:
                self._in_use.release()


class _Use:
    """Being inside a capture: entered as False once it is closing."""

    __slots__ = ("_capture",)

    def __init__(self, capture: Capture) -> None:
        self._capture = capture

    def __enter__(self) -> bool:
        self._capture._in_use.acquire()
        return not self._capture._closing

    def __exit__(self, *_: object) -> None:
        self._capture._in_use.release()
        if self._capture._closing:
            self._capture._release_when_free()
