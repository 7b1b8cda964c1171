"""From what a meter shows to joules: counters that wrap, power over time, energy per frame."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.energy import Banded, EnergyReading, MeterInfo, RunEnergy
from edgeperf_gui.domain.results import StageStats

NS_PER_S: Final = 1_000_000_000
JOULES_PER_WH: Final = 3600.0
PLAUSIBLE_WATTS: Final = 5_000.0
"""A counter that fell and would have needed more than this to have wrapped did not wrap: it was set back."""
LONGEST_WRAP_S: Final = 60.0
"""Between readings further apart than this a counter may have wrapped more than once."""
_AFTER_END_NS: Final = 100_000_000
"""The last reading is taken when the run has been told to end, a moment after its end."""


@dataclass(frozen=True, slots=True)
class Counter:
    """An energy counter's state: joules since its own zero."""

    joules: float
    wraps_at: float | None = None
    """Joules at which it begins at 0 again; None: it never does."""
    is_part: bool = False
    """Shown apart and never added: it lies inside (core, uncore) or around (psys) what is counted, or beside it (dram)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a meter shows at one moment: counters, or a power."""

    stamp_ns: int
    counters: Mapping[str, Counter] = field(default_factory=dict)
    """By name; those that are no parts are added (one a processor package)."""
    watts: float | None = None


class EnergyTotal:
    """Adds a session's samples up: counters by difference, with wraps; power by trapezoids."""

    def __init__(self, meter: MeterInfo, session_id: str, idle_watts: float | None = None) -> None:
        self._meter = meter
        self._session_id = session_id
        # our own busy time has no idle part
        self._idle_watts = None if meter.covers == "our processes" else idle_watts
        self._last: Sample | None = None
        self._joules = 0.0
        self._counted_s = 0.0
        self._parts: dict[str, float] = {}
        self._is_interrupted = False

    def interrupt(self) -> None:
        """The meter could not be read: what it counts until the next sample is not known."""
        self._is_interrupted = self._last is not None

    def take(self, sample: Sample) -> EnergyReading | None:
        """The reading at this sample; None for one that is no later than the last."""
        last = self._last
        if last is not None and sample.stamp_ns <= last.stamp_ns:
            return None
        self._last = sample
        if last is None:
            return self._reading(sample, None, is_after_gap=False)
        seconds = (sample.stamp_ns - last.stamp_ns) / NS_PER_S
        joules = None if self._is_interrupted else _between(last, sample, seconds)
        self._is_interrupted = False
        if joules is None:
            return self._reading(sample, None, is_after_gap=True)
        self._joules += joules
        self._counted_s += seconds
        for name in sample.counters:
            if sample.counters[name].is_part and (part := _difference(last, sample, name, seconds)) is not None:
                self._parts[name] = self._parts.get(name, 0.0) + part
        return self._reading(sample, joules / seconds, is_after_gap=False)

    def _reading(self, sample: Sample, watts: float | None, *, is_after_gap: bool) -> EnergyReading:
        meter, idle = self._meter, self._idle_watts
        return EnergyReading(
            session_id=self._session_id,
            meter=meter.name,
            kind=meter.kind,
            covers=meter.covers,
            stamp_ns=sample.stamp_ns,
            joules=banded(self._joules, meter),
            watts=None if watts is None else banded(watts, meter),
            is_after_gap=is_after_gap,
            idle_joules=None if idle is None else idle * self._counted_s,
            parts=dict(self._parts),
        )


def banded(value: float, meter: MeterInfo) -> Banded:
    """What a meter shows, with its band."""
    return Banded(value, value * meter.low_factor, value * meter.high_factor)


def scaled(quantity: Banded, factor: float) -> Banded:
    """All three numbers times a factor that is not negative."""
    return Banded(quantity.value * factor, quantity.low * factor, quantity.high * factor)


def above_idle(quantity: Banded, idle: float) -> Banded | None:
    """What is left without the idle part, as the same meter showed it: both err by the same factor. None where nothing is."""
    left = 1 - idle / quantity.value
    return scaled(quantity, left) if left > 0 else None


def _between(last: Sample, sample: Sample, seconds: float) -> float | None:
    """Joules between two samples; None when they cannot be told."""
    if sample.watts is not None and last.watts is not None:
        return (last.watts + sample.watts) / 2 * seconds
    names = [name for name, counter in sample.counters.items() if not counter.is_part]
    found = [_difference(last, sample, name, seconds) for name in names]
    known = [joules for joules in found if joules is not None]
    return sum(known) if known and len(known) == len(found) else None


def _difference(last: Sample, sample: Sample, name: str, seconds: float) -> float | None:
    """Joules that a counter went on; None when it was set back, was not there, or may have wrapped more than once."""
    before, now = last.counters.get(name), sample.counters[name]
    if before is None or (now.wraps_at is not None and seconds > LONGEST_WRAP_S):
        return None
    joules = now.joules - before.joules
    if joules >= 0.0:
        return joules
    if now.wraps_at is None or joules + now.wraps_at > PLAUSIBLE_WATTS * seconds:
        return None
    return joules + now.wraps_at


@dataclass(frozen=True, slots=True)
class FrameEnergy:
    """Energy per frame over time, one value an interval between two readings; NaN where no frame was completed in it."""

    end_ns: NDArray[np.int64]
    """`[interval]`, the later reading's stamp."""
    joules: NDArray[np.float64]
    """`[interval]`, joules per frame."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    frames: NDArray[np.int64]
    """`[interval]`, frames completed in it."""


def frame_energy(readings: Sequence[EnergyReading], complete_ns: NDArray[np.int64]) -> FrameEnergy:
    """Energy per frame between each two readings. `complete_ns`: completion stamps of the frames, any order.

    Intervals before which the meter was gone are left out.
    """
    spans = _spans(readings)
    ends = np.array([end.stamp_ns for _, end in spans], np.int64)
    starts = np.array([start.stamp_ns for start, _ in spans], np.int64)
    stamps = np.sort(complete_ns)
    frames = np.searchsorted(stamps, ends, "right") - np.searchsorted(stamps, starts, "right")
    used = np.array([_used(start, end) for start, end in spans], np.float64).reshape(-1, 3)
    per_frame = np.divide(used, frames[:, None], out=np.full(used.shape, np.nan), where=frames[:, None] > 0)
    return FrameEnergy(ends, per_frame[:, 0], per_frame[:, 1], per_frame[:, 2], frames.astype(np.int64))


def _spans(readings: Sequence[EnergyReading]) -> list[tuple[EnergyReading, EnergyReading]]:
    return [(start, end) for start, end in itertools.pairwise(readings) if not end.is_after_gap]


def _used(start: EnergyReading, end: EnergyReading) -> tuple[float, float, float]:
    before, after = start.joules, end.joules
    return after.value - before.value, after.low - before.low, after.high - before.high


def run_energy(
    meter: MeterInfo,
    readings: Sequence[EnergyReading],
    complete_ns: NDArray[np.int64],
    *,
    start_ns: int,
    end_ns: int,
    idle_watts: float | None = None,
    stage_cpu_ms: Mapping[str, float] | None = None,
    note: str = "",
) -> RunEnergy | None:
    """What a run took between `start_ns` (end of the warm-up) and `end_ns`.

    None with fewer than two readings in between, and for a meter that stood still: nothing runs on 0 J.

    Frames are counted between the same readings as joules, so a meter's slow period costs seconds and not accuracy.
    `stage_cpu_ms`: see `stage_cpu_ms`; None or empty: nothing is split by stage.
    """
    inside = [one for one in readings if start_ns <= one.stamp_ns <= end_ns + _AFTER_END_NS]
    spans = _spans(inside)
    if not spans:
        return None
    joules = Banded(*(sum(numbers) for numbers in zip(*(_used(start, end) for start, end in spans), strict=True)))
    if joules.value <= 0.0:
        return None
    seconds = sum(end.stamp_ns - start.stamp_ns for start, end in spans) / NS_PER_S
    frames = int(frame_energy(inside, complete_ns).frames.sum())
    per_frame = scaled(joules, 1 / frames) if frames else None
    shares = stage_shares(stage_cpu_ms or {})
    idle_watts = None if meter.covers == "our processes" else idle_watts
    inference = 1.0 if meter.covers == "gpu" else shares.get("inference")
    split = meter.covers != "gpu" and per_frame is not None
    return RunEnergy(
        meter=meter.name,
        kind=meter.kind,
        title=meter.title,
        covers=meter.covers,
        seconds=seconds,
        readings=len(inside),
        frames=frames,
        joules=joules,
        watts=scaled(joules, 1 / seconds),
        joules_per_frame=per_frame,
        joules_per_inference=scaled(per_frame, inference) if per_frame and inference is not None else None,
        idle_watts=idle_watts,
        dynamic_joules_per_frame=above_idle(per_frame, idle_watts * seconds / frames) if per_frame and idle_watts else None,
        stage_joules_per_frame={name: share * per_frame.value for name, share in shares.items()} if per_frame and split else {},
        parts={name: end - inside[0].parts.get(name, 0.0) for name, end in inside[-1].parts.items()},
        note=note,
    )


def meter_of(reading: EnergyReading) -> MeterInfo:
    """As much of a meter as its reading tells, where the machine it was on is not at hand; its band is in the readings."""
    return MeterInfo(reading.meter, reading.kind, reading.meter, reading.covers, 1.0, 1.0, 1.0, available=True)


_ONE_THREAD: Final = ("decode", "preprocess", "postprocess")
"""Stages that run in a thread of their own; queue and present are waits."""


def stage_cpu_ms(stages: Mapping[str, StageStats], threads: int | None, streams: int | None, batch: int = 1) -> dict[str, float]:
    """Mean CPU milliseconds of a frame by stage: wall time × the threads that work on it.

    An inference keeps `threads` / `streams` threads busy and answers `batch` frames; the other stages have one thread each.
    Waiting costs nothing.
    """
    found = {name: stages[name].mean_ms for name in _ONE_THREAD if name in stages}
    if "inference" in stages:
        found["inference"] = stages["inference"].mean_ms * max(1.0, (threads or 1) / (streams or 1)) / batch
    return found


def stage_shares(cpu_ms: Mapping[str, float]) -> dict[str, float]:
    """Part of each stage in the CPU time of a frame, 0…1; empty when there is none."""
    whole = sum(cpu_ms.values())
    return {name: part / whole for name, part in cpu_ms.items()} if whole > 0 else {}


def watt_hours(joules: float) -> float:
    """1 Wh is 3600 J."""
    return joules / JOULES_PER_WH
