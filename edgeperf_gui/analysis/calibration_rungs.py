"""At which rates service times are measured: next to a situation's own, on a ladder that hangs on the model's capacity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.domain.simulation import Situation

_STEPS_AN_OCTAVE: Final = 4
"""Near its capacity a model takes longer for each percent of the rate: from rungs twice as far apart the p50 of a run at nine
tenths of it came out 2 to 6 % too high."""
_LEAST_BATCHES: Final = 40
_OVERLOADED: Final = 0.6
"""Of its capacity, what a model is taken to give while the reader works for frames that are dropped; seen were 0.66 to 0.69."""
_LONGEST: Final = 2.0
"""Runs longer than so many times what was asked for are left out, where the next faster one stands in for them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a run flat out gave, frames a second, both more than 0."""

    capacity_fps: float
    reader_fps: float
    """So many the reader would decode if nobody kept it waiting."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A rate to be measured. Flat out, frames come as fast as they are taken and `rate_fps` is the capacity."""

    rate_fps: float
    seconds: float
    is_flat_out: bool


def rungs(situation: Situation, pace: Pace, seconds: float) -> tuple[Rung, ...]:
    """One or two; `seconds`: how long each is measured, longer for slow batches.

    Newest frames are measured beyond the capacity, too: there the reader works for frames that are dropped and takes the cores
    from the model. Faster than it can decode, it always works, however fast the frames come: then slower rates say nothing.
    Frames that all queue never come faster than they are taken, for their reader waits for a free buffer.
    """
    asked_fps, all_queue = situation.rate_fps * situation.cameras, situation.line == "all"
    asked = _step(asked_fps, pace)
    slowest = min(0, math.ceil(_step(_LEAST_BATCHES * situation.batch / (_LONGEST * seconds), pace)))
    fastest = 0 if all_queue else math.inf
    around = {math.ceil(asked)} if asked_fps > pace.reader_fps else {math.floor(asked), math.ceil(asked)}
    steps = {int(min(max(step, slowest), fastest)) for step in around}
    return tuple(_rung(step, situation, pace, seconds, is_flat_out=all_queue and step == 0) for step in sorted(steps))


def _step(fps: float, pace: Pace) -> float:
    return _STEPS_AN_OCTAVE * math.log2(fps / pace.capacity_fps)


def _rung(step: int, situation: Situation, pace: Pace, seconds: float, *, is_flat_out: bool) -> Rung:
    rate_fps = pace.capacity_fps * 2 ** (step / _STEPS_AN_OCTAVE)
    done_fps = rate_fps if step < 0 else pace.capacity_fps * (1.0 if is_flat_out else _OVERLOADED)
    lasts_s = max(seconds, _LEAST_BATCHES * situation.batch / done_fps)
    return Rung(rate_fps, lasts_s, is_flat_out)
