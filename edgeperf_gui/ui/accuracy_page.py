"""The accuracy page: what to measure on the left, what came of it on the right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.accuracy_form import AccuracyForm, dropped_path
from edgeperf_gui.ui.accuracy_results import AccuracyResults
from edgeperf_gui.ui.accuracy_words import CANCELLED, INVITATION, WAITS, WHAT, activity, as_text, as_tsv
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label

_SIZE: Final = (1240, 800)
_LEAST: Final = (1100, 560)
_FORM_WIDTH: Final = 292


class AccuracyPage(QDialog):
    """Beside the window, not in its way."""

    def __init__(self, measurement: AccuracyMeasurement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Accuracy")
        self.setAcceptDrops(True)
        self.setMinimumSize(*_LEAST)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 60))
        self._measurement = measurement
        self._has_chosen = False
        self.form, self.results = AccuracyForm(self), AccuracyResults(self)
        self.blank_title = label("", theme.READOUT, weight=600)
        self.blank_words = label("", theme.BODY, "quiet")
        self.status = label("", theme.QUIET, "quiet")
        self.bar = QProgressBar(self)
        self.cancel_button, self.copy_button, self.save_button = (QPushButton(text) for text in ("Cancel", "Copy", "Save JSON…"))
        self._prepare()
        self._build()
        self.form.asked.connect(self.measure)
        self.form.changed.connect(self._show_state)
        measurement.changed.connect(self.refresh)
        self.refresh()

    def _prepare(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress of the measurement")
        menu = QMenu(self.copy_button)
        menu.addAction("As text", lambda: self._copy(as_text))
        menu.addAction("As a table for a spreadsheet (TSV)", lambda: self._copy(as_tsv))
        self.copy_button.setMenu(menu)
        self.copy_button.setToolTip("Copy all tables")
        self.save_button.setToolTip("Save everything as JSON, schema edgeperf.accuracy/1")
        self.cancel_button.setToolTip("Stop; what was seen so far is kept as the result")
        self.cancel_button.clicked.connect(self._measurement.cancel)
        self.save_button.clicked.connect(self.ask_save)
        for button in (self.cancel_button, self.copy_button, self.save_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.QUIET, 600))

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        left.column.addWidget(self.form)
        left.column.addWidget(self.status)
        left.column.addWidget(self.bar)
        left.column.addWidget(self.cancel_button)
        left.column.addStretch(1)
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.setContentsMargins(60, 0, 60, 0)
        middle.addStretch(2)
        middle.addWidget(self.blank_title)
        middle.addWidget(self.blank_words)
        middle.addStretch(3)
        self._stack = QStackedWidget()
        self._blank = blank
        self._stack.addWidget(blank)
        self._stack.addWidget(self.results)
        right.column.addWidget(self._stack, 1)
        self._below = QWidget()
        below = QGridLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.INSIDE)
        self._said = label("", theme.QUIET, "quiet")
        below.addWidget(self._said, 0, 0, 1, 2)
        below.addWidget(self.copy_button, 1, 0)
        below.addWidget(self.save_button, 1, 1)
        left.column.addWidget(self._below)
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left)
        across.addWidget(right, 1)

    def open(self, model: str | None = None) -> None:
        """Show it, in front; with this model chosen, or at first the one in use."""
        present, device, folder = self._measurement.present
        if model is not None or not self._has_chosen:
            self._has_chosen = bool(self._measurement.models)
            unchosen = folder if folder and not self.form.data.path() else None
            self.form.choose(model or present, device, unchosen)
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the measurement knows now."""
        known = self._measurement
        self.form.offer(known.models, known.devices)
        if not self._has_chosen and known.models and self.isVisible():
            self._has_chosen = True
            present, device, folder = known.present
            self.form.choose(present, device, None if self.form.data.path() else folder)
        if known.result is not None:
            self.results.show_result(known.result)
        self._stack.setCurrentWidget(self._blank if known.result is None else self.results)
        self._below.setVisible(known.result is not None)
        if known.is_running:
            self._said.setText("")
        self._show_blank()
        self._show_state()

    def text(self) -> str:
        """What the right side says, in words."""
        if self._measurement.result is None:
            return f"{self.blank_title.text()} {self.blank_words.text()}"
        return self.results.text()

    def _show_blank(self) -> None:
        known = self._measurement
        title, words = INVITATION, f"{WHAT}\n\n{WAITS}"
        role = "quiet"
        if known.is_running:
            title, words = activity(known), WAITS
        elif known.failure is not None:
            title, words = known.failure.sentence or "The measurement failed.", known.failure.remedy
        elif known.is_cancelled:
            title = CANCELLED
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        self.blank_words.setProperty("role", role)

    def _show_state(self) -> None:
        known = self._measurement
        why_not = known.hindrance or self.form.missing()
        self.form.lock(known.is_running)
        had_focus = self.cancel_button.hasFocus()
        self.form.measure_button.setVisible(not known.is_running)
        self.form.measure_button.setEnabled(not why_not)
        self.form.measure_button.setToolTip(why_not or WAITS)
        self.cancel_button.setEnabled(not known.is_stopping)
        if had_focus and not known.is_running:
            self.form.measure_button.setFocus()
        self.cancel_button.setVisible(known.is_running)
        self.bar.setVisible(known.is_running)
        progress = known.progress
        total = progress.total if progress and progress.total else 0
        self.bar.setMaximum(total)
        self.bar.setValue(min(progress.done, total) if progress else 0)
        self.status.setText(activity(known) if known.is_running else why_not)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def measure(self) -> None:
        """Begin, when all is chosen and nothing else runs."""
        card = self.form.card()
        if card is None or self.form.missing() or self._measurement.hindrance:
            return
        self._measurement.start(card.name, self.form.precisions(), self.form.data.path(), **self.form.fields())

    def ask_save(self) -> None:
        """Ask where, and save the result."""
        known = self._measurement.result
        if known is None:
            return
        proposed = f"{known.spec.model.replace('/', '-')}-accuracy.json"
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(self, "Save the result", str(Path(folder) / proposed), "JSON (*.json)")
        if path:
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """Write the whole result there, or say why it cannot be."""
        try:
            path.write_bytes(msgspec.json.format(msgspec.json.encode(self._measurement.result)) + b"\n")
        except OSError as error:
            self._said.setText(f"It could not be saved to {path} ({error.strerror or error}). Choose another place.")
        else:
            self._said.setText(f"Saved as {path.name}.")

    def _copy(self, words: object) -> None:
        known = self._measurement.result
        if known is not None and callable(words):
            QGuiApplication.clipboard().setText(words(known))
            self._said.setText("All tables are copied.")

    # The window itself --------------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape closes it, as its frame does; a measurement goes on."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hidden: a result that took minutes is there again when the page is opened."""
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a folder."""
        if dropped_path(event.mimeData()) and not self._measurement.is_running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A json file is labels, everything else the folder."""
        event.acceptProposedAction()
        path = dropped_path(event.mimeData())
        (self.form.labels if path.lower().endswith(".json") else self.form.data).setText(path)
