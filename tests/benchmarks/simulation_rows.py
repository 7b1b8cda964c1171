"""Rows about the simulation against the real engine."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from rows import DIRTY_PERCENT, Row, Settings
from sides import verb

Found = dict[str, list[dict]]
"""Predictions of clean rounds, by situation."""

_RATES = (30, 60, 150)
_ROUNDING = 0.05
"""FPS, percent or milliseconds."""
_SPANNED: dict[str, Callable[[dict], float | None]] = {
    "fps": lambda run: run["fps"],
    "dropped_percent": lambda run: 100 * run["dropped"] / run["due"],
    "age_median_ms": lambda run: run["age"]["median_ms"],
    "age_p99_ms": lambda run: run["age"]["p99_ms"],
}
_FASTEST_SCENE = 240
"""Frames a second."""
_OVERLOADED_PERCENT = 5.0
"""Of the frames dropped."""


def _percent(ours: float, true: float) -> float:
    return 100 * abs(ours / true - 1)


def _points(ours: float, true: float) -> float:
    """The same of shares; of at least a tenth, because of few drops one more decides."""
    return 100 * abs(ours - true) / max(true, 0.1)


def _middle(one: dict, outcome: dict) -> float:
    return outcome["age"]["median_ms" if one["situation"]["batch"] == 1 else "mean_ms"]


class Figure(NamedTuple):
    """What is held against a run, and how far it may be."""

    name: str
    bound: float
    of: Callable[[dict, dict], float | None]
    """A prediction and one of its outcomes."""
    apart: Callable[[float, float], float]
    """Simulated and true, in percent."""


_FIGURES = (
    Figure("throughput", 10.0, lambda one, outcome: outcome["fps"], _percent),
    Figure("age p50, of batches mean", 10.0, _middle, _percent),
    Figure("age p99", 25.0, lambda one, outcome: outcome["age"]["p99_ms"], _percent),
    Figure("dropped frames", 10.0, lambda one, outcome: outcome["dropped"] / outcome["due"], _points),
)


def simulation(settings: Settings) -> list[Row]:
    """Paced 30, 60 and 150 fps, newest frame and queue, batch 1 and 4, each predicted and run, in interleaved rounds.

    The hindcast: each run simulated again, every frame with its own service times, so that what differs is the simulation's
    doing. Of each situation its worst round counts, and of the situations the worst.

    The prediction, from brief calibrations right before and after each run: of each situation the median of its rounds counts,
    against the median of the runs.

    Both are asked of the variant whose capacity lies closest to one of the rates, and of that which is furthest from all three.
    Close to saturation a percent of the pace decides whether a queue stands: there the engine's own runs, minutes apart,
    may give ages ten times as high as others. So it counts as well how many of them lie in the spans that the predictions name.

    The median of an even batch lies between two of its places, so that a frame decides which; there the mean stands for p50.
    """
    rounds, seconds = (5, "12") if settings.pairs > 2 else (2, "4")
    asked = ("--rate", ",".join(map(str, _RATES)), "--batch", "1,4", "--seconds", seconds, "--calibration", "2", "--verify")
    closest, *_, furthest = _by_distance()
    found: dict[str, Found] = {closest: defaultdict(list), furthest: defaultdict(list)}
    for _ in range(rounds):
        for precision, line in itertools.product(found, ("newest", "all")):
            for one in verb("simulate", *asked, "--line", line, "--precision", precision)["predictions"]:
                found[precision][_name(one)] += [one] if _foreign(one) <= DIRTY_PERCENT else []
    rows = []
    for precision, ones in found.items():
        rows += [row(ones, precision, rounds, figure) for row in (_hindcast, _prediction) for figure in _FIGURES]
        rows.append(_within(ones, precision))
    return [*rows, *looks(settings)]


def _by_distance() -> list[str]:
    """Variants, from the one whose capacity is closest to one of the rates to that which is furthest from each of them."""
    distances = {}
    for precision in ("FP32", "FP16", "INT8"):
        fps = verb("bench", "--precision", precision, "--seconds", "4")["throughput"]["fps"]
        distances[precision] = min(abs(math.log(rate / fps)) for rate in _RATES)
    return sorted(distances, key=distances.__getitem__)


def _hindcast(found: Found, variant: str, rounds: int, figure: Figure) -> Row:
    """The worst round of the worst situation; unknown where one has no clean run with this figure."""
    both = {situation: _both(ones, figure, "hindcast") for situation, ones in found.items()}
    errors = {name: max(figure.apart(*pair) for pair in pairs) for name, pairs in both.items() if pairs}
    return _worst(f"simulated again, {variant}", found, rounds, figure, errors)


def _prediction(found: Found, variant: str, rounds: int, figure: Figure) -> Row:
    """The median of the worst situation's rounds against the median of its runs; unknown where one has no clean run with it."""
    errors = {}
    for situation, ones in found.items():
        if pairs := _both(ones, figure, "predicted"):
            ours, runs = median(ours for ours, _ in pairs), [true for _, true in pairs]
            told = f"{situation}, predicted {ours:.3g}, its real runs {min(runs):.3g} to {max(runs):.3g}"
            errors[told] = figure.apart(ours, median(runs))
    return _worst(f"simulation against the engine, {variant}", found, rounds, figure, errors)


def _worst(what: str, found: Found, rounds: int, figure: Figure, errors: dict[str, float]) -> Row:
    """The row of the worst situation; unknown unless all have an error."""
    worst = max(errors, key=errors.__getitem__, default="")
    note = f"{len(errors)} of {len(found)} situations; {sum(map(len, found.values()))} of {rounds * len(found)} runs clean"
    words = f"worst: {worst}; median {median(errors.values()):.1f} %; {note}" if errors else note
    value = errors[worst] if len(errors) == len(found) else None
    return Row(f"{what}: {figure.name}", value, f"≤ {figure.bound:g}", " %", words)


def _within(found: Found, variant: str) -> Row:
    """Of the real runs' throughput, drops, p50 and p99, how many lie between the lowest and the highest that was predicted.

    Of n measured stretches that are as good as the run, one more lies between the lowest and the highest in n − 1 of n + 1 cases;
    there are eight of each rate.
    """
    inside: defaultdict[str, list[bool]] = defaultdict(list)
    slowdowns = []
    for one in itertools.chain.from_iterable(found.values()):
        slowdowns.append(100 * (one["slowdown"] - 1))
        for name, of in _SPANNED.items():
            if (ends := one["spans"][name]) is not None and (true := of(one["measured"])) is not None:
                inside[name].append(ends[0] - _ROUNDING <= true <= ends[1] + _ROUNDING)
    known = list(itertools.chain.from_iterable(inside.values()))
    each = ", ".join(f"{name} {sum(ones)} of {len(ones)}" for name, ones in inside.items())
    pace = f"machine {min(slowdowns):+.1f} to {max(slowdowns):+.1f} % slower in the runs" if slowdowns else ""
    share = 100 * sum(known) / len(known) if known else None
    return Row(f"real runs within the predicted spans, {variant}", share, "≥ 75", " %", f"{each}; {pace}")


def _both(clean: list[dict], figure: Figure, side: str) -> list[tuple[float, float]]:
    """What was simulated and what was measured, of the rounds where both are known."""
    both = [(figure.of(one, one[side]), figure.of(one, one["measured"])) for one in clean if one[side]]
    return [(ours, true) for ours, true in both if ours is not None and true is not None]


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
    name = f"probability of k looks, {load}: "
    sides = (("simulated again, against the truth", "hindcast_looks"), ("predicted, against the truth", "looks"))
    for side, key in sides:
        is_known = all(one[key] for one in found)
        share = _share([one[key] for one in found]) if is_known else None
        words = "too few frames" if share is None else f"{share:.1f} against {note}"
        rows.append(Row(name + side, abs(share - true) if holds and share is not None else None, "≤ 2", " pt", words))
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


def _foreign(one: dict) -> float:
    return one["measured"]["foreign_cpu_percent"] or 0.0


def _name(one: dict) -> str:
    asked = one["situation"]
    return f"{asked['rate_fps']:g} fps, {asked['line']}, batch {asked['batch']}"
