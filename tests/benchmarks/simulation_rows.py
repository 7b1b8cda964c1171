"""Rows about the simulation against the real engine."""

from __future__ import annotations

from rows import DIRTY_PERCENT, Row, Settings
from sides import verb


def simulation(settings: Settings) -> list[Row]:
    """Paced 30, 60 and 150 fps, newest frame and queue, batch 1 and 4, each predicted and run."""
    seconds = "20" if settings.pairs > 2 else "4"
    asked = ("--rate", "30,60,150", "--batch", "1,4", "--seconds", seconds, "--verify")
    found = [one for line in ("newest", "all") for one in verb("simulate", *asked, "--line", line)["predictions"]]
    clean = [one for one in found if (one["measured"]["foreign_cpu_percent"] or 0.0) <= DIRTY_PERCENT]
    note = f"{len(clean)} of {len(found)} situations clean"
    figures = {
        "throughput": ("≤ 10", lambda outcome: outcome["fps"]),
        "age p50": ("≤ 10", lambda outcome: outcome["age"]["median_ms"]),
        "age p99": ("≤ 25", lambda outcome: outcome["age"]["p99_ms"]),
    }
    rows = []
    for name, (bound, figure) in figures.items():
        errors = {_name(one): _apart(figure(one["predicted"]), figure(one["measured"])) for one in clean}
        known = {name: error for name, error in errors.items() if error is not None}
        worst = max(known, key=known.__getitem__, default="")
        words = f"worst: {worst}; median {sorted(known.values())[len(known) // 2]:.1f} %; {note}" if known else note
        rows.append(Row(f"simulation against the engine: {name}, worst of 12", known.get(worst), bound, " %", words))
    drops = {_name(one): 100 * abs(_dropped(one["predicted"]) - _dropped(one["measured"])) for one in clean}
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


def _dropped(outcome: dict) -> float:
    return outcome["dropped"] / outcome["due"]


def _apart(predicted: float | None, measured: float | None) -> float | None:
    return None if predicted is None or measured is None else 100 * abs(predicted / measured - 1)


def _name(one: dict) -> str:
    asked = one["situation"]
    return f"{asked['rate_fps']:g} fps, {asked['line']}, batch {asked['batch']}"
