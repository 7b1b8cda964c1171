"""A calm plot over time, to be filled by its kinds. The only module that knows pyqtgraph.

Each plot is one graphics item that paints in pixels: a redraw costs one pass over at most one frame a pixel column, no axis or
legend items, and nothing is laid out again while it scrolls.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped,unused-ignore]
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Ceiling, Times, Values

NS_PER_S: Final = 1_000_000_000
_MAX_COLUMNS: Final = 600
HEAD: Final = 18
FOOT: Final = 18
_LABEL_TOP: Final = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the time axis, such as a change of settings."""

    at_ns: int
    text: str


class _Drawing(pg.GraphicsObject):  # type: ignore[misc]
    """The plot's only item; it covers the view and paints in pixels."""

    def __init__(self, draw: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__()
        self._draw = draw
        self._area = QRectF(0, 0, 1, 1)

    def resize(self, width: float, height: float) -> None:
        self.prepareGeometryChange()
        self._area = QRectF(0, 0, width, height)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, *_unused: Any) -> None:
        self._draw(painter, self._area)


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """Time runs from the left edge to "now" at the right; values stand on the bottom line."""

    def __init__(self, parent: QWidget | None, name: str, unit: str, span_s: float) -> None:
        super().__init__(parent, background=None)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumSize(96, 72)
        self.empty_text = ""
        self.unit = unit
        self.span_s = span_s
        self._now_ns = 0
        self._top = Ceiling()
        self._marks: tuple[Mark, ...] = ()
        self._grey_from_ns: int | None = None
        self._pointer_x: float | None = None
        self._has_data = False
        self._drawing = _Drawing(self._draw)
        self.addItem(self._drawing)
        self._small = theme.font(theme.TINY)
        self._colour_background()

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(240, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        if hasattr(self, "_drawing"):
            self._drawing.resize(self.width(), self.height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_drawing"):
            self._colour_background()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the value under the pointer."""
        self._pointer_x = event.position().x()
        self._drawing.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No value under no pointer."""
        self._pointer_x = None
        self._drawing.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing to drag here."""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing to drag here."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel around it."""
        event.ignore()

    def close(self) -> bool:
        """As every other widget; pyqtgraph's own takes the viewport away while Qt still holds it."""
        return bool(QGraphicsView.close(self))

    def _colour_background(self) -> None:
        self.setBackground(theme.colour(theme.tokens().card))

    def _show(self, now_ns: int, marks: Sequence[Mark], grey_from_ns: int | None) -> None:
        self._now_ns = now_ns
        self._marks = tuple(mark for mark in marks if now_ns - mark.at_ns < self.span_s * NS_PER_S)
        self._grey_from_ns = grey_from_ns
        self._drawing.update()

    def _start_ns(self) -> int:
        return self._now_ns - int(self.span_s * NS_PER_S)

    def _column_ns(self) -> int:
        columns = min(max(int(self.width()), 1), _MAX_COLUMNS)
        return max(1, int(self.span_s * NS_PER_S) // columns)

    def _x(self, times_ns: Times) -> Values:
        x: Values = (times_ns - self._start_ns()) * (self.width() / (self.span_s * NS_PER_S))
        return x

    def _y(self, values: Values, area: QRectF) -> Values:
        floor = area.height() - FOOT
        return floor - values * ((floor - HEAD) / self._top.top)

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._small)
        if not self._has_data:
            painter.setPen(theme.colour(theme.tokens().faint_text))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.empty_text)
            return
        self._draw_grid(painter, area)
        self._draw_data(painter, area)
        self._draw_labels(painter, area)
        self._draw_marks(painter, area)
        if self._pointer_x is not None:
            self._draw_pointer(painter, area, self._pointer_x)

    def _draw_grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(theme.colour(theme.tokens().line), 1))
        for y in self._y(np.array([self._top.top, self._top.top / 2, 0.0]), area):
            painter.drawLine(QPointF(0, round(y) + 0.5), QPointF(area.width(), round(y) + 0.5))

    def _draw_labels(self, painter: QPainter, area: QRectF) -> None:
        look = theme.tokens()
        top, half = self._y(np.array([self._top.top, self._top.top / 2]), area)
        metrics = painter.fontMetrics()
        labels = [(top, f"{self._top.top:g} {self.unit}"), (half, f"{self._top.top / 2:g}")]
        for y, text in labels if half - top > 2 * _LABEL_TOP else labels[:1]:
            box = QRectF(0, round(y) - _LABEL_TOP, metrics.horizontalAdvance(text) + 6, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(look.card, 0.8))
            painter.drawRoundedRect(box.adjusted(-4, 0, 0, 0), theme.MARK_RADIUS, theme.MARK_RADIUS)
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        foot = QRectF(0, area.height() - FOOT + 3, area.width(), FOOT - 3)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), f"−{self.span_s:g} s")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), "now")

    def _draw_marks(self, painter: QPainter, area: QRectF) -> None:
        look = theme.tokens()
        free_from = area.width()
        for mark in sorted(self._marks, key=lambda mark: -mark.at_ns):
            x = round(float(self._x(np.array([mark.at_ns]))[0])) + 0.5
            painter.setPen(QPen(theme.colour(look.quiet), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, 2), QPointF(x, area.height() - FOOT))
            width = painter.fontMetrics().horizontalAdvance(mark.text)
            at = x + 6 if x + 6 + width <= area.width() else x - 6 - width
            if at >= 0 and at + width <= free_from:
                painter.setPen(theme.colour(look.faint_text))
                painter.drawText(QPointF(at, 12), mark.text)
                free_from = min(at, x) - 8

    def _draw_pointer(self, painter: QPainter, area: QRectF, x: float) -> None:
        look = theme.tokens()
        lines = self._hover_lines(x)
        if not lines:
            return
        painter.setPen(QPen(theme.colour(look.quiet), 1))
        painter.drawLine(QPointF(round(x) + 0.5, HEAD), QPointF(round(x) + 0.5, area.height() - FOOT))
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in lines) + 16
        height = len(lines) * 16 + 8
        left = x + 10 if x + 10 + width < area.width() else max(x - 10 - width, 0)
        box = QRectF(round(left), 2, width, height)
        painter.setBrush(theme.colour(look.inset))
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        for row, line in enumerate(lines):
            painter.setPen(theme.colour(look.text if row == 0 else look.quiet))
            painter.drawText(QPointF(box.left() + 8, box.top() + 16 + 16 * row), line)

    def _hover_lines(self, x: float) -> list[str]:
        raise NotImplementedError

    def _draw_data(self, painter: QPainter, area: QRectF) -> None:
        raise NotImplementedError

    def _ago(self, time_ns: int) -> str:
        return f"−{max(0.0, (self._now_ns - time_ns) / NS_PER_S):.1f} s"

    def _tint(self, code: str, grey: bool) -> QColor:
        return theme.greyed(code, theme.tokens().is_dark) if grey else theme.colour(code)


def polyline(x: Values, y: Values) -> QPolygonF:
    """Points as Qt draws them, without a Python object each."""
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(x, y)
    return polygon
