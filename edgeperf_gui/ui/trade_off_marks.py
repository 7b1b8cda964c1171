"""How a point looks, the same in both plots and the table: colour by variant, shape by streams, size by batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from edgeperf_gui.domain.sweep import SweepPoint
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plot_shapes import CORNERS, draw_shape

LEAST_RADIUS: Final = 4.0
_GROWTH: Final = 1.5
"""Pixels of radius for every doubling of the batch."""
MOST_RADIUS: Final = 14.0
_FADED: Final = 0.3


def radius(batch: int) -> float:
    """Pixels."""
    return min(LEAST_RADIUS + _GROWTH * math.log2(batch), MOST_RADIUS)


def stream_ranks(points: Sequence[SweepPoint]) -> dict[int | None, int]:
    """Which shape stands for which number of streams; the last for all that follow."""
    counts = sorted({point.streams for point in points if point.fps is not None}, key=lambda count: count or 0)
    return {count: min(at, len(CORNERS) - 1) for at, count in enumerate(counts)}


def draw_mark(
    painter: QPainter, place: QPointF, variant: str, rank: int, size: float, *, faded: bool = False, ink: str | None = None
) -> None:
    """One mark; faded where it misses what is asked: hollow, so that colour is not the only carrier. `ink`: not the variant's."""
    ink = ink or theme.VARIANTS[variant]
    painter.setPen(QPen(theme.colour(ink, _FADED * 2 if faded else 1.0), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if faded else theme.colour(ink, 0.72))
    draw_shape(painter, place, rank, size)
