"""The options that choose an energy meter, for every verb that reads one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from edgeperf_gui.domain.energy import AUTOMATIC, NO_METER, MeterChoice
from edgeperf_gui.verbs.bounds import in_words

C = TypeVar("C", bound=Callable[..., Any])

_MOST_WATTS: Final = 100_000.0
_RANGE: Final = re.compile(r"([0-9.]+)(?:\s*(?:-|–|…|\.\.)\s*([0-9.]+))?")
_KEYS: Final = ("meter", "meter_file", "tdp", "idle_watts")


def meter_options(command: C) -> C:
    """Adds --meter, --meter-file and --tdp; `meter_choice` takes their values out again."""
    for option in (
        click.option(
            "--tdp", metavar="LOW-HIGH", callback=_power_range, help="The device's power range in watts, for the meter tdp."
        ),
        click.option(
            "--meter-file", metavar="FILE", help="A text file to which an external meter adds lines, for the meter file."
        ),
        click.option(
            "--meter",
            default=AUTOMATIC,
            show_default=True,
            metavar="NAME",
            help=f"The energy meter that is read meanwhile, {AUTOMATIC} or {NO_METER}; edgeperf energy lists them.",
        ),
    ):
        command = option(command)
    return command


def idle_option(command: C) -> C:
    """Adds --idle-watts."""
    return click.option(
        "--idle-watts",
        metavar="WATTS",
        callback=in_words("number of watts", float, 0.0, _MOST_WATTS, is_above=True),
        help="What the meter shows while nothing runs (edgeperf energy baseline); splits idle from dynamic energy.",
    )(command)


def meter_choice(asked: dict[str, Any]) -> MeterChoice:
    """The choice, taken out of a command's parameters."""
    name, file, tdp, idle = (asked.pop(key, None) for key in _KEYS)
    low, high = tdp or (None, None)
    return MeterChoice(name, file, low, high, idle)


def usable_choice(asked: dict[str, Any]) -> MeterChoice:
    """The choice, once its meter can be read here; raises MeterError before anything is measured without it."""
    from edgeperf_gui.engine.power.meter import here
    from edgeperf_gui.engine.power.table import open_meter

    choice = meter_choice(asked)
    meter = open_meter(here(choice))
    if meter is not None:
        meter.close()
    return choice


def _power_range(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """`12-28`, or one number for both ends."""
    if value is None:
        return None
    found = _RANGE.fullmatch(value.strip().removesuffix("W").strip())
    try:
        low, high = (float(part) for part in (found.group(1), found.group(2) or found.group(1))) if found else (0.0, 0.0)
    except ValueError:
        low = high = 0.0
    if not 0.0 < low <= _MOST_WATTS or not 0.0 < high <= _MOST_WATTS:
        raise click.BadParameter(f"“{value}” is no range of watts; give one such as 12-28.", context, parameter)
    if low > high:
        raise click.BadParameter(f"{low:g} is more than {high:g}; put the lower one first.", context, parameter)
    return low, high
