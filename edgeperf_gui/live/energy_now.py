"""What energy comes to at this moment: the newest seconds of the session, split as its stages share the CPU time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.analysis.energy import meter_of, run_energy, stage_cpu_ms
from edgeperf_gui.domain.energy import EnergyReading, MeterChoice, MeterInfo, RunEnergy
from edgeperf_gui.domain.session import RunState
from edgeperf_gui.live.session_store import SessionStore

SECONDS: Final = 10.0
"""What the numbers are about; a meter that tells less often: its last three readings."""
_LEAST: Final = 4
_PATIENCE_S: Final = 5.0


def energy_now(store: SessionStore, meters: Sequence[MeterInfo] = (), idle_watts: float | None = None) -> RunEnergy | None:
    """Of the newest readings; None while there are too few, or while they stand still. `idle_watts`: as it is known now."""
    readings = store.energy.recent(SECONDS, _LEAST)
    if len(readings) < 2:
        return None
    # over more time than frames are kept for, the power is known and a frame's energy is not
    complete_ns = store.whole()["complete_ns"]
    from_ns = store.energy.frames_known_from_ns(complete_ns) if len(complete_ns) else readings[-1].stamp_ns
    with_frames = [one for one in readings if one.stamp_ns >= from_ns]
    if len(with_frames) < 2:
        complete_ns = complete_ns[:0]
    else:
        readings = with_frames
    last, effective = readings[-1], store.opened.effective if store.opened else None
    stages = {name: stats for name, stats in store.stage_stats().items() if stats is not None}
    return run_energy(
        info_of(last, meters),
        readings,
        complete_ns,
        start_ns=readings[0].stamp_ns,
        end_ns=last.stamp_ns,
        idle_watts=idle_watts,
        stage_cpu_ms=stage_cpu_ms(stages, effective.threads, effective.streams, effective.batch) if effective else None,
    )


def info_of(reading: EnergyReading, meters: Sequence[MeterInfo] = ()) -> MeterInfo:
    """The meter that gave it; as far as the reading tells, where the machine's meters are not known yet."""
    known = next((one for one in meters if one.name == reading.meter), None)
    return known or meter_of(reading)


def title_of(info: MeterInfo, choice: MeterChoice) -> str:
    """Its title, with the power range that was typed in."""
    low, high = choice.tdp_low_watts or choice.tdp_high_watts, choice.tdp_high_watts or choice.tdp_low_watts
    return f"Estimate from {low:g} … {high:g} W" if info.name == "tdp" and low and high else info.title


def silence_s(store: SessionStore, now_ns: int, meters: Sequence[MeterInfo] = ()) -> float | None:
    """Seconds since a meter's last reading when that is too long for a session that runs; None while all is well."""
    last = store.energy.newest
    if last is None or store.status.state is not RunState.RUNNING:
        return None
    waited = (now_ns - last.stamp_ns) / 1e9
    return waited if waited > _PATIENCE_S + 2 * info_of(last, meters).period_s else None
