"""`edgeperf compare`: the variants of a model, side by side."""

from __future__ import annotations

import uuid
from typing import Any

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.job_answer import answered, follow
from edgeperf_gui.verbs.meter_options import meter_choice, meter_options

_JOB = "edgeperf_gui.engine.jobs.compare:run"


@click.command("compare")
@options.model
@options.source()
@options.device()
@click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Time budget of the measured rounds."
)
@options.hint()
@click.option("--labels", metavar="FOLDER", help="A labelled folder, for accuracy beside agreement.")
@meter_options
@options.json_file()
def command(json_name: str | None, **asked: Any) -> int:
    """Compare FP32, FP16 and INT8 on the same frames, by interleaved rounds."""
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    spec = CompareSpec(session_id=uuid.uuid4().hex, meter=meter_choice(asked), **asked)

    from edgeperf_gui.domain.compare import CompareResult
    from edgeperf_gui.verbs.compare_report import report

    work, nothing = lambda: follow(_JOB, spec, CompareResult), "Stopped before the first round."
    answered(work, CompareResult, report, json_name, nothing, holds=lambda result: bool(result.ratios))
    return 0
