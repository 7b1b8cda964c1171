"""A device sheet: what a device costs, how large it is and what it draws; and what it is worth by a run of its own."""

from __future__ import annotations

from typing import Annotated

import msgspec

from edgeperf_gui.domain.energy import Banded, Covers, EnergyKind

Above = Annotated[float, msgspec.Meta(gt=0.0, le=1e9)]


class DeviceSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One TOML file. Every number in it was typed in by somebody; a run is what was measured. Not given: not known."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    source: Annotated[str, msgspec.Meta(max_length=400)] = ""
    """Where the numbers are from: a data sheet, an offer, a scale."""
    price: Above | None = None
    currency: Annotated[str, msgspec.Meta(max_length=8)] = "€"
    volume_l: Above | None = None
    """Litres, with what it needs around it: case, heat sink, supply."""
    mass_kg: Above | None = None
    idle_w: Above | None = None
    busy_w: Above | None = None
    """Of the whole device at the rate of `fps` or of the run."""
    thermal_limit_c: Above | None = None
    """Temperature at which it slows down, or may not be used any more."""
    fps: Above | None = None
    """Frames per second as somebody says; a run says it better."""
    run: Annotated[str, msgspec.Meta(max_length=4096)] | None = None
    """What `edgeperf bench --json` wrote on this device, or its run file; a path, from the sheet's own folder on."""


class Performance(msgspec.Struct, frozen=True):
    """What a device does, and who says so."""

    fps: float
    is_typed: bool
    """Somebody wrote it down; nothing was measured."""
    joules_per_frame: Banded | None = None
    kind: EnergyKind | None = None
    """Of the energy; None where none was read."""
    covers: Covers | None = None
    """What the meter's joules are about: hardly ever the whole device."""
    busy_watts: Banded | None = None
    """Mean power of the run."""
    n: int | None = None
    """Frames it is about."""
    about: str = ""
    """Machine, model and variant that ran."""


class SystemMetrics(msgspec.Struct, frozen=True):
    """What the system is worth. None where what it needs is not known."""

    cost_per_fps: float | None
    """Money for each frame per second."""
    fps_per_litre: float | None
    fps_per_kg: float | None
    frames_per_joule: Banded | None
    energy_kind: EnergyKind | None
    """Of `frames_per_joule`; None with a value: from power that was typed in."""
