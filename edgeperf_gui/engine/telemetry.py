"""The machine's load and our own, window by window."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Load:
    """Shares of the whole machine's CPU capacity over an interval, in percent; None where it cannot be told."""

    foreign_percent: float | None
    own_percent: float | None


class LoadMeter:
    """Splits busy CPU time between us (this process and its companions) and everyone else."""

    def __init__(self, companion_pids: Sequence[int] = ()) -> None:
        self._companions = [process for pid in companion_pids if (process := _process(pid)) is not None]
        self._cpus = psutil.cpu_count() or 1
        self._first = self._last = self._read()

    def lap(self) -> Load:
        """Load since the last lap (or since the meter was made)."""
        since, self._last = self._last, self._read()
        return self._between(since, self._last)

    def total(self) -> Load:
        """Load since the meter was made."""
        return self._between(self._first, self._read())

    def _between(self, start: tuple[float, float, float], end: tuple[float, float, float]) -> Load:
        wall, busy, own = (b - a for a, b in zip(start, end, strict=True))
        capacity = wall * self._cpus
        if capacity <= 0:
            return Load(None, None)
        # the two clocks tick differently (10 ms against 1 ns), so a small negative rest means none
        foreign = min(1.0, max(0.0, (busy - own) / capacity))
        return Load(100 * foreign, 100 * max(0.0, own / capacity))

    def _read(self) -> tuple[float, float, float]:
        """(wall, busy of the machine, busy of ours), seconds."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        # guest time is already inside user time
        busy = sum(times) - idle - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
        own = time.process_time() + sum(_cpu_seconds(process) for process in self._companions)
        return time.perf_counter(), busy, own


def engine_rss_bytes() -> int | None:
    """Resident memory of this process."""
    try:
        return int(psutil.Process().memory_info().rss)
    except psutil.Error:
        return None


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:  # the window is gone; its time no longer counts
        return 0.0
    return float(times.user + times.system)
