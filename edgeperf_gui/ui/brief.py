"""A few lines of wrapped words that keep their height: what does not fit ends in "…" and is told by the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.words import Role


class Brief(QWidget):
    """As high as `lines` lines of its size, whatever it says."""

    def __init__(self, size: int, lines: int = 2, role: Role = "quiet", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._lines, self._role, self._text = size, lines, role, ""
        self.setFixedHeight(round(QFontMetricsF(theme.font(size)).lineSpacing() * lines + 1))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show this."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    def text(self) -> str:
        """All of it."""
        return self._text

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(320, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, face = QPainter(self), theme.font(self._size)
        painter.setFont(face)
        painter.setPen(theme.colour(getattr(theme.tokens(), self._role)))
        metrics, top = QFontMetricsF(face), 0.0
        for line in self._wrapped(metrics):
            painter.drawText(QPointF(0, top + metrics.ascent()), line)
            top += metrics.lineSpacing()

    def _wrapped(self, metrics: QFontMetricsF) -> list[str]:
        layout = QTextLayout(self._text, theme.font(self._size))
        layout.beginLayout()
        found: list[str] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            start = line.textStart()
            if len(found) == self._lines - 1:
                found.append(metrics.elidedText(self._text[start:], Qt.TextElideMode.ElideRight, self.width()))
                break
            found.append(self._text[start : start + line.textLength()].rstrip())
        layout.endLayout()
        return found
