"""How a point looks, the same in both plots and the table: colour by variant, shape by streams, size by batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from edgeperf_gui.domain.sweep import SweepPoint
from edgeperf_gui.ui import theme

LEAST_RADIUS: Final = 4.0
_GROWTH: Final = 1.5
"""Pixels of radius for every doubling of the batch."""
MOST_RADIUS: Final = 14.0
_CORNERS: Final = (0, 4, 3, -4, 6)
"""Of the shapes in the order of streams: circle, square, triangle, diamond, hexagon; the last for all that follow."""
_FADED: Final = 0.3


def radius(batch: int) -> float:
    """Pixels."""
    return min(LEAST_RADIUS + _GROWTH * math.log2(batch), MOST_RADIUS)


def stream_ranks(points: Sequence[SweepPoint]) -> dict[int | None, int]:
    """Which shape stands for which number of streams."""
    counts = sorted({point.streams for point in points if point.fps is not None}, key=lambda count: count or 0)
    return {count: min(at, len(_CORNERS) - 1) for at, count in enumerate(counts)}


def draw_mark(
    painter: QPainter, place: QPointF, variant: str, rank: int, size: float, *, faded: bool = False, ink: str | None = None
) -> None:
    """One mark; faded where it misses what is asked: hollow, so that colour is not the only carrier. `ink`: not the variant's."""
    ink = ink or theme.VARIANTS[variant]
    painter.setPen(QPen(theme.colour(ink, _FADED * 2 if faded else 1.0), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if faded else theme.colour(ink, 0.72))
    draw_shape(painter, place, rank, size)


def draw_shape(painter: QPainter, place: QPointF, rank: int, size: float) -> None:
    """The outline with the painter's own pen and brush."""
    corners = _CORNERS[rank]
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
