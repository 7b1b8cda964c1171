"""The job that reads a meter while nothing runs: what of a session's energy would have been used anyway."""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np

from edgeperf_gui.analysis.energy import run_energy
from edgeperf_gui.domain.energy import Baseline, BaselineSpec, EnergyReading
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.engine.jobs.job_outbox import JobOutbox, Teller, failure_told, tell_result, tell_stopped
from edgeperf_gui.engine.power.meter import here
from edgeperf_gui.engine.power.reading import MeterReader
from edgeperf_gui.engine.power.table import open_meter
from edgeperf_gui.engine.telemetry import LoadMeter

_LOOK_S: Final = 0.2
_NO_FRAMES: Final = np.zeros(0, np.int64)
_LIST_THEM: Final = "`edgeperf energy` lists the meters, and how to enable each."


def run(spec: BaselineSpec, outbox: JobOutbox, stop: threading.Event) -> Baseline | None:
    """Read for `spec.seconds`; None when it was stopped. Raises EdgeperfError, after having told the outbox."""
    with failure_told(spec.session_id, outbox):
        result = _measured(spec, outbox, stop)
    if result is None:
        tell_stopped(spec.session_id, outbox)
    else:
        tell_result(spec.session_id, outbox, result)
    return result


def _measured(spec: BaselineSpec, outbox: JobOutbox, stop: threading.Event) -> Baseline | None:
    meter = open_meter(here(spec.meter))
    if meter is None:
        raise MeterError("No meter can be read here.", _LIST_THEM)
    if meter.info.kind != "measured":
        raise MeterError(f"“{meter.info.name}” knows no idle power: it counts our own busy time only.", _LIST_THEM)
    notices: list[Notice] = []
    reader = MeterReader(meter, spec.session_id, None, _ignore, notices.append)
    load, teller, began = LoadMeter(), Teller(spec.session_id, outbox), time.perf_counter()
    reader.start()
    try:
        while (passed := time.perf_counter() - began) < spec.seconds and not stop.wait(min(_LOOK_S, spec.seconds - passed)):
            teller.progress(int(passed), int(spec.seconds), f"reading {meter.info.title}")
    finally:
        reader.finish()
    if stop.is_set():
        return None
    stamps = [reading.stamp_ns for reading in reader.readings] or [0]
    found = run_energy(meter.info, reader.readings, _NO_FRAMES, start_ns=stamps[0], end_ns=stamps[-1])
    if found is None:
        why = notices[0].sentence if notices else "It gave fewer than two readings, or stood still."
        raise MeterError(f"{meter.info.title} told no power in {spec.seconds:g} s. {why}", "Read it for longer.")
    return Baseline(
        meter=meter.info.name,
        title=meter.info.title,
        watts=found.watts,
        seconds=found.seconds,
        readings=found.readings,
        foreign_cpu_percent=load.total().foreign_percent,
    )


def _ignore(reading: EnergyReading) -> None:
    """Only the sum is wanted."""
