"""Curves over time, with dashed levels to compare them to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Times, Values, highest_per_column, pieces, wanted_top
from edgeperf_gui.ui.live_plot import NS_PER_S, Mark, Plot, polyline


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: values over time, NaN where unknown."""

    name: str
    colour: str
    times_ns: Times
    values: Values
    breaks_ns: Times | None = None
    """Where the curve must not go on."""


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed horizontal line with its name, such as the source's own rate."""

    name: str
    colour: str
    value: float


class LinePlot(Plot):
    """Curves over time, with dashed levels to compare them to."""

    def __init__(self, parent: QWidget | None, name: str, unit: str, span_s: float = 8.0) -> None:
        super().__init__(parent, name, unit, span_s)
        self._lines: tuple[Line, ...] = ()
        self._levels: tuple[Level, ...] = ()

    def show_lines(
        self,
        now_ns: int,
        lines: Sequence[Line],
        levels: Sequence[Level] = (),
        marks: Sequence[Mark] = (),
        grey_from_ns: int | None = None,
    ) -> None:
        """Draw these curves; stamps of each in rising order."""
        start_ns = now_ns - int(self.span_s * NS_PER_S)
        self._lines = tuple(self._thinned(line, start_ns) for line in lines)
        self._levels = tuple(levels)
        tops = [wanted_top(line.values) for line in self._lines if line.values.size]
        self._has_data = bool(tops) or (self._has_data and now_ns > 0)
        if tops:
            self._top.fit(max([*tops, *(level.value for level in levels)]), now_ns)
        self._show(now_ns, marks, grey_from_ns)

    def clear(self) -> None:
        """Back to the empty state."""
        self._has_data = False
        self._drawing.update()

    def _thinned(self, line: Line, start_ns: int) -> Line:
        known = np.isfinite(line.values) & (line.times_ns >= start_ns)
        times, values = line.times_ns[known], line.values[known]
        kept = highest_per_column(times, values, self._column_ns())
        return Line(line.name, line.colour, times[kept], values[kept], line.times_ns[np.isnan(line.values)])

    def _draw_data(self, painter: QPainter, area: QRectF) -> None:
        for level in self._levels:
            self._draw_level(painter, area, level)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for line in self._lines:
            x, y = self._x(line.times_ns), self._y(line.values, area)
            for first, past, grey in pieces(line.times_ns, self._grey_from_ns, line.breaks_ns):
                painter.setPen(QPen(self._tint(line.colour, grey), 1.5))
                painter.drawPolyline(polyline(x[first:past], y[first:past]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_level(self, painter: QPainter, area: QRectF, level: Level) -> None:
        y = round(float(self._y(np.array([level.value]), area)[0])) + 0.5
        painter.setPen(QPen(theme.colour(level.colour), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, y), QPointF(area.width(), y))
        painter.setPen(theme.colour(theme.tokens().faint_text))
        # beside a label of the axis the name goes to the other end
        crowded = any(abs(y - label) < 15 for label in self._y(np.array([self._top.top, self._top.top / 2]), area))
        width = painter.fontMetrics().horizontalAdvance(level.name)
        painter.drawText(QPointF(area.width() - width if crowded else 0, y - 5), level.name)

    def _hover_lines(self, x: float) -> list[str]:
        found = []
        for line in self._lines:
            if line.times_ns.size:
                at = int(np.argmin(np.abs(self._x(line.times_ns) - x)))
                found.append(f"{line.values[at]:.1f} {self.unit} at {self._ago(int(line.times_ns[at]))}")
        return found
