"""What a run comes to, in two columns of a label and words that keep their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_words import NO_METER, Fact
from edgeperf_gui.ui.words import Run, Words

_NUMBER: Final = 6
_LABELS: Final = (86, 98)
"""Widths of the labels of both columns, their longest words: Frames to skip, Looks per object."""
_STRETCH: Final = {1: 8, 3: 7}
"""By column. Power, its range and a frame's energy are the longest."""


class FactGrid(QWidget):
    """Shows six facts, empty before there is a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.INSIDE // 2)
        grid.setVerticalSpacing(2)
        self._labels = [QLabel() for _ in range(_NUMBER)]
        self._values = [Words((), self, fills=True) for _ in range(_NUMBER)]
        for at, (words, value) in enumerate(zip(self._labels, self._values, strict=True)):
            words.setFont(theme.font(theme.QUIET))
            words.setProperty("role", "quiet")
            row, column = divmod(at, 2)
            words.setFixedWidth(_LABELS[column])
            grid.addWidget(words, row, 2 * column)
            grid.addWidget(value, row, 2 * column + 1)
        for column, stretch in _STRETCH.items():
            grid.setColumnStretch(column, stretch)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these in the order of reading."""
        for at, (words, value) in enumerate(zip(self._labels, self._values, strict=True)):
            fact = facts[at] if at < len(facts) else Fact("", "", "")
            if words.text() != fact.label:
                words.setText(fact.label)
            is_known = fact.text != NO_METER
            value.say([Run(fact.text, "text" if is_known else "faint_text", 600 if is_known else 400)])
            tip = f"{fact.text}\n{fact.tip}".strip()
            for widget in (words, value):
                widget.setToolTip(tip)

    def text(self) -> str:
        """All of them in words."""
        pairs = zip(self._labels, self._values, strict=True)
        return "; ".join(f"{words.text()}: {value.text()}" for words, value in pairs if words.text())
