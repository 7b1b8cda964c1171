"""The steps in numbers: the table that says the same as the plot, and the files they can be saved as."""

from __future__ import annotations

import csv
import io
from typing import Final

from edgeperf_gui.domain.capacity import CapacityResult, CapacityStep
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.capacity_marks import ink
from edgeperf_gui.ui.capacity_words import COLUMNS
from edgeperf_gui.ui.sheet import Cell, Sheet

_FIELDS: Final = (
    "cameras", "verdict", "fps_each", "miss_percent", "worst_camera_miss_percent", "age_median_ms", "age_p99_ms",
    "cpu_ms_per_frame", "foreign_cpu_percent", "frames", "seconds", "is_disturbed", "note",
)  # fmt: skip


def sheet(result: CapacityResult) -> Sheet:
    """A row a step, in the order in which they were run."""
    rows = tuple(_row(step) for step in result.steps)
    return Sheet("Steps of the search", COLUMNS, rows, tuple(ink(step.verdict) for step in result.steps))


def as_csv(result: CapacityResult) -> str:
    """A line a step, units in the titles, empty where unknown; after each the predicted and the verified number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_FIELDS, "predicted_cameras", "verified_cameras"])
    for step in result.steps:
        writer.writerow([*(getattr(step, name) for name in _FIELDS), result.predicted, result.verified])
    return text.getvalue()


def _share(step: CapacityStep, percent: float) -> Cell:
    """Of the due frames; where none was due there is no share of them."""
    return Cell(f"{percent:.2f}", percent) if step.frames else Cell(figures.UNKNOWN)


def _row(step: CapacityStep) -> tuple[Cell, ...]:
    return (
        Cell(str(step.cameras), step.cameras, tip=step.note),
        Cell(step.verdict, step.verdict, tip=step.note),
        Cell(figures.figure(step.fps_each), step.fps_each),
        _share(step, step.miss_percent),
        _share(step, step.worst_camera_miss_percent),
        Cell(figures.milliseconds(step.age_p99_ms), step.age_p99_ms),
        Cell(figures.figure(step.cpu_ms_per_frame), step.cpu_ms_per_frame),
        Cell(figures.percent(step.foreign_cpu_percent), step.foreign_cpu_percent),
        Cell(figures.thousands(step.frames), step.frames),
    )
