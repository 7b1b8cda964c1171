"""A choice of few, all in sight: one ground, the chosen one raised. Arrow keys move, Tab passes by."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from edgeperf_gui.ui import theme


class Segmented(QFrame):
    """Emits `chosen` with the key when the user picks another segment."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`options`: (key, text) from left to right."""
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for key, text in options:
            button = QPushButton(text, self)
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setAutoDefault(False)  # a dialog would press the first one for Enter in any of its fields
            button.setFont(theme.font(theme.QUIET, 600))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            button.setAccessibleName(f"{name}: {text}")
            button.clicked.connect(self._clicked)
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button, max(len(text), 8))

    def key(self) -> str | None:
        """The chosen segment."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def choose(self, key: str) -> None:
        """Show this one as chosen, without telling anyone."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def offer(self, key: str, available: bool, reason: str = "") -> None:
        """Allow or refuse a segment; the reason becomes its tooltip."""
        self._buttons[key].setEnabled(available)
        self._buttons[key].setToolTip(reason)

    def rename(self, key: str, text: str) -> None:
        """Other words on a segment."""
        button = self._buttons[key]
        if button.text() != text:
            button.setText(text)
            button.setAccessibleName(f"{self.accessibleName()}: {text}")

    def _clicked(self) -> None:
        key = self.key()
        if key is not None:
            self.chosen.emit(key)
