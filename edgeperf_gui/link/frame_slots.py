"""Pictures from the engine to the window: anonymous shared memory in which the newest frame wins.

Three slots, each guarded by a sequence number that is odd while the slot is being written. The writer never waits for the reader;
a reader that was overtaken while copying notices it by the number and takes the newer one. Anonymous, so a process that is
killed leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import itertools
import threading
from collections.abc import Callable
from multiprocessing.context import SpawnContext
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import DETECTION

SLOTS: Final = 3
MAX_PIXELS: Final = 1920 * 1200
MAX_DETECTIONS: Final = 512
MAX_CLASSES: Final = 10
MAX_MASK_PIXELS: Final = 512 * 512
MAX_TEXT_BYTES: Final = 4096
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
        ("classes", np.int64),
        ("mask_width", np.int64),
        ("mask_height", np.int64),  # 0 when there is no mask
        ("text_bytes", np.int64),
    ]
)
_NEWEST_BYTES: Final = 64
_HEADER_BYTES: Final = 128
_CLASS: Final = np.dtype([("label", np.int64), ("probability", np.float64)])
_PARTS: Final = (
    MAX_DETECTIONS * DETECTION.itemsize,
    MAX_CLASSES * _CLASS.itemsize,
    MAX_TEXT_BYTES,
    MAX_MASK_PIXELS,
    MAX_PIXELS * 4,
)
"""Bytes of the objects, classes, text, mask and picture, in this order behind the header."""
_SLOT_BYTES: Final = _HEADER_BYTES + sum(_PARTS)
_ALL_BYTES: Final = _NEWEST_BYTES + SLOTS * _SLOT_BYTES

_LOCK = threading.Lock()


def _fence() -> None:
    """Keep the stores (loads) before this call before those after it, for processors that reorder them (Arm)."""
    with _LOCK:
        pass
    with _LOCK:
        pass


class Preview(msgspec.Struct, frozen=True, eq=False):
    """One picture for the window and what was found in it."""

    frame: int
    """Number of the frame in its session."""
    pixels: NDArray[np.uint8]
    """`[height, width, 4]`, BGRA, contiguous; a buffer that is used again by the next but one `take`."""
    findings: Findings
    """Copies; coordinates in pixels of the source frame, not of this picture. A mask too large for a slot was thinned out."""
    source_size: tuple[int, int]
    """Width and height of the source frame."""
    post_end_ns: int
    """When its findings were ready."""


class _Slot:
    """Views of one slot's memory."""

    def __init__(self, memory: NDArray[np.uint8]) -> None:
        self.header: NDArray[np.void] = memory[: _HEADER.itemsize].view(_HEADER)
        ends = np.cumsum((_HEADER_BYTES, *_PARTS)).tolist()
        boxes, classes, text, mask, pixels = (memory[start:end] for start, end in itertools.pairwise(ends))
        self.boxes: NDArray[np.void] = boxes.view(DETECTION)
        self.classes: NDArray[np.void] = classes.view(_CLASS)
        self.text = text
        self.mask = mask
        self.pixels = pixels

    def put(self, findings: Findings) -> tuple[int, int, int, int, int]:
        """Copy what was found, as far as it fits; returns what the header must say of it."""
        boxes = min(len(findings.boxes), MAX_DETECTIONS)
        self.boxes[:boxes] = findings.boxes[:boxes]
        classes = findings.classes[:MAX_CLASSES]
        if classes:
            self.classes[: len(classes)] = list(classes)
        text = "\n".join(findings.values).encode("utf-8", "replace")[:MAX_TEXT_BYTES]
        self.text[: len(text)] = np.frombuffer(text, np.uint8)
        mask = _thinned(findings.mask)
        height, width = mask.shape
        self.mask[: mask.size].reshape(height, width)[:] = mask
        return boxes, len(classes), width, height, len(text)

    def found(self, boxes: int, classes: int, width: int, height: int, text: int) -> Findings:
        """Copies of what was found."""
        return Findings(
            self.boxes[:boxes].copy(),
            tuple(self.classes[:classes].tolist()),
            self.mask[: width * height].reshape(height, width).copy() if width * height else None,
            # a letter cut in half at the end is left out
            tuple(self.text[:text].tobytes().decode("utf-8", "ignore").split("\n")) if text else (),
        )


def _thinned(mask: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """The mask with rows and columns left out until it fits a slot; 0 × 0 when there is none."""
    if mask is None:
        return np.empty((0, 0), np.uint8)
    if mask.size <= MAX_MASK_PIXELS:
        return mask
    shrink = (MAX_MASK_PIXELS / mask.size) ** 0.5
    rows, columns = (_spread(length, shrink) for length in mask.shape)
    thin: NDArray[np.uint8] = mask[rows[:MAX_MASK_PIXELS, None], columns[: MAX_MASK_PIXELS // len(rows)]]
    return thin


def _fit(boxes: int, classes: int, width: int, height: int, text: int) -> bool:
    """Whether a header's counts can be true: one read while it is written may say anything."""
    return (
        0 <= boxes <= MAX_DETECTIONS
        and 0 <= classes <= MAX_CLASSES
        and width >= 0
        and height >= 0
        and width * height <= MAX_MASK_PIXELS
        and 0 <= text <= MAX_TEXT_BYTES
    )


def _spread(length: int, shrink: float) -> NDArray[np.intp]:
    """Which of `length` rows stay, evenly spread."""
    count = max(1, int(length * shrink))
    return ((np.arange(count) + 0.5) * (length / count)).astype(np.intp)


class FrameSlots:
    """Shared by exactly one writing process (engine) and one reading process (window); handed over as a process argument."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        memory = np.frombuffer(raw, np.uint8)
        self._newest: NDArray[np.int64] = memory[:8].view(np.int64)
        starts = range(_NEWEST_BYTES, _ALL_BYTES, _SLOT_BYTES)
        self._slots = [_Slot(memory[start : start + _SLOT_BYTES]) for start in starts]
        self._size = (0, 0)
        self._taken = 0
        self._copies: list[NDArray[np.uint8]] = [np.empty((0, 0, 4), np.uint8)] * 2

    @classmethod
    def create(cls, context: SpawnContext) -> FrameSlots:
        """Allocate the memory; about 29 MB."""
        return cls(context.RawArray(ctypes.c_uint8, _ALL_BYTES))

    def __reduce__(self) -> tuple[Callable[[Any], FrameSlots], tuple[Any]]:
        return FrameSlots, (self._raw,)

    def reset(self) -> None:
        """Forget all pictures, also half-written ones of a writer that died. Only while nobody writes."""
        self._newest[0] = 0
        self._taken = 0
        for slot in self._slots:
            slot.header["seq"] = 0
            slot.header["ticket"] = 0

    # The engine's side ------------------------------------------------------------------------------------------------------

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """A writable `[height, width, 4]` to draw the next picture into; nobody sees it before `publish`."""
        if width < 1 or height < 1 or width * height > MAX_PIXELS:
            raise ValueError(f"a preview of {width}×{height} pixels does not fit")
        slot = self._next_slot()
        slot.header["seq"] |= 1
        _fence()
        self._size = (width, height)
        return slot.pixels[: width * height * 4].reshape(height, width, 4)

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        """Show the picture drawn last, with what was found as far as a slot holds it, best first."""
        slot = self._next_slot()
        header = slot.header
        if not header["seq"][0] & 1:
            raise ValueError("publish() without preview()")
        ticket = int(self._newest[0]) + 1
        counts = slot.put(findings)
        seq = int(header["seq"][0])
        header[0] = (seq, ticket, frame, *self._size, *source_size, post_end_ns, *counts)
        _fence()
        header["seq"] = seq + 1
        _fence()
        self._newest[0] = ticket

    def _next_slot(self) -> _Slot:
        return self._slots[int(self._newest[0]) % SLOTS]

    # The window's side ------------------------------------------------------------------------------------------------------

    def take(self) -> Preview | None:
        """The newest picture, or None when there is none newer than the last one taken. Never waits."""
        for _ in range(_ATTEMPTS):
            newest = int(self._newest[0])
            if newest <= self._taken:
                return None
            _fence()
            preview = self._copy(self._slots[(newest - 1) % SLOTS])
            if preview is not None:
                return preview
        return None

    def _copy(self, slot: _Slot) -> Preview | None:
        """The slot's picture, or None when it is being written or was overwritten meanwhile."""
        header = slot.header
        seq = int(header["seq"][0])
        if seq & 1:
            return None
        _fence()
        ticket, frame, width, height, source_width, source_height, post_end_ns, *counts = header[0].item()[1:]
        if ticket <= self._taken or not 0 < width * height <= MAX_PIXELS or not _fit(*counts):
            return None
        pixels = self._buffer(width, height)
        np.copyto(pixels, slot.pixels[: width * height * 4].reshape(height, width, 4))
        findings = slot.found(*counts)
        _fence()
        if int(header["seq"][0]) != seq:
            return None
        self._taken = ticket
        self._copies.reverse()
        return Preview(frame, pixels, findings, (source_width, source_height), post_end_ns)

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
