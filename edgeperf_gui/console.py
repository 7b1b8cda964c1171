"""The command line's side of a run: progress on a terminal, a stop in order, and a JSON file that is known to be writable."""

from __future__ import annotations

import contextlib
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, TextIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.messages import FromEngine, Notice, Telemetry
from edgeperf_gui.domain.session import SessionStatus

STANDARD_OUTPUT = "-"


class ConsoleOutbox:
    """Nobody looks at pictures here; a person at a terminal is told how it goes, in one line that is written over."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._talks = stream.isatty()
        self._length = 0

    def send(self, message: FromEngine) -> None:
        """Show what a person would want to know while waiting."""
        match message:
            case SessionStatus(activity=activity) if activity:
                self.show(f"{activity} …")
            case Telemetry():
                self.show(progress_line(message))
            case Notice():
                self.clear()
                self._stream.write(" ".join(filter(None, (message.sentence, message.remedy))) + "\n")

    def show(self, text: str) -> None:
        """Write over the progress line; nothing where nobody watches."""
        if not self._talks:
            return
        self._stream.write("\r" + text.ljust(self._length))
        self._stream.flush()
        self._length = len(text)

    def clear(self) -> None:
        """Take the progress line away, so that results start on a clean line."""
        if self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._stream.flush()
            self._length = 0

    def preview_size(self) -> tuple[int, int] | None:
        """No picture, please."""
        return None

    def preview(self, width: int, height: int) -> NDArray[np.uint8]:
        """Never asked for, since `preview_size` is None."""
        return np.empty((height, width, 4), np.uint8)

    def publish(self, frame: int, post_end_ns: int, source_size: tuple[int, int], findings: Findings) -> None:
        """Nobody looks."""

    def shown(self) -> list[tuple[int, int]]:
        """Nothing is painted."""
        return []


def progress_line(window: Telemetry) -> str:
    """One measured window, for a person who waits."""
    rate = "– FPS" if window.fps is None else f"{window.fps:.1f} FPS"
    foreign = "" if window.foreign_cpu_percent is None else f" · foreign CPU {window.foreign_cpu_percent:.0f} %"
    return f"{rate}{foreign} · {'steady' if window.steady.is_steady else window.steady.reason}"


@contextlib.contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that the first Ctrl+C (or SIGTERM) sets, so that a run ends in order; the second one interrupts."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class JsonFile:
    """A result's file, opened before the run, so that a long measurement is not lost to a typing mistake."""

    def __init__(self, name: str) -> None:
        self._path = Path(name)
        existed = self._path.exists()
        try:
            self._file: BinaryIO = self._path.open("ab")
        except OSError as error:
            raise BadInput(f"{name} cannot be written: {error.strerror or error}.", "Choose another file for --json.") from error
        self._ours = not existed

    def write(self, value: Any) -> None:
        """Replace the content."""
        try:
            with self._file as file:
                if stat.S_ISREG(self._path.stat().st_mode):
                    file.truncate(0)
                file.write(as_json(value))
        except OSError as error:
            raise RunError(f"{self._path} could not be written: {error.strerror or error}.") from error
        self._ours = False

    def close(self) -> None:
        """Leave no empty file behind when nothing was written."""
        with contextlib.suppress(OSError):
            self._file.close()
        if self._ours:
            self._path.unlink(missing_ok=True)


class JsonOutput:
    """Standard output, with the same two methods."""

    def write(self, value: Any) -> None:
        """Print it."""
        sys.stdout.write(as_json(value).decode())

    def close(self) -> None:
        """Nothing to give back."""


@contextlib.contextmanager
def json_target(name: str | None) -> Iterator[JsonFile | JsonOutput | None]:
    """What `--json NAME` means: nothing, standard output, or a file."""
    if name is None:
        yield None
        return
    target = JsonOutput() if name == STANDARD_OUTPUT else JsonFile(name)
    try:
        yield target
    finally:
        target.close()


def as_json(value: Any) -> bytes:
    """Indented, unknown as null (a NaN too), with a line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
