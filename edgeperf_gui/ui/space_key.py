"""Space starts and stops the session, except where the focus stands on something that Space presses or is typed into."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox, QWidget


class SpaceKey(QObject):
    """Lets focused buttons and lists keep the key, and takes it from counts, which would swallow it.

    Set on those widgets only: a filter for all events would cost every paint.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for widget in (widget for kind in (QAbstractButton, QComboBox, QSpinBox) for widget in window.findChildren(kind)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the key before a shortcut takes it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            # no number holds a space: there the shortcut may have it
            event.setAccepted(not isinstance(watched, QSpinBox))
            return True
        return False
