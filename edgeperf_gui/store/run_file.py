"""Writing run files, one a session, while it runs; their form is told in `run_format`."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.domain.messages import Notice, Telemetry
from edgeperf_gui.domain.records import Records
from edgeperf_gui.store import run_format as form
from edgeperf_gui.store.run_format import MAGIC, MAX_FILE_BYTES, PREFIX, STAMP, SUFFIX, Run, RunEnd, RunHeader, checksum
from edgeperf_gui.store.run_reader import read_run

__all__ = ["MAX_FILE_BYTES", "SUFFIX", "Run", "RunEnd", "RunHeader", "RunWriter", "new_run_path", "prune_runs", "read_run"]

_ROWS_A_BLOCK: Final = 100_000


class RunWriter:
    """Appends blocks to a new file. Used from one thread.

    A disk that fails (full, gone) or a file that would grow beyond `max_bytes` raises StoreError once; from then on every call
    does nothing, so a run goes on without its file. The end is still written to a file that only grew too big.
    """

    def __init__(self, path: str | Path, max_bytes: int = MAX_FILE_BYTES) -> None:
        self.path = Path(path)
        self._max_bytes = max_bytes
        self._size = 0
        self._descriptor: int | None = None
        self._is_full = False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(self.path, flags, 0o644)
            self._write(MAGIC)
        except OSError as error:
            raise self._failed(error) from error

    @property
    def is_open(self) -> bool:
        """False after `close` or a failure."""
        return self._descriptor is not None

    def header(self, header: RunHeader) -> None:
        """First of all."""
        self._append(form.HEADER, msgspec.json.encode(header))

    def records(self, records: Records) -> None:
        """Completed frames, dtype `FRAME`."""
        for start in range(0, len(records), _ROWS_A_BLOCK):
            self._append(form.RECORDS, np.ascontiguousarray(records[start : start + _ROWS_A_BLOCK]).tobytes())

    def shown(self, stamps: list[tuple[int, int]]) -> None:
        """Frames painted: (frame number, `perf_counter_ns`)."""
        if stamps:
            self._append(form.SHOWN, np.array(stamps, STAMP).tobytes())

    def telemetry(self, telemetry: Telemetry) -> None:
        """One window of load."""
        self._append(form.TELEMETRY, msgspec.json.encode(telemetry))

    def energy(self, reading: EnergyReading) -> None:
        """One reading of the session's meter."""
        self._append(form.ENERGY, msgspec.json.encode(reading))

    def notice(self, notice: Notice) -> None:
        """Something the user was told."""
        self._append(form.NOTICE, msgspec.json.encode(notice))

    def end(self, end: RunEnd) -> None:
        """How it ended; closes the file."""
        try:
            self._append(form.END, msgspec.json.encode(end), is_last=True)
        finally:
            self.close()

    def close(self) -> None:
        """Close without an end; safe to call twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _append(self, kind: bytes, payload: bytes, *, is_last: bool = False) -> None:
        if self._descriptor is None or (self._is_full and not is_last):
            return
        if not is_last and self._size + len(payload) + PREFIX.size > self._max_bytes:
            self._is_full = True
            raise StoreError(
                f"The run file {self.path.name} has reached its limit of {self._max_bytes / (1 << 20):g} MiB.",
                "The run goes on; its further frames are not recorded.",
            )
        block = PREFIX.pack(kind, len(payload), checksum(kind, payload)) + payload
        try:
            self._write(block)
        except OSError as error:
            raise self._failed(error) from error

    def _write(self, data: bytes) -> None:
        """All of it, straight to the system: nothing of ours is lost with the process. Undone when only a part fitted."""
        if self._descriptor is None:
            return
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def _failed(self, error: OSError) -> StoreError:
        self.close()
        cause = error.strerror or str(error)
        return StoreError(
            f"The run cannot be recorded in {self.path} ({cause}).",
            "The run goes on without being recorded; free some space or check the rights.",
        )


def prune_runs(folder: Path, keep: int = 50) -> int:
    """Delete the oldest run files beyond `keep`; returns how many went. What cannot be deleted stays."""
    ages = []
    with contextlib.suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                ages.append((path.stat().st_mtime_ns, path))
    deleted = 0
    for _, path in sorted(ages)[: max(0, len(ages) - keep)]:
        with contextlib.suppress(OSError):
            path.unlink()
            deleted += 1
    return deleted


def new_run_path(folder: Path, session_id: str) -> Path:
    """Where a new session's file goes, after making room by `prune_runs`."""
    prune_runs(folder)
    return folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{session_id[:8]}{SUFFIX}"
