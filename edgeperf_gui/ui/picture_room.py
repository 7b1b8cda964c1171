"""The place of pictures that come from a job."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

_PAUSE_MS: Final = 80


class PictureRoom(QWidget):
    """Says how large its pictures may be; while nobody looks there is no room, and none is made."""

    viewResized = Signal(int, int)  # device pixels, at most a dozen times a second; (0, 0) while nobody looks

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reported = (-1, -1)
        self._is_seen = True
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._report_size)

    def set_seen(self, seen: bool) -> None:
        """False while the page is minimised."""
        self._is_seen = seen
        self._report_size()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the new size, a little later."""
        super().resizeEvent(event)
        if not self._pause.isActive():
            self._pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self._pause.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._pause.stop()
        self._report_size()

    def event(self, event: QEvent) -> bool:
        """Notice a change of scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._pause.start()
        return bool(super().event(event))

    def _room(self) -> QRectF:
        """Where pictures are drawn."""
        return QRectF(self.rect())

    def _report_size(self) -> None:
        ratio, room = self.devicePixelRatioF(), self._room()
        is_seen = self.isVisible() and self._is_seen
        size = (round(room.width() * ratio), round(room.height() * ratio)) if is_seen else (0, 0)
        if size != self._reported:
            self._reported = size
            self.viewResized.emit(*size)
