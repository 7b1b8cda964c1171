"""What the engine may tell the outside, whoever listens: the link's child, the command line, or a test."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import FromEngine


class Outbox(Protocol):
    """Called from the engine's sender thread only, never from a thread that measures."""

    def send(self, message: FromEngine) -> None:
        """Hand over one message; may block while the reader stalls."""

    def preview_size(self) -> tuple[int, int] | None:
        """Width and height (device pixels) the picture should fit into; None when nobody looks."""

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """A writable array `[height, width, 4]` (BGRA) to draw the next preview into."""

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        """Show the preview just drawn, with what was found in it (coordinates in source pixels)."""

    def shown(self) -> list[tuple[int, int]]:
        """Frames painted since the last call: (frame number, `perf_counter_ns` stamp)."""
