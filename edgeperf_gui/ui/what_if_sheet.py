"""Predictions in numbers: the table with the real run beside each, and the files they can be saved as."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.simulation import Outcome, Prediction, SimulationResult
from edgeperf_gui.domain.situations import slower_words
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.sheet import Cell, Sheet
from edgeperf_gui.ui.what_if_words import disturbance_percent, dropped_percent, sentence, short_words, situation_words

Side = Literal["predicted", "hindcast"]
_ASKED: Final = ("rate_fps", "line", "by_chance", "cameras", "batch", "requests", "streams", "seconds")
_NO_ERROR: Final = 0.05
_ERROR: Final = "How far the prediction lies from the real run"
_FIRST: Final = ("what if", "Rate of each camera, what becomes of frames that nobody takes in time, batch and cameras")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an outcome. A share's error is in percentage points, any other's in percent of the real run's."""

    name: str
    unit: str
    field: str
    tip: str
    value: Callable[[Outcome], float | None]
    words: Callable[[float | None], str]
    is_share: bool = False

    def error(self, one: Prediction, side: Side = "predicted") -> float | None:
        """Of the prediction or the hindcast against the real run; None while one of them is not known."""
        simulated, measured = getattr(one, side), one.measured
        said, run = (None if outcome is None else self.value(outcome) for outcome in (simulated, measured))
        if said is None or run is None or (run == 0 and not self.is_share):
            return None
        return said - run if self.is_share else 100 * (said / run - 1)


FIGURES: Final = (
    Figure("FPS", "", "fps", "completed frames a second, of all cameras together", lambda one: one.fps, figures.figure),
    Figure(
        "drops", " %", "dropped_percent", "share of due frames that nobody took in time", dropped_percent, figures.percent, True
    ),
    Figure(
        "p50",
        " ms",
        "age_median_ms",
        "median age, due → objects known; a window adds what painting takes",
        lambda one: None if one.age is None else one.age.median_ms,
        figures.milliseconds,
    ),
    Figure(
        "p99",
        " ms",
        "age_p99_ms",
        "99th percentile of the age; empty with fewer than 299 frames",
        lambda one: None if one.age is None else one.age.p99_ms,
        figures.milliseconds,
    ),
)


def sheet(result: SimulationResult) -> Sheet:
    """A row a situation; columns for the real runs only where there are any."""
    with_runs = result.spec.verify or any(one.measured is not None for one in result.predictions)
    columns = [_FIRST]
    for figure in FIGURES:
        columns.append((f"{figure.name}{figure.unit}", f"Predicted: {figure.tip}"))
        if with_runs:
            columns.append((f"{figure.name} run", f"Of the real run: {figure.tip}"))
            columns.append((f"{figure.name} error", _ERROR))
    looks = result.spec.looks
    if looks is not None:
        tip = f"share of the scene’s vehicles seen at least {looks} times while in view"
        columns.append(("seen %", f"Predicted: {tip}"))
        if with_runs:
            columns.append(("seen run", f"Of the real run: {tip}"))
            columns.append(("seen error", _ERROR))
    rows = tuple(_row(one, with_runs=with_runs, with_looks=looks is not None) for one in result.predictions)
    return Sheet("Predictions", tuple(columns), rows)


def _row(one: Prediction, *, with_runs: bool, with_looks: bool) -> tuple[Cell, ...]:
    cells = [Cell(short_words(one.situation), situation_words(one.situation), tip=sentence(one))]
    for figure in FIGURES:
        value = figure.value(one.predicted)
        cells.append(Cell(figure.words(value), value))
        if with_runs:
            run, error = None if one.measured is None else figure.value(one.measured), figure.error(one)
            cells.append(Cell(figure.words(run), run))
            cells.append(Cell(_error_words(error, figure.is_share), error))
    if with_looks:
        shares = [_percent(looks) for looks in ((one.looks, one.measured_looks) if with_runs else (one.looks,))]
        cells += [Cell(figures.percent(share), share) for share in shares]
        if with_runs:
            error = _seen_error(one)
            cells.append(Cell(_error_words(error, True), error))
    return tuple(cells)


def _percent(looks: TrueLooks | None) -> float | None:
    return None if looks is None or looks.share is None else 100 * looks.share


def _seen_error(one: Prediction, side: Side = "predicted") -> float | None:
    """Of the share that was seen often enough, in percentage points."""
    said, run = _percent(one.looks if side == "predicted" else one.hindcast_looks), _percent(one.measured_looks)
    return None if said is None or run is None else said - run


def _error_words(error: float | None, is_share: bool) -> str:
    if error is None:
        return figures.UNKNOWN
    unit = "pt" if is_share else "%"
    return f"{error:+.1f} {unit}" if abs(error) >= _NO_ERROR else f"0.0 {unit}"


def closeness(result: SimulationResult) -> str:
    """How far the predictions lay at most from those runs that nothing disturbed, and their hindcasts; empty without runs."""
    quiet = [one for one in result.predictions if disturbance_percent(one) is None]
    left_out = len(result.predictions) - len(quiet)
    predicted, hindcast = _furthest(quiet, "predicted"), _furthest(quiet, "hindcast")
    furthest = f"Furthest from its run: {predicted}." if predicted else ""
    if hindcast:
        furthest += f" Simulated again, each frame with its own service times: {hindcast}."
    if slowdowns := [one.slowdown for one in quiet if one.slowdown is not None]:
        furthest += f" In the runs the machine was {_between(min(slowdowns), max(slowdowns))} than when it was measured."
    why = f"{figures.count(left_out, 'run')} left out: other programs took more than {DIRTY_PERCENT:g}\u00a0% of the CPU."
    return f"{furthest} {why if left_out else ''}".strip()


def _between(least: float, most: float) -> str:
    return slower_words(most) if least == most else f"{slower_words(least)} to {slower_words(most)}"


def _furthest(quiet: Sequence[Prediction], side: Side) -> str:
    kinds = [(figure.name, figure.is_share, figure.error) for figure in FIGURES]
    parts = []
    for name, is_share, error_of in (*kinds, ("seen", True, _seen_error)):
        errors = [abs(error) for one in quiet if (error := error_of(one, side)) is not None]
        if errors:
            parts.append(f"{name}\u00a0{max(errors):.1f}\u00a0{'points' if is_share else '%'}")
    return ", ".join(parts)


def as_csv(result: SimulationResult) -> str:
    """A line a situation, units in the titles, empty where unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [f"{kind}_{figure.field}" for kind in ("predicted", "measured", "hindcast") for figure in FIGURES]
    ends = [f"predicted_{figure.field}_{end}" for figure in FIGURES for end in ("lowest", "highest")]
    shares = ("predicted_seen_share", "measured_seen_share", "hindcast_seen_share")
    writer.writerow([*_ASKED, *names, "samples", "looks", *shares, "foreign_cpu_percent", *ends, "slowdown"])
    for one in result.predictions:
        outcomes = (one.predicted, one.measured, one.hindcast)
        values = [None if outcome is None else figure.value(outcome) for outcome in outcomes for figure in FIGURES]
        seen = [None if looks is None else looks.share for looks in (one.looks, one.measured_looks, one.hindcast_looks)]
        foreign = None if one.measured is None else one.measured.foreign_cpu_percent
        asked = (getattr(one.situation, name) for name in _ASKED)
        writer.writerow([*asked, *values, one.samples, result.spec.looks, *seen, foreign, *_ends(one), one.slowdown])
    return text.getvalue()


def _ends(one: Prediction) -> list[float | None]:
    """The lowest and the highest of each figure in turn."""
    spans = [getattr(one.spans, figure.field, None) for figure in FIGURES]
    return [end for ends in spans for end in ends or (None, None)]
