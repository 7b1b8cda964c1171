"""Energy in words: a unit that fits the size, its range beside it, and whose energy it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.analysis.energy import scaled, watt_hours
from edgeperf_gui.domain.energy import Banded, Covers, EnergyKind, EnergyReading, MeterChoice, MeterInfo, RunEnergy
from edgeperf_gui.live.energy_now import title_of
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.words import Role, Run

KINDS: Final[tuple[tuple[EnergyKind, str], ...]] = (
    ("measured", "Measured"),
    ("estimated", "Estimated"),
    ("theoretical", "Theoretical"),
)
COVERS: Final[dict[Covers, str]] = {
    "package": "processor package",
    "machine": "whole machine",
    "board": "one supply of the board",
    "gpu": "graphics card",
    "our processes": "our own processes",
    "operators": "arithmetic and memory",
}
_JOULES: Final = ((1e5, 1e-3, "kJ"), (10.0, 1.0, "J"), (1e-3, 1e3, "mJ"), (0.0, 1e6, "µJ"))
"""From so many joules on: factor and unit."""
_HERE: Final = {
    "tdp": "Type its power range in, from the maker's data sheet: least and most watts when all of it is busy.",
    "file": "Choose “External meter” and type in what it shows, or name the text file that it writes.",
}
"""Remedies that the window has in the place of options of the command line."""


def in_joules(value: float) -> tuple[float, str]:
    """Factor and unit in which so many joules are best read."""
    return next((factor, unit) for least, factor, unit in _JOULES if abs(value) >= least)


def joules(quantity: Banded | None, role: Role = "text") -> list[Run]:
    """Such as 480 mJ (240–960); a dash for unknown."""
    if quantity is None:
        return [Run(figures.UNKNOWN, role, 600)]
    factor, unit = in_joules(quantity.value)
    return with_band(scaled(quantity, factor), unit, role)


def with_band(quantity: Banded | None, unit: str, role: Role = "text") -> list[Run]:
    """A number, its quiet unit, and its range where it has one."""
    if quantity is None:
        return [Run(figures.UNKNOWN, role, 600)]
    band = f" {unit}"
    if quantity.low != quantity.high:
        band += f" ({figures.figure(quantity.low)}–{figures.figure(quantity.high)})"
    return [Run(figures.figure(quantity.value), role, 600), Run(band, "faint_text")]


def power_line(now: RunEnergy | None, newest: EnergyReading | None, role: Role) -> list[Run]:
    """Power of the newest reading, and what of it is idle."""
    watts = newest.watts if newest and newest.watts else now.watts if now else None
    runs = [Run("power ", "faint_text"), *with_band(watts, "W", role)]
    idle = now.idle_watts if now else None
    if watts is not None and idle is not None:
        dynamic = figures.figure(watts.value - idle) if watts.value > idle else figures.UNKNOWN
        runs += [Run(" · idle ", "faint_text"), Run(figures.figure(idle), role, 600)]
        runs += [Run(" · dynamic ", "faint_text"), Run(dynamic, role, 600), Run(" W", "faint_text")]
    elif now is not None and now.covers == "our processes":
        runs.append(Run(" · no idle in it", "faint_text"))
    elif watts is not None:
        runs += [Run(" · idle ", "faint_text"), Run(figures.UNKNOWN, role, 600)]
    return runs


def frame_line(now: RunEnergy | None, role: Role) -> list[Run]:
    """Energy of a frame and of an inference."""
    frame, inference = (now.joules_per_frame, now.joules_per_inference) if now else (None, None)
    return [
        *(Run("frame ", "faint_text"), *joules(frame, role)),
        *(Run(" · inference ", "faint_text"), *joules(inference, role)),
    ]


def total_line(newest: EnergyReading | None, seconds: float, idle_watts: float | None, role: Role) -> list[Run]:
    """Since the session began."""
    if newest is None:
        return [Run("total ", "faint_text"), Run(figures.UNKNOWN, role, 600)]
    wh = figures.figure(watt_hours(newest.joules.value))
    if watt_hours(newest.joules.value) < 0.995:
        wh = f"{watt_hours(newest.joules.value):.4f}"
    runs = [Run("total ", "faint_text"), *joules(newest.joules, role), Run(f" = {wh} Wh in {seconds:.0f} s", "faint_text")]
    if idle_watts is not None:
        factor, unit = in_joules(idle_watts * seconds)
        runs.append(Run(f" · {figures.figure(idle_watts * seconds * factor)} {unit} idle", "faint_text"))
    return runs


def meter_words(info: MeterInfo, choice: MeterChoice) -> str:
    """Which meter it is and what it covers."""
    return f"{title_of(info, choice)} · {COVERS[info.covers]}"


def is_available(info: MeterInfo, choice: MeterChoice) -> bool:
    """Whether it can be read with what was typed in, as far as the window knows."""
    typed = {"tdp": bool(choice.tdp_low_watts or choice.tdp_high_watts), "file": bool(choice.file)}
    return info.available or typed.get(info.name, False)


def why_not(info: MeterInfo) -> tuple[str, str]:
    """Why it cannot be read here, and how to enable it."""
    return info.reason, _HERE.get(info.name, info.remedy)


def chosen_kind(choice: MeterChoice, meters: Sequence[MeterInfo]) -> EnergyKind | None:
    """Of which kind the next session's readings will be; None where nothing will be read."""
    able = [one for one in meters if is_available(one, choice)]
    if choice.name == "auto":
        return next((one.kind for one in able if one.covers != "gpu"), None)
    return next((one.kind for one in meters if one.name == choice.name), None)
