"""A network stream: RTSP, HTTP or UDP, with time-outs and reconnection."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, perf_counter_ns
from typing import Final

import cv2

from edgeperf_gui.domain.address import is_sound, redact
from edgeperf_gui.domain.errors import SourceError, SourceLost
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.sources.capture import Capture, check_size, credible_fps, credible_frames
from edgeperf_gui.engine.sources.line import Line
from edgeperf_gui.engine.sources.source import Frame, Notify, Pixels

SCHEMES: Final = ("rtsp", "rtsps", "http", "https", "udp")

_ALWAYS_LIVE: Final = frozenset({"rtsp", "rtsps", "udp"})
_OPTIONS: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_UNDECODABLE_IN_A_ROW: Final = 100
_BACKLOG_GRABS: Final = 128
_BACKLOG_S: Final = 0.5
_WAITED_NS: Final = 8_000_000
"""A grab that took this long had to wait, so it delivered the newest picture."""

_POLITE_S: Final = 0.3
"""How long a picture under way is waited for before hanging up, so that a healthy stream is taken leave of in its protocol."""

_environment: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a stream is waited for."""

    open_s: float = 5.0
    read_s: float = 5.0
    first_pause_s: float = 0.5
    """Before the first reconnection; doubled after each that fails, up to `longest_pause_s`."""
    longest_pause_s: float = 8.0
    give_up_s: float = 60.0
    """After this long without a picture the stream is lost."""


class StreamSource:
    """Live pictures from a URL. `due` is the moment grab returned; decode is retrieve alone.

    FFmpeg receives and decodes in one call that mostly waits, so only the conversion to BGR can be told apart.
    A finite recording behind an HTTP URL is not live: it ends and can be rewound; its first picture is spent on the check.
    """

    info: SourceInfo
    """Replaced when a stream comes back with another size."""

    def __init__(self, url: str, notify: Notify, patience: Patience = Patience()) -> None:
        """Connect and take one picture, to be sure there is one."""
        self._url = url
        self._shown = redact(url)
        self._notify = notify
        self._patience = patience
        self._interrupted = threading.Event()
        self._line = Line()
        if not is_sound(url):
            raise SourceError(f"{self._shown} is not a URL that can be opened.", "Write it like rtsp://host:554/path.")
        self._capture = self._connect()

    def read(self, into: Pixels | None) -> Frame | None:
        """Wait for the next picture; reconnects by itself. Raises SourceLost when it does not come back."""
        while not self._interrupted.is_set():
            frame = self._next(into)
            if frame is not None:
                return frame
            if self._interrupted.is_set() or not self.info.live:
                break
            self._reconnect()
        return None

    def rewind(self) -> None:
        """Open a finite recording again; no-op for a live stream. Raises SourceError when the server has gone."""
        if not self.info.live:
            self._capture.close()
            self._capture = self._connect()

    def interrupt(self) -> None:
        """End a pause between reconnections at once, and a wait for a picture when it comes or after 0.3 s by hanging up.

        OpenCV offers no way to break a running grab or open, so its sockets are shut down under it. Where the system does not
        list them (not Linux), and for UDP, the wait lasts up to `read_s` or `open_s`; a silent name server may hold it longer.
        """
        self._interrupted.set()
        if self._line.is_dialling or not self._capture.is_free_within(_POLITE_S):
            self._line.hang_up()

    def close(self) -> None:
        """Disconnect, as soon as no read is inside the capture."""
        self.interrupt()
        self._capture.close()

    def _next(self, into: Pixels | None) -> Frame | None:
        for _ in range(_UNDECODABLE_IN_A_ROW):
            start_ns = perf_counter_ns()
            if not self._capture.grab():
                return None
            grabbed_ns = perf_counter_ns()
            pixels = self._capture.retrieve(into)
            if pixels is not None and self.info.live:
                return Frame(pixels, grabbed_ns, perf_counter_ns(), grabbed_ns)
            if pixels is not None:
                return Frame(pixels, start_ns, perf_counter_ns(), due_ns=0)
        return None

    def _reconnect(self) -> None:
        """Try again with growing pauses until a picture comes or patience ends."""
        self._capture.close()
        lost_at, pause_s = monotonic(), self._patience.first_pause_s
        self._notify(
            Notice(
                session_id="",
                sentence=f"The stream {self._shown} stopped; reconnecting for up to {self._patience.give_up_s:g} s.",
                remedy="Check the camera and the network; the session goes on by itself when pictures come again.",
                is_reconnecting=True,
            )
        )
        while not self._interrupted.wait(pause_s):
            left_s = self._patience.give_up_s - (monotonic() - lost_at)
            if left_s <= 0:
                raise SourceLost(
                    f"The stream {self._shown} has been gone for {self._patience.give_up_s:g} s.",
                    "Check the camera and the network, then start again.",
                )
            with contextlib.suppress(SourceError):
                self._capture = self._connect(min(self._patience.open_s, left_s))
                self._notify(Notice("", f"The stream {self._shown} is back after {monotonic() - lost_at:.1f} s."))
                return
            pause_s = min(2 * pause_s, self._patience.longest_pause_s)

    def _connect(self, open_s: float | None = None) -> Capture:
        capture = self._open(self._patience.open_s if open_s is None else open_s)
        try:
            self.info = self._inspect(capture)
        except BaseException:
            capture.close()
            raise
        if self._interrupted.is_set():
            capture.close()  # closed while connecting: nobody else will
        return capture

    def _open(self, open_s: float) -> Capture:
        started = monotonic()
        with _capture_options("rtsp_transport;tcp" if self._url.lower().startswith("rtsp") else ""), self._line.dialling():
            capture = Capture(
                self._url,
                cv2.CAP_FFMPEG,
                (
                    *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, max(1, round(1000 * open_s))),
                    *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, max(1, round(1000 * self._patience.read_s))),
                    # With more threads FFmpeg holds a picture back per thread: later pictures, and a frozen stream noticed late.
                    *(cv2.CAP_PROP_N_THREADS, 1),
                ),
            )
        if capture.is_open and capture.is_picture:
            return capture
        capture.close()
        if monotonic() - started >= 0.9 * open_s:
            raise SourceError(f"{self._shown} did not answer within {open_s:g} s.", "Check the address and that it is on.")
        raise SourceError(f"{self._shown} cannot be opened.", "Check the address, user and password, and that it is a video.")

    def _inspect(self, capture: Capture) -> SourceInfo:
        check_size(self._shown, *capture.size)
        frames = credible_frames(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        live = frames is None or self._scheme in _ALWAYS_LIVE
        first = _newest(capture) if live else _first(capture)
        if first is None:
            raise SourceError(f"{self._shown} connects but sends no picture.", "Check that the camera is on and sends video.")
        height, width = first.shape[:2]
        check_size(self._shown, width, height)
        # FFmpeg states 25 fps for every MJPEG stream over HTTP, whatever arrives.
        made_up = live and capture.codec == "MJPG" and self._scheme not in _ALWAYS_LIVE
        fps = None if made_up else credible_fps(capture.get(cv2.CAP_PROP_FPS))
        note = "Decoding overlaps with waiting for the network: decode shows the conversion of colours only." if live else ""
        return SourceInfo(self._shown, width, height, fps, live, None if live else frames, note)

    @property
    def _scheme(self) -> str:
        return self._url.partition(":")[0].lower()


def _first(capture: Capture) -> Pixels | None:
    return capture.retrieve(None) if capture.grab() else None


def _newest(capture: Capture) -> Pixels | None:
    """Skip the burst that a stream's opening has queued up (a second of pictures with RTSP), so that the first read is fresh."""
    until = monotonic() + _BACKLOG_S
    for _ in range(_BACKLOG_GRABS):
        start_ns = perf_counter_ns()
        if not capture.grab():
            return None
        if perf_counter_ns() - start_ns >= _WAITED_NS or monotonic() >= until:
            break
    return capture.retrieve(None)


@contextlib.contextmanager
def _capture_options(options: str) -> Iterator[None]:
    """FFmpeg options for the captures opened inside; a value the user has set wins."""
    with _environment:
        before = os.environ.get(_OPTIONS)
        if before is None and options:
            os.environ[_OPTIONS] = options
        try:
            yield
        finally:
            if before is None:
                os.environ.pop(_OPTIONS, None)
