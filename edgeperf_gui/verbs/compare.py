"""`edgeperf compare`: the variants of a model, side by side."""

from __future__ import annotations

import uuid
from typing import Any

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.verbs.meter_options import meter_choice, meter_options

_JOB = "edgeperf_gui.engine.jobs.compare:run"


@click.command("compare")
@click.option("--model", default="nanodet-g", show_default=True, help="A model's name, or the path of a model folder.")
@click.option("--source", default=None, help="A path, a URL, camera:N or scene:NAME.  [default: the bundled clip]")
@click.option("--device", default="CPU", show_default=True, help="A device of OpenVINO, such as CPU, GPU, NPU, AUTO.")
@click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Time budget of the measured rounds."
)
@click.option("--hint", type=click.Choice(["latency", "throughput", "none"]), default="latency", show_default=True)
@click.option("--labels", metavar="FOLDER", help="A labelled folder, for accuracy beside agreement.")
@meter_options
@click.option("--json", "json_name", metavar="FILE", help="Write the result there as well; - prints it instead of the table.")
def command(json_name: str | None, **asked: Any) -> int:
    """Compare FP32, FP16 and INT8 on the same frames, by interleaved rounds."""
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    spec = CompareSpec(session_id=uuid.uuid4().hex, meter=meter_choice(asked), **asked)

    from edgeperf_gui import console
    from edgeperf_gui.domain.compare import CompareResult
    from edgeperf_gui.verbs.compare_report import report
    from edgeperf_gui.verbs.job_answer import follow, tell

    with console.json_target(json_name) as target:
        result = follow(_JOB, spec, CompareResult)
        if result is None or not result.ratios:
            raise RunError("Stopped before the first round.")
        return tell(result, report, json_name, target)
