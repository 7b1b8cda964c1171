"""What a device sheet says of a scenario's limits on price and size: numbers that somebody typed in, for no run measures them."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.scenario import USUAL_CURRENCY, Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict

PRICE: Final = "price"
SIZE: Final = "size"
_NO_SHEET: Final = "no device sheet was given, and no run knows this: choose one of “Energy and devices…”, or give --sheet NAME"


def price(scenario: Scenario, sheet: DeviceSheet | None) -> Requirement | None:
    """What the device costs, against the limit; None where the scenario has none. Another currency decides nothing."""
    currency = scenario.currency or USUAL_CURRENCY
    found = None if sheet is None else sheet.price
    if sheet is not None and found is not None and scenario.price is not None and sheet.currency != currency:
        asked = f"≤ {scenario.price:g} {currency}"
        why = f"the sheet “{sheet.title}” gives {found:g} {sheet.currency or 'of no currency'}, the limit is in {currency}"
        return Requirement(PRICE, asked, None, None, "UNDECIDED", why, None, scenario.price, None, currency)
    return _held(PRICE, scenario.price, found, currency, sheet)


def size(scenario: Scenario, sheet: DeviceSheet | None) -> Requirement | None:
    """How large the device is, in litres, against the limit; None where the scenario has none."""
    return _held(SIZE, scenario.volume_l, None if sheet is None else sheet.volume_l, "l", sheet)


def _held(name: str, limit: float | None, value: float | None, unit: str, sheet: DeviceSheet | None) -> Requirement | None:
    if limit is None:
        return None
    asked = f"≤ {limit:g} {unit}"
    if sheet is None or value is None:
        why = _NO_SHEET if sheet is None else f"the sheet “{sheet.title}” gives no {name}"
        return Requirement(name, asked, None, None, "UNDECIDED", why, None, limit, None, unit)
    verdict: Verdict = "PASS" if value <= limit else "FAIL"
    evidence = f"typed into the sheet “{sheet.title}”" + (f": {sheet.source}" if sheet.source else "")
    return Requirement(name, asked, f"{value:g} {unit}", None, verdict, evidence, limit / value, limit, value, unit)
