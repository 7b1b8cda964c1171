"""The page that answers “Why is this not benchmark_app’s number?”: the chart, its table, and the pictures of the last step."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.live.waterfall_run import Preview, WaterfallRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.job_page import JobPage
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.take_along import Kind, TakeAlong
from edgeperf_gui.ui.video_view import VideoView
from edgeperf_gui.ui.waterfall_chart import WaterfallChart
from edgeperf_gui.ui.waterfall_sheet import as_csv, sheet
from edgeperf_gui.ui.waterfall_words import PICTURES, PICTURES_LATER, WORDS, answer, asked, pacing_lines, rounds

_SIZE: Final = (1280, 800)
_LEAST: Final = (1100, 660)
_SIDE: Final = 316
_AXES: Final = (("zero", "From zero"), ("close", "Close up"))
_KIND: Final = Kind("waterfall", "numbers", "chart", "waterfall", as_csv)


class WaterfallPage(JobPage):
    """Closing it ends the measurement, because the page is part of what is measured."""

    def __init__(self, run: WaterfallRun, parent: QWidget | None = None) -> None:
        super().__init__(run, WORDS, _SIZE, _LEAST, parent)
        self._run = run
        self._shown: WaterfallResult | None = None
        self.head, self.details = label("", theme.NUMBER, weight=600), label("", theme.QUIET, "quiet")
        self.axis = Segmented("Axis of the chart", _AXES)
        self.chart, self.table = WaterfallChart(self), SheetTable(self)
        self.video = VideoView()
        self.pacing, self.pacing_why = label("", theme.BODY), label("", theme.QUIET, "quiet")
        self.trouble = label("", theme.QUIET, "failed")
        self.take = TakeAlong(_KIND, lambda: self._shown, lambda result: sheet(result).as_tsv(), (self.chart,), self.status)
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.axis.choose("zero")
        self.axis.setFixedWidth(180)
        self.axis.setToolTip("Close up, the axis begins below the lowest total, so that small parts can be seen")
        self.table.setAccessibleName("Parts of the waterfall in numbers")
        self.video.setFixedHeight(190)
        self.video.show_note(PICTURES_LATER)

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
        left.column.addWidget(self._stacked(self._results()), 1)
        self._lay_out(left, right)

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
        foot.addWidget(self.take, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(above)
        column.addWidget(self.chart, 1)
        column.addWidget(self.table)
        column.addWidget(self.trouble)
        column.addLayout(foot)
        return results

    def _connect(self) -> None:
        self._run.pictured.connect(self._on_picture)
        self.video.viewResized.connect(self._run.set_view_size)
        self.axis.chosen.connect(lambda _key: self._draw())

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is known now."""
        if self._run.result is not self._shown:
            self._shown = self._run.result
            self._draw()
        super().refresh()

    def _draw(self) -> None:
        self.chart.show_result(self._shown, is_close=self.axis.key() == "close")
        if self._shown is not None:
            self.table.show_sheet(sheet(self._shown))

    def _invitation(self) -> tuple[str, str]:
        return WORDS.invitation, f"{WORDS.what}\n\n{asked(self._run.settings)}"

    def _show_words(self) -> None:
        super()._show_words()
        numbers, why = pacing_lines(self._run.result)
        self.pacing.setText(numbers)
        self.pacing_why.setText(why)

    def _tell(self, _ended: str, trouble: str) -> None:
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        if self._run.result is not None:
            first, rest = answer(self._run.result, is_old=self._run.is_old)
            self.head.setText(first)
            self.details.setText(rest)

    def _asked(self) -> tuple[str, bool]:
        return rounds(self._run.result), True

    def _show_state(self) -> None:
        super()._show_state()
        self.run_button.setToolTip(self._run.hindrance or asked(self._run.settings))
        self.run_button.setText(WORDS.run if self._run.result is None else "Measure again")

    def _on_picture(self, preview: Preview) -> None:
        self.video.show_note("")
        self.video.show_preview(preview, self._run.labels)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._run.start()

    # The window itself --------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the measurement."""
        self._run.cancel()
        event.accept()
