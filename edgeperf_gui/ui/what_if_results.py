"""What was predicted: a sentence, the plot, and the table with the real run beside each prediction."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from edgeperf_gui.domain.simulation import SimulationResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.take_along import Kind, ResultsFoot
from edgeperf_gui.ui.upper_lower import UpperLower
from edgeperf_gui.ui.what_if_plot import WhatIfPlot
from edgeperf_gui.ui.what_if_sheet import as_csv, sheet
from edgeperf_gui.ui.what_if_words import sentence

_TWO_LINES: Final = 48
_KIND: Final = Kind("predictions", "numbers", "plot", "simulation", as_csv)


class WhatIfResults(QWidget):
    """Shows what it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SimulationResult | None = None
        self._chosen: int | None = None
        self.sentence = label("", theme.NUMBER, weight=600)
        self.plot, self.table = WhatIfPlot(self), SheetTable(self, grows=False)
        self.foot = ResultsFoot(_KIND, lambda: self._result, lambda result: sheet(result).as_tsv(), (self.plot,))
        self._build()
        self.plot.chosen.connect(self.choose)

    def _build(self) -> None:
        self.sentence.setMinimumHeight(_TWO_LINES)  # so that nothing moves when a longer one comes
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.sentence)
        column.addWidget(UpperLower(self.plot, self.table, (420, 240)), 1)
        column.addWidget(self.foot)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def show_result(self, result: SimulationResult | None) -> None:
        """Show this; the same again costs nothing: it is said with every progress."""
        if result is self._result:
            return
        if self._result is None or result is None or self._result.spec.session_id != result.spec.session_id:
            self._chosen = None
        self._result = result
        self.plot.show_result(result)
        if result is not None:
            self.table.show_sheet(sheet(result))
        self.choose(self._chosen)

    def choose(self, at: int | None) -> None:
        """Say this prediction in words; with None the newest."""
        self._chosen = at
        self.plot.choose(at)
        known = self._result.predictions if self._result is not None else ()
        self.sentence.setText(sentence(known[-1 if at is None else at]) if known else "")
