"""The shapes of marks in plots: circle, square, triangle, diamond, hexagon."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

CORNERS: Final = (0, 4, 3, -4, 6)
"""Of the shapes by rank: circle, square, triangle, diamond, hexagon."""


def draw_shape(painter: QPainter, place: QPointF, rank: int, size: float) -> None:
    """The outline with the painter's own pen and brush."""
    corners = CORNERS[rank]
    if corners == 0:
        painter.drawEllipse(place, size, size)
    elif corners == 4:
        painter.drawRect(QRectF(place.x() - size * 0.88, place.y() - size * 0.88, size * 1.76, size * 1.76))
    else:
        number = abs(corners)
        turns = [2 * math.pi * at / number - math.pi / 2 for at in range(number)]
        painter.drawPolygon(
            QPolygonF(
                [QPointF(place.x() + 1.2 * size * math.cos(turn), place.y() + 1.2 * size * math.sin(turn)) for turn in turns]
            )
        )
