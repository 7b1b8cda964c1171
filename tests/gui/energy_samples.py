"""Readings, meters and counted layers that a session and a machine might give."""

from __future__ import annotations

import math

from edgeperf_gui.domain.energy import Banded, EnergyReading, LayerEnergy, MeterInfo, ModelEnergy, OperatorEnergy
from edgeperf_gui.live.session_store import SessionStore

RAPL = MeterInfo("rapl", "measured", "RAPL package counter", "package", 0.2, 1.0, 1.0, True)
NO_RAPL = MeterInfo(
    "rapl", "measured", "RAPL package counter", "package", 0.2, 1.0, 1.0, False,
    "There is no package counter in /sys/class/powercap.", "On a PC, load the driver: sudo modprobe intel_rapl_msr",
)  # fmt: skip
NO_FILE = MeterInfo(
    "file", "measured", "External meter", "machine", 1.0, 0.98, 1.02, False,
    "No file of readings was named.", "Name one with --meter-file.", "Covers whatever it is plugged into.",
)  # fmt: skip
TDP = MeterInfo("tdp", "estimated", "Estimate from 12 … 28 W", "our processes", 1.0, 0.3, 2.8, True, note="Busy time.")
NO_TDP = MeterInfo(
    "tdp", "estimated", "Estimate from the power range", "our processes", 1.0, 0.5, 2.0, False,
    "The power range of this processor (Some CPU) is not known.", "Give its power range: --tdp LOW-HIGH.",
)  # fmt: skip


def banded(value: float, meter: MeterInfo) -> Banded:
    """With the meter's band."""
    return Banded(value, value * meter.low_factor, value * meter.high_factor)


def readings(
    session_id: str, meter: MeterInfo, end_ns: int, seconds: int, watts: float = 12.0, idle_watts: float | None = None
) -> list[EnergyReading]:
    """One a second, the power going up and down a little; the last at `end_ns`."""
    found, joules = [], 0.0
    for at in range(seconds + 1):
        power = watts * (1 + 0.12 * math.sin(at / 3))
        joules += power if at else 0.0
        stamp_ns = end_ns - (seconds - at) * 1_000_000_000
        now = banded(power, meter) if at else None
        idle_joules = None if idle_watts is None else idle_watts * at
        total = banded(joules, meter)
        found.append(
            EnergyReading(session_id, meter.name, meter.kind, meter.covers, stamp_ns, total, now, idle_joules=idle_joules)
        )
    return found


def ingest_readings(store: SessionStore, meter: MeterInfo, seconds: int = 5, **more: float) -> None:
    """Readings of the present session up to its newest frame."""
    end_ns = int(store.recent(0.0)["complete_ns"][-1])
    for reading in readings(store.status.session_id, meter, end_ns, seconds, **more):
        store.ingest(reading)


def counted(layers: int = 40) -> ModelEnergy:
    """As of a small detector: its early layers move much, its late ones hold many weights."""
    made = []
    for at in range(layers):
        late = at / layers
        energy = OperatorEnergy(0.05 + 0.03 * math.sin(at), 0.02 + 0.3 * late**2, 0.6 * (1 - late) ** 2)
        made.append(LayerEnergy(f"/backbone/conv{at}", "Convolution", "bf16", 1000, 100, 200, energy))
    sums = [sum(getattr(one.energy, name) for one in made) for name in ("arithmetic_mj", "weights_mj", "activations_mj")]
    return ModelEnergy("nanodet-g", "FP16", "45nm", "Horowitz 2014", *sums, sum(sums), tuple(made))
