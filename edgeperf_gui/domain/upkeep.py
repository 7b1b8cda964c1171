"""What a device's power has to be paid from: the battery, the hours and the price that the consequences are counted for."""

from __future__ import annotations

from typing import Annotated

import msgspec

Above = Annotated[float, msgspec.Meta(gt=0.0, le=1e9)]
Price = Annotated[float, msgspec.Meta(ge=0.0, le=1e6)]
Hours = Annotated[float, msgspec.Meta(gt=0.0, le=24.0)]


class Upkeep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Typed in by the user. None: not asked for."""

    battery_wh: Above | None = None
    """What the battery holds: volts × ampere-hours."""
    hours: Above | None = None
    """How long a battery has to last."""
    hours_a_day: Hours = 24.0
    price_per_kwh: Price | None = None
    """In `currency`."""
    currency: Annotated[str, msgspec.Meta(max_length=8)] = "€"
