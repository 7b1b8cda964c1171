"""The form of a run file: what a session was and did, appended to while it runs.

Layout: one line `edgeperf-run 1`, then blocks. A block is its kind (one byte), the payload's length and a CRC-32 of kind, length
and payload (two little-endian 32-bit numbers), then the payload: JSON for the header, telemetry, energy readings, notices and the
end; rows for frame records and shown stamps. Whatever ends the writer, everything before the last whole block can be read; a
block of an unknown kind whose checksum fits is skipped, so that a later version may add kinds.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.messages import Notice, Opened, Telemetry
from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.domain.session import FinishReason, SessionSpec

SUFFIX: Final = ".edgeperf"
MAGIC: Final = b"edgeperf-run 1\n"
MAX_FILE_BYTES: Final = 64 << 20
MAX_READ_BYTES: Final = 4 * MAX_FILE_BYTES
MAX_BLOCK_BYTES: Final = 16 << 20
MAX_FIELDS: Final = 64
FIELD_TYPES: Final = ("<i4", "<i8", "<f4", "<f8")

PREFIX: Final = struct.Struct("<cII")
HEADER, RECORDS, SHOWN, TELEMETRY, ENERGY, NOTICE, END = b"H", b"R", b"S", b"T", b"J", b"N", b"E"
STAMP: Final = np.dtype([("frame", "<i8"), ("shown_ns", "<i8")])


class RunHeader(msgspec.Struct, frozen=True):
    """What is known when the first frame comes."""

    spec: SessionSpec
    opened: Opened
    """Machine, effective settings, model times, source, labels."""
    started_at: str
    """Wall time in UTC, ISO 8601."""
    started_ns: int
    """`perf_counter_ns` at the same moment: ties the stamps to the wall."""
    fields: tuple[tuple[str, str], ...] = tuple((name, FRAME[name].newbyteorder("<").str) for name in FRAME.names or ())
    """Names and types of a frame record's fields in this file."""


class RunEnd(msgspec.Struct, frozen=True):
    """How it ended."""

    reason: FinishReason
    sentence: str = ""


class Run(msgspec.Struct, frozen=True, eq=False):
    """A run as read back."""

    header: RunHeader
    records: Records
    """Dtype `FRAME`, shown stamps filled in."""
    telemetry: tuple[Telemetry, ...]
    notices: tuple[Notice, ...]
    end: RunEnd | None
    """None when the writer was cut off."""
    energy: tuple[EnergyReading, ...] = ()
    """Readings of the session's meter; empty when it had none."""
    damage: str = ""
    """What could not be read, as a sentence; empty for a whole file."""
    skipped: str = ""
    """What was left out because only a later version knows it, as a sentence; empty where nothing was."""


def checksum(kind: bytes, payload: bytes | memoryview) -> int:
    """CRC-32 of a block without its own checksum."""
    return zlib.crc32(payload, zlib.crc32(kind + len(payload).to_bytes(4, "little")))
