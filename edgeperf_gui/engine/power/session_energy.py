"""A session's energy from its meter's choice to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from edgeperf_gui.analysis.energy import run_energy, stage_cpu_ms
from edgeperf_gui.domain.energy import EnergyReading, RunEnergy
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.results import Effective, StageStats
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.power.meter import Meter, here
from edgeperf_gui.engine.power.reading import MeterReader
from edgeperf_gui.engine.power.table import open_meter

_WITH_WARMUP: Final = "The run was too short to leave its warm-up out."


class SessionEnergy:
    """Reads the meter that `spec` names; does nothing when it names none.

    One that cannot be read is told as a notice: a laptop that is plugged in again shall not keep a session from starting.
    """

    def __init__(self, spec: SessionSpec, notify: Callable[[Notice], None]) -> None:
        self._spec = spec
        self._notify = notify
        self._meter: Meter | None = None
        self._reader: MeterReader | None = None
        try:
            self._meter = open_meter(here(spec.meter, spec.companion_pids))
        except MeterError as error:
            notify(Notice(spec.session_id, error.sentence, error.remedy))

    def start(self, tell: Callable[[EnergyReading], None] = lambda reading: None) -> None:
        """Begin to count; `tell` gets each reading, in the meter's own thread."""
        if self._meter is not None:
            spec = self._spec
            self._reader = MeterReader(self._meter, spec.session_id, spec.meter.idle_watts, tell, self._notify)
            self._reader.start()

    def finish(self) -> None:
        """Take the last reading; safe to call twice."""
        if self._reader is not None:
            self._reader.finish()

    def result(
        self,
        records: Records,
        warmup: int,
        end_ns: int,
        stages: Mapping[str, StageStats],
        effective: Effective,
        tell: Callable[[Notice], None],
    ) -> RunEnergy | None:
        """What the run took; None without a meter, and where it gave too little, which `tell` is told.

        `records`: all frames held, `warmup`: how many of the first to leave out. A run too short for two readings after its
        warm-up is told with it.
        """
        reader = self._reader
        if reader is None or not records.size:
            return None
        starts = {int(records["complete_ns"][min(warmup, records.size - 1)]): ""}
        if records["frame"][0] == 0:  # else frames of the beginning are not held any more
            starts.setdefault(reader.begin_ns, _WITH_WARMUP)
        for start_ns, remark in starts.items():
            found = run_energy(
                reader.meter.info,
                reader.readings,
                records["complete_ns"],
                start_ns=start_ns,
                end_ns=end_ns,
                idle_watts=self._spec.meter.idle_watts,
                stage_cpu_ms=stage_cpu_ms(stages, effective.threads, effective.streams, effective.batch),
                note=" ".join(filter(None, (reader.meter.info.note, *reader.troubles, remark))),
            )
            if found is not None:
                return found
        usable = sum(one.stamp_ns >= min(starts) for one in reader.readings)
        few = "stood still" if usable > 1 else "gave 1 reading" if usable else "gave 0 readings"
        sentence = f"{reader.meter.info.title} {few} in this run, so its energy is not known."
        tell(Notice(self._spec.session_id, sentence, "Let it run longer, and see that the meter goes on meanwhile."))
        return None
