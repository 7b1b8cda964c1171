"""A session's meter, read in a thread of its own beside what is measured."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from edgeperf_gui.analysis.energy import LONGEST_WRAP_S, NS_PER_S, EnergyTotal, scaled
from edgeperf_gui.domain.energy import Banded, EnergyReading
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.engine.power.meter import Meter

_MOST_KEPT: Final = 20_000
"""Readings of five hours at one a second; then every second one goes, which loses nothing: joules are counted from the start.
Of a meter that does nothing but go backwards the oldest go."""
_LEAST_APART_NS: Final = 50_000_000
"""A meter may tell a thousand times a second; nobody looks as often, and each goes to the window and the disk."""
_JOIN_S: Final = 1.0
_COUNTS_ON: Final = "Let the run go on: from now on it counts again."


class MeterReader:
    """Reads once a period, and once at the end. A meter that is gone is told once, and asked again until it is back."""

    def __init__(
        self,
        meter: Meter,
        session_id: str,
        idle_watts: float | None,
        tell: Callable[[EnergyReading], None],
        notify: Callable[[Notice], None],
    ) -> None:
        self.meter = meter
        self.readings: list[EnergyReading] = []
        """Of the session so far, oldest first."""
        self.troubles: list[str] = []
        """What went wrong on the way, a sentence each, each once."""
        self.begin_ns = 0
        """When counting began; 0: not yet."""
        self._session_id = session_id
        self._total = EnergyTotal(meter.info, session_id, idle_watts)
        self._tell = tell
        self._notify = notify
        self._is_gone = False
        self._pending: EnergyReading | None = None  # counted, and too close to the last one to be kept
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="meter", daemon=True)

    def start(self) -> None:
        """Take the first reading, from which joules are counted, and go on."""
        self.begin_ns = time.perf_counter_ns()
        self._read()
        self._thread.start()

    def finish(self) -> None:
        """Take the last reading and let go of the meter; safe to call twice."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _work(self) -> None:
        while not self._end.wait(self.meter.info.period_s):
            self._read()
        self._read()
        self._keep_pending()
        self.meter.close()

    def _read(self) -> None:
        try:
            samples = self.meter.read()
        except (MeterError, OSError) as error:
            told = error if isinstance(error, MeterError) else MeterError(f"{self.meter.info.title} failed: {error}.")
            self._total.interrupt()
            self._trouble(told.sentence, told.remedy)
            self._is_gone = True
            return
        for sample in samples:
            reading = self._total.take(sample)
            if reading is not None:
                self._take(reading)
        if self._is_gone and samples:
            self._is_gone = False
            self._notify(Notice(self._session_id, f"{self.meter.info.title} can be read again."))
        if self.meter.trouble:
            self._trouble(self.meter.trouble, "", key=self.meter.trouble.partition(":")[0])

    def _take(self, reading: EnergyReading) -> None:
        """Keep it where it is far enough from the last one; joules are counted from the start, so none get lost."""
        if not self.readings or reading.is_after_gap:
            self._keep_pending()  # a gap begins at the last reading before it
            self._keep(reading)
            return
        last, is_first = self.readings[-1], self._pending is None
        self._pending = reading if is_first else msgspec.structs.replace(reading, watts=_mean_watts(last, reading))
        if reading.stamp_ns - last.stamp_ns >= _LEAST_APART_NS:
            self._keep_pending()

    def _keep_pending(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            self._keep(pending)

    def _keep(self, reading: EnergyReading) -> None:
        if reading.is_after_gap and not self._is_gone:
            slept = self.readings and reading.stamp_ns - self.readings[-1].stamp_ns > LONGEST_WRAP_S * NS_PER_S
            what = "told nothing for over a minute" if slept else "went backwards"
            self._trouble(f"{self.meter.info.title} {what}: what was used since its last reading is not counted.", _COUNTS_ON)
        self.readings.append(reading)
        self._tell(reading)
        if len(self.readings) > _MOST_KEPT:
            self.readings = thinned(self.readings)[-_MOST_KEPT:]

    def _trouble(self, sentence: str, remedy: str, key: str = "") -> None:
        """Kept and told, but only once: a meter that is gone stays gone for many readings."""
        known = [one for one in self.troubles if one == sentence or (key and one.startswith(key))]
        for one in known:
            self.troubles.remove(one)
        self.troubles.append(sentence)
        if not known:
            self._notify(Notice(self._session_id, sentence, remedy))


def _mean_watts(last: EnergyReading, reading: EnergyReading) -> Banded:
    """Mean power between two readings with no gap in between; its band is that of the joules, which err by the same factors."""
    spent = (now - before for now, before in zip(*map(msgspec.structs.astuple, (reading.joules, last.joules)), strict=True))
    return scaled(Banded(*spent), NS_PER_S / (reading.stamp_ns - last.stamp_ns))


def thinned(readings: list[EnergyReading]) -> list[EnergyReading]:
    """Every second reading, with all that stand at a gap: what lies between two that stay is in their difference."""
    following = [*readings[1:], readings[-1]]
    return [
        one
        for number, (one, after) in enumerate(zip(readings, following, strict=True))
        if number % 2 == 0 or number == len(readings) - 1 or one.is_after_gap or after.is_after_gap
    ]
