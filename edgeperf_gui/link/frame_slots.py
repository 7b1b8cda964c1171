"""Pictures from the engine to the window: anonymous shared memory in which the newest frame wins.

Three slots, each guarded by a sequence number that is odd while the slot is being written. The writer never waits for the reader;
a reader that was overtaken while copying notices it by the number and takes the newer one. Anonymous, so a process that is
killed leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from multiprocessing.context import SpawnContext
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.records import DETECTION, Detections

SLOTS: Final = 3
MAX_PIXELS: Final = 1920 * 1200
MAX_DETECTIONS: Final = 512
_ATTEMPTS: Final = 4

_HEADER: Final = np.dtype(
    [
        ("seq", np.int64),
        ("ticket", np.int64),  # which publication this is, from 1
        ("frame", np.int64),
        ("width", np.int64),
        ("height", np.int64),
        ("source_width", np.int64),
        ("source_height", np.int64),
        ("post_end_ns", np.int64),
        ("detections", np.int64),
    ]
)
_NEWEST_BYTES: Final = 64
_HEADER_BYTES: Final = 128
_DETECTION_BYTES: Final = MAX_DETECTIONS * DETECTION.itemsize
_SLOT_BYTES: Final = _HEADER_BYTES + _DETECTION_BYTES + MAX_PIXELS * 4
_ALL_BYTES: Final = _NEWEST_BYTES + SLOTS * _SLOT_BYTES

_LOCK = threading.Lock()


def _fence() -> None:
    """Keep the stores (loads) before this call before those after it, for processors that reorder them (Arm)."""
    with _LOCK:
        pass
    with _LOCK:
        pass


class Preview(msgspec.Struct, frozen=True, eq=False):
    """One picture for the window and the objects found in it."""

    frame: int
    """Number of the frame in its session."""
    pixels: NDArray[np.uint8]
    """`[height, width, 4]`, BGRA, contiguous; a buffer that is used again by the next but one `take`."""
    detections: Detections
    """A copy; coordinates in pixels of the source frame, not of this picture."""
    source_size: tuple[int, int]
    """Width and height of the source frame."""
    post_end_ns: int
    """When its detections were ready."""


class FrameSlots:
    """Shared by exactly one writing process (engine) and one reading process (window); handed over as a process argument."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        memory = np.frombuffer(raw, np.uint8)
        self._newest: NDArray[np.int64] = memory[:8].view(np.int64)
        self._headers: list[NDArray[np.void]] = []
        self._detections: list[Detections] = []
        self._pixels: list[NDArray[np.uint8]] = []
        for slot in range(SLOTS):
            at = _NEWEST_BYTES + slot * _SLOT_BYTES
            self._headers.append(memory[at : at + _HEADER.itemsize].view(_HEADER))
            at += _HEADER_BYTES
            self._detections.append(memory[at : at + _DETECTION_BYTES].view(DETECTION))
            at += _DETECTION_BYTES
            self._pixels.append(memory[at : at + MAX_PIXELS * 4])
        self._size = (0, 0)
        self._taken = 0
        self._copies: list[NDArray[np.uint8]] = [np.empty((0, 0, 4), np.uint8)] * 2

    @classmethod
    def create(cls, context: SpawnContext) -> FrameSlots:
        """Allocate the memory; about 28 MB."""
        return cls(context.RawArray(ctypes.c_uint8, _ALL_BYTES))

    def __reduce__(self) -> tuple[Callable[[Any], FrameSlots], tuple[Any]]:
        return FrameSlots, (self._raw,)

    def reset(self) -> None:
        """Forget all pictures, also half-written ones of a writer that died. Only while nobody writes."""
        self._newest[0] = 0
        self._taken = 0
        for header in self._headers:
            header["seq"] = 0
            header["ticket"] = 0

    # The engine's side ------------------------------------------------------------------------------------------------------

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """A writable `[height, width, 4]` to draw the next picture into; nobody sees it before `publish`."""
        if width < 1 or height < 1 or width * height > MAX_PIXELS:
            raise ValueError(f"a preview of {width}×{height} pixels does not fit")
        slot = self._next_slot()
        header = self._headers[slot]
        header["seq"] |= 1
        _fence()
        self._size = (width, height)
        return self._pixels[slot][: width * height * 4].reshape(height, width, 4)

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], detections: Detections) -> None:
        """Show the picture drawn last; the best `MAX_DETECTIONS` objects go with it."""
        slot = self._next_slot()
        header = self._headers[slot]
        if not header["seq"][0] & 1:
            raise ValueError("publish() without preview()")
        ticket = int(self._newest[0]) + 1
        count = min(len(detections), MAX_DETECTIONS)
        self._detections[slot][:count] = detections[:count]
        seq = int(header["seq"][0])
        header[0] = (seq, ticket, frame, *self._size, *source_size, post_end_ns, count)
        _fence()
        header["seq"] = seq + 1
        _fence()
        self._newest[0] = ticket

    def _next_slot(self) -> int:
        return int(self._newest[0]) % SLOTS

    # The window's side ------------------------------------------------------------------------------------------------------

    def take(self) -> Preview | None:
        """The newest picture, or None when there is none newer than the last one taken. Never waits."""
        for _ in range(_ATTEMPTS):
            newest = int(self._newest[0])
            if newest <= self._taken:
                return None
            _fence()
            preview = self._copy((newest - 1) % SLOTS)
            if preview is not None:
                return preview
        return None

    def _copy(self, slot: int) -> Preview | None:
        """The slot's picture, or None when it is being written or was overwritten meanwhile."""
        header = self._headers[slot]
        seq = int(header["seq"][0])
        if seq & 1:
            return None
        _fence()
        ticket, frame, width, height, source_width, source_height, post_end_ns, count = header[0].item()[1:]
        if ticket <= self._taken or not 0 < width * height <= MAX_PIXELS or not 0 <= count <= MAX_DETECTIONS:
            return None
        pixels = self._buffer(width, height)
        np.copyto(pixels, self._pixels[slot][: width * height * 4].reshape(height, width, 4))
        detections = self._detections[slot][:count].copy()
        _fence()
        if int(header["seq"][0]) != seq:
            return None
        self._taken = ticket
        self._copies.reverse()
        return Preview(frame, pixels, detections, (source_width, source_height), post_end_ns)

    def _buffer(self, width: int, height: int) -> NDArray[np.uint8]:
        """The older of the two copies, made anew when the size changed."""
        if self._copies[0].shape != (height, width, 4):
            self._copies[0] = np.empty((height, width, 4), np.uint8)
        return self._copies[0]


def fit_view(width: int, height: int) -> tuple[int, int] | None:
    """The size a picture may have in a view of this size: the view's own, or smaller in proportion when it fits no slot."""
    if width < 1 or height < 1:
        return None
    shrink = min(1.0, (MAX_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * shrink)), max(1, int(height * shrink))
