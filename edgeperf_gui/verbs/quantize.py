"""`edgeperf models quantize NAME`: the INT8 variant of a model."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Final

import click

from edgeperf_gui import console
from edgeperf_gui.domain import places
from edgeperf_gui.domain.jobs import QuantizeSpec
from edgeperf_gui.domain.quantization import QuantizeResult
from edgeperf_gui.run_report import UNKNOWN, pairs
from edgeperf_gui.verbs.job_answer import follow, tell
from edgeperf_gui.verbs.options import json_option
from edgeperf_gui.zoo import staging

_JOB: Final = "edgeperf_gui.engine.jobs.quantize:run"


@click.command(name="quantize")
@click.argument("name")
@click.option("--data", metavar="FOLDER|VIDEO", help="Pictures or a video to calibrate with.  [default: the bundled clip]")
@click.option("--samples", type=click.IntRange(1, 100_000), default=300, show_default=True, help="Frames to calibrate with.")
@click.option("--preset", type=click.Choice(["mixed", "performance"]), default="mixed", show_default=True)
@click.option("--max-drop", type=click.FloatRange(0, 1), help="Largest loss of AP or top-1 allowed.  [with labels: 0.01]")
@click.option("--labels", metavar="FOLDER", help="Labelled images to watch the accuracy with.")
@json_option
def command(json_name: str | None, **asked: Any) -> int:
    """Make the INT8 variant of the model NAME by post-training quantisation."""
    spec = QuantizeSpec(session_id=uuid.uuid4().hex, model=asked.pop("name"), **asked)
    with console.json_target(json_name) as target:
        try:
            result = follow(_JOB, spec, QuantizeResult)
        finally:
            staging.sweep(places.model_folders()[0])  # what a process left that died
        if result is None:
            click.echo("Cancelled; nothing has been changed.", err=True)
            return 1
        return tell(result, report, json_name, target)


def report(result: QuantizeResult) -> str:
    """The result for a person."""
    executed = ", ".join(f"{count} in {kind}" for kind, count in result.executed_precision.items())
    peak = UNKNOWN if result.peak_rss_bytes is None else f"{result.peak_rss_bytes / 1e6:.0f} MB"
    rows = [
        ("file", str(Path(result.folder) / result.xml)),
        ("size", f"{result.size_bytes / 1e6:.2f} MB, made from {result.original_bytes / 1e6:.2f} MB"),
        ("calibrated on", f"{result.samples} frames of {result.calibration}"),
        ("quantised", f"{result.layers_quantized} of {result.layers_multiplying} multiplying layers"),
        ("executed here", f"{executed or UNKNOWN} (CPU)"),
    ]
    if result.accuracy is not None and result.original_accuracy is not None:
        rows.append(("accuracy", f"{result.accuracy:.3f}, before {result.original_accuracy:.3f}"))
    rows.append(("took", f"{result.seconds:.1f} s, {peak} of memory at most"))
    return pairs(f"Quantised {result.spec.model}", rows)
