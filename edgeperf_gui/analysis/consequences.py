"""What a power draw comes to: hours on a battery, watt-hours for so many hours, a year's bill, a thousand frames."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.energy import scaled
from edgeperf_gui.domain.energy import Banded, Consequences
from edgeperf_gui.domain.errors import BadInput

_DAYS_A_YEAR: Final = 365.0


def power_at_duty(busy: Banded, duty: float, idle_watts: float | None) -> Banded | None:
    """Mean watts of a device that works for a share `duty` (0…1) of the time, else idles; None: idle power not known."""
    if not 0.0 <= duty <= 1.0:
        raise BadInput(f"A duty of {duty:g} cannot be.", "Give the share of the time that is worked, from 0 to 1.")
    if duty == 1.0:
        return busy
    if idle_watts is None:
        return None
    rest = (1.0 - duty) * idle_watts
    working = scaled(busy, duty)
    return Banded(working.value + rest, working.low + rest, working.high + rest)


def battery_hours(watts: Banded, battery_wh: float) -> Banded | None:
    """Hours a battery lasts; None where nothing is drawn. Raises BadInput for a battery that holds nothing."""
    if not 0.0 < battery_wh < float("inf"):
        raise BadInput(f"A battery of {battery_wh:g} Wh cannot feed anything.", "Give its capacity in Wh: volts × ampere-hours.")
    if watts.low <= 0.0:
        return None
    return Banded(battery_wh / watts.value, battery_wh / watts.high, battery_wh / watts.low)


def consequences(
    watts: Banded,
    *,
    battery_wh: float | None = None,
    hours: float | None = None,
    hours_a_day: float = 24.0,
    price_per_kwh: float | None = None,
    joules_per_frame: Banded | None = None,
) -> Consequences:
    """What `watts`, drawn `hours_a_day` every day, comes to. Raises BadInput for a battery of 0 Wh or negative numbers.

    `hours`: how long a battery has to last. `price_per_kwh`: in any money. `watts`: where it works a part of the time only, see
    `power_at_duty`.
    """
    for name, number, most in (("hours", hours, None), ("hours a day", hours_a_day, 24.0), ("price", price_per_kwh, None)):
        if number is not None and not 0.0 <= number <= (most or 1e9):
            raise BadInput(f"{number:g} cannot be the {name}.", f"Give a number from 0 to {most or 1e9:g}.")
    kwh = scaled(watts, hours_a_day * _DAYS_A_YEAR / 1000)
    return Consequences(
        watts=watts,
        battery_hours=None if battery_wh is None else battery_hours(watts, battery_wh),
        battery_needed_wh=None if hours is None else scaled(watts, hours),
        kwh_a_year=kwh,
        cost_a_year=None if price_per_kwh is None else scaled(kwh, price_per_kwh),
        joules_per_1000_frames=None if joules_per_frame is None else scaled(joules_per_frame, 1000),
    )
