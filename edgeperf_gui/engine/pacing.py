"""Time and hand-over between the reader and the pipeline: when a frame is due, and which one is taken."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Final

from edgeperf_gui.engine.sources.source import Frame

_SPIN_NS: Final = 200_000
"""A sleeping thread wakes some 60–200 µs late; the last stretch is waited out awake."""


class Pacer:
    """Due times of a source that has a rate but no clock: t0 + n/fps."""

    keeps_all = False

    def __init__(self, fps: float) -> None:
        self._period_ns = 1e9 / fps
        self._t0_ns = 0
        self._n = 0

    def start(self, now_ns: int) -> None:
        """The first frame is due now."""
        self._t0_ns, self._n = now_ns, 0

    def next_due(self, now_ns: int) -> tuple[int, int]:
        """(due time of the next frame, frames that a camera would have taken meanwhile and that are lost).

        A reader that is late by more than a period does not catch up: the world went on without it.
        """
        late = int((now_ns - self._due(self._n)) // self._period_ns)
        lost = max(0, late)
        self._n += lost
        due_ns = self._due(self._n)
        self._n += 1
        return due_ns, lost

    def halt(self) -> None:
        """Nobody waits in here."""

    def _due(self, n: int) -> int:
        return self._t0_ns + round(n * self._period_ns)


def wait_until(due_ns: int, stop: threading.Event) -> bool:
    """Sleep until a stamp; False when stopped before."""
    while (left_ns := due_ns - time.perf_counter_ns()) > 0:
        if left_ns > _SPIN_NS:
            if stop.wait((left_ns - _SPIN_NS) / 1e9):
                return False
        else:
            time.sleep(0)
    return not stop.is_set()


class Mailbox:
    """Frames from the one reader to the one worker. Built on SimpleQueue: a Condition costs three lock hand-overs a frame.

    A paced or live reader posts (newest wins). A reader that runs flat out waits for room first, so that no more than one frame
    lies ready and the time it lies there is the model's doing and not a long queue's of our own.

    The worker never waits here, for it also waits for the runtime: `ring` is called when a frame comes after it looked in vain.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._taken = threading.Lock()  # locked while a frame that was waited for lies here
        self._wanted = False
        self.closed = False
        """Whether no more frames will come."""

    def post(self, frame: Frame) -> Frame | None:
        """Put the newest frame; returns the one it replaced, which is thereby dropped."""
        replaced = self._look()
        self.hand_over(frame)
        return replaced

    def wait_for_room(self) -> bool:
        """Wait until the last frame handed over was taken; False once closed."""
        self._taken.acquire()
        return not self.closed

    def hand_over(self, frame: Frame) -> None:
        """Put a frame that must not be lost, after `wait_for_room`."""
        self._frames.put(frame)
        if self._wanted:
            self._ring()

    def take(self) -> Frame | None:
        """The frame that lies ready, if one does; otherwise the worker is rung for."""
        self._wanted = True  # said before looking, or a frame put in between would lie unseen
        frame = self._look()
        if frame is not None:
            self._wanted = False
            self._make_room()
        return frame

    @property
    def lying(self) -> int:
        """Frames that nobody took."""
        return self._frames.qsize()

    def close(self) -> None:
        """No more frames will come; wakes both sides."""
        self.closed = True
        self._ring()
        self._make_room()

    def _look(self) -> Frame | None:
        try:
            return self._frames.get_nowait()
        except queue.Empty:
            return None

    def _make_room(self) -> None:
        with contextlib.suppress(RuntimeError):  # it was free, or the other side was quicker
            self._taken.release()
