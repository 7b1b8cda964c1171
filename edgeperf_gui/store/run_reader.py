"""Reading run files, whole or cut off; their form is told in `run_format`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.batches import share_shown
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.errors import StoreError
from edgeperf_gui.domain.messages import Notice, Telemetry
from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.store.run_format import (
    FIELD_TYPES,
    MAGIC,
    MAX_BLOCK_BYTES,
    MAX_FIELDS,
    MAX_READ_BYTES,
    PREFIX,
    STAMP,
    SUFFIX,
    Run,
    RunEnd,
    RunHeader,
    checksum,
)

_OTHER_VERSION: Final = re.compile(rb"edgeperf-run \d{1,9}\n")


def read_run(path: str | Path) -> Run:
    """Everything up to the first block that is cut off or damaged; raises StoreError when there is not even a header."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_READ_BYTES + 1)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise StoreError(f"The run file {path} cannot be read ({cause}).", "Check the name and the rights.") from error
    if not data.startswith(MAGIC):
        if _OTHER_VERSION.match(data):
            sentence = f"{path.name} was written by another version of edgeperf-gui."
            raise StoreError(sentence, "Update edgeperf-gui, or record it again.")
        raise StoreError(f"{path.name} is not a run file.", f"Choose a file that ends in {SUFFIX}.")
    if len(data) > MAX_READ_BYTES:
        raise StoreError(f"The run file {path.name} is larger than {MAX_READ_BYTES >> 20} MiB.", "Choose another file.")
    reader = _Reader(path.name)
    reader.read(memoryview(data)[len(MAGIC) :])
    return reader.run()


class _Reader:
    """Takes blocks in until one is not whole."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._header: RunHeader | None = None
        self._file_dtype = FRAME
        self._records: list[Records] = []
        self._stamps: list[NDArray[np.void]] = []
        self._telemetry: list[Telemetry] = []
        self._energy: list[EnergyReading] = []
        self._notices: list[Notice] = []
        self._end: RunEnd | None = None
        self._damage = ""
        self._unknown: Counter[str] = Counter()  # blocks by kinds that this version does not know

    def read(self, data: memoryview) -> None:
        at = 0
        while at < len(data) and self._end is None:
            if at + PREFIX.size > len(data):
                self._damage = "The file was cut off."
                return
            kind, length, expected = PREFIX.unpack_from(data, at)
            payload = data[at + PREFIX.size : at + PREFIX.size + length]
            if len(payload) < length <= MAX_BLOCK_BYTES:
                self._damage = "The file was cut off."
                return
            if length > MAX_BLOCK_BYTES or checksum(kind, payload) != expected or not self._take(kind, bytes(payload)):
                self._damage = f"The file is damaged from byte {len(MAGIC) + at} on."
                return
            at += PREFIX.size + length
        if self._end is None:
            self._damage = "The file has no end: its writer was cut off."

    def run(self) -> Run:
        if self._header is None:
            raise StoreError(f"The run file {self._name} holds no readable run.", "It may have been cut off at its very start.")
        records = np.concatenate(self._records) if self._records else np.zeros(0, FRAME)
        if self._stamps:
            _join_shown(records, np.concatenate(self._stamps))
        told = tuple(self._telemetry), tuple(self._notices)
        return Run(self._header, records, *told, self._end, tuple(self._energy), self._damage, self._skipped())

    def _skipped(self) -> str:
        if not self._unknown:
            return ""
        kinds = ", ".join(map(repr, self._unknown))
        many = self._unknown.total()
        blocks = "1 block is" if many == 1 else f"{many} blocks are"
        return f"{blocks} of a kind that a later version wrote ({kinds}), and left out. The rest is whole; update to see them."

    def _take(self, kind: bytes, payload: bytes) -> bool:
        """False when the payload is not what its kind says."""
        try:
            return self._take_header(payload) if self._header is None else self._take_later(kind, payload)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False

    def _take_header(self, payload: bytes) -> bool:
        header = msgspec.json.decode(payload, type=RunHeader)
        self._file_dtype = _file_dtype(header.fields)
        self._header = header
        return True

    def _take_later(self, kind: bytes, payload: bytes) -> bool:
        match kind:
            case b"R":
                self._records.append(_to_frame(np.frombuffer(payload, self._file_dtype)))
            case b"S":
                self._stamps.append(np.frombuffer(payload, STAMP))
            case b"T":
                self._telemetry.append(msgspec.json.decode(payload, type=Telemetry))
            case b"J":
                self._energy.append(msgspec.json.decode(payload, type=EnergyReading))
            case b"N":
                self._notices.append(msgspec.json.decode(payload, type=Notice))
            case b"E":
                self._end = msgspec.json.decode(payload, type=RunEnd)
            case _:  # whole by its checksum: a later version's
                self._unknown[kind.decode("latin-1")] += 1
        return True


def _file_dtype(fields: tuple[tuple[str, str], ...]) -> np.dtype[np.void]:
    """The record type a file names; raises ValueError for one that this program would never write."""
    if not 0 < len(fields) <= MAX_FIELDS or any(kind not in FIELD_TYPES for _, kind in fields):
        raise ValueError("unknown record fields")
    return np.dtype(list(fields))


def _to_frame(rows: NDArray[np.void]) -> Records:
    """Rows of a file of any version as today's; a field that it lacks is 0, which means "never stamped"."""
    records = np.zeros(len(rows), FRAME)
    for name in set(FRAME.names or ()) & set(rows.dtype.names or ()):
        records[name] = rows[name]
    return records


def _join_shown(records: Records, stamps: NDArray[np.void]) -> None:
    """Fill `shown_ns` in by frame number, also of the frames that were answered with it; a frame's first stamp counts."""
    frames, first = np.unique(stamps["frame"], return_index=True)
    if not len(records):
        return
    at = np.minimum(np.searchsorted(frames, records["frame"]), len(frames) - 1)
    known = (frames[at] == records["frame"]) & (records["shown_ns"] == 0)
    records["shown_ns"][known] = stamps["shown_ns"][first[at[known]]]
    share_shown(records)
