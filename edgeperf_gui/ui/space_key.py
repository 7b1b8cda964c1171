"""Space starts and stops the session, except where the focus stands on something that Space presses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget


class SpaceKey(QObject):
    """Lets focused buttons and lists keep the key. Set on those widgets only: a filter for all events would cost every paint."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for widget in (*window.findChildren(QAbstractButton), *window.findChildren(QComboBox)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the key before a shortcut takes it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return False
