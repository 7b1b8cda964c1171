"""Service times of measured frames, to be drawn again: what a frame takes of each server, waiting left out.

What a frame takes depends on how long the machine rests between frames (cooled caches, sleeping threads) and on how often frames
overlap and share the cores. Both follow from the rate. So frames are measured at several rates, and those of the two rates next
to the asked one are mixed. Frames at rest and overlapping ones are drawn together, as often as each came: drawn apart, the slow
moments that make frames overlap would be drawn whenever frames overlap, and feed themselves.

Neighbours resemble each other (a busy second, a hard picture), so draws go along runs of neighbours: a moving-block bootstrap
(Künsch 1989). Independent draws would make queues shorter than they are; so would frames of the two rates in turn, for a slow
second that is thinned is none.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.analysis.stages import runtime_wait_ns
from edgeperf_gui.domain.records import Records

_BLOCK_S: Final = 2.0
_LEAST_BLOCK: Final = 16
"""Neighbours drawn in a row: as many as come in so long, but so many. A busy machine is slow for seconds, and a queue close to
saturation is made of them: of halves of a second in another order the p99 of such a run came out a third to a half too low."""
_LEAST: Final = 30
"""Fewer frames of a kind than these say nothing; another kind is drawn instead."""
_PARTS: Final = 8
_NS_PER_MS: Final = 1e6
_ROUNDING_MS: Final = 1e-3

Rows = NDArray[np.float64]
"""(n, 4): decode, preprocess, inference, postprocess in milliseconds, in the order in which they were measured."""


@dataclass(frozen=True, slots=True)
class Served:
    """What one frame takes, milliseconds; `inference_ms` is its whole batch's.

    Of a frame that finds the machine at rest `decode_ms` holds the waking of the threads too.
    """

    decode_ms: float
    preprocess_ms: float
    inference_ms: float
    postprocess_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A run that service times are taken from: its records after the warm-up, and frames a second; flat out its throughput."""

    records: Records
    rate_fps: float


class ServiceTimes:
    """Measured frames of one model, device, batch and number of streams."""

    def __init__(self, by_rate: Mapping[float, Rows]) -> None:
        """By the rate in FPS at which they were measured. Raises ValueError when there are not 30 frames of any rate."""
        self.by_rate = {rate: rows for rate, rows in sorted(by_rate.items()) if len(rows) >= _LEAST}
        if not self.by_rate:
            number = sum(map(len, by_rate.values()))
            raise ValueError(f"{number} frames are too few to draw service times from; {_LEAST} of one rate are needed")

    @property
    def samples(self) -> int:
        """Frames to draw from."""
        return sum(map(len, self.by_rate.values()))

    def around(self, rate_fps: float) -> tuple[float, float, float]:
        """The measured rates next to this one, below and above, and the share of the upper one: its place on a log scale."""
        rates = list(self.by_rate)
        below = max((rate for rate in rates if rate <= rate_fps), default=rates[0])
        above = min((rate for rate in rates if rate > rate_fps), default=rates[-1])
        share = math.log(rate_fps / below) / math.log(above / below) if below < rate_fps < above else 0.0
        return below, above, share

    def work_ms(self, rate_fps: float) -> float:
        """What a frame takes after its decoding, on average."""
        below, above, share = self.around(rate_fps)
        return (1 - share) * _work_ms(self.by_rate[below]) + share * _work_ms(self.by_rate[above])

    def slowdowns(self) -> tuple[float, float]:
        """What a frame took in the fastest and in the slowest eighth of those of its rate, in parts of their mean."""
        found = [1.0]
        for rows in self.by_rate.values():
            parts = np.array_split(rows, max(1, min(_PARTS, len(rows) // _LEAST)))
            found += [_work_ms(part) / whole for part in parts if (whole := _work_ms(rows)) > 0]
        return min(found), max(found)

    def scaled(self, factor: float) -> ServiceTimes:
        """Of a machine that takes so many times as long."""
        return ServiceTimes({rate: factor * rows for rate, rows in self.by_rate.items()})


class Bootstrap:
    """The service times of frames that come at one rate, drawn without end, seeded.

    The two rates beside it are mixed, blocks of neighbours from one and the other, by its place between them.
    """

    def __init__(self, times: ServiceTimes, rate_fps: float, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        below, above, self._share_above = times.around(rate_fps)
        self._below, self._above = (_served(times.by_rate[rate]) for rate in (below, above))
        self._block = max(_LEAST_BLOCK, round(_BLOCK_S * rate_fps))
        self._rows, self._at, self._left = self._below, 0, 0
        self._turn = float(self._random.random())

    def of(self, due_ms: float) -> Served:
        """Of the next frame, whenever it is due."""
        if not self._left:
            self._begin_block()
        row = self._rows[self._at % len(self._rows)]
        self._at += 1
        self._left -= 1
        return row

    def _begin_block(self) -> None:
        # by turns instead of by lot: a short run has few blocks, and would have too many of one rate
        self._turn += self._share_above
        self._rows = self._above if self._turn >= 1 else self._below
        self._turn %= 1
        # of a brief calibration at most half, or each run would hold all of it equally often
        self._left = min(self._block, max(_LEAST_BLOCK, len(self._rows) // 2))
        self._at = int(self._random.integers(len(self._rows)))


class InOrder:
    """A run's own service times, each for the frame that was due when it was: to be simulated again, with nothing left to chance.

    What then differs from the run is the model's doing alone: the correlated inspection approach to validating a simulation (Law,
    Simulation Modeling and Analysis, on trace-driven models).
    """

    def __init__(self, run: Measured, streams: int | None, begin_ns: int) -> None:
        """`begin_ns`: when the run's clock started. Raises ValueError without frames."""
        if not run.records.size:
            raise ValueError("no frames")
        self.due_ms: list[float] = ((_as_read(run.records)["due_ns"] - begin_ns) / _NS_PER_MS).tolist()
        """From the run's begin, ascending."""
        rows = _rows(run, streams)
        self.work_ms = _work_ms(rows)
        """What a frame took after its decoding, on average."""
        self._rows = _served(rows)

    def of(self, due_ms: float) -> Served:
        """Of the frame due then; of one that the run dropped, what the next one took."""
        return self._rows[min(bisect_left(self.due_ms, due_ms - _ROUNDING_MS), len(self._rows) - 1)]


def service_times(runs: Sequence[Measured], streams: int | None) -> ServiceTimes:
    """Of runs with so many streams. Raises ValueError with too few frames."""
    by_rate: defaultdict[float, list[Rows]] = defaultdict(list)
    for run in runs:
        by_rate[run.rate_fps].append(_rows(run, streams))
    return ServiceTimes({rate: np.concatenate(parts) for rate, parts in by_rate.items()})


def _work_ms(rows: Rows) -> float:
    return float(rows[:, 1:].sum()) / len(rows)


def _served(rows: Rows) -> list[Served]:
    return [Served(*row) for row in rows.tolist()]


def _as_read(records: Records) -> Records:
    """In the order of reading."""
    ordered: Records = records[np.argsort(records["decode_start_ns"], kind="stable")]
    return ordered


def _rows(run: Measured, streams: int | None) -> Rows:
    records = _as_read(run.records)
    wait_ns = runtime_wait_ns(records, streams)
    # of the frames of one batch the first is decoded from its completion on, the next when the one before is done
    ends = records["postprocess_end_ns"]
    first_in_batch = np.r_[True, records["complete_ns"][1:] != records["complete_ns"][:-1]]
    begins = np.where(first_in_batch, records["complete_ns"], np.r_[0, ends[:-1]])
    # frames of earlier batches are in the way until they are known; those of the own one only until they lie in its input, since
    # then they wait for each other while the machine rests. Nobody knows what was in the way of the first
    begun = records["decode_start_ns"][:1]
    known_until = np.maximum.accumulate(np.where(first_in_batch, np.r_[begun, ends[:-1]], 0))
    filled_until = np.maximum.accumulate(np.r_[begun, records["preprocess_end_ns"][:-1]])
    busy_until = np.maximum(known_until, filled_until)
    overlaps = busy_until > records["decode_start_ns"]
    # what a frame that finds everything at rest spends on being woken for is service: no other frame is to blame
    due_ns = np.where(records["due_ns"] > 0, np.maximum(records["due_ns"], busy_until), records["decode_start_ns"])
    decoded_ns = records["decode_end_ns"] - records["decode_start_ns"] + _woken_ns(records, run.rate_fps)
    decoding = np.where(overlaps, decoded_ns, records["preprocess_start_ns"] - due_ns)
    rows = np.stack(
        [
            decoding,
            records["preprocess_end_ns"] - _begun_ns(records),
            records["complete_ns"] - records["submit_ns"] - wait_ns,
            ends - begins,
        ],
        axis=1,
    ).astype(np.float64)
    return np.maximum(rows, 0.0) / _NS_PER_MS


def _woken_ns(records: Records, rate_fps: float) -> NDArray[np.int64]:
    """What a reader that slept until its frame was due is late by; 0 where it was busy, or waited for a free buffer.

    Nothing kept it when the frame before was read and taken by then. Frames that were dropped between them left no record: they
    did not, unless a frame takes longer to decode than until the next is due.
    """
    ready_ns = np.r_[0, np.maximum(records["decode_end_ns"], records["preprocess_start_ns"])[:-1]]
    is_brief = records["decode_end_ns"] - records["decode_start_ns"] < 1e9 / rate_fps
    slept = (records["due_ns"] > 0) & (ready_ns <= records["due_ns"]) & is_brief
    woken: NDArray[np.int64] = np.where(slept, records["decode_start_ns"] - records["due_ns"], 0)
    return woken


def _begun_ns(records: Records) -> NDArray[np.int64]:
    """When the worker turns to each frame: to one that lay ready when its last work is done, since the way to it is work, too."""
    done = np.sort(np.r_[0, records["preprocess_end_ns"], records["postprocess_end_ns"]])
    free_ns = done[np.searchsorted(done, records["preprocess_start_ns"], side="right") - 1]
    lay_ready = records["decode_end_ns"] <= free_ns
    begun: NDArray[np.int64] = np.where(lay_ready, free_ns, records["preprocess_start_ns"])
    return begun
