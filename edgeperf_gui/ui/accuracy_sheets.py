"""Accuracy and agreement as tables of cells: what the page shows, copies and says aloud comes from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from edgeperf_gui.domain.accuracy import (
    AccuracyResult,
    Agreement,
    ClassificationAccuracy,
    DetectionAccuracy,
    OperatingPoint,
    Proportion,
)
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.definitions import ACCURACY
from edgeperf_gui.ui.sheet import Cell, Sheet

CURVE_STEP: Final = 0.05
"""Of the score thresholds in the curve's table."""


def variants_of(result: AccuracyResult) -> tuple[AccuracyResult, ...]:
    """In the one order of variants, whatever was asked first."""
    order = list(theme.VARIANTS)
    return tuple(sorted(result.each(), key=lambda one: order.index(one.precision)))


def accuracy_sheet(result: AccuracyResult) -> Sheet | None:
    """A row a variant; None without labels."""
    variants = [one for one in variants_of(result) if one.accuracy is not None]
    if not variants:
        return None
    columns = _DETECTION if isinstance(variants[0].accuracy, DetectionAccuracy) else _CLASSIFICATION
    rows = tuple((_name(one), *(cell(one.accuracy) for _, _, cell in columns)) for one in variants)
    return _sheet("Accuracy of each variant", [(title, ACCURACY[key]) for title, key, _ in columns], rows, variants)


def agreement_sheet(result: AccuracyResult) -> Sheet | None:
    """A row a variant; None when there is no FP32 to agree with. Columns that say nothing of this task are left out.

    FP32 agrees with itself exactly: it has a row only when it is alone.
    """
    found = [(one, one.agreement) for one in variants_of(result) if one.agreement is not None]
    found = [(one, agreement) for one, agreement in found if one.precision != "FP32"] or found
    if not found:
        return None
    columns = [column for column in _AGREEMENT if any(column[2](agreement).value is not None for _, agreement in found)]
    rows = tuple((_name(one), *(cell(agreement) for _, _, cell in columns)) for one, agreement in found)
    heads = [(title, ACCURACY[key]) for title, key, _ in columns]
    return _sheet("Agreement with FP32", heads, rows, [one for one, _ in found])


def class_sheet(result: AccuracyResult) -> Sheet | None:
    """A row a labelled class; the figure of each variant."""
    variants = [one for one in variants_of(result) if one.accuracy is not None]
    if not variants:
        return None
    first = variants[0].accuracy
    tables: list[dict[str, tuple[int, Cell]]] = []
    for one in variants:
        if isinstance(one.accuracy, DetectionAccuracy):
            tables.append({row.name: (row.boxes, share(row.ap)) for row in one.accuracy.classes})
        elif isinstance(one.accuracy, ClassificationAccuracy):
            tables.append({row.name: (row.top1.n, proportion(row.top1)) for row in one.accuracy.classes})
    is_boxes = isinstance(first, DetectionAccuracy)
    counted = ("objects", ACCURACY["class boxes"]) if is_boxes else ("images", ACCURACY["class images"])
    figure, meaning = ("AP", "class ap") if is_boxes else ("top-1", "class top1")
    title = f"Classes, {figure} of each variant" if len(variants) > 1 else "Classes"
    rows = []
    for name, (n, _) in sorted(tables[0].items(), key=lambda row: -row[1][0]):
        cells = [table[name][1] if name in table else share(None) for table in tables]
        rows.append((Cell(name, name), count(n), *cells))
    heads = [(one.precision if len(variants) > 1 else figure, ACCURACY[meaning]) for one in variants]
    return Sheet(title, (("class", ACCURACY["class"]), counted, *heads), tuple(rows))


def curve_sheet(curves: Sequence[tuple[str, Sequence[OperatingPoint]]]) -> Sheet:
    """The curve in numbers: every few score thresholds, precision and recall of each variant."""
    heads = [("score", ACCURACY["score"])]
    for name, _ in curves:
        heads += [(f"{name} P", f"Precision. {ACCURACY['precision']}"), (f"{name} R", f"Recall. {ACCURACY['recall']}")]
    rows = []
    for points in zip(*(found for _, found in curves), strict=False):
        score = points[0].threshold
        if abs(score / CURVE_STEP - round(score / CURVE_STEP)) < 1e-6:
            cells = [cell for point in points for cell in (share(point.precision), share(point.recall))]
            rows.append((Cell(f"{score:.2f}", score), *cells))
    return Sheet("Precision and recall by score, IoU 0.5", tuple(heads), tuple(rows))


def mistakes_sheet(accuracy: ClassificationAccuracy, precision: str) -> Sheet:
    """What was taken for what, most frequent first."""
    wrong = [cell for cell in accuracy.confusion if cell.label != cell.answer]
    rows = tuple((Cell(cell.label, cell.label), Cell(cell.answer, cell.answer), count(cell.count)) for cell in wrong)
    heads = tuple((title, ACCURACY[key]) for title, key in (("class", "class"), ("taken for", "taken"), ("images", "images")))
    return Sheet(f"Mistakes of {precision}", heads, rows)


def share(value: float | None) -> Cell:
    """A figure 0…1."""
    return Cell(figures.UNKNOWN if value is None else f"{value:.3f}", value)


def count(number: int) -> Cell:
    """How many there are."""
    return Cell(figures.thousands(number), number)


def proportion(part: Proportion) -> Cell:
    """A share with Wilson's interval below it, and its counts in words."""
    if part.value is None or part.low is None or part.high is None:
        return share(None)
    words = f"{part.hits} of {part.n}, 95 % interval {part.low:.3f} to {part.high:.3f} (Wilson)"
    return Cell(f"{part.value:.3f}", part.value, f"{part.low:.3f}–{part.high:.3f}", words)


def _scientific(value: float | None) -> Cell:
    return Cell(figures.UNKNOWN if value is None else "0" if value == 0 else f"{value:.1e}", value)


def _name(one: AccuracyResult) -> Cell:
    return Cell(one.precision, one.precision, tip=f"stored {one.effective.stored_precision} · executed {_executed(one)}")


def _executed(one: AccuracyResult) -> str:
    return figures.layers(one.effective.executed_precision)


def _sheet(
    name: str, heads: Sequence[tuple[str, str]], rows: tuple[tuple[Cell, ...], ...], variants: Sequence[AccuracyResult]
) -> Sheet:
    dots = tuple(theme.VARIANTS[one.precision] for one in variants)
    return Sheet(name, (("variant", ACCURACY["variant"]), *heads), rows, dots)


Columns = tuple[tuple[str, str, Callable[[Any], Cell]], ...]
_DETECTION: Final[Columns] = (
    ("AP", "ap", lambda found: share(found.ap)),
    ("AP50", "ap50", lambda found: share(found.ap50)),
    ("AP75", "ap75", lambda found: share(found.ap75)),
    ("small", "ap_small", lambda found: share(found.ap_small)),
    ("medium", "ap_medium", lambda found: share(found.ap_medium)),
    ("large", "ap_large", lambda found: share(found.ap_large)),
    ("AR100", "ar100", lambda found: share(found.ar100)),
    ("precision", "precision", lambda found: proportion(found.precision)),
    ("recall", "recall", lambda found: proportion(found.recall)),
    ("F1", "f1", lambda found: share(found.f1)),
    ("images", "images", lambda found: count(found.images)),
    ("objects", "boxes", lambda found: count(found.boxes)),
)
"""(title, key of its definition, cell)."""
_CLASSIFICATION: Final[Columns] = (
    ("top-1", "top1", lambda found: proportion(found.top1)),
    ("top-5", "top5", lambda found: proportion(found.top5)),
    ("images", "images", lambda found: count(found.images)),
)


def _boxes(found: Agreement) -> Cell:
    return count(found.boxes) if found.boxes else Cell(figures.UNKNOWN)


_AGREEMENT: Final[Columns] = (
    ("AP", "agreement ap", lambda found: share(found.ap)),
    ("found", "matched", lambda found: proportion(found.matched)),
    ("boxes", "agreement boxes", _boxes),
    ("mean IoU", "mean iou", lambda found: share(found.mean_iou)),
    ("same class", "agreement top1", lambda found: proportion(found.top1) if found.top1 is not None else share(None)),
    ("NMSE", "nmse", lambda found: _scientific(found.nmse)),
    ("cosine", "cosine", lambda found: Cell(figures.UNKNOWN if found.cosine is None else f"{found.cosine:.5f}", found.cosine)),
    ("images", "images", lambda found: count(found.images)),
)
