"""`edgeperf waterfall`: why a live pipeline does not give benchmark_app's number."""

from __future__ import annotations

import uuid
from typing import Any

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.waterfall import WaterfallSpec
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.bounds import between
from edgeperf_gui.verbs.job_answer import answered, follow

_JOB = "edgeperf_gui.engine.jobs.waterfall:run"


@click.command("waterfall")
@options.model
@options.precision
@options.device()
@options.source()
@options.hint()
@options.counts
@click.option(
    "--seconds",
    type=float,
    callback=between("number of seconds", 1, 3600),
    default=60.0,
    show_default=True,
    help="Time budget of the measured rounds.",
)
@options.json_file()
def command(json_name: str | None, **asked: Any) -> int:
    """Measure, part by part, what lies between benchmark_app's loop and the whole session."""
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    spec = WaterfallSpec(session_id=uuid.uuid4().hex, **asked)

    from edgeperf_gui.domain.waterfall import WaterfallResult
    from edgeperf_gui.verbs.waterfall_report import report

    answered(lambda: follow(_JOB, spec, WaterfallResult), WaterfallResult, report, json_name, "Stopped before the first round.")
    return 0
