"""All shortcuts on one page."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.actions import shortcut_lines


class ShortcutsPage(QDialog):
    """Made from the table of actions, so it cannot be out of date."""

    def __init__(self, parent: QWidget, titles: Mapping[str, str]) -> None:
        """`titles`: of the panels, by their keys."""
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        for row, (shortcut, words) in enumerate(shortcut_lines(titles)):
            keys = QLabel(QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText))
            keys.setFont(theme.font(theme.QUIET, 600))
            what = QLabel(words)
            what.setProperty("role", "quiet")
            what.setFont(theme.font(theme.QUIET))
            grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(what, row, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(theme.EDGE)
        column.addLayout(grid)
        column.addWidget(buttons)
