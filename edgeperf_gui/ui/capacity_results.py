"""What a search for capacity has found: four numbers, the steps as a plot and as a table, and the cameras while they run."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from edgeperf_gui.domain.capacity import CapacityResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.capacity_plot import CapacityPlot
from edgeperf_gui.ui.capacity_sheet import as_csv, sheet
from edgeperf_gui.ui.capacity_tiles import CapacityTiles
from edgeperf_gui.ui.capacity_words import FIGURE_TIPS, cost, error, noted, prediction, verification
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.take_along import Kind, ResultsFoot
from edgeperf_gui.ui.upper_lower import UpperLower

_FIRST: Final = "The first step appears in a few seconds."
_NO_PICTURES: Final = "Up to 16 cameras are shown here while they run."
_KIND: Final = Kind("search", "steps", "plot", "capacity", as_csv)


class Figure(QWidget):
    """A number, and quiet words on what it is."""

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.number, self.words = label("", theme.VERDICT, weight=600), label("", theme.QUIET, "quiet")
        self.number.setWordWrap(False)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setToolTip(tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.number)
        column.addWidget(self.words, 1)

    def say(self, number: str, words: str) -> None:
        """Show these."""
        self.number.setText(number)
        self.words.setText(words)
        self.setAccessibleName(f"{number} {words}")


class CapacityResults(QWidget):
    """Shows what it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: CapacityResult | None = None
        self._is_running: bool | None = None
        self.figures = {name: Figure(tip) for name, tip in FIGURE_TIPS.items()}
        self.plot, self.tiles, self.table = CapacityPlot(self), CapacityTiles(self), SheetTable(self, grows=False)
        self.sentence = label("", theme.NUMBER, weight=600)
        self.note = label("", theme.QUIET, "quiet")
        self.foot = ResultsFoot(_KIND, lambda: self._result, lambda result: sheet(result).as_tsv(), (self.plot,))
        self._build()
        self.plot.chosen.connect(self.choose)

    def _build(self) -> None:
        numbers = QHBoxLayout()
        numbers.setSpacing(theme.EDGE)
        for figure in self.figures.values():
            numbers.addWidget(figure, 1)
        upper, lower = QWidget(), QWidget()
        halves = QHBoxLayout(upper)
        halves.setContentsMargins(0, 0, 0, 4)
        halves.setSpacing(theme.EDGE)
        halves.addWidget(self.plot, 1)
        halves.addWidget(self.tiles, 1)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 4, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.sentence)
        below.addWidget(self.note)
        below.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(numbers)
        column.addWidget(UpperLower(upper, lower, (300, 200)), 1)
        column.addWidget(self.foot)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def show_result(self, result: CapacityResult | None, *, running: bool) -> None:
        """Show this; nothing while there is none. The same again costs nothing: it is said with every progress."""
        if result is self._result and running == self._is_running:
            return
        self._result, self._is_running = result, running
        self.plot.empty_text = _FIRST if running else ""
        self.plot.show_result(result)
        self.tiles.say(_NO_PICTURES, live=running)
        self.foot.take.setEnabled(result is not None and bool(result.steps))
        if result is None:
            for figure in self.figures.values():
                figure.say("", "")
            return
        for name, said in {
            "predicted": prediction(result),
            "verified": verification(result, running=running),
            "error": error(result, running=running),
            "cost": cost(result),
        }.items():
            self.figures[name].say(*said)
        self.table.show_sheet(sheet(result))
        self.sentence.setText(result.sentence if result.steps and (result.verified or not running) else "")
        self.note.setText(noted(result))
        self.note.setVisible(bool(self.note.text()))

    def choose(self, at: int | None) -> None:
        """Tell of this step."""
        self.plot.choose(at)
