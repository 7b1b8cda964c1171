"""The protocol every source follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import SourceInfo

Pixels = NDArray[np.uint8]
"""A frame: `[height, width, 3]`, BGR, C-contiguous."""

Notify = Callable[[Notice], None]
"""Told from the reading thread what the user should know of a source that is open; no session's id is in it yet."""


@dataclass(slots=True)
class Frame:
    """One decoded frame and its stamps (`perf_counter_ns`)."""

    pixels: Pixels
    decode_start_ns: int
    decode_end_ns: int
    due_ns: int
    """When it arrived, for a live source; 0 for a source without a clock of its own (the pacer sets it)."""
    number: int | None = None
    """Which frame of the source it is, from 0; None where the source does not count them."""


class Source(Protocol):
    """Frames, one after the other. Opened by its constructor, which raises SourceError; used from one thread."""

    info: SourceInfo

    def read(self, into: Pixels | None) -> Frame | None:
        """The next frame, decoded into `into` when its shape fits; None at the end. Waits for a live source's next frame.

        Raises SourceLost when a live source has gone (stream: after its reconnect attempts), SourceError when a file is damaged.
        """

    def rewind(self) -> None:
        """Start again from the first frame (no-op for a live source)."""

    def interrupt(self) -> None:
        """Make a waiting `read` return None soon; called from another thread."""

    def close(self) -> None:
        """Release everything; safe to call twice."""


@runtime_checkable
class GoesOn(Protocol):
    """A source whose world does not wait: frames that nobody could read in time are passed over."""

    def skip(self, frames: int) -> None:
        """Let so many frames go by."""
