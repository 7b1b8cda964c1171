"""An external meter: lines that it, a script or a person adds to a text file while the session runs.

A line is `watts`, or `seconds, watts`, or what the file's first line names: `joules`, `watts`, `seconds` in any order, split by
comma, semicolon or white space (a comma is a decimal one where semicolons or tabs split). Seconds are the meter's own clock;
joules count from any zero.
"""

from __future__ import annotations

import math
import os
import re
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from edgeperf_gui.analysis.energy import NS_PER_S, Counter, Sample
from edgeperf_gui.domain.energy import MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Site

_LONGEST_LINE: Final = 1000
_MOST_AT_ONCE: Final = 1 << 20
"""Bytes read in one go; a faster file is not a meter's."""
_LARGEST_FILE: Final = 256 << 20
"""What was there before is read once, to know the lines' numbers; that may not keep a session waiting."""
_NAMES: Final = {"s": "seconds", "seconds": "seconds", "time": "seconds", "w": "watts", "watts": "watts", "j": "joules"} | {
    "joules": "joules"
}
_MOST: Final = {"seconds": 1e10, "watts": 1e5, "joules": 1e12}
_SPLIT: Final = re.compile(r"\s*[;,]\s*|\s+")
_FORMAT: Final = "Write one line a reading: watts, or “seconds, watts”, or name the columns in the first line."

_INFO: Final = MeterInfo(
    name="file",
    kind="measured",
    title="External meter",
    covers="machine",
    period_s=0.25,
    low_factor=0.98,
    high_factor=1.02,
    available=False,
    note="Covers whatever it is plugged into. The band of 2 % is usual for plug and USB meters.",
)


class ReadingsFile:
    """Reads what is added after the session's start; lines that were there before belong to something else."""

    def __init__(self, site: Site) -> None:
        # of a text that cannot be a path, or names nobody's home, `_judged` tells
        self._path = Path(os.path.expanduser(site.choice.file)) if site.choice.file else None  # noqa: PTH111
        self._file: BinaryIO | None = None
        self._columns: tuple[str, ...] = ()
        self._line = 0
        self._rest = b""
        self._offset_s: float | None = None
        self._last_s = -math.inf
        self.garbage = 0
        """Lines that could not be used."""
        self.first_garbage = 0
        """Number of the first of them, from 1."""
        self.info = self._judged()

    @property
    def trouble(self) -> str:
        """What was wrong with the file's lines, as a sentence; empty when nothing was."""
        if not self.garbage or self._path is None:
            return ""
        many = "1 line is no reading" if self.garbage == 1 else f"{self.garbage} lines are no readings"
        return f"{self._path.name}, line {self.first_garbage}: {many} and left out. {_FORMAT}"

    def read(self) -> Sequence[Sample]:
        """A sample for each line that was added."""
        if self._path is None:
            return ()
        try:
            if self._file is None:
                self._open(self._path)
                return ()
            data = self._added(self._file, self._path)
        except OSError as error:
            self.close()
            raise MeterError(
                f"The meter's file {self._path} cannot be read any more: {error.strerror or error}.", "Put it back."
            ) from error
        now_ns = time.perf_counter_ns()
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            self._rest = self._rest[:_LONGEST_LINE]
        return [sample for line in lines if (sample := self._sample(line, now_ns)) is not None]

    def close(self) -> None:
        """Let go of the file."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _judged(self) -> MeterInfo:
        if self._path is None:
            return msgspec.structs.replace(
                _INFO,
                reason="No file of readings was named.",
                remedy=f"Name one with --meter-file, and add to it while the session runs. {_FORMAT}",
            )
        info = msgspec.structs.replace(_INFO, title=f"External meter ({self._path.name})")
        try:
            status = self._path.stat()
            is_file = stat.S_ISREG(status.st_mode)  # a pipe would wait for ever
            if is_file:
                self._path.open("rb").close()
        except (OSError, ValueError) as error:
            reason = f"{self._path} cannot be read: {getattr(error, 'strerror', None) or error}."
            return msgspec.structs.replace(info, reason=reason, remedy="Create it, empty, before the session starts.")
        if not is_file:
            return msgspec.structs.replace(info, reason=f"{self._path} is not a file.", remedy="Name a text file.")
        if status.st_size > _LARGEST_FILE:
            reason = f"{self._path} already holds {status.st_size >> 20} MiB."
            return msgspec.structs.replace(info, reason=reason, remedy="Let the meter begin a new file.")
        return msgspec.structs.replace(info, available=True)

    def _open(self, path: Path) -> None:
        """Go to the end; the first line's names hold for what comes later."""
        file = path.open("rb")
        self._columns, self._rest, self._line = (), b"", 0
        self._offset_s, self._last_s = None, -math.inf  # of another file the clock may be another
        head = file.readline(_LONGEST_LINE)
        if head.endswith(b"\n"):
            self._columns = _columns(head.decode("utf-8-sig", "replace")) or ()
        file.seek(0)
        while chunk := file.read(_MOST_AT_ONCE):
            self._line += chunk.count(b"\n")
            self._rest = chunk.rpartition(b"\n")[2][:_LONGEST_LINE] if b"\n" in chunk else (self._rest + chunk)[:_LONGEST_LINE]
        self._file = file

    def _added(self, file: BinaryIO, path: Path) -> bytes:
        """New bytes. A file that was replaced or cut is gone: its lines are not a continuation."""
        status = path.stat()
        if status.st_ino != os.fstat(file.fileno()).st_ino or status.st_size < file.tell():
            raise OSError(0, "it was replaced or cut")
        return file.read(_MOST_AT_ONCE)

    def _sample(self, line: bytes, now_ns: int) -> Sample | None:
        self._line += 1
        text = line.decode("utf-8-sig", "replace").strip()
        if not text or text.startswith("#"):
            return None
        if self._line == 1 and (columns := _columns(text)):
            self._columns = columns
            return None
        values = _values(text, self._columns)
        stamp_ns = None if values is None else self._stamp_ns(values.get("seconds"), now_ns)
        if values is None or stamp_ns is None:
            self.garbage += 1
            self.first_garbage = self.first_garbage or self._line
            return None
        if "joules" in values:
            return Sample(stamp_ns, {"external": Counter(values["joules"])})
        return Sample(stamp_ns, watts=values["watts"])

    def _stamp_ns(self, seconds: float | None, now_ns: int) -> int | None:
        """When the meter took a reading: its own clock, tied to ours when its first line was seen, so its steps stay its own."""
        if seconds is None:
            return now_ns
        if seconds <= self._last_s:  # time does not go back
            return None
        self._last_s = seconds
        if self._offset_s is None:
            self._offset_s = now_ns / NS_PER_S - seconds
        return round((seconds + self._offset_s) * NS_PER_S)


def _columns(text: str) -> tuple[str, ...] | None:
    """Names of a head line; None when it is none."""
    names = tuple(_NAMES.get(part.strip("[]()").lower(), "") for part in _SPLIT.split(text.strip()))
    is_head = all(names) and len(set(names)) == len(names) and ("watts" in names or "joules" in names)
    return names if is_head else None


def _values(text: str, columns: tuple[str, ...]) -> dict[str, float] | None:
    """The numbers of a line by column; None when it is no reading."""
    if ";" in text or "\t" in text:  # then a comma is a decimal one
        text = text.replace(",", ".")
    parts = _SPLIT.split(text)
    columns = columns or ("seconds", "watts")[-len(parts) :]
    if len(parts) != len(columns):
        return None
    try:
        values = dict(zip(columns, map(float, parts), strict=True))
    except ValueError:
        return None
    return values if all(0.0 <= value <= _MOST[name] for name, value in values.items()) else None
