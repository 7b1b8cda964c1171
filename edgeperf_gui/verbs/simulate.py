"""`edgeperf simulate`: what a rate, a batch or more cameras would give, predicted from measured service times and checked."""

from __future__ import annotations

import uuid
from typing import Any, Final

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.simulation import (
    LARGEST_BATCH,
    MOST_CAMERAS,
    MOST_REQUESTS,
    Outcome,
    Prediction,
    SimulationResult,
    SimulationSpec,
)
from edgeperf_gui.domain.situations import FASTEST_FPS, combined, named, numbers_in, slower_words
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.run_report import UNKNOWN, table
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.bounds import between
from edgeperf_gui.verbs.job_answer import answered, follow

_JOB: Final = "edgeperf_gui.engine.jobs.simulate:run"
_HEAD: Final = ("rate", "frames", "batch", "cameras", "", "FPS", "dropped", "age p50", "age p99", "machine")


def _numbers(highest: float, whole: bool) -> Any:
    """Reads `30,60,150`."""

    def read(context: click.Context, parameter: click.Parameter, value: str) -> tuple[float, ...]:
        try:
            return numbers_in(value, highest, whole=whole)
        except BadInput as error:
            raise click.BadParameter(error.sentence, context, parameter) from None

    return read


@click.command("simulate")
@options.model
@options.precision
@options.device()
@options.source("A recording or a scene.")
@options.hint()
@click.option(
    "--rate", "rates", default="30", show_default=True, metavar="LIST", callback=_numbers(FASTEST_FPS, False), help="FPS."
)
@click.option(
    "--line",
    type=click.Choice(["newest", "all"]),
    default="newest",
    show_default=True,
    help="Keep the newest frame and drop the others, as a live camera, or let all queue.",
)
@click.option("--poisson", "by_chance", is_flag=True, help="Frames come by chance instead of evenly; they queue (--line all).")
@click.option("--batch", "batches", default="1", show_default=True, metavar="LIST", callback=_numbers(LARGEST_BATCH, True))
@click.option("--cameras", default="1", show_default=True, metavar="LIST", callback=_numbers(MOST_CAMERAS, True))
@click.option("--requests", type=click.IntRange(1, MOST_REQUESTS), default=1, show_default=True, help="In flight at once.")
@click.option("--streams", type=click.IntRange(1, MOST_REQUESTS), default=1, show_default=True, help="Running at once.")
@click.option(
    "--seconds", type=float, default=20.0, show_default=True, callback=between("number of seconds", 1, 3600), help="Of each."
)
@click.option(
    "--calibration",
    "calibration_s",
    type=float,
    default=5.0,
    show_default=True,
    callback=between("number of seconds", 1, 60),
    help="Seconds of each run that service times are taken from; longer ones make predictions steadier.",
)
@click.option("--looks", type=click.IntRange(1, 10_000), help="Of a drawn scene: the share of vehicles seen so often.")
@click.option("--verify", is_flag=True, help="Run each for real as well, and show both.")
@options.json_file()
def command(json_name: str | None, **asked: Any) -> int:
    """Predict throughput, drops and age for settings that were not run."""
    spec, nothing = _spec(asked), "Stopped before anything was predicted."
    answered(lambda: follow(_JOB, spec, SimulationResult), SimulationResult, _report, json_name, nothing)
    return 0


def _spec(asked: dict[str, Any]) -> SimulationSpec:
    names = ("rates", "batches", "cameras", "line", "by_chance", "requests", "streams", "seconds")
    situations = combined(**{name: asked.pop(name) for name in names})
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    return SimulationSpec(session_id=uuid.uuid4().hex, situations=situations, **asked)


def _report(result: SimulationResult) -> str:
    rows = [row for one in result.predictions for row in _rows(one)]
    samples = min((one.samples for one in result.predictions), default=0)
    note = f"Service times are drawn from {samples} measured frames. Ages end when the objects are known."
    if any(one.spans for one in result.predictions):
        note += (
            "\nEach predicted figure is the median of the simulated runs. In brackets their lowest and highest, and what the"
            " machine would give at the fastest and at the slowest pace that it had while the times were measured."
        )
    if result.spec.verify:
        note += (
            "\nThey were measured before and after each run, which takes most of the machine's drift out of the comparison; a"
            " prediction without --verify has only those before."
        )
    if any(one.slowdown for one in result.predictions):
        note += "\nUnder machine stands how much longer a frame took in the run than while service times were measured."
    if any(one.hindcast for one in result.predictions):
        note += (
            "\nA hindcast is the run simulated again, each frame with its own service times: what lies between it and the run is"
            " the simulation's error; between it and the prediction lie chance, the machine's drift and the way from the"
            " calibrated rates to this one."
        )
    return "\n\n".join(filter(None, [table([_HEAD, *rows]), _looks(result), note]))


def _rows(one: Prediction) -> list[tuple[str, ...]]:
    asked = one.situation
    head = (f"{asked.rate_fps:g} FPS", asked.line, str(asked.batch), str(asked.cameras))
    rows = [(*head, "predicted", *map(str.__add__, _cells(one.predicted), _spans(one)), "")]
    if one.measured is not None:
        rows.append(
            ("", "", "", "", "measured", *_cells(one.measured), "" if one.slowdown is None else slower_words(one.slowdown))
        )
    if one.hindcast is not None:
        rows.append(("", "", "", "", "hindcast", *_cells(one.hindcast), ""))
    return rows


def _looks(result: SimulationResult) -> str:
    lines = []
    for one in result.predictions:
        if one.looks is None or one.looks.share is None:
            continue
        line = f"{named(one.situation)}: {_share(one.looks)} of {one.looks.vehicles} vehicles seen at least {one.looks.k} times"
        if (run := one.measured_looks) is not None and run.share is not None:
            line += f"; the run gave {_share(run)} of {run.vehicles}"
            line += f", its hindcast {_share(one.hindcast_looks)}" if one.hindcast_looks else ""
        lines.append(line)
    return "\n".join(lines)


def _share(looks: TrueLooks) -> str:
    return f"{100 * (looks.share or 0.0):.1f} %"


def _spans(one: Prediction) -> tuple[str, ...]:
    """Behind each figure; empty where it is one value, or not known."""
    spans = one.spans
    if spans is None:
        return ("",) * 4
    return tuple(_span(ends) for ends in (spans.fps, spans.dropped_percent, spans.age_median_ms, spans.age_p99_ms))


def _span(ends: tuple[float, float] | None) -> str:
    low, high = ("", "") if ends is None else (f"{end:.1f}" for end in ends)
    return "" if low == high else f" ({low}–{high})"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    age = outcome.age
    return (
        UNKNOWN if outcome.fps is None else f"{outcome.fps:.1f}",
        f"{100 * outcome.dropped / outcome.due:.1f} %" if outcome.due else UNKNOWN,
        UNKNOWN if age is None else f"{age.median_ms:.2f} ms",
        UNKNOWN if age is None or age.p99_ms is None else f"{age.p99_ms:.2f} ms",
    )
