"""The frames that are watched: the source at its own rate, the newest one taken, wherever the variants are slower."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.pacing import Mailbox
from edgeperf_gui.engine.reader import Reader
from edgeperf_gui.engine.sources.source import Pixels, Source

_BUFFERS: Final = 4
"""One being read, one in the mailbox, one being watched, and one on its way back."""
_LOOK_S: Final = 0.2
_GONE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class WatchedFrame:
    """One frame to run all variants on; `pixels` are valid until the next one is taken."""

    number: int
    pixels: Pixels
    at_s: float | None
    """Where it lies in a file, or since the first frame of a live source; None for pictures."""
    place: object
    """The same half second of a file, or the same picture of a folder, has the same place each time round."""


class WatchedFrames:
    """Iterate over it; it ends when stopped or when the source does. Raises what reading raises."""

    def __init__(self, source: Source, stop: threading.Event) -> None:
        self._info = source.info
        self._stop = stop
        self._rung = threading.Event()
        self._spare: queue.SimpleQueue[Pixels | None] = queue.SimpleQueue()
        for _ in range(_BUFFERS):
            self._spare.put(None)
        self._mailbox = Mailbox(self._rung.set)
        self._reader = Reader(source, self._mailbox, self._spare, paced=True, loop=True)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._read, name="watch-reader", daemon=True)

    def __iter__(self) -> Iterator[WatchedFrame]:
        self._thread.start()
        number, first_ns = 0, 0
        while not self._stop.is_set():
            self._rung.clear()  # before looking, or a ring in between would be lost
            frame = self._mailbox.take()
            if frame is None:
                if not self._thread.is_alive():
                    break
                self._rung.wait(_LOOK_S)
                continue
            first_ns = first_ns or frame.due_ns
            at_s = (frame.due_ns - first_ns) / 1e9 if first_ns else None
            yield WatchedFrame(number, frame.pixels, *_position(self._info, number, at_s))
            number += 1
            self._spare.put(frame.pixels)
        if self._error is not None and not self._stop.is_set():
            raise self._error

    def close(self) -> None:
        """End the reading."""
        self._reader.halt()
        if self._thread.is_alive():
            self._thread.join(_GONE_S)

    def _read(self) -> None:
        try:
            self._reader.run()
        except Exception as error:
            self._error = error
        finally:
            self._rung.set()


def _position(info: SourceInfo, number: int, at_s: float | None) -> tuple[float | None, object]:
    """Second in the source, and the place by which a repeated one is known."""
    if at_s is None:
        return None, number % info.frames if info.frames else number
    if not info.live and info.frames and info.fps:
        at_s %= info.frames / info.fps
    # whatever a live source shows is new
    return at_s, number if info.live else int(at_s * 2)
