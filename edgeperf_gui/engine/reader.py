"""The reader: frames from a source, each at its time, into the mailbox."""

from __future__ import annotations

import queue
import threading
import time

from edgeperf_gui.engine.arrivals import Timetable
from edgeperf_gui.engine.pacing import Mailbox, Pacer, wait_until
from edgeperf_gui.engine.sources.source import Frame, GoesOn, Pixels, Source


class Reader:
    """Reads until stopped or the source ends. `dropped` counts frames that nobody could take in time."""

    def __init__(
        self,
        source: Source,
        mailbox: Mailbox,
        spare: queue.SimpleQueue[Pixels | None],
        *,
        paced: bool,
        loop: bool,
        timetable: Timetable | None = None,
    ) -> None:
        """`spare`: frame buffers that may be filled, None for one not made yet. `timetable`: instead of the source's own rate."""
        self._source = source
        self._mailbox = mailbox
        self._spare = spare
        self._loop = loop
        self._stop = threading.Event()
        info = source.info
        # a source without a rate of its own (a folder of images) cannot be paced
        own = Pacer(info.fps) if paced and not info.live and info.fps else None
        self._timetable: Timetable | None = own if timetable is None or info.live else timetable
        self.is_flat_out = self._timetable is None and not info.live
        self.dropped = 0
        self.ended = False

    def halt(self) -> None:
        """Stop, also from inside a wait."""
        self._stop.set()
        self._source.interrupt()
        if self._timetable:
            self._timetable.halt()
        self._spare.put(None)
        self._mailbox.close()

    def run(self) -> None:
        """Read and hand over; returns when stopped or at the source's end."""
        if self._timetable:
            self._timetable.start(time.perf_counter_ns())
        while not self._stop.is_set():
            buffer = self._spare.get()
            due_ns = self._await_turn()
            if due_ns is None:
                self.ended = not self._stop.is_set()  # the timetable was over
                return
            frame = self._next(buffer)
            if frame is None:
                self.ended = not self._stop.is_set()
                return
            frame.due_ns = frame.due_ns or due_ns
            self._deliver(frame)

    def _await_turn(self) -> int | None:
        """When the next frame is due (0: nobody says); None when stopped meanwhile, or when no more will come."""
        if self._timetable:
            coming = self._timetable.next_due(time.perf_counter_ns())
            if coming is None:
                return None
            due_ns, lost = coming
            self.dropped += lost
            if lost and isinstance(self._source, GoesOn):
                self._source.skip(lost)
            return due_ns if wait_until(due_ns, self._stop) else None
        if self.is_flat_out and not self._mailbox.wait_for_room():
            return None
        return None if self._stop.is_set() else 0

    def _next(self, buffer: Pixels | None) -> Frame | None:
        """The next frame; a file that is to be looped is begun again within the same turn, or each round would lose a frame."""
        frame = self._source.read(buffer)
        if frame is None and self._loop and not self._source.info.live and not self._stop.is_set():
            self._source.rewind()
            frame = self._source.read(buffer)
        return frame

    def _deliver(self, frame: Frame) -> None:
        if self.is_flat_out or (self._timetable is not None and self._timetable.keeps_all):
            self._mailbox.hand_over(frame)
            return
        replaced = self._mailbox.post(frame)
        if replaced is not None:
            self.dropped += 1
            self._spare.put(replaced.pixels)
