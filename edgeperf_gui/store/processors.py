"""Power ranges of known processors: the table that ships, and the user's own, which wins."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

import msgspec

from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import Watts
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.toml_file import read_toml

_NOUN = "a table of processors"


class PowerRange(NamedTuple):
    """What a processor draws when all of it is busy, least and most."""

    low_watts: float
    high_watts: float

    def __str__(self) -> str:
        low, high = f"{self.low_watts:g}", f"{self.high_watts:g}"
        return f"{high} W" if low == high else f"{low} … {high} W"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    processors: dict[str, Annotated[tuple[Watts, Watts], msgspec.Meta(description="watts, low and high")]]


def power_range(processor: str) -> PowerRange | None:
    """By the name the system shows; the longest name that is a whole word of it wins. None: not known, and nothing is guessed.

    Raises BadInput for a user's table that cannot be used.
    """
    known: dict[str, PowerRange] = {}
    for path in (places.shipped("resources/processors.toml"), places.processors_file()):
        if path.is_file():
            for name, (low, high) in read_toml(path, _Table, _NOUN).processors.items():
                if low > high:
                    raise BadInput(f"{path.name}: {name} has a range from {low:g} to {high:g} W.", "Put the lower one first.")
                known[name] = PowerRange(low, high)
    fitting = [name for name in known if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", processor)]
    return known[max(fitting, key=len)] if fitting else None
