"""Rows about the simulation against the real engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median

from rows import DIRTY_PERCENT, Row, Settings
from sides import verb

Figure = Callable[[dict, dict], float | None]
Sides = tuple[list[float], list[float]]
Found = dict[str, list[dict]]

_FASTEST_SCENE = 240
"""Frames a second."""
_SIDES = {
    "predicted": "simulation against the engine",
    "hindcast": "the same from the run's own times",
}
_OVERLOADED_PERCENT = 5.0
"""Of the frames dropped."""


def simulation(settings: Settings) -> list[Row]:
    """Paced 30, 60 and 150 fps, newest frame and queue, batch 1 and 4, each predicted and run, in three interleaved rounds.

    Of each situation the median of its clean rounds counts: one pause of the host makes the p99 of a run near saturation. The
    median of an even batch lies between two of its places, so that a frame decides which; there the mean stands for p50. What the
    simulation is off by without the machine's drift in between stands below: the hindcast, from each run's own service times.
    """
    rounds, seconds = (3, "12") if settings.pairs > 2 else (1, "4")
    asked = ("--rate", "30,60,150", "--batch", "1,4", "--seconds", seconds, "--verify")
    found: Found = defaultdict(list)
    for _ in range(rounds):
        for line in ("newest", "all"):
            for one in verb("simulate", *asked, "--line", line)["predictions"]:
                found[_name(one)] += [one] if _foreign(one) <= DIRTY_PERCENT else []
    clean = f"{sum(map(len, found.values()))} of {rounds * len(found)} runs clean"
    figures = (
        ("throughput", "≤ 10", lambda one, outcome: outcome["fps"], _apart),
        ("age p50, of batches mean", "≤ 10", _middle, _apart),
        ("age p99", "≤ 25", lambda one, outcome: outcome["age"]["p99_ms"], _apart),
        ("dropped frames", "≤ 10", lambda one, outcome: outcome["dropped"] / outcome["due"], _apart_of_share),
    )
    rows = [_worst(found, clean, side, *figure) for side in _SIDES for figure in figures]
    return rows + looks(settings)


def looks(settings: Settings) -> list[Row]:
    """A drawn highway, at ease and too fast for the model: the true share of vehicles seen k times, and the predicted one.

    k is about as many looks as a vehicle gets on average. There a frame more or less decides: the share of the overloaded run
    moves by two points with a percent of its throughput, and by three by chance, of 218 vehicles. So the vehicles of
    three rounds count together; the three truths stand beside, for how far truth repeats itself.
    """
    rounds, seconds, calibration = (3, "40", "10") if settings.pairs > 2 else (1, "6", "2")
    rows = []
    for load, precision, times in (("with time to spare", "FP16", 0.5), ("overloaded", "FP32", 2.3)):
        flat = verb("bench", "--source", "scene:highway?view=4&density=30", "--precision", precision, "--seconds", "4")
        fps = str(min(_FASTEST_SCENE, round(times * flat["throughput"]["fps"])))
        scene = ("--source", f"scene:highway?fps={fps}&view=4&density=30", "--precision", precision, "--seconds", seconds)
        k = str(round(verb("bench", *scene, "--paced", "--looks", "3")["looks"]["mean"]))
        asked = (*scene, "--rate", fps, "--looks", k, "--calibration", calibration, "--verify")
        rows += _looks_rows(load, k, [_clean("simulate", *asked) for _ in range(rounds)])
    return rows


def _looks_rows(load: str, k: str, found: list[dict]) -> list[Row]:
    truths = [one["measured_looks"] for one in found]
    true, vehicles = _share(truths), sum(one["vehicles"] for one in truths)
    dropped = median(100 * one["measured"]["dropped"] / one["measured"]["due"] for one in found)
    foreign = max(map(_foreign, found))
    holds = (dropped > _OVERLOADED_PERCENT) == (load == "overloaded") and foreign <= DIRTY_PERCENT
    each = ", ".join(f"{100 * one['share']:.1f}" for one in truths)
    note = f"{true:.1f} % of {vehicles} vehicles, {k} looks ({each}); {dropped:.0f} % dropped; foreign CPU ≤ {foreign:.0f} %"
    rows = []
    names = (f"probability of k looks, {load}: simulation against the truth", f"{_SIDES['hindcast']}, {load}")
    for name, key in zip(names, ("looks", "hindcast_looks"), strict=True):
        is_known = all(one[key] for one in found)
        share = _share([one[key] for one in found]) if is_known else None
        words = "too few frames" if share is None else f"{share:.1f} against {note}"
        rows.append(Row(name, abs(share - true) if holds and share is not None else None, "≤ 2", " pt", words))
    return rows


def _share(looks: list[dict]) -> float:
    """Percent of the vehicles of all runs."""
    return 100 * sum(one["share"] * one["vehicles"] for one in looks) / sum(one["vehicles"] for one in looks)


def _clean(*words: str) -> dict:
    """The first of three tries that nobody disturbed, or the last."""
    for _ in range(3):
        found = verb(*words)["predictions"][0]
        if _foreign(found) <= DIRTY_PERCENT:
            break
    return found


def _worst(found: Found, clean: str, side: str, name: str, bound: str, figure: Figure, apart: Callable[[Sides], float]) -> Row:
    """Of the situations; unknown where one of them has no clean run with this figure."""
    known = {situation: _sides(ones, figure, side) for situation, ones in found.items()}
    errors = {situation: apart(both) for situation, both in known.items() if all(both)}
    worst = max(errors, key=errors.__getitem__, default="")
    note = f"{len(errors)} of {len(found)} situations; {clean}"
    words = note
    if errors:
        runs = ", ".join(f"{value:.3g}" for value in known[worst][1])
        words = f"worst: {worst}, its real runs {runs}; median {median(errors.values()):.1f} %; {note}"
    value = errors[worst] if len(errors) == len(found) else None
    return Row(f"{_SIDES[side]}: {name}, worst of {len(found)}", value, bound, " %", words)


def _sides(clean: list[dict], figure: Figure, side: str) -> Sides:
    """What was predicted, or simulated afterwards, and what was measured, of the rounds where both are known."""
    both = [(figure(one, one[side]), figure(one, one["measured"])) for one in clean if one[side]]
    known = [(ours, true) for ours, true in both if ours is not None and true is not None]
    return [ours for ours, _ in known], [true for _, true in known]


def _apart(sides: Sides) -> float:
    """Percent between the medians."""
    return 100 * abs(median(sides[0]) / median(sides[1]) - 1)


def _apart_of_share(sides: Sides) -> float:
    """The same of shares; of at least a tenth, because of few drops one more decides."""
    return 100 * abs(median(sides[0]) - median(sides[1])) / max(median(sides[1]), 0.1)


def _middle(one: dict, outcome: dict) -> float:
    return outcome["age"]["median_ms" if one["situation"]["batch"] == 1 else "mean_ms"]


def _foreign(one: dict) -> float:
    return one["measured"]["foreign_cpu_percent"] or 0.0


def _name(one: dict) -> str:
    asked = one["situation"]
    return f"{asked['rate_fps']:g} fps, {asked['line']}, batch {asked['batch']}"
