"""A page beside the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget

from edgeperf_gui.ui import theme


class SidePage(QDialog):
    """Beside the window, not in its way. Closed it is only hidden: what took minutes is there again when it is opened."""

    def __init__(self, title: str, size: tuple[int, int], least: tuple[int, int], parent: QWidget | None = None) -> None:
        """`size` and `least`: width and height in pixels, bounded by the screen's."""
        super().__init__(parent)
        self._begun_at: QWidget | None = None
        self.setWindowTitle(title)
        self.setMinimumSize(*least)
        room = self.screen().availableGeometry()
        self.resize(min(size[0], room.width() - 40), min(size[1], room.height() - 60))

    def _lay_out(self, *halves: QWidget) -> None:
        """Side by side; those without a fixed width share the room."""
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        across.setSpacing(theme.BETWEEN)
        for half in halves:
            across.addWidget(half, 0 if half.minimumWidth() == half.maximumWidth() else 1)

    def open(self) -> None:
        """Show it, in front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def event(self, event: QEvent) -> bool:
        """A key stroke announces itself before it is told: what it does may move the keyboard on, to Cancel for one."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._begun_at = self.focusWidget()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, and no other: in a field it is the field's. Held, Escape closes one."""
        if event.isAutoRepeat() and event.matches(QKeySequence.StandardKey.Cancel):
            return
        has_modifier = bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or has_modifier:
            super().keyPressEvent(event)
            return
        button = self.focusWidget()
        if isinstance(button, QPushButton) and button is self._begun_at and not event.isAutoRepeat():
            button.click()

    def reject(self) -> None:
        """Escape closes it, as its frame does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hidden."""
        event.accept()
