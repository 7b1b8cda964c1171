"""What a power draw means for a battery, a bill and a thousand frames, in words."""

from __future__ import annotations

from edgeperf_gui.analysis.consequences import consequences
from edgeperf_gui.domain.energy import Banded, Consequences, RunEnergy
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.energy_words import joules
from edgeperf_gui.ui.words import Run, plain

_NOTHING = "battery and bill: on the page"


def of_run(now: RunEnergy, upkeep: Upkeep) -> Consequences:
    """Of a power that is drawn as now. Raises BadInput."""
    return counted(now.watts, upkeep, now.joules_per_frame)


def counted(watts: Banded, upkeep: Upkeep, joules_per_frame: Banded | None = None) -> Consequences:
    """With what the user typed in. Raises BadInput."""
    return consequences(
        watts,
        battery_wh=upkeep.battery_wh,
        hours=upkeep.hours,
        hours_a_day=upkeep.hours_a_day,
        price_per_kwh=upkeep.price_per_kwh,
        joules_per_frame=joules_per_frame,
    )


def brief(now: RunEnergy | None, upkeep: Upkeep) -> list[Run]:
    """One line of the dock."""
    if now is None:
        return [Run(_NOTHING, "faint_text")]
    try:
        found = of_run(now, upkeep)
    except BadInput as error:
        return [Run(f"{error.sentence} {error.remedy}", "failed_text")]
    parts: list[list[Run]] = []
    if found.battery_hours is not None:
        hours = figures.figure(found.battery_hours.value)
        parts.append([Run(hours, weight=600), Run(f" h on {upkeep.battery_wh:g} Wh", "faint_text")])
    if found.cost_a_year is not None:
        money = f" {upkeep.currency} a year".replace("  ", " ")
        parts.append([Run(figures.figure(found.cost_a_year.value), weight=600), Run(money, "faint_text")])
    else:
        parts.append([Run(figures.figure(found.kwh_a_year.value), weight=600), Run(" kWh a year", "faint_text")])
    if found.joules_per_1000_frames is not None:
        thousand = plain(joules(found.joules_per_1000_frames)).partition(" (")[0]
        parts.append([Run(thousand, weight=600), Run(" per 1000 frames", "faint_text")])
    runs: list[Run] = []
    for at, part in enumerate(parts):
        runs += [*([Run(" · ", "faint_text")] if at else []), *part]
    return runs
