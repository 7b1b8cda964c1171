"""Rows about the simulation against the real engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median

from rows import DIRTY_PERCENT, Row, Settings
from sides import verb


def simulation(settings: Settings) -> list[Row]:
    """Paced 30, 60 and 150 fps, newest frame and queue, batch 1 and 4, each predicted and run, in three interleaved rounds.

    Of each situation the median of its clean rounds counts: one pause of the host makes the p99 of a run near saturation. The
    median of an even batch lies between two of its places, so that a frame decides which; there the mean stands for p50.
    """
    rounds, seconds = (3, "12") if settings.pairs > 2 else (1, "4")
    asked = ("--rate", "30,60,150", "--batch", "1,4", "--seconds", seconds, "--verify")
    found: defaultdict[str, list[dict]] = defaultdict(list)
    for _ in range(rounds):
        for line in ("newest", "all"):
            for one in verb("simulate", *asked, "--line", line)["predictions"]:
                found[_name(one)] += [one] if (one["measured"]["foreign_cpu_percent"] or 0.0) <= DIRTY_PERCENT else []
    note = f"{sum(map(len, found.values()))} of {rounds * len(found)} runs clean"
    figures = {
        "throughput": ("≤ 10", lambda one, outcome: outcome["fps"]),
        "age p50, of batches mean": ("≤ 10", _middle),
        "age p99": ("≤ 25", lambda one, outcome: outcome["age"]["p99_ms"]),
    }
    rows = []
    for name, (bound, figure) in figures.items():
        errors = {situation: _apart(clean, figure) for situation, clean in found.items()}
        known = {situation: error for situation, error in errors.items() if error is not None}
        worst = max(known, key=known.__getitem__, default="")
        words = f"worst: {worst}; median {median(known.values()):.1f} %; {note}" if known else note
        rows.append(Row(f"simulation against the engine: {name}, worst of 12", known.get(worst), bound, " %", words))
    drops = {name: abs(median(map(_fewer_dropped, clean))) for name, clean in found.items() if clean}
    worst = max(drops, key=drops.__getitem__, default="")
    rows.append(Row("the same: share of dropped frames, points", drops.get(worst), "≤ 10", " pt", f"worst: {worst}; {note}"))
    return [*rows, *looks(settings)]


def looks(settings: Settings) -> list[Row]:
    """A drawn highway, at ease and too fast for the model: the true share of vehicles seen k times, and the predicted one.

    k is about as many looks as a vehicle gets on average. There a frame more or less decides, so that the share of the overloaded
    run depends on its throughput to a fraction of a percent.
    """
    seconds = "40" if settings.pairs > 2 else "6"
    rows = []
    for load, fps, precision in (("with time to spare", "60", "FP16"), ("overloaded", "100", "FP32")):
        scene = ("--source", f"scene:highway?fps={fps}&view=4&density=30", "--precision", precision, "--seconds", seconds)
        k = str(round(verb("bench", *scene, "--paced", "--looks", "3")["looks"]["mean"]))
        found = verb("simulate", *scene, "--rate", fps, "--looks", k, "--verify")["predictions"][0]
        true, predicted = found["measured_looks"], found["looks"]
        words = f"{100 * predicted['share']:.1f} against {100 * true['share']:.1f} % of {true['vehicles']} vehicles, {k} looks"
        apart = 100 * abs(predicted["share"] - true["share"])
        note = f"{words}; foreign CPU {found['measured']['foreign_cpu_percent']:.0f} %"
        rows.append(Row(f"probability of k looks, {load}: simulation against the truth", apart, "≤ 2", " pt", note))
    return rows


def _middle(one: dict, outcome: dict) -> float:
    return outcome["age"]["median_ms" if one["situation"]["batch"] == 1 else "mean_ms"]


def _fewer_dropped(one: dict) -> float:
    predicted, measured = one["predicted"], one["measured"]
    return 100 * (measured["dropped"] / measured["due"] - predicted["dropped"] / predicted["due"])


def _apart(clean: list[dict], figure: Callable[[dict, dict], float | None]) -> float | None:
    """Percent between the medians of what was predicted and what was measured."""
    sides = [[figure(one, one[side]) for one in clean] for side in ("predicted", "measured")]
    known = [[value for value in side if value is not None] for side in sides]
    return 100 * abs(median(known[0]) / median(known[1]) - 1) if all(known) else None


def _name(one: dict) -> str:
    asked = one["situation"]
    return f"{asked['rate_fps']:g} fps, {asked['line']}, batch {asked['batch']}"
