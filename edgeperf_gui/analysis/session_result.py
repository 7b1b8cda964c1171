"""A session's records, while it runs or read back, as the result that `edgeperf bench` would have written of them."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.analysis.energy import meter_of, run_energy, stage_cpu_ms
from edgeperf_gui.analysis.summary import summarise
from edgeperf_gui.domain.energy import EnergyReading
from edgeperf_gui.domain.messages import Opened, Telemetry
from edgeperf_gui.domain.records import Records
from edgeperf_gui.domain.results import RunResult, Steady
from edgeperf_gui.domain.session import SessionSpec

_UNWATCHED = Steady(False, "not steady: too short to say")


def session_result(
    spec: SessionSpec,
    opened: Opened,
    records: Records,
    dropped: int,
    telemetry: Sequence[Telemetry],
    readings: Sequence[EnergyReading] = (),
) -> RunResult | None:
    """What the session measured so far; None before two frames are completed.

    `records`: as far as they are kept; what was dropped before the first of them is not counted.
    """
    if records.size < 2:
        return None
    effective = opened.effective
    seen = int(records["frame"][-1]) - int(records["frame"][0]) + 1
    summary = summarise(
        records,
        streams=opened.effective.streams,
        completed=seen,
        dropped=max(0, dropped - int(records["dropped"][0])),
        source_fps=opened.source.fps if opened.source else None,
        saturated=opened.is_saturated,
    )
    loads = [one.foreign_cpu_percent for one in telemetry if one.foreign_cpu_percent is not None]
    own = [one.own_cpu_percent for one in telemetry if one.own_cpu_percent is not None]
    energy = (
        run_energy(
            meter_of(readings[-1]),
            readings,
            records["complete_ns"],
            start_ns=int(records["complete_ns"][summary.throughput.warmup_discarded]),
            end_ns=readings[-1].stamp_ns,
            idle_watts=spec.meter.idle_watts,
            stage_cpu_ms=stage_cpu_ms(summary.stages, effective.threads, effective.streams, effective.batch),
        )
        if readings
        else None
    )
    return RunResult(
        spec=spec,
        machine=opened.machine,
        effective=opened.effective,
        model=opened.model,
        source=opened.source,
        stages=summary.stages,
        age=summary.age,
        throughput=summary.throughput,
        steady=telemetry[-1].steady if telemetry else _UNWATCHED,
        foreign_cpu_percent=sum(loads) / len(loads) if loads else None,
        own_cpu_percent=sum(own) / len(own) if own else None,
        openvino_command="",
        openvino_latency=summary.openvino_latency,
        age_ends="shown" if summary.age_ends_when_shown else "objects known",
        ages=summary.ages,
        intervals=summary.intervals,
        energy=energy,
    )
