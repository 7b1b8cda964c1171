"""One bar of several parts, and below it what each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui import theme

_BAR: Final = 8
_LINE: Final = 17
_GAP: Final = 14
_DOT: Final = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar."""

    name: str
    value: float
    text: str
    """Its value for a person."""
    colour: str


class SplitBar(QWidget):
    """As high as the bar and one line of names, which are left out from the right where there is too little room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = name
        self._parts: tuple[Part, ...] = ()
        self.empty_text = ""
        self.setFixedHeight(_BAR + _LINE + 4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_parts(())

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Draw these, from the left."""
        if tuple(parts) == self._parts:
            return
        self._parts = tuple(parts)
        self.setAccessibleName(f"{self._title}: {self.text()}")
        self.setToolTip("\n".join([self._title, *(f"{part.name}: {part.text}" for part in self._parts)]))
        self.update()

    def text(self) -> str:
        """All parts in words."""
        return ", ".join(f"{part.name} {part.text}" for part in self._parts) or self.empty_text

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.inset))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), _BAR), theme.MARK_RADIUS, theme.MARK_RADIUS)
        painter.setFont(theme.font(theme.TINY))
        whole = sum(part.value for part in self._parts)
        if whole <= 0:
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(QPointF(0, _BAR + 14), self.empty_text)
            return
        left = 0.0
        for part in self._parts:
            width = self.width() * part.value / whole
            painter.setBrush(theme.filled(theme.colour(part.colour)))
            painter.drawRoundedRect(QRectF(left, 0, max(width - 1, 1.0), _BAR), 2, 2)
            left += width
        self._paint_names(painter)

    def _paint_names(self, painter: QPainter) -> None:
        look, x, base = theme.tokens(), 0.0, _BAR + 15.0
        metrics = QFontMetricsF(painter.font())
        for part in sorted(self._parts, key=lambda part: -part.value):
            words, number = f"{part.name} ", part.text
            width = _DOT + metrics.horizontalAdvance(words + number)
            if x + width > self.width():
                return
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(part.colour))
            painter.drawEllipse(QRectF(x, base - 7.5, 7, 7))
            painter.setPen(theme.colour(look.quiet))
            painter.drawText(QPointF(x + _DOT, base), words)
            painter.setPen(theme.colour(look.text))
            painter.drawText(QPointF(x + _DOT + metrics.horizontalAdvance(words), base), number)
            x += width + _GAP
