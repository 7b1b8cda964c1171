"""Service times of measured frames, to be drawn again: what a frame takes of each server, waiting left out.

A frame that found the machine at rest takes longer than one that came while another was under way (cooled caches, sleeping
threads), or shorter, where both share the cores. So the two kinds are kept apart and drawn apart.

Neighbours resemble each other (a busy second, a hard picture), so draws go along runs of neighbours: a moving-block bootstrap
(Künsch 1989). Independent draws would make queues shorter than they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.stages import runtime_wait_ns
from edgeperf_gui.domain.records import Records

_BLOCK: Final = 16
"""Neighbours drawn in a row."""
_LEAST: Final = 30
"""Fewer frames of a kind than these say nothing; the other kind is drawn instead."""
_NS_PER_MS: Final = 1e6


@dataclass(frozen=True, slots=True)
class Served:
    """What one frame takes, milliseconds; `inference_ms` is its whole batch's.

    Of a frame that finds the machine at rest `decode_ms` holds the waking of the threads too.
    """

    decode_ms: float
    preprocess_ms: float
    inference_ms: float
    postprocess_ms: float


class ServiceTimes:
    """Measured frames of one model, device, batch and number of streams."""

    def __init__(self, at_rest: NDArray[np.float64], overlapping: NDArray[np.float64]) -> None:
        """Both (n, 4): decode, preprocess, inference, postprocess in milliseconds, in the order in which they were measured.

        Raises ValueError when there are fewer than 30 of both.
        """
        if max(len(at_rest), len(overlapping)) < _LEAST:
            raise ValueError(
                f"{len(at_rest)} + {len(overlapping)} frames are too few to draw service times from; {_LEAST} are needed"
            )
        self.at_rest = at_rest if len(at_rest) >= _LEAST else overlapping
        self.overlapping = overlapping if len(overlapping) >= _LEAST else at_rest

    @property
    def samples(self) -> int:
        """Frames to draw from."""
        return len(self.at_rest) + (0 if self.overlapping is self.at_rest else len(self.overlapping))

    def mean_ms(self) -> float:
        """Work of a frame at rest, all stages."""
        return float(self.at_rest.sum(axis=1).mean())


class Draws:
    """An endless stream of frames' service times, seeded."""

    def __init__(self, times: ServiceTimes, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._rest, self._overlapping = _Walk(times.at_rest), _Walk(times.overlapping)

    def next(self, overlaps: bool) -> Served:
        """Of a frame that begins while another is under way, or while nothing is."""
        return (self._overlapping if overlaps else self._rest).step(self._random)


class _Walk:
    def __init__(self, rows: NDArray[np.float64]) -> None:
        self._rows = [Served(*row) for row in rows.tolist()]
        self._at = self._left = 0

    def step(self, random: np.random.Generator) -> Served:
        if not self._left:
            self._at, self._left = int(random.integers(len(self._rows))), _BLOCK
        row = self._rows[self._at % len(self._rows)]
        self._at += 1
        self._left -= 1
        return row


def service_times(runs: list[tuple[Records, int | None, int]]) -> ServiceTimes:
    """From the records of runs: (records after the warm-up, streams, batch) each. Raises ValueError with too few frames."""
    kinds: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]] = ([], [])
    for records, streams, batch in runs:
        rows, overlaps = _rows(records, streams, batch)
        for kind, chosen in zip(kinds, (~overlaps, overlaps), strict=True):
            kind.append(rows[chosen])
    at_rest, overlapping = (np.concatenate(kind) if kind else np.empty((0, 4)) for kind in kinds)
    return ServiceTimes(at_rest, overlapping)


def _rows(records: Records, streams: int | None, batch: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Service times of each frame (n, 4), and whether another frame was under way when its decoding began."""
    records = records[np.argsort(records["decode_start_ns"], kind="stable")]
    wait_ns = runtime_wait_ns(records, streams)
    # of the frames of one batch the first is decoded from its completion on, the next when the one before is done
    ends = records["postprocess_end_ns"]
    first_in_batch = np.r_[True, records["complete_ns"][1:] != records["complete_ns"][:-1]]
    begins = np.where(first_in_batch, records["complete_ns"], np.r_[0, ends[:-1]])
    busy_until = np.maximum.accumulate(np.r_[0, ends[:-1]])
    # a batch is under way from its submission on: the frames that fill it find the machine at rest, unless one before runs
    if batch > 1:
        submitted = np.r_[0, records["submit_ns"][:-1]]
        started = submitted <= records["decode_start_ns"]
        busy_until = np.maximum.accumulate(np.where(started, np.r_[0, ends[:-1]], 0))
    overlaps = busy_until > records["decode_start_ns"]
    # what a frame that finds everything at rest spends on being woken for is service: no other frame is to blame
    due_ns = np.where(records["due_ns"] > 0, records["due_ns"], records["decode_start_ns"])
    decoding = np.where(overlaps, records["decode_end_ns"] - records["decode_start_ns"], records["preprocess_start_ns"] - due_ns)
    rows = np.stack(
        [
            decoding,
            records["preprocess_end_ns"] - records["preprocess_start_ns"],
            records["complete_ns"] - records["submit_ns"] - wait_ns,
            ends - begins,
        ],
        axis=1,
    ).astype(np.float64)
    return np.maximum(rows, 0.0) / _NS_PER_MS, overlaps
