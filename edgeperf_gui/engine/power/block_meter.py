"""A meter read at both ends of short blocks, for what is compared in turns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgeperf_gui.analysis.energy import EnergyTotal, Sample, scaled
from edgeperf_gui.domain.compare import VariantEnergy
from edgeperf_gui.domain.energy import Banded, EnergyKind, MeterChoice, MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.power.meter import Meter, here
from edgeperf_gui.engine.power.table import open_meter

_TOO_SLOW = "{} only shows a power now and then, which is too slow for blocks of less than a second."
_CHOOSE = "Choose a meter in the Energy dock, or type in a power range there."


@dataclass(frozen=True, slots=True)
class BlockEnergy:
    """What one block took."""

    joules: Banded
    frames: int
    cpu_ms: float
    """CPU time of this process in the block."""
    other_ms: float
    """What preprocess and postprocess of all its frames had of it: one thread each."""


class BlockMeter:
    """Counts joules between two laps. Without a meter that can, every lap is None and `note` says why."""

    def __init__(self, choice: MeterChoice) -> None:
        self.note = ""
        self._begun_s = 0.0
        self._last: Sample | None = None
        self._meter: Meter | None = None
        try:
            self._meter = open_meter(here(choice))
            self.note = "" if self._meter is not None else f"No energy meter was read. {_CHOOSE}"
        except MeterError as error:
            self.note = f"{error.sentence} {error.remedy}".strip()

    @property
    def info(self) -> MeterInfo | None:
        """The meter; None where there is none."""
        return self._meter.info if self._meter is not None else None

    @property
    def kind(self) -> EnergyKind | None:
        """Of what it counts; None where there is no meter."""
        return self._meter.info.kind if self._meter is not None else None

    def lap(self) -> Banded | None:
        """Joules since the last lap; None in the first, and where they cannot be told."""
        if self._meter is None:
            return None
        try:
            samples = self._meter.read()
        except MeterError as error:
            self.note, self._last = f"{error.sentence} {error.remedy}".strip(), None
            return None
        sample = next((one for one in reversed(samples) if one.counters), None)
        if sample is None:
            self.note, self._last = _TOO_SLOW.format(self._meter.info.title), None
            return None
        before, self._last = self._last, sample
        if before is None:
            return None
        total = EnergyTotal(self._meter.info, "")
        total.take(before)
        reading = total.take(sample)
        # a counter that did not move in a block has not been read anew in it: nothing runs on 0 J
        return None if reading is None or reading.is_after_gap or reading.joules.value <= 0.0 else reading.joules

    def begin(self) -> None:
        """A block begins."""
        self.lap()
        self._begun_s = time.perf_counter()

    def per_frame(self, fps: float) -> Banded | None:
        """Joules a frame of the block that began last and ends now: mean power ÷ its throughput."""
        joules, seconds = self.lap(), time.perf_counter() - self._begun_s
        return None if joules is None or not fps > 0 else scaled(joules, 1 / (seconds * fps))

    def close(self) -> None:
        """Let go of it."""
        if self._meter is not None:
            self._meter.close()


def variant_energy(info: MeterInfo | None, blocks: Sequence[BlockEnergy]) -> VariantEnergy | None:
    """Median over blocks; an inference has what its part of the CPU time is. None without a block."""
    if info is None or not blocks:
        return None
    per_frame = median_of([scaled(one.joules, 1 / one.frames) for one in blocks])
    assert per_frame is not None
    share = 1.0
    cpu_ms = sum(one.cpu_ms for one in blocks)
    if info.covers != "gpu" and cpu_ms > 0:
        share = min(max(1.0 - sum(one.other_ms for one in blocks) / cpu_ms, 0.0), 1.0)
    return VariantEnergy(
        meter=info.name,
        kind=info.kind,
        title=info.title,
        covers=info.covers,
        joules_per_inference=scaled(per_frame, share),
        joules_per_frame=per_frame,
        blocks=len(blocks),
    )


def median_of(found: Sequence[Banded | None]) -> Banded | None:
    """Of those that are known; None when none is."""
    known = [one for one in found if one is not None]
    if not known:
        return None
    value, low, high = (float(np.median([getattr(one, name) for one in known])) for name in ("value", "low", "high"))
    return Banded(value, low, high)
