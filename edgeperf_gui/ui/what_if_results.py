"""What was predicted: a sentence, the plot, and the table with the real run beside each prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from edgeperf_gui.domain.simulation import SimulationResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.plot_files import save_png, save_svg
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.what_if_plot import WhatIfPlot
from edgeperf_gui.ui.what_if_sheet import FILTER, as_csv, as_json, sheet
from edgeperf_gui.ui.what_if_words import sentence

_TWO_LINES: Final = 48


class WhatIfResults(QWidget):
    """Shows what it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SimulationResult | None = None
        self._chosen: int | None = None
        self.sentence = label("", theme.NUMBER, weight=600)
        self.plot, self.table = WhatIfPlot(self), SheetTable(self, grows=False)
        self.summary, self.trouble = label("", theme.QUIET, "quiet"), label("", theme.QUIET, "failed")
        self.copy_button, self.export_button = QPushButton("Copy"), QPushButton("Export…")
        self.copy_button.setToolTip("Copy the table for a spreadsheet (TSV)")
        self.export_button.setToolTip("Save the numbers as JSON (edgeperf.simulation/1) or CSV, the plot as PNG or SVG")
        for button in (self.copy_button, self.export_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.QUIET, 600))
        self._build()
        self.copy_button.clicked.connect(self._copy)
        self.export_button.clicked.connect(self.ask_export)
        self.plot.chosen.connect(self.choose)

    def _build(self) -> None:
        self.sentence.setMinimumHeight(_TWO_LINES)  # so that nothing moves when a longer one comes
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.plot)
        splitter.addWidget(self.table)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([420, 240])
        foot = QHBoxLayout()
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.sentence)
        column.addWidget(splitter, 1)
        column.addWidget(self.trouble)
        column.addLayout(foot)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def show_result(self, result: SimulationResult | None) -> None:
        """Show this; the same again costs nothing: it is said with every progress."""
        if result is self._result:
            return
        if self._result is None or result is None or self._result.spec.session_id != result.spec.session_id:
            self._chosen = None
        self._result = result
        self.plot.show_result(result)
        for button in (self.copy_button, self.export_button):
            button.setEnabled(result is not None)
        if result is not None:
            self.table.show_sheet(sheet(result))
        self.choose(self._chosen)

    def choose(self, at: int | None) -> None:
        """Say this prediction in words; with None the newest."""
        self._chosen = at
        self.plot.choose(at)
        known = self._result.predictions if self._result is not None else ()
        self.sentence.setText(sentence(known[-1 if at is None else at]) if known else "")

    def say(self, summary: str, trouble: str) -> None:
        """What it rests on, and what went wrong."""
        self.summary.setText(summary)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))

    # Taking along -------------------------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        if self._result is not None:
            QGuiApplication.clipboard().setText(sheet(self._result).as_tsv())
            self.summary.setText("The table is copied.")

    def ask_export(self) -> None:
        """Ask where and as what, and save."""
        if self._result is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / f"{Path(self._result.spec.model).name}-simulation.json")
        path, kind = QFileDialog.getSaveFileName(self, "Export the predictions", proposed, FILTER)
        if path:
            ending = kind.partition("*")[2].rstrip(")")
            self.export(Path(path) if Path(path).suffix.lower() in _WAYS else Path(f"{path}{ending}"))

    def export(self, path: Path) -> None:
        """Write the numbers or the plot there, as the name ends; or say why it cannot be."""
        if self._result is None:
            return
        try:
            _WAYS[path.suffix.lower()](self._result, self.plot, path)
        except OSError as error:
            self.summary.setText(f"It could not be saved to {path} ({error.strerror or error}). Choose another place.")
        else:
            self.summary.setText(f"Saved as {path.name}.")


_WAYS: Final[dict[str, Any]] = {
    ".json": lambda result, _plot, path: path.write_bytes(as_json(result)),
    ".csv": lambda result, _plot, path: path.write_text(as_csv(result), encoding="utf-8"),
    ".png": lambda _result, plot, path: save_png((plot,), path),
    ".svg": lambda _result, plot, path: save_svg((plot,), path),
}
