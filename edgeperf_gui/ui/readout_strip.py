"""The dark chips that lie on the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.words import Run


def draw_strip(readouts: Sequence[Sequence[Run]], ratio: float) -> QPixmap:
    """Dark chips in a row, drawn once for as long as their words stay the same."""
    height, gap, inside = (36, 8, 12)
    faces = [[theme.font(run.size or theme.QUIET, run.weight) for run in runs] for runs in readouts]
    widths = [
        sum(QFontMetricsF(face).horizontalAdvance(run.text) for face, run in zip(row, runs, strict=True)) + 2 * inside
        for row, runs in zip(faces, readouts, strict=True)
    ]
    total = sum(widths) + gap * (len(widths) - 1)
    strip = QPixmap(round(total * ratio), round(height * ratio))
    strip.setDevicePixelRatio(ratio)
    strip.fill(Qt.GlobalColor.transparent)
    painter = QPainter(strip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = 0.0
    for row, runs, width in zip(faces, readouts, widths, strict=True):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.CHIP_ON_PICTURE))
        painter.drawRoundedRect(QRectF(left, 0, width, height), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        x = left + inside
        for face, run in zip(row, runs, strict=True):
            painter.setFont(face)
            painter.setPen(theme.colour(theme.ON_PICTURE if run.weight >= 600 else theme.ON_PICTURE_QUIET))
            painter.drawText(QPointF(x, 24), run.text)
            x += QFontMetricsF(face).horizontalAdvance(run.text)
        left += width + gap
    painter.end()
    return strip
