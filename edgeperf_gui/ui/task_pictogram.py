"""A small drawn sign for what a model does. The words stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme

_SIDE: Final = 36.0


def _detection(painter: QPainter) -> None:
    """Two boxes round two things."""
    painter.drawRoundedRect(QRectF(8, 9, 13, 18), 2, 2)
    painter.drawRoundedRect(QRectF(17, 16, 11, 11), 2, 2)


def _classification(painter: QPainter) -> None:
    """A picture's label."""
    tag = QPainterPath(QPointF(8, 12))
    for x, y in ((19, 12), (28, 18), (19, 24), (8, 24)):
        tag.lineTo(x, y)
    tag.closeSubpath()
    painter.drawPath(tag)
    painter.drawEllipse(QPointF(19.5, 18), 1.5, 1.5)


def _segmentation(painter: QPainter) -> None:
    """A picture parted along the edges of what is in it."""
    painter.drawRoundedRect(QRectF(8, 9, 20, 18), 3, 3)
    hill = QPainterPath(QPointF(8, 22))
    hill.cubicTo(14, 12, 17, 26, 28, 16)
    painter.drawPath(hill)
    painter.drawLine(QPointF(19, 20), QPointF(19, 27))


def _text(painter: QPainter) -> None:
    """Lines of words."""
    painter.drawRoundedRect(QRectF(8, 9, 20, 7), 2, 2)
    painter.drawRoundedRect(QRectF(8, 20, 14, 7), 2, 2)


def _raw(painter: QPainter) -> None:
    """Values."""
    for x, height in ((10, 8), (15, 16), (20, 11), (25, 5)):
        painter.drawLine(QPointF(x, 26), QPointF(x, 26 - height))


_SIGNS: Final[dict[str, Callable[[QPainter], None]]] = {
    "detection": _detection,
    "classification": _classification,
    "segmentation": _segmentation,
    "text": _text,
    "raw": _raw,
}


def draw_pictogram(painter: QPainter, left: float, top: float, sign: str) -> None:
    """A square of 36 pixels."""
    look = theme.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(left, top)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(look.inset))
    painter.drawRoundedRect(QRectF(0, 0, _SIDE, _SIDE), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    pen = QPen(theme.colour(look.quiet), 1.5)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SIGNS[sign](painter)
    painter.restore()


class Pictogram(QWidget):
    """The sign by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = "raw"
        self.setFixedSize(int(_SIDE), int(_SIDE))

    def show_sign(self, sign: str) -> None:
        """Show this one."""
        self._sign = sign
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        draw_pictogram(QPainter(self), 0, 0, self._sign)
