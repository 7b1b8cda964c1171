"""Curves over time, with dashed levels to compare them to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import Times, Values, highest_per_column, pieces
from edgeperf_gui.ui.figures import figure
from edgeperf_gui.ui.live_plot import GROUND, HEAD, Plot, polyline
from edgeperf_gui.ui.marks import Strip, Timeline

_LEVEL_NAME_AT: Final = 52.0
BAND: Final = 0.18
"""Opacity of a range around a curve."""


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: values over time, NaN where unknown."""

    name: str
    colour: str
    times_ns: Times
    values: Values
    breaks_ns: Times | None = None
    """Where the curve must not go on."""
    band: tuple[Values, Values] | None = None
    """The range each value may lie in: lowest and highest, NaN where the value is."""


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

    def show_lines(self, time: Timeline, lines: Sequence[Line], levels: Sequence[Level] = ()) -> None:
        """Draw these curves; stamps of each in rising order."""
        start_ns = self._start_ns(time.now_ns)
        self._lines = tuple(self._thinned(line, start_ns) for line in lines)
        self._levels = tuple(levels)
        heights = [(line.times_ns, line.values if line.band is None else line.band[1]) for line in self._lines]
        self._fit(time, heights, max((level.value for level in levels), default=0.0))
        self._show(time)

    def _thinned(self, line: Line, start_ns: int) -> Line:
        known = np.isfinite(line.values) & (line.times_ns >= start_ns)
        times, values = line.times_ns[known], line.values[known]
        kept = highest_per_column(times, values, self._column_ns())
        low_high = [edge[known][kept] for edge in line.band or ()]
        band = (low_high[0], low_high[1]) if low_high else None
        return Line(line.name, line.colour, times[kept], values[kept], line.times_ns[np.isnan(line.values)], band)

    def _draw_data(self, painter: QPainter, area: QRectF) -> None:
        for level in self._levels:
            self._draw_level(painter, area, level)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for line in self._lines:
            x, y = self._x(line.times_ns), self._y(line.values, area)
            breaks = self._time.seams_ns if line.breaks_ns is None else np.concatenate((self._time.seams_ns, line.breaks_ns))
            for first, past, grey in pieces(line.times_ns, self._time.grey, breaks):
                if line.band is not None:
                    self._draw_band(painter, area, line.band, x, (first, past), self._tint(line.colour, grey))
                painter.setPen(QPen(self._tint(line.colour, grey), 1.5))
                painter.drawPolyline(polyline(x[first:past], y[first:past]))
                if past - first == 1:  # a lone value is no line
                    painter.drawEllipse(QPointF(x[first], y[first]), 1.5, 1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_band(
        self, painter: QPainter, area: QRectF, band: tuple[Values, Values], x: Values, piece: tuple[int, int], ink: QColor
    ) -> None:
        """The range around one piece of a curve."""
        low, high = (self._y(edge[slice(*piece)], area) for edge in band)
        along = x[slice(*piece)]
        shade = QColor(ink)
        shade.setAlphaF(BAND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(polyline(np.concatenate((along, along[::-1])), np.concatenate((high, low[::-1]))))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_level(self, painter: QPainter, area: QRectF, level: Level) -> None:
        y = self._level_y(level, area)
        painter.setPen(QPen(theme.colour(level.colour), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, y), QPointF(area.width(), y))

    def _level_y(self, level: Level, area: QRectF) -> float:
        return round(float(self._y(np.array([level.value]), area)[0])) + 0.5

    def _draw_words(self, painter: QPainter, area: QRectF, strip: Strip) -> None:
        """Names of levels, always at the same place: clear of the axis' labels, and of the newest values."""
        for level in self._levels:
            y = self._level_y(level, area)
            width = painter.fontMetrics().horizontalAdvance(level.name)
            left = min(_LEVEL_NAME_AT, area.width() - width)
            painter.fillRect(QRectF(left - 3, y - 16, width + 6, 14), theme.colour(theme.tokens().card, GROUND))
            painter.setPen(theme.colour(theme.tokens().faint_text))
            painter.drawText(QPointF(left, y - 5), level.name)
            if y - 16 < HEAD:
                strip.take(left, left + width)

    def _peak(self) -> tuple[float, float] | None:
        peaks = [(line, int(np.argmax(line.values))) for line in self._lines if line.values.size]
        if not peaks:
            return None
        line, at = max(peaks, key=lambda peak: peak[0].values[peak[1]])
        return float(self._x(line.times_ns[at : at + 1])[0]), float(line.values[at])

    def _hover_lines(self, x: float) -> list[str]:
        found = []
        for line in self._lines:
            at = self._nearest(line.times_ns, x)
            if at is not None:
                name = f"{line.name} " if len(self._lines) > 1 else ""
                range_ = "" if line.band is None else f" ({figure(line.band[0][at])}–{figure(line.band[1][at])})"
                value = f"{line.values[at]:.1f}" if line.band is None else figure(line.values[at])
                found.append(f"{name}{value} {self.unit}{range_} at {self._ago(int(line.times_ns[at]))}")
        return found
