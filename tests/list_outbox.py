"""An outbox that keeps what the engine tells: the stand-in of every test that needs no window."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import RecordBatch
from edgeperf_gui.domain.records import FRAME, Records

PAINT_NS = 3_000_000
"""From a picture that is ready to one that is painted."""


class Picture(NamedTuple):
    """One that was shown."""

    frame: int
    source_size: tuple[int, int]
    pixels: np.ndarray
    findings: Findings


class ListOutbox:
    """`engine.outbox.Outbox` with lists.

    With a `view` somebody looks: pictures fit into it, and each is painted `PAINT_NS` after it was ready; `paints=False` is a
    window that never comes to it. `hears` is called with every message once it is kept, in the thread that tells it.
    """

    def __init__(
        self, view: tuple[int, int] | None = None, *, paints: bool = True, hears: Callable[[object], object] | None = None
    ) -> None:
        self.messages: list = []
        self.pictures: list[Picture] = []
        self._view, self._paints, self._hears = view, paints, hears
        self._canvas = np.zeros((1, 1, 4), np.uint8)
        self._painted: list[tuple[int, int]] = []

    def send(self, message: object) -> None:
        self.messages.append(message)
        if self._hears is not None:
            self._hears(message)

    def preview_size(self) -> tuple[int, int] | None:
        return self._view

    def preview(self, width: int, height: int) -> np.ndarray:
        assert self._view is not None, "nobody looks"
        self._canvas = np.zeros((height, width, 4), np.uint8)
        return self._canvas

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        assert self._view is not None, "nobody looks"
        # the boxes are the engine's own memory, which the next frame is written into
        kept = Findings(findings.boxes.copy(), findings.classes, findings.mask, findings.values)
        self.pictures.append(Picture(frame, source_size, self._canvas, kept))
        if self._paints:
            self._painted.append((frame, post_end_ns + PAINT_NS))

    def shown(self) -> list[tuple[int, int]]:
        painted, self._painted = self._painted, []
        return painted

    def of(self, kind: type) -> list:
        """The messages of this kind, oldest first."""
        return [message for message in self.messages if isinstance(message, kind)]

    def records(self) -> Records:
        """Of all frames that were told."""
        return np.concatenate([np.frombuffer(batch.data, FRAME) for batch in self.of(RecordBatch)])
