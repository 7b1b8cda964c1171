"""What the accuracy page says in sentences, and what it copies."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.accuracy import AccuracyResult, ClassificationAccuracy, DetectionAccuracy
from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.run_report import table
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.accuracy_sheets import (
    accuracy_sheet,
    agreement_sheet,
    class_sheet,
    curve_sheet,
    mistakes_sheet,
    variants_of,
)
from edgeperf_gui.ui.job_words import WAITS, JobWords
from edgeperf_gui.ui.names import source_name
from edgeperf_gui.ui.sheet import Sheet

WORDS: Final = JobWords(
    title="Accuracy",
    invitation="How right are its answers?",
    what=(
        "Choose a folder of pictures with labels, then press Measure. Understood are COCO (json), YOLO (images/, labels/ and "
        "data.yaml), Pascal VOC (xml) and a folder a class. Without labels the page tells how far the variants agree with FP32, "
        "which is not accuracy."
    ),
    meanwhile=WAITS,
    run="Measure",
    cancel_tip="Stop; what was seen so far is kept as the result",
    bar="Progress of the measurement",
    stopping="Stopping…",
    cancelled="Cancelled before the first image.",
    failed="The accuracy measurement failed.",
)
MOST_CLASSES: Final = 20
"""Of a confusion matrix that can still be read as a picture."""
NO_LABELS: Final = "There are no labels: nothing is said about accuracy, only about agreement with FP32."


def title(result: AccuracyResult) -> str:
    """What was looked at."""
    spec = result.spec
    return f"{spec.model} · {spec.device} · {source_name(spec.data)}"


def scope(result: AccuracyResult) -> str:
    """On how much, and at which score."""
    words = [result.dataset]
    match result.accuracy:
        case DetectionAccuracy() as found:
            words += [f"counted: {figures.thousands(found.images)} images, {figures.thousands(found.boxes)} objects"]
            words += [f"precision, recall and F1 at score ≥ {found.threshold:.2f}, IoU 0.5"]
        case ClassificationAccuracy() as found:
            words += [f"counted: {figures.thousands(found.images)} images"]
        case _ if result.agreement is not None:
            words += [f"counted: {figures.thousands(result.agreement.images)} images"]
    return " · ".join(words)


def sentences(result: AccuracyResult) -> list[str]:
    """What each variant loses or gains, and whether it went to its end."""
    told = [
        one.against_fp32.in_words(one.precision)
        for one in variants_of(result)
        if one.against_fp32 is not None and one.precision != "FP32"
    ]
    if result.accuracy is None:
        told.append(NO_LABELS)
    if not result.complete:
        without = "" if told else " Differences between variants were left out."
        told.append(f"Stopped before the last image; what was seen is a fair sample of the set.{without}")
    return told


def agreement_scope(result: AccuracyResult) -> str:
    """What agreement is about."""
    found = result.agreement
    if found is None:
        return "The model has no FP32 variant to agree with."
    boxes = f" · {figures.thousands(found.boxes)} boxes of FP32 that score {found.threshold:.2f} and more stand for labels"
    return f"executed in f32, on the same images{boxes if found.boxes else ''}"


def notes(result: AccuracyResult) -> list[str]:
    """What a reader should know of the set."""
    told = [f"{note[:1].upper()}{note[1:]}" for note in result.notes]
    if result.unreadable:
        told.append(f"{figures.count(result.unreadable, 'picture')} cannot be read and left out")
    return told


def sheets(result: AccuracyResult) -> list[Sheet]:
    """Every table there is, in the order of the page."""
    found: list[Sheet | None] = [accuracy_sheet(result), agreement_sheet(result), class_sheet(result)]
    curves = [(one.precision, one.accuracy.curve) for one in variants_of(result) if isinstance(one.accuracy, DetectionAccuracy)]
    if any(curve for _, curve in curves):
        found.append(curve_sheet(curves))
    found += [
        mistakes_sheet(one.accuracy, one.precision)
        for one in variants_of(result)
        if isinstance(one.accuracy, ClassificationAccuracy)
    ]
    return [sheet for sheet in found if sheet is not None and sheet.rows]


def as_text(result: AccuracyResult) -> str:
    """The whole page for a mail."""
    head = "\n".join([title(result), scope(result), *sentences(result)])
    tables = [f"{sheet.name}\n{table(sheet.as_rows())}" for sheet in sheets(result)]
    told = notes(result)
    return "\n\n".join([head, *tables, *(["\n".join(["Notes", *told])] if told else [])]) + "\n"


def as_tsv(result: AccuracyResult) -> str:
    """The whole page for a spreadsheet."""
    return "\n".join(f"{sheet.name}\n{sheet.as_tsv()}" for sheet in sheets(result))


def activity(measurement: AccuracyMeasurement) -> str:
    """What it is doing, and how far it is."""
    if measurement.is_stopping:
        return WORDS.stopping
    progress = measurement.progress
    if progress is None:
        return "Waiting for the session to end…" if measurement.is_waiting else "Starting the engine…"
    if progress.total:
        return f"{progress.done} of {figures.thousands(progress.total)} · {progress.activity}"
    return f"{progress.activity[:1].upper()}{progress.activity[1:]}…"
