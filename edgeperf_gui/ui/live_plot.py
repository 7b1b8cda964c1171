"""A calm plot over time, to be filled by its kinds. The only module that knows pyqtgraph.

Each plot is one graphics item that paints in pixels: a redraw costs one pass over at most one frame a pixel column, no axis or
legend items, and nothing is laid out again while it scrolls.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Final

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped,unused-ignore]
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Ceiling, Times, Values, settled, wanted_top
from edgeperf_gui.ui.marks import Cluster, Strip, Timeline, clustered

NS_PER_S: Final = 1_000_000_000
_MAX_COLUMNS: Final = 600
HEAD: Final = 18
FOOT: Final = 18
_LABEL_TOP: Final = 16
GROUND: Final = 0.9


_NEAR: Final = 12.0


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
        self.viewport().setMouseTracking(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumSize(96, 72)
        self.empty_text = ""
        self.unit = unit
        self.span_s = span_s
        self.kind = ""
        """How the values were come by, written on the axis after their unit."""
        self.names_marks = True
        """Whether marks have words beside them; without, only under the pointer."""
        self._time = Timeline(0)
        self._top = Ceiling()
        self._clusters: list[Cluster] = []
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

    def clear(self) -> None:
        """Back to the empty state."""
        self._has_data = False
        self._drawing.update()

    def _show(self, time: Timeline) -> None:
        self._time = time
        self._drawing.update()

    def _start_ns(self, now_ns: int | None = None) -> int:
        return (self._time.now_ns if now_ns is None else now_ns) - int(self.span_s * NS_PER_S)

    def _fit(self, time: Timeline, curves: Sequence[tuple[Times, Values]], least: float = 0.0) -> None:
        """Move the axis for these curves (times, values) and the highest level; keeps it while there is nothing to see."""
        tops = [wanted_top(values, settled(times, time.seams_ns)) for times, values in curves if values.size]
        self._has_data = bool(tops) or (self._has_data and time.now_ns > 0)
        if tops:
            self._top.fit(max([*tops, least]), time.now_ns)

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
        strip = Strip(area.width())
        self._clusters = self._gathered()
        self._draw_grid(painter, area)
        self._draw_data(painter, area)
        self._draw_mark_lines(painter, area)
        self._draw_labels(painter, area, strip)
        self._draw_words(painter, area, strip)
        self._draw_cut(painter, area, strip)
        self._draw_mark_names(painter, strip)
        if self._pointer_x is not None:
            self._draw_pointer(painter, area, self._pointer_x)

    def _draw_grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(theme.colour(theme.tokens().line), 1))
        for y in self._y(np.array([self._top.top, self._top.top / 2, 0.0]), area):
            painter.drawLine(QPointF(0, round(y) + 0.5), QPointF(area.width(), round(y) + 0.5))

    def _draw_labels(self, painter: QPainter, area: QRectF, strip: Strip) -> None:
        look = theme.tokens()
        top, half = self._y(np.array([self._top.top, self._top.top / 2]), area)
        metrics = painter.fontMetrics()
        labels = [(top, f"{self._top.top:g} {self.unit} {self.kind}".rstrip()), (half, f"{self._top.top / 2:g}")]
        strip.take(0, metrics.horizontalAdvance(labels[0][1]))
        for y, text in labels if half - top > 2 * _LABEL_TOP else labels[:1]:
            box = QRectF(0, round(y) - _LABEL_TOP, metrics.horizontalAdvance(text) + 6, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(look.card, GROUND))
            painter.drawRoundedRect(box.adjusted(-4, 0, 0, 0), theme.MARK_RADIUS, theme.MARK_RADIUS)
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        foot = QRectF(0, area.height() - FOOT + 3, area.width(), FOOT - 3)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), f"−{self.span_s:g} s")
        painter.drawText(
            foot, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), "end" if self._time.is_over else "now"
        )

    def _gathered(self) -> list[Cluster]:
        start_ns = self._start_ns()
        seen = [mark for mark in self._time.marks if start_ns < mark.at_ns <= self._time.now_ns]
        metrics = QFontMetricsF(self._small)
        width_of = metrics.horizontalAdvance if self.names_marks else lambda _text: 0.0
        return clustered(seen, lambda at_ns: float(self._x(np.array([at_ns]))[0]), width_of)

    def _draw_mark_lines(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1, Qt.PenStyle.DashLine))
        for cluster in self._clusters:
            for x in cluster.lines:
                painter.drawLine(QPointF(round(x) + 0.5, HEAD), QPointF(round(x) + 0.5, area.height() - FOOT))

    def _draw_mark_names(self, painter: QPainter, strip: Strip) -> None:
        if not self.names_marks:
            return
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1, Qt.PenStyle.DashLine))
        for cluster in reversed(self._clusters):
            x = cluster.lines[-1]
            left = strip.beside(x, painter.fontMetrics().horizontalAdvance(cluster.text))
            if left is not None:
                self._write(painter, left, cluster.text, theme.tokens().faint_text)
                painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(round(x) + 0.5, 2), QPointF(round(x) + 0.5, HEAD))

    def _draw_cut(self, painter: QPainter, area: QRectF, strip: Strip) -> None:
        """Write the value of the highest point where it is above the axis' end."""
        peak = self._peak()
        if peak is None or self._y(np.array([peak[1]]), area)[0] >= 0:
            return
        value = f"{peak[1]:,.0f}".replace(",", "\u2009")
        text = f"▲ {value} {self.unit}"
        left = strip.near(peak[0], painter.fontMetrics().horizontalAdvance(text))
        if left is not None:
            self._write(painter, left, text, theme.tokens().text)

    def _write(self, painter: QPainter, left: float, text: str, ink: str) -> None:
        """Words in the strip, on a ground of their own so that no line strikes them through."""
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.fillRect(QRectF(left - 3, 1, width + 6, 15), theme.colour(theme.tokens().card, GROUND))
        painter.setPen(theme.colour(ink))
        painter.drawText(QPointF(left, 12), text)

    def _marks_near(self, x: float) -> list[str]:
        """Changes under the pointer, by name."""
        near = [cluster for cluster in self._clusters if any(abs(line - x) < _NEAR for line in cluster.lines)]
        return [f"{mark.text} at {self._ago(mark.at_ns)}" for cluster in near for mark in cluster.marks if mark.text]

    def _draw_pointer(self, painter: QPainter, area: QRectF, x: float) -> None:
        look = theme.tokens()
        lines = [*self._hover_lines(x), *self._marks_near(x)]
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

    def _draw_words(self, painter: QPainter, area: QRectF, strip: Strip) -> None:
        """Words of a kind of plot's own."""

    def _peak(self) -> tuple[float, float] | None:
        """Place and value of the highest point."""
        raise NotImplementedError

    def _nearest(self, times_ns: Times, x: float) -> int | None:
        """Index of the moment under the pointer; None when none is near."""
        if times_ns.size == 0:
            return None
        away = np.abs(self._x(times_ns) - x)
        at = int(np.argmin(away))
        return at if away[at] < _NEAR else None

    def _ago(self, time_ns: int) -> str:
        return f"−{max(0.0, (self._time.now_ns - time_ns) / NS_PER_S):.1f} s"

    def _tint(self, code: str, grey: bool) -> QColor:
        return theme.greyed(code, theme.tokens().is_dark) if grey else theme.colour(code)


def polyline(x: Values, y: Values) -> QPolygonF:
    """Points as Qt draws them, without a Python object each."""
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(x, y)
    return polygon
