"""The page that answers “Why is this not benchmark_app’s number?”: the chart, its table, and the pictures of the last step."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.live.waterfall_run import Preview, WaterfallRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.plot_files import save_png, save_svg
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.video_view import VideoView
from edgeperf_gui.ui.waterfall_chart import WaterfallChart
from edgeperf_gui.ui.waterfall_sheet import FILTER, as_csv, as_json, sheet
from edgeperf_gui.ui.waterfall_words import (
    PICTURES,
    PICTURES_LATER,
    TITLE,
    WHAT,
    activity,
    answer,
    asked,
    pacing_lines,
    rounds,
)

_SIZE: Final = QSize(1280, 800)
_LEAST: Final = QSize(1100, 660)
_SIDE: Final = 316
_AXES: Final = (("zero", "From zero"), ("close", "Close up"))


class WaterfallPage(QDialog):
    """Beside the window. Closing it ends the measurement, because the page is part of what is measured."""

    def __init__(self, run: WaterfallRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(_LEAST)
        room = self.screen().availableGeometry().size() - QSize(40, 60)
        self.resize(_SIZE.boundedTo(room).expandedTo(_LEAST))
        self._run = run
        self._shown: WaterfallResult | None = None
        self.head, self.details = label("", theme.NUMBER, weight=600), label("", theme.QUIET, "quiet")
        self.axis = Segmented("Axis of the chart", _AXES)
        self.chart, self.table = WaterfallChart(self), SheetTable(self)
        self.video = VideoView()
        self.pacing, self.pacing_why = label("", theme.BODY), label("", theme.QUIET, "quiet")
        self.status, self.trouble = label("", theme.QUIET, "quiet"), label("", theme.QUIET, "failed")
        self.blank_title, self.blank_words = label("", theme.READOUT, weight=600), label("", theme.BODY, "quiet")
        texts = ("Measure", "Cancel", "Copy", "Export…")
        self.run_button, self.cancel_button, self.copy_button, self.export_button = (QPushButton(text) for text in texts)
        self.bar = QProgressBar(self)
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.axis.choose("zero")
        self.axis.setFixedWidth(180)
        self.axis.setToolTip("Close up, the axis begins below the lowest total, so that small parts can be seen")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress of the waterfall")
        self.table.setAccessibleName("Parts of the waterfall in numbers")
        self.run_button.setProperty("role", "primary")
        self.run_button.setFont(theme.font(theme.BODY, 600))
        self.cancel_button.setFont(theme.font(theme.BODY, 600))
        self.cancel_button.setToolTip("Stop; what is measured so far stays")
        self.copy_button.setToolTip("Copy the table for a spreadsheet (TSV)")
        self.export_button.setToolTip("Save the numbers as JSON (edgeperf.waterfall/1) or CSV, the chart as PNG or SVG")
        self.video.setFixedHeight(190)
        self.video.show_note(PICTURES_LATER)
        for button in (self.run_button, self.cancel_button, self.copy_button, self.export_button):
            button.setAutoDefault(False)

    def _build(self) -> None:
        left, right = Panel(), Panel()
        right.setFixedWidth(_SIDE)
        upper: tuple[QWidget, ...] = (label(PICTURES, theme.QUIET, "quiet"), self.video, self.pacing, self.pacing_why)
        lower: tuple[QWidget, ...] = (self.status, self.bar, self.run_button, self.cancel_button)
        for widget in upper:
            right.column.addWidget(widget)
        right.column.addStretch(1)
        for widget in lower:
            right.column.addWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._blank())
        self._stack.addWidget(self._results())
        left.column.addWidget(self._stack, 1)
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left, 1)
        across.addWidget(right)

    def _blank(self) -> QWidget:
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.setContentsMargins(60, 0, 60, 0)
        middle.addStretch(2)
        middle.addWidget(self.blank_title)
        middle.addWidget(self.blank_words)
        middle.addStretch(3)
        return blank

    def _results(self) -> QWidget:
        results = QWidget()
        column = QVBoxLayout(results)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        above = QHBoxLayout()
        above.setSpacing(theme.BETWEEN)
        above.addWidget(self.head, 1)
        above.addWidget(self.axis, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(self.details, 1)
        foot.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(above)
        column.addWidget(self.chart, 1)
        column.addWidget(self.table)
        column.addWidget(self.trouble)
        column.addLayout(foot)
        return results

    def _connect(self) -> None:
        self._run.changed.connect(self.refresh)
        self._run.pictured.connect(self._on_picture)
        self.video.viewResized.connect(self._run.set_view_size)
        self.axis.chosen.connect(lambda _key: self._draw())
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self._run.cancel)
        self.copy_button.clicked.connect(self._copy)
        self.export_button.clicked.connect(self.ask_export)

    def open(self) -> None:
        """Show it, in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is known now."""
        run = self._run
        self._stack.setCurrentIndex(0 if run.result is None else 1)
        if run.result is not self._shown:
            self._shown = run.result
            self._draw()
        self._show_words()
        self._show_state()

    def _draw(self) -> None:
        self.chart.show_result(self._shown, is_close=self.axis.key() == "close")
        if self._shown is not None:
            self.table.show_sheet(sheet(self._shown))

    def _show_words(self) -> None:
        run, failure = self._run, self._run.failure
        title, words = TITLE, f"{WHAT}\n\n{asked(run.settings)}"
        if run.is_running:
            title, words = activity(run), WHAT
        elif failure is not None:
            title, words = failure.sentence or "The waterfall failed.", failure.remedy
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        has_failed = failure is not None and not run.is_running
        self.trouble.setText(f"{title} {words}".strip() if has_failed else "")
        self.trouble.setVisible(has_failed)
        if run.result is not None:
            first, rest = answer(run.result, is_old=run.is_old)
            self.head.setText(first)
            self.details.setText(rest)
        numbers, why = pacing_lines(run.result)
        self.pacing.setText(numbers)
        self.pacing_why.setText(why)

    def _show_state(self) -> None:
        run = self._run
        had_focus = self.cancel_button.hasFocus() or self.run_button.hasFocus()
        self.run_button.setVisible(not run.is_running)
        self.run_button.setEnabled(not run.hindrance)
        self.run_button.setToolTip(run.hindrance or asked(run.settings))
        self.run_button.setText("Measure" if run.result is None else "Measure again")
        self.cancel_button.setVisible(run.is_running)
        self.cancel_button.setEnabled(not run.is_stopping)
        if had_focus and self.isVisible():
            (self.cancel_button if run.is_running else self.run_button).setFocus()
        self.bar.setVisible(run.is_running)
        total = run.progress.total if run.progress is not None and run.progress.total else 0
        self.bar.setMaximum(total)
        self.bar.setValue(min(run.progress.done, total) if run.progress is not None else 0)
        self.status.setText(activity(run) if run.is_running else run.hindrance or rounds(run.result))

    def _on_picture(self, preview: Preview) -> None:
        self.video.show_note("")
        self.video.show_preview(preview, self._run.labels)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, unless something hinders it."""
        if not self._run.is_running and not self._run.hindrance:
            self._run.start()

    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(sheet(self._shown).as_tsv())
            self.status.setText("The table is copied.")

    def ask_export(self) -> None:
        """Ask where and as what, and save."""
        if self._shown is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / f"{Path(self._shown.spec.model).name}-waterfall.json")
        path, kind = QFileDialog.getSaveFileName(self, "Export the waterfall", proposed, FILTER)
        if path:
            ending = kind.partition("*")[2].rstrip(")")
            self.export(Path(path) if Path(path).suffix.lower() in _WAYS else Path(f"{path}{ending}"))

    def export(self, path: Path) -> None:
        """Write the numbers or the chart there, as the name ends; or say why it cannot be."""
        if self._shown is None:
            return
        try:
            _WAYS[path.suffix.lower()](self._shown, self.chart, path)
        except OSError as error:
            self.status.setText(f"It could not be saved to {path} ({error.strerror or error}). Choose another place.")
        else:
            self.status.setText(f"Saved as {path.name}.")

    # The window itself --------------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape closes it, as its frame does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the measurement."""
        self._run.cancel()
        event.accept()


_WAYS: Final[dict[str, Any]] = {
    ".json": lambda result, _chart, path: path.write_bytes(as_json(result)),
    ".csv": lambda result, _chart, path: path.write_text(as_csv(result), encoding="utf-8"),
    ".png": lambda _result, chart, path: save_png((chart,), path),
    ".svg": lambda _result, chart, path: save_svg((chart,), path),
}
