"""Scenarios in words: answers, names of requirements, and what a run comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.analysis.scenario_verdict import OF_THE_DEVICE
from edgeperf_gui.domain.outlook import Bound, Forecast, Outlook
from edgeperf_gui.domain.results import RunResult
from edgeperf_gui.domain.scenario import Requirement, Scenario
from edgeperf_gui.domain.verdict import Verdict
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.energy_words import in_joules, joules, with_band
from edgeperf_gui.ui.words import Role, Run, plain

VERDICT_TEXT: Final[dict[Verdict, Role]] = {"PASS": "passed_text", "UNDECIDED": "undecided_text", "FAIL": "failed_text"}
VERDICT_MARK: Final[dict[Verdict, str]] = {"PASS": "passed", "UNDECIDED": "undecided", "FAIL": "failed"}
_ANSWERS: Final[dict[str, tuple[str, Role]]] = {
    "no": ("Optimise? No.", "passed_text"),
    "model": ("Optimise? Yes, the model.", "failed_text"),
    "another stage": ("Optimise? Yes, but {stage} first.", "failed_text"),
    "undecided": ("Optimise? Not known yet.", "undecided_text"),
}
_NAMES: Final = {"rate": "Rate", "way per frame": "Road per frame", "power": "Power", "battery life": "Battery life"}
_PLENTY: Final = 1.5
_RARE: Final = 0.0005
"""Shares of objects below this are not spoken of."""
NO_METER: Final = "unknown: no meter"
METER_REMEDY: Final = "Choose a meter in the window’s panel “Energy” (Ctrl+7), or type in what an external one shows."
_BOUNDS: Final[dict[Bound, tuple[str, str]]] = {
    "": ("", ""),
    "at least": ("At least so much: ", "At most so long, and at least so much a year: "),
    "at most": ("At most so much: ", "At least so long, and at most so much a year: "),
}
"""Of a bill, and of a battery with its bill."""
NOTHING: Final = ("No run to hold against it yet", "Press Start in the window (Space), or drop a run on this page.")
DROP: Final = "A run is the JSON that “edgeperf bench --json” writes, or a run file (.edgeperf)."


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a run comes to."""

    label: str
    text: str
    tip: str


def requirement_name(requirement: Requirement) -> str:
    """Its name as a title."""
    name = requirement.name
    return _NAMES.get(name) or name[:1].upper() + name[1:]


def answer(outlook: Outlook) -> tuple[str, Role]:
    """The lecture's question, answered."""
    words, role = _ANSWERS[outlook.result.optimise.answer]
    return words.format(stage=outlook.result.optimise.stage or "another stage"), role


def because(outlook: Outlook) -> str:
    """Why, and what another variant would do."""
    return " ".join(filter(None, (forecast(outlook), outlook.result.optimise.evidence, missing(outlook))))


def missing(outlook: Outlook) -> str:
    """Which other measurement would tell more."""
    undecided = {one.name for one in outlook.result.requirements if one.verdict == "UNDECIDED" and one.value is None}
    if any(name.startswith("age") for name in undecided) and outlook.way_during_age_m is None and outlook.is_capacity:
        return "Run it paced, too: then the age is known."
    open_ends = {one.name for one in outlook.result.requirements if one.verdict == "UNDECIDED" and one.name not in OF_THE_DEVICE}
    if open_ends - {name for name in open_ends if name.startswith("age")} and not outlook.is_capacity:
        return "Run it flat out, too: then the capacity is known."
    if outlook.result.optimise.answer == "model" and not outlook.forecasts:
        return "Compare the variants (Ctrl+Shift+C) to see which of them would do."
    return ""


def forecast(outlook: Outlook) -> str:
    """Which other variants would pass, predicted from how much faster a comparison found their inference."""
    # where all is met only a slower variant is of interest
    told = [one for one in outlook.forecasts if outlook.result.optimise.answer != "no" or one.ratio < 1.0]
    parts = [f"{one.precision} {_foreseen(one)} ({one.ratio:.2g}× as fast)" for one in told]
    is_hopeless = outlook.result.optimise.answer == "model" and all(one.verdict == "FAIL" for one in told)
    way_out = ": it takes a smaller model or a faster device" if is_hopeless else ""
    return f"{', '.join(parts)}, predicted{way_out}." if parts else ""


def _foreseen(one: Forecast) -> str:
    """Its verdict; a rate can be predicted where the age at that rate cannot."""
    if one.verdict == "UNDECIDED" and one.undecided and all(name.startswith("age") for name in one.undecided):
        return "would do but for the age, which is not known"
    return {"PASS": "would pass", "FAIL": "would not", "UNDECIDED": "is not decided"}[one.verdict]


def seen_words(outlook: Outlook, least: int = 0) -> str:
    """How often objects are seen, of those that are seen at least so often."""
    looks = [count for count, share in outlook.looks.items() if count >= least and share > _RARE]
    if not looks:
        return "looks not known"
    low, high = min(looks), max(looks)
    return f"seen {low}×" if low == high else f"seen {low}–{high}×"


def few_words(outlook: Outlook, few: tuple[int, float]) -> str:
    """What becomes of those who get too few looks; see `unlucky`."""
    most, share = few
    is_single = sum(one > _RARE for count, one in outlook.looks.items() if count <= most) <= 1
    if not most:
        return f"{one_in(share)}: never seen"
    return f"{one_in(share)}: seen {most}× only" if is_single else f"{one_in(share)}: seen at most {most}×"


def unlucky(outlook: Outlook, scenario: Scenario) -> tuple[int, float] | None:
    """The looks of those who get too few, at the most, and their share; None where all get enough or nothing is known."""
    few = {count: share for count, share in outlook.looks.items() if count < scenario.looks and share > _RARE}
    return (max(few), sum(few.values())) if few else None


def one_in(share: float) -> str:
    """A share as a person counts: 0.11 → "1 in 9"."""
    return "all" if share > 0.995 else f"{100 * share:.0f} in 100" if share > 0.4 else f"1 in {round(1 / share)}"


def facts(outlook: Outlook, scenario: Scenario) -> tuple[Fact, ...]:
    """Six things in two columns, always in the same places."""
    skip, upkeep = _skip(outlook, scenario), _upkeep(outlook, scenario)
    return (_headroom(outlook), _way(outlook), skip, _batch(outlook), _energy(outlook), upkeep)


def _headroom(outlook: Outlook) -> Fact:
    value = outlook.headroom
    text = figures.UNKNOWN if value is None else f"{figures.figure(value)}×"
    if value is not None:
        is_enough = value >= _PLENTY and outlook.result.optimise.answer == "no"
        text += ": a slower box would do" if is_enough else " what is needed" if value < _PLENTY else " where it is known"
    tip = "The least of what is asked of rate, age and road. Known only where a run could give more than was asked."
    return Fact("Headroom", text, tip)


def _way(outlook: Outlook) -> Fact:
    frame, age = outlook.way_per_frame_m, outlook.way_during_age_m
    if outlook.result.scenario.speed_km_h is None:
        looks = seen_words(outlook).removeprefix("seen ") if outlook.result.looks else "none: nothing passes"
        return Fact("Looks per object", looks, "Nothing moves here: an object stands in view.")
    parts = [f"{_metres(frame)} a frame", f"{_metres(age)} late"]
    return Fact(
        "Road travelled",
        ", ".join(parts),
        "Between two processed frames of a camera; and from when a frame was due until it is known.",
    )


def _metres(value: float | None) -> str:
    return figures.UNKNOWN if value is None else f"{value:.2f} m" if value < 9.995 else f"{value:.0f} m"


def _skip(outlook: Outlook, scenario: Scenario) -> Fact:
    n = outlook.every_nth
    text = figures.UNKNOWN if n is None else "none: each frame is needed" if n == 1 else f"1 frame in {n} is enough"
    tip = f"Of the {scenario.camera_fps:g} a second that a camera gives, by rate, looks and road. Skipping saves work and power."
    return Fact("Frames to skip", text, tip)


def _batch(outlook: Outlook) -> Fact:
    tip = (
        "Frames answered together: the first waits for the last, (b − 1) / λ at the rate λ needed, and then for an inference b"
        " times as long, as if a batch saved nothing."
    )
    b = outlook.largest_batch
    if outlook.result.scenario.deadline_ms is None:
        return Fact("Batch", "any: there is no deadline", tip)
    if b is None:
        return Fact("Batch", _no_batch(outlook), tip)
    text = "none: the first waits too long" if b == 1 else f"up to {b} keep the deadline"
    return Fact("Batch", text, tip)


def _no_batch(outlook: Outlook) -> str:
    age = next((one for one in outlook.result.requirements if one.name.startswith("age")), None)
    if age is None or age.value is None or age.limit is None:
        return "not known without due times"
    if age.value > age.limit:
        return "none: it is late as it is"
    return "not known: no rate is asked" if needed_fps(outlook.result.scenario) is None else "not known at the rate needed"


def _energy(outlook: Outlook) -> Fact:
    found = outlook.consequences
    if found is None:
        return Fact("Energy", NO_METER, METER_REMEDY)
    words, many = plain(with_band(found.watts, "W")), found.joules_per_1000_frames
    tip = f"By a meter of the kind “{outlook.energy_kind}”"
    if many is not None:  # its range is the power's, and the line is short
        factor, unit = in_joules(many.value / 1000)
        words = f"{words} · {figures.figure(many.value / 1000 * factor)} {unit}/frame"
        tip = f"{tip}, {plain(joules(many))} per 1000 frames"
    bound = f"The device draws {outlook.energy_bound} this: " if outlook.energy_bound else ""
    return Fact("Energy", words, f"{tip}.\n{bound}{outlook.energy_evidence}.")


def _upkeep(outlook: Outlook, scenario: Scenario) -> Fact:
    found, tip = outlook.consequences, f"Drawn {scenario.hours_per_day:g} hours a day."
    if found is None:
        return Fact("Battery and bill", NO_METER, METER_REMEDY)
    year, cost = plain(with_band(found.kwh_a_year, "kWh a year")), ""
    if found.cost_a_year is not None:
        cost = plain(with_band(found.cost_a_year, f"{outlook.currency} a year"))
    bound = _BOUNDS[outlook.energy_bound][found.battery_hours is not None]
    rests = f"\n{bound}{outlook.energy_evidence}."
    if found.battery_hours is None and cost:
        return Fact("Bill", cost, f"{year}. {tip}{rests}")
    if found.battery_hours is None:
        asked = "A scenario can give the price of a kWh; else the page of the window’s panel “Energy” asks for it."
        return Fact("Bill", year, f"{tip} {asked}{rests}")
    bills = f"{year}, {cost}" if cost else year
    return Fact(
        "Battery", f"{plain(with_band(found.battery_hours, 'h'))} on {scenario.battery_wh:g} Wh", f"{bills}. {tip}{rests}"
    )


def run_words(runs: Sequence[RunResult], stored: Sequence[str]) -> list[Run]:
    """What the page is about: "live · nanodet-g FP16 · CPU · n 1 840 · steady"."""
    if not runs:
        return [Run("live · no frames yet", "quiet")]
    first, spec = runs[0], runs[0].spec
    where = " + ".join(stored) if stored else "live"
    loops = " and ".join("flat out" if run.throughput.saturated else "paced" for run in runs)
    parts = [where, f"{spec.model} {spec.precision}", spec.device, loops, f"n {figures.thousands(first.throughput.completed)}"]
    calm = "steady" if first.steady.is_steady else first.steady.reason or "not steady"
    return [Run(" · ".join(parts) + " · ", "quiet"), Run(calm, "quiet" if first.steady.is_steady else "undecided_text")]
