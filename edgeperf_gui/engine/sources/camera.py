"""A camera on this machine."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from time import perf_counter_ns
from typing import Final

import cv2

from edgeperf_gui.domain.errors import SourceError, SourceLost
from edgeperf_gui.domain.inventory import Camera
from edgeperf_gui.domain.session import CameraMode, SourceInfo
from edgeperf_gui.engine.sources.capture import Capture, check_size, credible_fps
from edgeperf_gui.engine.sources.source import Frame, Pixels

OpenDevice = Callable[[int, CameraMode], Capture]
"""Opens the camera of a number; given by tests, which have recordings instead."""

_BACKENDS: Final = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
_MISSES: Final = 10
"""Grabs in a row that fail before the camera counts as gone."""

_MISS_PAUSE_S: Final = 0.02
_MAX_DIGITS: Final = 3
_STUCK_S: Final = "2"
"""After how many seconds without a picture V4L2 gives up one grab; OpenCV's own value is 10."""


def backend() -> int:
    """The `cv2.CAP_` backend of this system's cameras; their numbers are only valid with it."""
    return _BACKENDS.get(sys.platform, cv2.CAP_ANY)


def list_cameras() -> tuple[Camera, ...]:
    """Cameras that can be opened as `camera:N`, by number."""
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    if backend() not in supported_backends:
        return ()
    found = {info.index: info.name for info in enumerate_cameras(backend())}
    return tuple(Camera(f"camera:{number}", name or f"camera {number}") for number, name in sorted(found.items()))


def open_device(number: int, mode: CameraMode) -> Capture:
    """Open a camera and ask for a mode; the driver may settle for another."""
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", _STUCK_S)
    capture = Capture(number, backend())
    if mode.width or mode.height:
        # USB cameras send raw pictures by default, which above 640 × 480 leaves them a few frames a second.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    asked = (
        (cv2.CAP_PROP_FRAME_WIDTH, mode.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, mode.height),
        (cv2.CAP_PROP_FPS, mode.fps),
    )
    for property_id, value in asked:
        if value:
            capture.set(property_id, value)
    return capture


class CameraSource:
    """Live pictures of one camera. `due` is the moment grab returned; decode is retrieve (unpacking and colours)."""

    info: SourceInfo

    def __init__(self, address: str, mode: CameraMode, device: OpenDevice = open_device) -> None:
        """Open `camera:N` and take one picture, to be sure it delivers."""
        self._number = camera_number(address)
        self._interrupted = threading.Event()
        self._capture = device(self._number, mode)
        try:
            self.info = self._inspect(mode)
        except BaseException:
            self.close()
            raise

    def read(self, into: Pixels | None) -> Frame | None:
        """Wait for the next picture. Raises SourceLost when the camera stopped delivering."""
        for _ in range(_MISSES):
            if self._interrupted.is_set():
                return None
            if self._capture.grab():
                due_ns = perf_counter_ns()
                pixels = self._capture.retrieve(into)
                if pixels is not None:
                    return Frame(pixels, due_ns, perf_counter_ns(), due_ns)
            self._interrupted.wait(_MISS_PAUSE_S)
        if self._interrupted.is_set():
            return None
        raise SourceLost(f"{self.info.title} stopped delivering pictures.", "Check its cable, then start again.")

    def rewind(self) -> None:
        """Nothing to do: a camera has no beginning."""

    def interrupt(self) -> None:
        """End a wait at the camera's next picture; when it is stuck, after V4L2's time-out (2 s a grab)."""
        self._interrupted.set()

    def close(self) -> None:
        """Give the camera back, as soon as no read is inside it."""
        self._interrupted.set()
        self._capture.close()

    def _inspect(self, mode: CameraMode) -> SourceInfo:
        name = next((camera.name for camera in list_cameras() if camera.address == f"camera:{self._number}"), None)
        title = name or f"camera:{self._number}"
        if not self._capture.is_open:
            raise SourceError(f"{title} cannot be opened.", _remedy())
        check_size(title, *self._capture.size)
        first = next((pixels for pixels in (self._first_picture() for _ in range(_MISSES)) if pixels is not None), None)
        if first is None:
            raise SourceError(f"{title} opens but delivers no picture.", "Close other programs that use it, or plug it in again.")
        height, width = first.shape[:2]
        check_size(title, width, height)
        fps = credible_fps(self._capture.get(cv2.CAP_PROP_FPS))
        return SourceInfo(title=title, width=width, height=height, fps=fps, live=True, note=_difference(mode, width, height, fps))

    def _first_picture(self) -> Pixels | None:
        if self._capture.grab():
            return self._capture.retrieve(None)
        self._interrupted.wait(_MISS_PAUSE_S)
        return None


def camera_number(address: str) -> int:
    """N of `camera:N`."""
    number = address.partition(":")[2].strip()
    if number.isascii() and number.isdecimal() and len(number) <= _MAX_DIGITS:
        return int(number)
    raise SourceError(f"“{address[:80]}” names no camera.", "Write camera: and its number, such as camera:0.")


def _remedy() -> str:
    cameras = list_cameras()
    if not cameras:
        return "No camera was found: plug one in, or use scene:highway."
    listed = ", ".join(f"{camera.address} ({camera.name})" for camera in cameras)
    return f"Found: {listed}. Close other programs that use it; on Linux its user must belong to the group video."


def _difference(mode: CameraMode, width: int, height: int, fps: float | None) -> str:
    """What the camera gives instead of what was asked for; empty when it obeys."""
    asked = (("width", mode.width, width), ("height", mode.height, height), ("rate", mode.fps, fps))
    other = [f"{name} {given:g} instead of {wanted:g}" for name, wanted, given in asked if wanted and given and given != wanted]
    return f"The camera chose {', '.join(other)}." if other else ""
