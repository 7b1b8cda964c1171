"""`edgeperf waterfall`: why a live pipeline does not give benchmark_app's number."""

from __future__ import annotations

import uuid
from typing import Any

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.domain.session import LARGEST_COUNT
from edgeperf_gui.domain.waterfall import WaterfallSpec
from edgeperf_gui.verbs.bounds import between, readable

_JOB = "edgeperf_gui.engine.jobs.waterfall:run"
_COUNT = click.IntRange(1, LARGEST_COUNT)


@click.command("waterfall")
@click.option(
    "--model", callback=readable, default="nanodet-g", show_default=True, help="A model's name, or the path of a model folder."
)
@click.option("--precision", type=click.Choice(["FP32", "FP16", "INT8"], case_sensitive=False), default="FP16", show_default=True)
@click.option(
    "--device", callback=readable, default="CPU", show_default=True, help="A device of OpenVINO, such as CPU, GPU, NPU, AUTO."
)
@click.option(
    "--source", callback=readable, default=None, help="A path, a URL, camera:N or scene:NAME.  [default: the bundled clip]"
)
@click.option("--hint", type=click.Choice(["latency", "throughput", "none"]), default="latency", show_default=True)
@click.option("--streams", type=_COUNT, help="Inference streams.  [default: the hint's choice]")
@click.option("--requests", type=_COUNT, help="Infer requests in flight.  [default: the runtime's optimum]")
@click.option("--threads", type=_COUNT, help="Inference threads.  [default: the runtime's choice]")
@click.option(
    "--seconds",
    type=float,
    callback=between("number of seconds", 1, 3600),
    default=60.0,
    show_default=True,
    help="Time budget of the measured rounds.",
)
@click.option("--json", "json_name", metavar="FILE", help="Write the result there as well; - prints it instead of the table.")
def command(json_name: str | None, **asked: Any) -> int:
    """Measure, part by part, what lies between benchmark_app's loop and the whole session."""
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    spec = WaterfallSpec(session_id=uuid.uuid4().hex, **asked)

    from edgeperf_gui import console
    from edgeperf_gui.domain.waterfall import WaterfallResult
    from edgeperf_gui.verbs.job_answer import follow, tell
    from edgeperf_gui.verbs.waterfall_report import report

    with console.json_target(json_name) as target:
        result = follow(_JOB, spec, WaterfallResult)
        if result is None:
            raise RunError("Stopped before the first round.")
        return tell(result, report, json_name, target)
