"""When frames come that keep no steady rate: by chance, as requests reach a server, or as a recording of arrivals says.

Unlike a camera's, these frames are not lost when nobody takes them in time: they queue, and their age counts from the moment they
were meant to come. A slow answer so shows in every frame behind it (Tene's coordinated omission does not hide it).
"""

from __future__ import annotations

import csv
import io
import itertools
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from edgeperf_gui.domain.arrival_pattern import EXAMPLE, ArrivalPattern
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.given_file import read_given

_SEED: Final = 17
_LARGEST_FILE: Final = 64_000_000
_MOST: Final = 10_000_000
_REMEMBERED: Final = 1024
"""Newest due times that are kept: a reader is not so many frames ahead of the end it is told of."""
_COLUMNS: Final = ("arrival_s", "interval_s")
_GLANCE_S: Final = 0.002


class Timetable(Protocol):
    """Due times of the frames of a source without a clock of its own."""

    keeps_all: bool
    """Whether frames queue (True) or the newest wins, as with a camera (False); asked for every frame."""

    def start(self, now_ns: int) -> None:
        """The clock starts now."""

    def next_due(self, now_ns: int) -> tuple[int, int] | None:
        """(due time of the next frame, frames lost meanwhile); None when no more come."""

    def halt(self) -> None:
        """No more frames are wanted; wakes whoever waits in `next_due`."""


class Arrivals:
    """Frames that come at given moments and queue until they are taken."""

    keeps_all = True

    def __init__(self, offsets_s: Iterator[float]) -> None:
        """`offsets_s`: seconds from the start, never falling."""
        self._offsets_s = offsets_s
        self.t0_ns = 0
        """When the clock started."""
        self._given = 0
        self._newest_ns: deque[int] = deque(maxlen=_REMEMBERED)

    def start(self, now_ns: int) -> None:
        """The clock starts now."""
        self.t0_ns = now_ns

    def next_due(self, now_ns: int) -> tuple[int, int] | None:
        """The next frame's moment, also when it has passed; none is ever lost."""
        offset_s = next(self._offsets_s, None)
        if offset_s is None:
            return None
        due_ns = self.t0_ns + round(offset_s * 1e9)
        self._given += 1
        self._newest_ns.append(due_ns)
        return due_ns, 0

    def halt(self) -> None:
        """Nobody waits in here."""

    def due_until(self, end_ns: int) -> int:
        """How many frames were due until then. To be asked once, when no more are read."""
        later = itertools.takewhile(lambda offset_s: self.t0_ns + offset_s * 1e9 <= end_ns, self._offsets_s)
        return self._given - sum(due_ns > end_ns for due_ns in self._newest_ns) + sum(1 for _ in later)


class ClosedLoop:
    """The next query comes when the last is answered: `frames` at once, the first of them at the start."""

    keeps_all = True

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._left = 0
        self._due_ns = 0
        self._answered: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def start(self, now_ns: int) -> None:
        """The first query comes now."""
        self._due_ns, self._left = now_ns, self._frames

    def answered(self, frames: int) -> None:
        """The objects of some frames are known; called by the thread that knows, at once."""
        now_ns = time.perf_counter_ns()
        for _ in range(frames):
            self._answered.put(now_ns)

    def next_due(self, now_ns: int) -> tuple[int, int] | None:
        """The next frame's moment, which is its query's; waits for the answer to the query before."""
        if not self._left:
            for _ in range(self._frames):
                end_ns = self._answered.get()
                if end_ns is None:
                    return None
                self._due_ns = end_ns
            self._left = self._frames
        self._left -= 1
        return self._due_ns, 0

    def halt(self) -> None:
        """Wakes the reader."""
        self._answered.put(None)


class AfterWarmUp:
    """A timetable that begins when a pipeline is warm and nothing lies in it.

    First come frames as fast as they are taken, which nobody counts. The first ones of a pipeline are slow, and close to
    saturation the queue that they leave would stand for seconds.
    """

    def __init__(self, timetable: Timetable, seconds: float, batch: int, answered: Callable[[], int]) -> None:
        """`seconds`: of the warm-up, and on to the end of its last batch; `answered`: how many frames are done by now."""
        self._timetable = timetable
        self._warm_up_ns = round(seconds * 1e9)
        self._batch = batch
        self._answered = answered
        self._until_ns = 0
        self._halted = threading.Event()
        self.keeps_all = True
        self.warm_up_frames = 0
        """So many came in the warm-up; none of them is lost."""
        self.begins_ns: int | None = None
        """When the timetable's clock started; None during the warm-up."""

    def start(self, now_ns: int) -> None:
        """The warm-up begins now."""
        self._until_ns = now_ns + self._warm_up_ns

    def next_due(self, now_ns: int) -> tuple[int, int] | None:
        """At once during the warm-up; the first frame after it waits until all before it are done."""
        if self.begins_ns is None:
            if now_ns < self._until_ns or self.warm_up_frames % self._batch:
                self.warm_up_frames += 1
                return now_ns, 0
            while self._answered() < self.warm_up_frames:
                if self._halted.wait(_GLANCE_S):
                    return None
            now_ns = self.begins_ns = time.perf_counter_ns()
            self.keeps_all = self._timetable.keeps_all
            self._timetable.start(now_ns)
        return self._timetable.next_due(now_ns)

    def halt(self) -> None:
        """Wakes the reader."""
        self._halted.set()
        self._timetable.halt()


def arrivals(pattern: ArrivalPattern) -> Arrivals | ClosedLoop | None:
    """The timetable of a pattern; None for those that the source itself keeps (paced, offline). Raises BadInput for a bad CSV."""
    match pattern:
        case ArrivalPattern(name="single" | "multi"):
            return ClosedLoop(pattern.frames)
        case ArrivalPattern(rate=float(rate)):
            return Arrivals(poisson_s(rate))
        case ArrivalPattern(file=str(file)):
            return Arrivals(iter(recorded_s(Path(file))))
    return None


def poisson_s(rate: float, seed: int = _SEED) -> Iterator[float]:
    """Moments of a Poisson process: independent exponential gaps of 1 / rate in the mean. The same seed, the same moments."""
    random = np.random.default_rng(seed)
    gaps = (float(gap) for _ in itertools.count() for gap in random.exponential(1 / rate, 1024))
    return itertools.accumulate(gaps)


def recorded_s(path: Path) -> list[float]:
    """Moments from a CSV: a column `arrival_s` (seconds from any zero, never falling) or `interval_s` (seconds since the last).

    Raises BadInput with the line that is wrong.
    """
    data = read_given(path, "a list of arrivals", _LARGEST_FILE, f"{EXAMPLE} It holds some hours at most.")
    try:
        with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="") as lines:
            return _moments(path.name, csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} is not a CSV file.", EXAMPLE) from error


def _moments(name: str, rows: csv.DictReader[str]) -> list[float]:
    column = next((column for column in _COLUMNS if column in (rows.fieldnames or ())), None)
    if column is None:
        raise BadInput(f"{name} has no column arrival_s or interval_s.", EXAMPLE)
    moments: list[float] = []
    now, first = 0.0, None
    for row in itertools.islice(rows, _MOST):
        value = _seconds(name, rows.line_num, row[column])
        if column == "interval_s":
            now += value
        else:
            first = value if first is None else first
            if value - first < now:
                raise BadInput(f"{name}, line {rows.line_num}: {value:g} s comes before the line above.", "Sort the arrivals.")
            now = value - first
        moments.append(now)
    if not moments:
        raise BadInput(f"{name} holds no arrivals.", EXAMPLE)
    return moments


def _seconds(name: str, line: int, text: str | None) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not 0.0 <= value < 1e9:
        raise BadInput(f"{name}, line {line}: “{(text or '')[:40]}” is no time in seconds, 0 or more.", "Correct this line.")
    return value
