"""Asks for an address, and shows by examples which ones are understood."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.dropped import FORMS, address_of


class AddressDialog(QDialog):
    """Agrees only to what can be tried; `address` is then what was typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open address")
        self.setMinimumWidth(560)
        title = QLabel("Address of the source")
        title.setFont(theme.font(theme.BODY, 600))
        self._line = QLineEdit(self)
        self._line.setAccessibleName("Address of the source")
        self._line.setPlaceholderText(FORMS[0][0])
        self._line.textChanged.connect(self._judge)
        title.setBuddy(self._line)
        self._trouble = _quiet("")
        boxes = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(boxes.Open | boxes.Cancel, self)
        self._open = self._buttons.button(boxes.Open)
        self._open.setProperty("role", "primary")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(theme.INSIDE)
        column.addWidget(title)
        column.addWidget(self._line)
        column.addWidget(self._trouble)
        column.addSpacing(theme.INSIDE)
        column.addLayout(_examples())
        column.addSpacing(theme.INSIDE)
        column.addWidget(self._buttons)
        self._judge()

    def address(self) -> str:
        """What was typed, as it can be used."""
        return address_of(self._line.text().strip()) or ""

    def _judge(self) -> None:
        text = self._line.text().strip()
        known = bool(self.address())
        self._open.setEnabled(known)
        # while somebody types, every address is unknown at first: that is said quietly
        self._trouble.setText("" if known or not text else "Not an address yet: compare it with the examples.")


def _examples() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.EDGE)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (form, meaning) in enumerate(FORMS):
        example = QLabel(form)
        example.setFont(theme.font(theme.QUIET, 600))
        example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(example, row, 0, Qt.AlignmentFlag.AlignTop)
        words = _quiet(meaning)
        words.setWordWrap(True)
        grid.addWidget(words, row, 1)
    return grid


def _quiet(text: str) -> QLabel:
    words = QLabel(text)
    words.setProperty("role", "quiet")
    words.setFont(theme.font(theme.QUIET))
    return words
