"""How a verdict looks, the same in the plot, its legend and the table: a colour and a shape."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from edgeperf_gui.domain.verdict import Verdict
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plot_shapes import draw_shape

_INKS: Final[dict[Verdict, str]] = {"PASS": "passed", "UNDECIDED": "undecided", "FAIL": "failed"}
_SHAPES: Final[dict[Verdict, int]] = {"PASS": 0, "UNDECIDED": 3, "FAIL": 1}
"""Circle, diamond, square."""


def ink(verdict: Verdict) -> str:
    """Its colour in the mode that is on."""
    return str(getattr(theme.tokens(), _INKS[verdict]))


def draw_verdict(painter: QPainter, place: QPointF, verdict: Verdict, size: float) -> None:
    """One mark; hollow where nothing is decided."""
    colour = ink(verdict)
    painter.setPen(QPen(theme.colour(colour), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush if verdict == "UNDECIDED" else theme.colour(colour, 0.8))
    draw_shape(painter, place, _SHAPES[verdict], size)
