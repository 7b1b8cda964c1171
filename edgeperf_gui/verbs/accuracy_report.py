"""Accuracy and agreement as text, aligned for a terminal."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.domain.accuracy import (
    AccuracyResult,
    Agreement,
    ClassificationAccuracy,
    DetectionAccuracy,
    Proportion,
)
from edgeperf_gui.run_report import UNKNOWN, executed, pairs, table

MOST_ROWS: Final = 20
"""Of a table of classes; all of them are in the JSON."""


def report(result: AccuracyResult) -> str:
    """The whole report, one variant after the other; every figure with its n, what is unknown is a dash."""
    return "\n\n".join(map(_one, result.each()))


def _one(result: AccuracyResult) -> str:
    spec = result.spec
    blocks = [
        f"{spec.model} {result.precision} on {spec.device} · {result.dataset}",
        pairs("Truth label", [("stored precision", result.effective.stored_precision), ("executed", executed(result.effective))]),
        *_accuracy(result.accuracy),
        result.against_fp32.in_words(result.precision) if result.against_fp32 and result.precision != "FP32" else "",
        _agreement(result.agreement, result.precision),
        _notes(result),
    ]
    return "\n\n".join(block for block in blocks if block)


def _accuracy(accuracy: DetectionAccuracy | ClassificationAccuracy | None) -> list[str]:
    match accuracy:
        case DetectionAccuracy():
            return _detection(accuracy)
        case ClassificationAccuracy():
            return _classification(accuracy)
    return ["There are no labels: nothing is said about accuracy, only about agreement."]


def _detection(accuracy: DetectionAccuracy) -> list[str]:
    title = f"Accuracy ({accuracy.images} images, {accuracy.boxes} labelled objects)"
    figures = (
        ("AP, IoU 0.50…0.95", share(accuracy.ap)),
        ("AP50 / AP75", _several(accuracy.ap50, accuracy.ap75)),
        ("AP small / medium / large", _several(accuracy.ap_small, accuracy.ap_medium, accuracy.ap_large)),
        ("AR 1 / 10 / 100", _several(accuracy.ar1, accuracy.ar10, accuracy.ar100)),
        ("AR small / medium / large", _several(accuracy.ar_small, accuracy.ar_medium, accuracy.ar_large)),
    )
    at = (
        ("precision", counted(accuracy.precision)),
        ("recall", counted(accuracy.recall)),
        ("F1", share(accuracy.f1)),
    )
    rows = sorted(accuracy.classes, key=lambda row: -row.boxes)
    cells = [
        (row.name, str(row.boxes), share(row.ap), share(row.ap50), share(row.precision.value), share(row.recall.value))
        for row in rows[:MOST_ROWS]
    ]
    header = ("Class", "objects", "AP", "AP50", "precision", "recall")
    return [
        pairs(title, figures),
        pairs(f"At score {accuracy.threshold:g}, IoU 0.5", at),
        table([header, *cells]) + _more(len(rows)) if rows else "",
    ]


def _classification(accuracy: ClassificationAccuracy) -> list[str]:
    title = f"Accuracy ({accuracy.images} images)"
    rows = sorted(accuracy.classes, key=lambda row: -row.top1.n)
    cells = [(row.name, str(row.top1.n), share(row.top1.value), share(row.top5.value)) for row in rows[:MOST_ROWS]]
    mistakes = [cell for cell in accuracy.confusion if cell.label != cell.answer]
    wrong = [(f"{cell.label} taken for {cell.answer}", str(cell.count)) for cell in mistakes[:MOST_ROWS]]
    return [
        pairs(title, [("top-1", counted(accuracy.top1)), ("top-5", counted(accuracy.top5))]),
        table([("Class", "images", "top-1", "top-5"), *cells]) + _more(len(rows)) if rows else "",
        table([("Most frequent mistakes", "images"), *wrong]) + _more(len(mistakes)) if wrong else "",
    ]


def _agreement(agreement: Agreement | None, precision: str) -> str:
    if agreement is None:
        return "The model has no FP32 variant to agree with."
    rows = []
    if agreement.boxes or agreement.top1 is None:
        rows += [
            ("AP against FP32's boxes", share(agreement.ap)),
            ("of these found", counted(agreement.matched)),
            ("mean IoU of pairs", share(agreement.mean_iou)),
        ]
    if agreement.top1 is not None:
        rows.append(("same first class", counted(agreement.top1)))
    rows += [
        ("NMSE, mean of outputs", UNKNOWN if agreement.nmse is None else f"{agreement.nmse:.2e}"),
        ("cosine, worst output", UNKNOWN if agreement.cosine is None else f"{agreement.cosine:.5f}"),
    ]
    boxes = f", {agreement.boxes} boxes of score {agreement.threshold:g} and more" if agreement.boxes else ""
    return pairs(f"Agreement of {precision} with FP32 executed in f32 ({agreement.images} images{boxes})", rows)


def _notes(result: AccuracyResult) -> str:
    notes = list(result.notes)
    if result.unreadable:
        notes.append(f"{result.unreadable} pictures cannot be read and are left out")
    if not result.complete:
        notes.append("stopped before the last image; what was seen is a fair sample of the set")
    return "\n".join(["Notes", *(f"  {note}" for note in notes)]) if notes else ""


def share(value: float | None) -> str:
    """A figure 0…1, or a dash."""
    return UNKNOWN if value is None else f"{value:.3f}"


def counted(part: Proportion) -> str:
    """A proportion with its counts and Wilson's interval."""
    if part.value is None:
        return UNKNOWN
    return f"{part.value:.3f}  ({part.hits} of {part.n}, 95 %: {part.low:.3f} … {part.high:.3f})"


def _several(*values: float | None) -> str:
    return " / ".join(map(share, values))


def _more(rows: int) -> str:
    return f"\n… and {rows - MOST_ROWS} more (--json lists all)" if rows > MOST_ROWS else ""
