"""Devices side by side as a table: what each is worth, and which numbers were typed in. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.domain.device import DeviceSheet, Performance, SystemMetrics
from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.live.device_sheets import Device
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.definitions import DEVICES
from edgeperf_gui.ui.energy_words import COVERS
from edgeperf_gui.ui.sheet import Cell, Sheet

TYPED: Final = "typed in"
_COVERS: Final = "Typed-in power is of the whole device; this meter’s energy is of another part: "
_COLUMNS: Final = (
    ("Device", DEVICES["device"]),
    ("fps", DEVICES["fps"]),
    ("Price", DEVICES["price"]),
    ("Price/fps", DEVICES["cost_per_fps"]),
    ("fps/litre", DEVICES["fps_per_litre"]),
    ("fps/kg", DEVICES["fps_per_kg"]),
    ("Frames/J", DEVICES["frames_per_joule"]),
    ("Idle · busy, W", f"{DEVICES['idle_w']} {DEVICES['busy_w']}"),
    ("Limit, °C", DEVICES["thermal_limit_c"]),
)


def device_sheet(devices: Sequence[Device]) -> Sheet:
    """One row a device, in the order given."""
    return Sheet("Devices against each other", _COLUMNS, tuple(_row(one) for one in devices))


def _row(one: Device) -> tuple[Cell, ...]:
    sheet, done, metrics = one.sheet, one.performance, one.metrics
    source = f"\n{sheet.source}" if sheet.source else ""
    return (
        Cell(sheet.title, sheet.title, "run cannot be read" if one.trouble else _who(done), f"{one.trouble}{source}".strip()),
        _fps(done),
        _typed(sheet.price, sheet.currency),
        _derived(metrics.cost_per_fps, sheet.currency, done),
        _derived(metrics.fps_per_litre, "", done, _of("Volume", sheet.volume_l, "l")),
        _derived(metrics.fps_per_kg, "", done, _of("Mass", sheet.mass_kg, "kg")),
        _energy(metrics, done),
        _watts(sheet),
        _typed(sheet.thermal_limit_c),
    )


def _who(done: Performance | None) -> str:
    if done is None:
        return "no performance given"
    return "nothing measured" if done.is_typed else done.about


def _fps(done: Performance | None) -> Cell:
    if done is None:
        return Cell(figures.UNKNOWN)
    below = TYPED if done.is_typed else "measured" if done.n is None else f"measured, {figures.thousands(done.n)} frames"
    return Cell(figures.figure(done.fps), done.fps, below)


def _typed(value: float | None, unit: str = "") -> Cell:
    return Cell(figures.UNKNOWN) if value is None else Cell(f"{figures.rate(value)} {unit}".strip(), value, TYPED)


def _derived(value: float | None, unit: str, done: Performance | None, of: str = "") -> Cell:
    """From a typed-in price, volume or mass, and a performance that may be measured. `of`: what was typed in, for the tooltip."""
    if value is None or done is None:
        return Cell(figures.UNKNOWN)
    return Cell(f"{figures.figure(value)} {unit}".strip(), value, TYPED if done.is_typed else "measured fps", of)


def _of(name: str, value: float | None, unit: str) -> str:
    return "" if value is None else f"{name} {figures.rate(value)} {unit}, {TYPED}"


def _energy(metrics: SystemMetrics, done: Performance | None) -> Cell:
    found: Banded | None = metrics.frames_per_joule
    if found is None:
        return Cell(figures.UNKNOWN)
    if metrics.energy_kind is None:
        return Cell(figures.figure(found.value), found.value, f"power {TYPED}")
    band = f" {figures.figure(found.low)}–{figures.figure(found.high)}" if found.low != found.high else ""
    covers = f"{_COVERS}{COVERS[done.covers]}." if done is not None and done.covers is not None else ""
    return Cell(figures.figure(found.value), found.value, f"{metrics.energy_kind}{band}", covers)


def _watts(sheet: DeviceSheet) -> Cell:
    if sheet.idle_w is None and sheet.busy_w is None:
        return Cell(figures.UNKNOWN)
    return Cell(f"{figures.figure(sheet.idle_w)} · {figures.figure(sheet.busy_w)}", sheet.busy_w, TYPED)
