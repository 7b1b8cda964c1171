"""What is wrong with a setting's value, in plain words."""

from __future__ import annotations

from typing import Final, get_args

from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.session import LARGEST_BATCH, LARGEST_COUNT, Hint

THEMES: Final = ("system", "dark", "light")
_COUNT: Final = f"a whole number from 1 to {LARGEST_COUNT}"
_WANTED: Final = {
    "source": "an address",
    "model": "a name",
    "precision": f"one of {', '.join(get_args(Precision))}",
    "device": "a name",
    "hint": f"one of {', '.join(get_args(Hint))}",
    "streams": _COUNT,
    "requests": _COUNT,
    "threads": _COUNT,
    "batch": f"a whole number from 1 to {LARGEST_BATCH}",
    "paced": "true or false",
    "camera": "a table of width, height and fps in whole pixels and frames a second",
    "oracle": "a percentage from 0 to 100",
    "labels": "a folder",
    "meter": "a table of name, file, tdp_low_watts, tdp_high_watts and idle_watts, watts above 0",
    "upkeep": "a table of battery_wh, hours, hours_a_day, price_per_kwh and currency, numbers above 0",
    "theme": f"one of {', '.join(THEMES)}",
    "view_rate": "a whole number from 1 to 120",
    "recent_sources": "a list of at most 8 addresses",
}
_LONGEST: Final = 40


def trouble_with(name: str, value: object) -> str:
    """`theme: “purple” is not one of system, dark, light`."""
    return f"{name}: {_shown(value)} is not {_WANTED.get(name, 'usable')}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        text = "".join(letter if letter.isprintable() else "�" for letter in value)
        return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"
    return "this value"
