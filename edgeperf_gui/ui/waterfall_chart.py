"""The waterfall: a bar for benchmark_app's loop, one that hangs on it for each part, and the whole session's beside their sum."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.axis import round_up
from edgeperf_gui.ui.plot_axis import Scale, tick_words
from edgeperf_gui.ui.plot_frame import draw_box, draw_nothing
from edgeperf_gui.ui.told_plot import ToldPlot
from edgeperf_gui.ui.waterfall_bars import Bar, bars_of

_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 42, 12, 38
_WIDEST: Final = 74.0
_ROOM: Final = 1.14
"""Above the highest bar, for its number."""
_TICKS: Final = 5
_LEAST_CLOSE: Final = 0.04
"""Of a frame: a close-up goes no closer, or chance would fill the plot."""
_BREAK: Final = 5.0
_NAME: Final = "Milliseconds a frame that each part adds, from benchmark_app’s loop to the whole session"


class WaterfallChart(ToldPlot):
    """Arrow keys go from bar to bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_NAME, (420, 190), parent)
        self._bars: tuple[Bar, ...] = ()
        self._scale = Scale(0.0, 1.0)
        self._is_close = False

    def show_result(self, result: WaterfallResult | None, *, is_close: bool) -> None:
        """Draw this; `is_close` lets the axis begin below the smallest total instead of at zero."""
        self._bars = bars_of(result) if result is not None else ()
        self._is_close = is_close
        self._scale = _scale(self._bars, is_close=is_close)
        self._at = None if self._at is not None and self._at >= len(self._bars) else self._at
        told = "; ".join(" ".join(bar.told[:2]) for bar in self._bars)
        self.setAccessibleDescription(told or self.empty_text)
        self.update()

    def title(self) -> str:
        """What it shows."""
        return "From benchmark_app’s loop to the whole session"

    def told(self) -> tuple[str, ...]:
        """What hovering shows now."""
        return () if self._at is None else self._bars[self._at].told

    def place(self, at: int) -> QRectF:
        """Where a bar stands; of one that was not measured the middle of its column."""
        bar, area = self._bars[at], self._area()
        column = area.width() / len(self._bars)
        width = min(column * 0.66, _WIDEST)
        left = area.left() + (at + 0.5) * column - width / 2
        if bar.start is None or bar.end is None:
            return QRectF(left, area.center().y(), width, 0)
        ends = sorted(self._y(value) for value in (bar.start, bar.end))
        return QRectF(left, ends[0], width, max(ends[1] - ends[0], 1.0))

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(760, 300)

    # The pointer and the keys ------------------------------------------------------------------------------------------------

    def _under(self, place: QPointF) -> int | None:
        area = self._area()
        share = (place.x() - area.left()) / max(area.width(), 1.0)
        return int(share * len(self._bars)) if self._bars and 0 <= share < 1 else None

    def _order(self) -> range:
        return range(len(self._bars))

    # Drawing -----------------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        if not self._bars:
            draw_nothing(painter, QRectF(self.rect()), self.empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_grid(painter)
        self._draw_links(painter)
        for at, bar in enumerate(self._bars):
            self._draw_bar(painter, at, bar)
            self._draw_name(painter, at, bar)
        if self._at is not None:
            draw_box(painter, QRectF(self.rect()), self.place(self._at).center(), self.told())

    def _draw_grid(self, painter: QPainter) -> None:
        look, area = theme.tokens(), self._area()
        painter.setFont(theme.font(theme.TINY))
        for value in self._scale.ticks():
            y = round(self._y(value)) + 0.5
            painter.setPen(QPen(theme.colour(look.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(QRectF(0, y - 8, area.left() - 6, 16), int(_RIGHT_MIDDLE), tick_words(value))
        painter.setPen(theme.colour(look.quiet))
        begins = f"; the axis begins at {tick_words(self._scale.low)} ms" if self._scale.low else ""
        painter.drawText(QRectF(6, 2, self.width() - 12, 16), int(_LEFT_MIDDLE), f"wall time a frame, ms{begins}")

    def _draw_links(self, painter: QPainter) -> None:
        """From each bar's end to the next one that hangs on it."""
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1, Qt.PenStyle.DotLine))
        measured = [at for at, bar in enumerate(self._bars) if bar.end is not None]
        for at, after in itertools.pairwise(measured):
            end = self._bars[at].end
            assert end is not None
            y = round(self._y(end)) + 0.5
            painter.drawLine(QPointF(self.place(at).right(), y), QPointF(self.place(after).left(), y))

    def _draw_bar(self, painter: QPainter, at: int, bar: Bar) -> None:
        look, place = theme.tokens(), self.place(at)
        painter.setFont(theme.font(theme.TINY, 600))
        if bar.start is None or bar.end is None:
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(place.adjusted(-10, -16, 10, 16), int(Qt.AlignmentFlag.AlignCenter), "not\nmeasured")
            return
        ink = theme.colour(bar.colour, bar.opacity)
        painter.setPen(QPen(theme.colour(bar.colour), 1))
        painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern) if bar.is_hatched else QBrush(ink))
        painter.drawRect(place)
        if bar.start == 0 and self._scale.low > 0:
            self._draw_break(painter, place)
        if bar.low is not None and bar.high is not None:
            self._draw_whisker(painter, place.center().x(), bar.low, bar.high)
        top = min(place.top(), *(self._y(value) for value in (bar.low, bar.high) if value is not None), place.top())
        painter.setPen(theme.colour(look.text))
        painter.drawText(
            QRectF(place.left() - 20, top - 17, place.width() + 40, 15), int(Qt.AlignmentFlag.AlignCenter), bar.number
        )

    def _draw_break(self, painter: QPainter, place: QRectF) -> None:
        """Where a bar that stands on zero is cut off by the axis."""
        y, steps = place.bottom() - 10, 8
        across = [place.left() - 2 + step * (place.width() + 4) / steps for step in range(steps + 1)]
        for lift in (0.0, _BREAK):
            zigzag = [QPointF(x, y - lift - (_BREAK if number % 2 else 0)) for number, x in enumerate(across)]
            painter.setPen(QPen(theme.colour(theme.tokens().card), 2.5))
            painter.drawPolyline(QPolygonF(zigzag))

    def _draw_whisker(self, painter: QPainter, x: float, low: float, high: float) -> None:
        painter.setPen(QPen(theme.colour(theme.tokens().text, 0.8), 1.2))
        top, bottom = self._y(high), self._y(low)
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        for y in (top, bottom):
            painter.drawLine(QPointF(x - 4, y), QPointF(x + 4, y))

    def _draw_name(self, painter: QPainter, at: int, bar: Bar) -> None:
        area = self._area()
        column = area.width() / len(self._bars)
        painter.setFont(theme.font(theme.TINY, 600 if bar.start == 0 else 400))
        painter.setPen(theme.colour(theme.tokens().quiet))
        room = QRectF(area.left() + at * column - 6, area.bottom() + 4, column + 12, _BOTTOM - 6)
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), bar.name
        )

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _y(self, value: float) -> float:
        area = self._area()
        return area.bottom() - min(max(self._scale.share(value), 0.0), 1.0) * area.height()


_LEFT_MIDDLE: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT_MIDDLE: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _scale(bars: Sequence[Bar], *, is_close: bool) -> Scale:
    """Room for all bars and their intervals; from zero, or from a round number below the lowest total."""
    values = [value for bar in bars for value in (bar.start, bar.end, bar.low, bar.high) if value]
    if not values:
        return Scale(0.0, 1.0)
    high, low = max(values), min(values)
    if not is_close:
        return Scale(0.0, high * _ROOM)
    span = max(high - low, _LEAST_CLOSE * high)
    step = round_up(span / _TICKS)
    return Scale(max(0.0, math.floor((low - 0.2 * span) / step) * step), high + 0.2 * span)
