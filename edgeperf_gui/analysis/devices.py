"""What a device is worth as a system: cost per frame per second, frames per second per litre, frames per joule."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.device import DeviceSheet, Performance, SystemMetrics
from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.domain.results import RunResult

NOTHING = SystemMetrics(None, None, None, None, None)
PACED: Final = ", paced: no faster than its source"
"""Behind what ran: such a rate is the video's as long as the device keeps up, and no capacity."""


def system_metrics(sheet: DeviceSheet, done: Performance | None) -> SystemMetrics:
    """Of a device that does this; without a performance nothing is known.

    Frames per joule are those of the run's own meter; where none was read, frames per second over the typed-in busy power.
    """
    if done is None or not done.fps > 0.0:
        return NOTHING
    fps = done.fps
    energy, kind = _per_joule(done.joules_per_frame), done.kind
    if energy is None and sheet.busy_w is not None:
        energy, kind = Banded(*[fps / sheet.busy_w] * 3), None
    return SystemMetrics(
        cost_per_fps=None if sheet.price is None else sheet.price / fps,
        fps_per_litre=None if sheet.volume_l is None else fps / sheet.volume_l,
        fps_per_kg=None if sheet.mass_kg is None else fps / sheet.mass_kg,
        frames_per_joule=energy,
        energy_kind=kind if energy is not None else None,
    )


def performance_of(run: RunResult) -> Performance | None:
    """What a run says of the device it ran on; None for one without a throughput."""
    fps, energy = run.throughput.fps, run.energy
    if fps is None or not fps > 0.0:
        return None
    return Performance(
        fps=fps,
        is_typed=False,
        joules_per_frame=energy.joules_per_frame if energy else None,
        kind=energy.kind if energy and energy.joules_per_frame else None,
        covers=energy.covers if energy else None,
        busy_watts=energy.watts if energy else None,
        n=run.throughput.completed,
        about=f"{run.machine.hostname}: {run.spec.model} {run.spec.precision}, {run.spec.device}"
        + ("" if run.throughput.saturated else PACED),
    )


def busy_watts(sheet: DeviceSheet, done: Performance | None) -> Banded | None:
    """What it draws while it works: what its run's meter covered, or else what was typed in."""
    if done is not None and done.busy_watts is not None:
        return done.busy_watts
    return None if sheet.busy_w is None else Banded(sheet.busy_w, sheet.busy_w, sheet.busy_w)


def _per_joule(joules_per_frame: Banded | None) -> Banded | None:
    if joules_per_frame is None or not joules_per_frame.low > 0.0:
        return None
    return Banded(1 / joules_per_frame.value, 1 / joules_per_frame.high, 1 / joules_per_frame.low)
