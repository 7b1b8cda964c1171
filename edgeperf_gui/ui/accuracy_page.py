"""The accuracy page: what to measure on the left, what came of it on the right."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.accuracy_form import AccuracyForm, dropped_path
from edgeperf_gui.ui.accuracy_results import AccuracyResults
from edgeperf_gui.ui.accuracy_words import WORDS, activity, as_text, as_tsv
from edgeperf_gui.ui.job_page import JobPage
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.take_along import as_json, ask_path, saved

_SIZE: Final = (1240, 800)
_LEAST: Final = (1100, 560)
_FORM_WIDTH: Final = 292


class AccuracyPage(JobPage):
    """The form, and what is known of its measurement."""

    def __init__(self, measurement: AccuracyMeasurement, parent: QWidget | None = None) -> None:
        super().__init__(measurement, WORDS, _SIZE, _LEAST, parent)
        self.setAcceptDrops(True)
        self._measurement = measurement
        self._has_chosen = False
        self.form, self.results = AccuracyForm(self), AccuracyResults(self)
        self.copy_button, self.save_button = QPushButton("Copy"), QPushButton("Save JSON…")
        self._prepare()
        self._build()
        self.form.asked.connect(self.start)
        self.form.changed.connect(self._show_state)
        self.refresh()

    def _prepare(self) -> None:
        menu = QMenu(self.copy_button)
        menu.addAction("As text", lambda: self._copy(as_text))
        menu.addAction("As a table for a spreadsheet (TSV)", lambda: self._copy(as_tsv))
        self.copy_button.setMenu(menu)
        self.copy_button.setToolTip("Copy all tables")
        self.save_button.setToolTip("Save everything as JSON, schema edgeperf.accuracy/1")
        self.save_button.clicked.connect(self.ask_save)
        for button in (self.copy_button, self.save_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.QUIET, 600))

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        for widget in (self.form, self.run_button, self.status, self.bar, self.cancel_button):
            left.column.addWidget(widget)
        left.column.addStretch(1)
        right.column.addWidget(self._stacked(self.results), 1)
        self._below = QWidget()
        below = QGridLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.INSIDE)
        self._said = label("", theme.QUIET, "quiet")
        below.addWidget(self._said, 0, 0, 1, 2)
        below.addWidget(self.copy_button, 1, 0)
        below.addWidget(self.save_button, 1, 1)
        left.column.addWidget(self._below)
        self._lay_out(left, right)

    def open(self, model: str | None = None) -> None:
        """Show it, in front; with this model chosen, or at first the one in use."""
        present, device, folder = self._measurement.present
        if model is not None or not self._has_chosen:
            self._has_chosen = bool(self._measurement.models)
            unchosen = folder if folder and not self.form.data.path() else None
            self.form.choose(model or present, device, unchosen)
        super().open()

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
        self._below.setVisible(known.result is not None)
        if known.is_running:
            self._said.setText("")
        super().refresh()

    def text(self) -> str:
        """What the right side says, in words."""
        if self._measurement.result is None:
            return f"{self.blank_title.text()} {self.blank_words.text()}"
        return self.results.text()

    def _invitation(self) -> tuple[str, str]:
        title, words = super()._invitation()
        return WORDS.cancelled if self._measurement.is_cancelled else title, words

    def _activity(self) -> str:
        return activity(self._measurement)

    def _asked(self) -> tuple[str, bool]:
        missing = self.form.missing()
        return missing, not missing

    def _lock(self, locked: bool) -> None:
        self.form.lock(locked)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if (card := self.form.card()) is not None:
            self._measurement.start(card.name, self.form.precisions(), self.form.data.path(), **self.form.fields())

    def ask_save(self) -> None:
        """Ask where, and save the result."""
        known = self._measurement.result
        if known is not None and (
            path := ask_path(self, "Save the result", f"{known.spec.model.replace('/', '-')}-accuracy.json", "JSON (*.json)")
        ):
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the whole result there, or say why it cannot be."""
        self._said.setText(saved(path, lambda path: path.write_bytes(as_json(self._measurement.result))))

    def _copy(self, words: object) -> None:
        known = self._measurement.result
        if known is not None and callable(words):
            QGuiApplication.clipboard().setText(words(known))
            self._said.setText("All tables are copied.")

    # The window itself --------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a folder."""
        if dropped_path(event.mimeData()) and not self._measurement.is_running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A json file is labels, everything else the folder."""
        event.acceptProposedAction()
        path = dropped_path(event.mimeData())
        (self.form.labels if path.lower().endswith(".json") else self.form.data).setText(path)
