"""A video file."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter_ns
from typing import Final

import cv2

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.sources.capture import (
    Capture,
    check_size,
    check_text,
    credible_fps,
    credible_frames,
    decoding_threads,
)
from edgeperf_gui.engine.sources.source import Frame, Notify, Pixels

ASSUMED_FPS: Final = 25.0
"""Rate of a file that does not say its own."""

_UNDECODABLE_IN_A_ROW: Final = 100
_ALL: Final = 0.95
"""Share of the frames stated that counts as all of them: containers round, and their last frames are often cut off."""
_REMEDY: Final = "Use a video that a player can show, such as an MP4 or AVI file."


class VideoFile:
    """A recording on disk, decoded by FFmpeg inside OpenCV. A truncated one ends where decoding ends."""

    info: SourceInfo

    def __init__(self, path: Path, notify: Notify = lambda _: None) -> None:
        """Open the file and decode its first frame, to be sure there is one. `notify` is told once when it ends too early."""
        self._path = path
        self._notify = notify
        self._delivered, self._reached_ms = 0, 0.0
        self._is_told = False
        self._threads = 1
        self._rewound = False
        _check_regular_file(path)
        self._capture = self._open()
        try:
            self.info = self._inspect()
            self.rewind()
        except BaseException:
            self.close()
            raise

    def read(self, into: Pixels | None) -> Frame | None:
        """The next frame; its decode stamps enclose grab and retrieve. None at the end."""
        for _ in range(_UNDECODABLE_IN_A_ROW):
            start_ns = perf_counter_ns()
            if not self._grab():
                self._look_whether_all_came()
                return None
            pixels = self._capture.retrieve(into)
            if pixels is not None:
                frame = Frame(pixels, start_ns, perf_counter_ns(), due_ns=0)
                # asked now, because at the end the capture no longer knows; 0.2 µs, and outside the stamps
                self._reached_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
                self._delivered += 1
                return frame
        return None

    def rewind(self) -> None:
        """Back to the first frame: by a seek (0.2 ms), or by opening anew (3 ms) where the container has no index to seek in."""
        if self.info.frames is None or not self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0):
            self._reopen()
        self._rewound, self._delivered = True, 0

    def interrupt(self) -> None:
        """Nothing to do: a file does not wait."""

    def close(self) -> None:
        """Close the file."""
        self._capture.close()

    def _grab(self) -> bool:
        grabbed = self._capture.grab()
        if not grabbed and self._rewound:
            # Some containers accept the seek to their beginning and then deliver nothing.
            self._reopen()
            grabbed = self._capture.grab()
        self._rewound = False
        return grabbed

    def _look_whether_all_came(self) -> None:
        """Tell of a file that stops long before the end it states, in frames and in time: either alone may be an estimate."""
        if self._is_told or not self._delivered or self.info.frames is None or self.info.fps is None:
            return
        stated_s = self.info.frames / self.info.fps
        reached_s = self._reached_ms / 1000 + 1 / self.info.fps
        if self._delivered < _ALL * self.info.frames and reached_s < _ALL * stated_s:
            self._is_told = True
            self._notify(
                Notice(
                    session_id="",
                    sentence=f"“{self._path.name}” is not whole: {self._delivered} of its {self.info.frames} frames can be read.",
                    remedy="What can be read is played; copy or convert the file again to have the rest.",
                )
            )

    def _open(self) -> Capture:
        capture = Capture(str(self._path.absolute()), cv2.CAP_FFMPEG, (cv2.CAP_PROP_N_THREADS, self._threads))
        if capture.is_open and capture.is_picture:
            return capture
        capture.close()
        raise SourceError(f"“{self._path.name}” is not a video that can be read, or it is damaged.", _REMEDY)

    def _reopen(self) -> None:
        self._capture.close()
        self._capture = self._open()

    def _inspect(self) -> SourceInfo:
        check_size(f"“{self._path.name}”", *self._capture.size)
        first = self._capture.retrieve(None) if self._capture.grab() else None
        if first is None:
            raise SourceError(f"No frame of “{self._path.name}” can be decoded.", _REMEDY)
        height, width = first.shape[:2]
        check_size(f"“{self._path.name}”", width, height)
        frames = credible_frames(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        fps = credible_fps(self._capture.get(cv2.CAP_PROP_FPS))
        if decoding_threads(width, height) != self._threads:
            self._threads = decoding_threads(width, height)
            self._reopen()
        return SourceInfo(
            title=self._path.name,
            width=width,
            height=height,
            fps=fps or ASSUMED_FPS,
            live=False,
            frames=frames,
            note=""
            if fps
            else f"The file does not say a credible frame rate; {ASSUMED_FPS:g} fps is assumed, which flat out does not need.",
        )


def _check_regular_file(path: Path) -> None:
    """Refuse what is missing, empty, unreadable, or would block for ever (pipes and devices)."""
    check_text(str(path))
    try:
        if not path.exists():
            raise SourceError(f"There is no file “{path}”.", "Check the path, or try scene:highway.")
        if not path.is_file():
            raise SourceError(f"“{path}” is not an ordinary file.", "Give a video file; a camera is camera:0, a stream a URL.")
        if path.stat().st_size == 0:
            raise SourceError(f"“{path.name}” is empty.", _REMEDY)
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise SourceError(f"“{str(path)[:200]}” cannot be read: {reason}.", "Check the path and its permissions.") from error
