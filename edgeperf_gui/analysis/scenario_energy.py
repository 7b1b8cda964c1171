"""What a run's meter says about a scenario's power, battery and bill. A band that straddles the limit decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from edgeperf_gui.analysis.consequences import battery_hours, consequences
from edgeperf_gui.analysis.energy import scaled
from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.domain.energy import Banded, RunEnergy
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import USUAL_CURRENCY, Energy, Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict

POWER: Final = "power"
BATTERY: Final = "battery life"
BILL: Final = "electricity a year"
_ALIKE: Final = 0.05
"""Rates that differ by less than this draw the same power."""
_NO_METER: Final = "no meter was read in this run; edgeperf energy lists them"
_WHOLE_DEVICE: Final = ("machine", "board")


@dataclass(frozen=True, slots=True)
class Draw:
    """Watts at the rate a scenario needs."""

    watts: Banded
    joules_per_frame: Banded | None
    evidence: str
    is_least: bool
    """The device draws at least this: it was slower than needed, or the meter covers a part of it."""
    is_most: bool
    """It draws at most this: it was faster than needed."""


def power(scenario: Scenario, run: RunResult) -> Requirement | None:
    """What the device draws, against the limit; None where the scenario has none."""
    limit = scenario.power_w
    if limit is None:
        return None
    draw = drawn(scenario, run)
    return _at_most(POWER, limit, "W", None if draw is None else draw.watts, draw, run)


def bill(scenario: Scenario, run: RunResult) -> Requirement | None:
    """What its electricity costs a year, against the limit; None where the scenario has none, or no price of a kWh."""
    limit, price = scenario.cost_a_year, scenario.price_per_kwh
    if limit is None or price is None:
        return None
    draw, cost, currency = drawn(scenario, run), None, scenario.currency or USUAL_CURRENCY
    if draw is not None:
        cost = consequences(draw.watts, hours_a_day=scenario.hours_per_day, price_per_kwh=price).cost_a_year
        told = f"{scenario.hours_per_day:g} h a day at {price:g} {currency} a kWh; {draw.evidence}"
        draw = replace(draw, evidence=told)
    return _at_most(BILL, limit, currency, cost, draw, run)


def battery(scenario: Scenario, run: RunResult) -> Requirement | None:
    """How long the battery lasts while it runs, against what is asked; None where nothing is."""
    limit, capacity_wh = scenario.battery_hours, scenario.battery_wh
    if limit is None:
        return None
    asked, draw = f"≥ {limit:g} h", drawn(scenario, run)
    hours = None if draw is None or capacity_wh is None else battery_hours(draw.watts, capacity_wh)
    if draw is None or hours is None:
        return Requirement(BATTERY, asked, None, None, "UNDECIDED", _NO_METER, None, limit, None, "h")
    verdict = _verdict(draw, breaks=hours.high < limit, keeps=hours.low >= limit)
    headroom = hours.value / limit if verdict != "UNDECIDED" else None
    return _requirement(BATTERY, asked, hours, "h", verdict, draw, run, headroom, limit)


def energy_of(scenario: Scenario, run: RunResult) -> Energy | None:
    """A frame's energy by the run's meter; None without one."""
    spent = run.energy
    if spent is None or spent.joules_per_frame is None:
        return None
    draw = drawn(scenario, run)
    frame = (draw.joules_per_frame if draw else None) or spent.joules_per_frame
    hours = None if draw is None or scenario.battery_wh is None else battery_hours(draw.watts, scenario.battery_wh)
    return Energy(spent.kind, frame.value, frame.low, frame.high, hours.value if hours else None)


def _at_most(name: str, limit: float, unit: str, found: Banded | None, draw: Draw | None, run: RunResult) -> Requirement:
    """`found`: what grows with the draw; None without a meter."""
    asked = f"≤ {limit:g} {unit}"
    if draw is None or found is None:
        return Requirement(name, asked, None, None, "UNDECIDED", _NO_METER, None, limit, None, unit)
    verdict = _verdict(draw, breaks=found.low > limit, keeps=found.high <= limit)
    headroom = limit / found.value if verdict != "UNDECIDED" and found.value else None
    return _requirement(name, asked, found, unit, verdict, draw, run, headroom, limit)


def _verdict(draw: Draw, *, breaks: bool, keeps: bool) -> Verdict:
    """Of a band that lies beyond the limit, or within it; a draw known from one side only decides one of the two."""
    if breaks and not draw.is_most:
        return "FAIL"
    return "PASS" if keeps and not draw.is_least else "UNDECIDED"


def _requirement(
    name: str,
    asked: str,
    found: Banded,
    unit: str,
    verdict: Verdict,
    draw: Draw,
    run: RunResult,
    headroom: float | None,
    limit: float,
) -> Requirement:
    frames = run.energy.frames if run.energy else None
    evidence = f"{found.low:.3g} … {found.high:.3g} {unit}; {draw.evidence}"
    return Requirement(
        name, asked, f"{found.value:.3g} {unit}", frames, verdict, evidence, headroom, limit, round(found.value, 6), unit
    )


def drawn(scenario: Scenario, run: RunResult) -> Draw | None:
    """From the run's own power; at another rate than the run's from idle power and dynamic energy, where both are known.

    None without a meter, and for the theoretical kind, which is no device's.
    """
    spent = run.energy
    if spent is None or spent.kind == "theoretical":
        return None
    needed, rate = needed_fps(scenario), run.throughput.fps
    whole = needed * scenario.cameras if needed is not None else None
    told = [f"{spent.kind} by {spent.title}"]
    is_part = spent.covers not in _WHOLE_DEVICE
    if is_part:
        told.append(f"it covers {_covered(spent)}, so the device draws more")
    if run.spec.inference_only:
        told.append("inference only: decoding is not in it")
    is_least, is_most, watts, frame = is_part or run.spec.inference_only, False, spent.watts, spent.joules_per_frame
    if whole is not None and rate is not None and abs(rate / whole - 1) > _ALIKE:
        dynamic, idle = spent.dynamic_joules_per_frame, spent.idle_watts
        if dynamic is not None and idle is not None and watts.value > 0:
            watts = scaled(spent.watts, (idle + dynamic.value * whole) / spent.watts.value)
            frame = scaled(watts, 1 / whole)
            told.append(f"at {whole:.3g} FPS: {idle:.3g} W idle and {dynamic.value:.3g} J a frame above it")
        else:
            is_least, is_most = is_least or rate < whole, rate > whole
            frame = None  # of idle power a frame's part grows as frames get fewer
            told.append(f"drawn at {rate:.3g} FPS where {whole:.3g} are needed; run it paced, or give --idle-watts")
    return Draw(watts, frame, "; ".join(told), is_least, is_most)


def _covered(spent: RunEnergy) -> str:
    names = {"package": "the processor alone", "gpu": "the graphics card alone", "our processes": "our own busy time alone"}
    return names.get(spent.covers, spent.covers)
