"""`edgeperf capacity`: how many cameras one machine serves."""

from __future__ import annotations

import sys
import uuid
from typing import Any, Final

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.capacity import (
    HIGHEST_PERCENT,
    HIGHEST_RATE,
    LEAST,
    LONGEST_MS,
    LONGEST_S,
    MOST_CAMERAS,
    CapacityResult,
    CapacitySpec,
)
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.run_report import UNKNOWN, table
from edgeperf_gui.verbs.bounds import between

_JOB: Final = "edgeperf_gui.engine.jobs.capacity:run"
_HEAD: Final = ("cameras", "FPS each", "missed", "worst camera", "age p99", "frames", "CPU-ms/frame", "verdict")


@click.command("capacity")
@click.option("--model", default="nanodet-g", show_default=True, help="A model's name, or the path of a model folder.")
@click.option("--precision", type=click.Choice(["FP32", "FP16", "INT8"], case_sensitive=False), default="FP16", show_default=True)
@click.option("--device", default="CPU", show_default=True, help="A device of OpenVINO, such as CPU, GPU, NPU, AUTO.")
@click.option("--source", default=None, help="A recording or a scene that every camera shows.  [default: the bundled clip]")
@click.option("--hint", type=click.Choice(["latency", "throughput", "none"]), default="throughput", show_default=True)
@click.option(
    "--rate",
    type=float,
    metavar="FPS",
    callback=between("rate", LEAST, HIGHEST_RATE),
    help="Of each camera.  [default: the source's own]",
)
@click.option(
    "--deadline",
    "deadline_ms",
    type=float,
    metavar="MS",
    callback=between("deadline", LEAST, LONGEST_MS),
    help="Longest age of a frame when its objects are known.  [default: two periods of the rate]",
)
@click.option(
    "--max-miss-percent",
    type=float,
    metavar="X",
    default=1.0,
    show_default=True,
    callback=between("percentage", LEAST, HIGHEST_PERCENT),
    help="Share of due frames that may be dropped or late.",
)
@click.option(
    "--most", type=click.IntRange(1, MOST_CAMERAS), default=64, show_default=True, help="Try no more cameras than this."
)
@click.option(
    "--seconds",
    type=float,
    default=30.0,
    show_default=True,
    callback=between("number of seconds", 1, LONGEST_S),
    help="Longest run of one number of cameras.",
)
@click.option("--json", "json_name", metavar="FILE", help="Write the result there as well; - prints it instead of the table.")
def command(json_name: str | None, **asked: Any) -> int:
    """Predict from one camera how many fit, then verify with real runs."""
    asked["source"] = asked["source"] or str(places.shipped("resources/clips/street.mp4"))
    spec = CapacitySpec(session_id=uuid.uuid4().hex, **asked)

    from edgeperf_gui import console
    from edgeperf_gui.verbs.in_child import run_in_child

    with console.json_target(json_name) as target, console.stop_on_signals() as stop:
        outbox = console.ConsoleOutbox(sys.stderr)
        try:
            result = run_in_child(_JOB, spec, CapacityResult, outbox.send, stop)
        finally:
            outbox.clear()
        if result is None:
            raise RunError("Stopped before the first camera was measured.")
        if json_name != console.STANDARD_OUTPUT:
            click.echo(_report(result))
        if target is not None:
            target.write(result)
    return 0 if result.verdict == "PASS" else 1


def _report(result: CapacityResult) -> str:
    steps = sorted(result.steps, key=lambda step: step.cameras)
    rows = [
        (
            str(step.cameras),
            f"{step.fps_each:.2f}",
            f"{step.miss_percent:.2f} %",
            f"{step.worst_camera_miss_percent:.2f} %",
            UNKNOWN if step.age_p99_ms is None else f"{step.age_p99_ms:.1f} ms",
            str(step.frames),
            UNKNOWN if step.cpu_ms_per_frame is None else f"{step.cpu_ms_per_frame:.2f}",
            step.verdict,
        )
        for step in steps
    ]
    predicted = UNKNOWN if result.predicted is None else f"{result.predicted:.1f}"
    error = f", {result.predicted / result.verified:.2f} of what was verified" if result.predicted and result.verified else ""
    notes = [f"{step.cameras} camera{'s'[: step.cameras > 1]}: {step.note}" for step in steps if step.note]
    return "\n\n".join([table([_HEAD, *rows]), *notes, f"predicted {predicted} cameras{error}", result.sentence])
