"""`edgeperf accuracy`: how good a variant's answers are, against labels and against FP32."""

from __future__ import annotations

import uuid
from typing import Any

import click

from edgeperf_gui.domain.jobs import AccuracySpec
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.job_answer import answered, follow

_JOB = "edgeperf_gui.engine.jobs.accuracy:run"


@click.command("accuracy")
@options.model
@options.precision
@click.option(
    "--also",
    type=options.PRECISIONS,
    multiple=True,
    help="Another variant on the same images; may be given several times.",
)
@click.option("--data", required=True, metavar="FOLDER", help="Images with COCO, YOLO or Pascal VOC labels, or a folder a class.")
@click.option("--labels", metavar="PATH", help="COCO's json or the folder of label files, when it is not in or beside FOLDER.")
@options.device()
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.4, show_default=True, help="Score from which a box counts.")
@click.option("--limit", type=click.IntRange(1, 1024), help="Most images to look at: a fixed random choice.  [default: all]")
@options.json_file("Write the result there as well; - prints it instead of the tables.")
def command(json_name: str | None, **asked: Any) -> int:
    """Measure accuracy against labels, and agreement with FP32 with or without them."""
    spec = AccuracySpec(session_id=uuid.uuid4().hex, **asked)

    from edgeperf_gui.domain.accuracy import AccuracyResult
    from edgeperf_gui.verbs.accuracy_report import report

    answered(lambda: follow(_JOB, spec, AccuracyResult), AccuracyResult, report, json_name, "Stopped before the first image.")
    return 0
