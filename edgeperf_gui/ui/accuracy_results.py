"""What an accuracy measurement came to: the sentences, the tables, and the picture that fits the task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.accuracy import AccuracyResult, ClassificationAccuracy, DetectionAccuracy
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.accuracy_curve import PrecisionRecall
from edgeperf_gui.ui.accuracy_matrix import ConfusionMatrix, classes_of
from edgeperf_gui.ui.accuracy_sheets import (
    accuracy_sheet,
    agreement_sheet,
    class_sheet,
    curve_sheet,
    mistakes_sheet,
    variants_of,
)
from edgeperf_gui.ui.accuracy_words import MOST_CLASSES, agreement_scope, notes, scope, sentences, title
from edgeperf_gui.ui.plain_label import heading, label
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.sheet_table import SheetTable

_LOWER: Final = 190
_PICTURE, _NUMBERS = "picture", "numbers"


class AccuracyResults(QScrollArea):
    """Everything about one result; scrolls where the window is too low for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: AccuracyResult | None = None
        self.head, self.scope, self.sentences, self.notes = (
            label("", theme.READOUT, weight=600),
            label("", theme.QUIET, "quiet"),
            label("", theme.BODY),
            label("", theme.QUIET, "quiet"),
        )
        self.accuracy, self.agreement = SheetTable(self), SheetTable(self)
        self.classes, self.numbers = SheetTable(self, grows=False), SheetTable(self, grows=False)
        self.curve, self.matrix = PrecisionRecall(self), ConfusionMatrix(self)
        self.view = Segmented("Shown as", ((_PICTURE, "Picture"), (_NUMBERS, "Numbers")))
        self.view.choose(_PICTURE)
        self.view.setToolTip("The same as a picture or as a table")
        self.variant = Segmented("Variant of the matrix", tuple((name, name) for name in theme.VARIANTS))
        self._agreement_title = heading("Agreement with FP32")
        self._agreement_scope = label("", theme.QUIET, "quiet")
        self._picture_title, self._class_title = heading(""), heading("Classes")
        self._pictures = QStackedWidget(self)
        for widget in (self.curve, self.matrix, self.numbers):
            self._pictures.addWidget(widget)
        self._build()
        self.view.chosen.connect(lambda _key: self._show_picture())
        self.variant.chosen.connect(lambda _key: self._show_picture())

    def _build(self) -> None:
        body = QWidget(self)
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, theme.INSIDE, 0)
        column.setSpacing(4)
        for words in (self.head, self.scope, self.sentences):
            column.addWidget(words)
        column.addSpacing(4)
        column.addWidget(self.accuracy)
        self._agreement = QWidget(body)
        below = QVBoxLayout(self._agreement)
        below.setContentsMargins(0, theme.INSIDE, 0, 0)
        below.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(theme.INSIDE)
        line.addWidget(self._agreement_title)
        line.addWidget(self._agreement_scope, 1)
        below.addLayout(line)
        below.addWidget(self.agreement)
        column.addWidget(self._agreement)
        column.addSpacing(theme.INSIDE)
        self._lower = QWidget(body)
        self._lower.setMinimumHeight(_LOWER)
        across = QHBoxLayout(self._lower)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.EDGE)
        across.addLayout(self._half(self._picture_title, self._pictures, (self.variant, self.view)), 5)
        across.addLayout(self._half(self._class_title, self.classes, ()), 4)
        column.addWidget(self._lower, 1)
        column.addWidget(self.notes)
        self._filler = QWidget(body)  # keeps the tables together at the top where nothing is below them
        column.addWidget(self._filler, 1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _half(self, words: QLabel, widget: QWidget, controls: Sequence[QWidget]) -> QVBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.INSIDE)
        line.addWidget(words, 1)
        for control in controls:
            control.setFixedWidth(150)
            line.addWidget(control)
        half = QVBoxLayout()
        half.setSpacing(4)
        half.addLayout(line)
        half.addWidget(widget, 1)
        return half

    def show_result(self, result: AccuracyResult) -> None:
        """Show this one."""
        if result is self._result:
            return
        self._result = result
        self.head.setText(title(result))
        self.scope.setText(scope(result))
        self.sentences.setText("\n".join(sentences(result)))
        self.sentences.setVisible(bool(sentences(result)))
        self.notes.setText("\n".join(notes(result)))
        self.notes.setVisible(bool(notes(result)))
        found = accuracy_sheet(result)
        self.accuracy.setVisible(found is not None)
        if found is not None:
            self.accuracy.show_sheet(found)
        agreement = agreement_sheet(result)
        self.agreement.setVisible(agreement is not None)
        self._agreement_scope.setText(agreement_scope(result))
        if agreement is not None:
            self.agreement.show_sheet(agreement)
        classes = class_sheet(result)
        has_classes = classes is not None and bool(classes.rows)
        self._lower.setVisible(has_classes)
        self._filler.setVisible(not has_classes)
        if classes is not None:
            self._class_title.setText(f"{len(classes.rows)} {classes.name}")
            self.classes.show_sheet(classes)
        names = [one.precision for one in variants_of(result)]
        self.variant.choose(names[0])
        for name in theme.VARIANTS:
            self.variant.offer(name, name in names, "" if name in names else "It was not measured.")
        self._show_picture()

    def text(self) -> str:
        """What stands there, in words."""
        parts = (self.head.text(), self.scope.text(), self.sentences.text(), self.accuracy.text(), self.agreement.text())
        return "\n".join(part for part in (*parts, self.notes.text()) if part)

    def _show_picture(self) -> None:
        if self._result is None:
            return
        by_name = {one.precision: one.accuracy for one in variants_of(self._result)}
        curves = [(name, found.curve) for name, found in by_name.items() if isinstance(found, DetectionAccuracy)]
        is_numbers = self.view.key() == _NUMBERS
        self.variant.setVisible(False)
        self.view.setVisible(True)
        if curves:
            self._picture_title.setText("Precision and recall · IoU 0.5")
            self.curve.show_curves(curves, self._result.spec.threshold)
            self.numbers.show_sheet(curve_sheet(curves))
            self._pictures.setCurrentWidget(self.numbers if is_numbers else self.curve)
            return
        found = next((found for name, found in by_name.items() if name == self.variant.key()), None)
        if not isinstance(found, ClassificationAccuracy):
            return
        is_readable = len(classes_of(found)) <= MOST_CLASSES
        self._picture_title.setText("Confusion matrix" if is_readable and not is_numbers else "Most frequent mistakes")
        self.variant.setVisible(len(by_name) > 1)
        self.view.setVisible(is_readable)
        self.matrix.show_matrix(found) if is_readable else None
        self.numbers.show_sheet(mistakes_sheet(found, str(self.variant.key())))
        self._pictures.setCurrentWidget(self.matrix if is_readable and not is_numbers else self.numbers)
