"""The small rounded ground that sentences stand on inside a card."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme


def paint_inset(painter: QPainter, widget: QWidget) -> None:
    """Fill the whole widget with it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(theme.tokens().inset))
    painter.drawRoundedRect(QRectF(widget.rect()), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
