"""`edgeperf bench --arrivals server`: the highest rate of chance arrivals that keeps to a deadline."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

import click

from edgeperf_gui.domain.arrival_pattern import pattern_in
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.server import (
    HIGHEST_PERCENTILE,
    LEAST_MS,
    LEAST_PERCENTILE,
    LONGEST_MS,
    ServerResult,
    ServerSpec,
    one_alone,
)
from edgeperf_gui.run_report import UNKNOWN, table
from edgeperf_gui.verbs import job_answer
from edgeperf_gui.verbs.bounds import between

_JOB: Final = "edgeperf_gui.engine.jobs.server:run"
_OWN: Final = ("deadline_ms", "percentile")
_MEANING: Final = "milliseconds from the moment a frame was meant to come until its objects are known"
_HEAD: Final = ("a second", "answers", "late", "median", "p90", "p99", "verdict")


def pattern(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Reads `--arrivals`; refuses what is no pattern."""
    if value:
        try:
            pattern_in(value)
        except BadInput as error:
            raise click.BadParameter(str(error), context, parameter) from None
    return value


def options(function: Callable[..., int]) -> Callable[..., int]:
    """Adds what a search needs besides a run's own options."""
    for option in (
        click.option(
            "--percentile",
            type=click.IntRange(LEAST_PERCENTILE, HIGHEST_PERCENTILE),
            help="With --arrivals server: so many answers of a hundred within the deadline.  [default: 99]",
        ),
        click.option(
            "--deadline",
            "deadline_ms",
            type=float,
            metavar="MS",
            callback=between("deadline", LEAST_MS, LONGEST_MS),
            help="With --arrivals server: from the moment a frame was meant to come to its answer.",
        ),
    ):
        function = option(function)
    return function


def is_asked(asked: dict[str, Any]) -> bool:
    """Whether a search is asked for; takes its own options away where it is not. Raises UsageError where they do not fit."""
    if asked["arrivals"] == "server":
        if asked["deadline_ms"] is None:
            raise click.UsageError("--arrivals server searches the highest rate within a deadline: give --deadline MS.")
        return True
    given = [name for name in _OWN if asked.pop(name) is not None]
    if given:
        raise click.UsageError("--deadline and --percentile belong to --arrivals server.")
    return False


def search(asked: dict[str, Any], json_name: str | None) -> int:
    """Search in a process of its own; exit code 0 when some rate passed."""
    fields = {name: asked[name] for name in ServerSpec.__struct_fields__ if asked.get(name) is not None}
    spec = ServerSpec(session_id=uuid.uuid4().hex, **fields)

    def work() -> ServerResult | None:
        return job_answer.follow(_JOB, spec, ServerResult)

    result = job_answer.answered(work, ServerResult, report, json_name, "Stopped before the first rate was tried.")
    return 0 if result.verdict == "PASS" else 1


def report(result: ServerResult) -> str:
    """Every rate that was tried, lowest first, and the answer."""
    steps = sorted(result.steps, key=lambda step: step.rate)
    rows = [
        (
            f"{step.rate:.2f}",
            str(step.n),
            f"{step.late_percent:.2f} %",
            *(
                UNKNOWN if value is None else f"{value:.2f}"
                for value in ((step.latency.median_ms, step.latency.p90_ms, step.latency.p99_ms) if step.latency else (None,) * 3)
            ),
            step.verdict,
        )
        for step in steps
    ]
    spec, alone = result.spec, result.alone
    blocks = [
        f"{spec.model} {spec.precision} on {spec.device} · server: p{spec.percentile} within {spec.deadline_ms:g} ms",
        f"{table([_HEAD, *rows])}\n{_MEANING}" if rows else "",
        "\n".join(f"{step.rate:.2f} a second: {step.note}" for step in steps if step.note),
        f"{one_alone(spec)}: median {alone.median_ms:.2f} ms, p90 {alone.p90_ms:.2f} ms" if alone else "",
        result.sentence + ("" if result.complete else " The search was stopped before its end."),
    ]
    return "\n\n".join(block for block in blocks if block)
