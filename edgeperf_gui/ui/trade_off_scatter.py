"""Throughput against latency, a mark a point; the front is a line, deadline and required rate are lines to be dragged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.plot_axis import Scale, fitted
from edgeperf_gui.ui.plot_frame import draw_box, draw_frame, draw_nothing, write
from edgeperf_gui.ui.plot_shapes import draw_shape
from edgeperf_gui.ui.told_plot import ToldPlot
from edgeperf_gui.ui.trade_off_energy import energy_ink, energy_items, energy_radius
from edgeperf_gui.ui.trade_off_marks import draw_mark, radius, stream_ranks
from edgeperf_gui.ui.trade_off_view import TradeOffView
from edgeperf_gui.ui.trade_off_words import told

_LEFT, _TOP, _RIGHT, _BOTTOM = 50, 42, 16, 36
_NEAR: Final = 14.0
_GRIP: Final = 7.0
_PARKED: Final = 0.995
"""A line this close to its end of the axis asks for nothing."""
Line = Literal["deadline", "rate"]


class TradeOffScatter(ToldPlot):
    """Arrow keys go from point to point by latency."""

    chosen = Signal(object)  # index of a point, or None
    deadlineDragged = Signal(object)  # ms, or None when dragged out of the plot
    rateDragged = Signal(object)  # frames a second, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Throughput in frames per second against latency in milliseconds", (260, 170), parent)
        self._view = TradeOffView()
        self._x, self._y = Scale(0.0, 1.0), Scale(0.0, 1.0)
        self._drag: Line | None = None

    def show_view(self, view: TradeOffView) -> None:
        """Draw this."""
        self._view = view
        if self._drag is None:  # the axes stand still under a hand
            self._fit()
        self._at = None if self._at is not None and self._at >= len(view.points) else self._at
        self.setAccessibleDescription(view.best.sentence if view.measured else self.empty_text)
        self.update()

    def title(self) -> str:
        """What it shows."""
        return "Throughput against latency"

    def told(self) -> list[str]:
        """What hovering shows now."""
        return [] if self._at is None else told(self._view.points[self._at])

    def place(self, at: int) -> QPointF:
        """Where a measured point is drawn."""
        area = self._area()
        x, y = self._x.share(float(self._view.latency_ms[at])), self._y.share(float(self._view.fps[at]))
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def line_place(self, line: Line) -> float:
        """Where a line stands, x of the deadline and y of the rate; a line that asks for nothing is parked at its end."""
        view, area = self._view, self._area()
        if line == "deadline":
            share = 1.0 if view.deadline_ms is None else self._x.share(view.deadline_ms)
            return area.left() + min(max(share, 0.0), 1.0) * area.width()
        share = 0.0 if view.rate is None else self._y.share(view.rate)
        return area.bottom() - min(max(share, 0.0), 1.0) * area.height()

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(520, 320)

    def _fit(self) -> None:
        view = self._view
        latency = [float(view.latency_ms[at]) for at in view.measured]
        fps = [float(view.fps[at]) for at in view.measured]
        if latency:
            # lines that are not far off are part of what is to be seen
            wanted = [value for value in (view.deadline_ms,) if value is not None and value < 2 * max(latency)]
            self._x = fitted([*latency, *wanted], is_log=view.is_log)
            self._y = fitted([*fps, *(value for value in (view.rate,) if value is not None and value < 2 * max(fps))])

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    # The pointer and the keys ------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a line, or tell the nearest point."""
        if self._drag is not None:
            self._drag_to(event.position())
            return
        at = self._under(event.position())
        line = self._line_near(event.position()) if at is None else None
        shapes = {"deadline": Qt.CursorShape.SplitHCursor, "rate": Qt.CursorShape.SplitVCursor}
        self.setCursor(shapes[line] if line else Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
        self._tell(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a point, or take a line in hand."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = self._under(event.position())
        self._drag = self._line_near(event.position()) if at is None else None
        if self._drag is None:
            self.chosen.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the line go."""
        if self._drag is not None:
            self._drag = None
            self.show_view(self._view)

    def _order(self) -> Sequence[int]:
        return self._view.measured

    def _now(self) -> int | None:
        return self._view.chosen if self._view.chosen in self._view.measured else self._view.best_at

    def _go(self, at: int) -> None:
        self.chosen.emit(at)

    def _under(self, place: QPointF) -> int | None:
        best: tuple[float, int | None] = (_NEAR, None)
        for at in self._view.measured:
            away = self.place(at) - place
            distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
            best = min(best, (distance, at), key=lambda pair: pair[0])
        return best[1]

    def _line_near(self, place: QPointF) -> Line | None:
        if not self._view.measured:
            return None
        if abs(place.x() - self.line_place("deadline")) <= _GRIP:
            return "deadline"
        return "rate" if abs(place.y() - self.line_place("rate")) <= _GRIP else None

    def _drag_to(self, place: QPointF) -> None:
        area = self._area()
        if self._drag == "deadline":
            share = (place.x() - area.left()) / area.width()
            value = _rounded(self._x.value(min(max(share, 0.01), 1.0)))
            self.deadlineDragged.emit(None if share >= _PARKED else value)
        else:
            share = (area.bottom() - place.y()) / area.height()
            value = _rounded(self._y.value(min(max(share, 0.0), 1.0)))
            self.rateDragged.emit(None if share <= 1 - _PARKED or value <= 0 else min(value, 1000.0))

    # Drawing -----------------------------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        view, area = self._view, self._area()
        if not view.measured:
            draw_nothing(painter, QRectF(self.rect()), self.empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wait = "wait + " if view.rate else ""
        draw_frame(painter, area, (self._x, f"{wait}latency {view.shown_percentile}, ms"), (self._y, "throughput, FPS"))
        self._draw_beyond(painter, area)
        painter.save()
        painter.setClipRect(area.adjusted(-12, -12, 12, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1.4))
        painter.drawPolyline(QPolygonF([self.place(at) for at in view.front]))
        self._draw_marks(painter)
        painter.restore()
        self._draw_lines(painter, area)
        self._draw_legend(painter)
        if self._at is not None and self._drag is None and self._at in view.measured:
            draw_box(painter, QRectF(self.rect()), self.place(self._at), self.told())

    def _draw_marks(self, painter: QPainter) -> None:
        view, look = self._view, theme.tokens()
        ranks = stream_ranks(view.points)
        for at in sorted(view.measured, key=lambda at: -self._radius(at)):
            point = view.points[at]
            ink = energy_ink(view.energy_share(at)) if view.third == "energy colour" else None
            faded = not view.meets(at)
            draw_mark(painter, self.place(at), point.variant, ranks[point.streams], self._radius(at), faded=faded, ink=ink)
        for ringed, ink in ((view.best_at, look.action), (view.chosen, look.text)):
            if ringed is not None and ringed in view.measured:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour(ink), 2 if ink == look.action else 1.4))
                size = self._radius(ringed) + (5 if ink == look.action else 8)
                painter.drawEllipse(self.place(ringed), size, size)

    def _radius(self, at: int) -> float:
        by_energy = self._view.third == "energy size"
        return energy_radius(self._view.energy_share(at)) if by_energy else radius(self._view.points[at].batch)

    def _draw_beyond(self, painter: QPainter, area: QRectF) -> None:
        """What misses the deadline or the rate lies on another ground."""
        x, y = self.line_place("deadline"), self.line_place("rate")
        shade = theme.colour(theme.tokens().inset, 0.75)
        painter.fillRect(QRectF(x, area.top(), area.right() - x, area.height()), shade)
        painter.fillRect(QRectF(area.left(), y, x - area.left(), area.bottom() - y), shade)

    def _draw_lines(self, painter: QPainter, area: QRectF) -> None:
        view, look = self._view, theme.tokens()
        x, y = self.line_place("deadline"), self.line_place("rate")
        for is_asked, start, end in (
            (view.deadline_ms is not None, QPointF(x, area.top()), QPointF(x, area.bottom())),
            (view.rate is not None, QPointF(area.left(), y), QPointF(area.right(), y)),
        ):
            pattern = Qt.PenStyle.SolidLine if is_asked else Qt.PenStyle.DashLine
            painter.setPen(QPen(theme.colour(look.undecided if is_asked else look.faint), 1.4, pattern))
            painter.drawLine(start, end)
        painter.setPen(Qt.PenStyle.NoPen)
        for asked, place in ((view.deadline_ms, QPointF(x, area.top())), (view.rate, QPointF(area.right(), y))):
            painter.setBrush(theme.colour(look.faint if asked is None else look.undecided))
            draw_shape(painter, place, 3, 5)
        meant = f"deadline {figures.rate(view.deadline_ms)} ms, for {view.tails}"
        deadline = "drag for a deadline" if view.deadline_ms is None else meant
        rate = "drag for a rate" if view.rate is None else f"rate {figures.rate(view.rate)} FPS"
        write(painter, QPointF(x - 10, area.top() + 9), deadline, look.text if view.deadline_ms else look.faint_text, area)
        write(painter, QPointF(area.right() - 12, y - 9), rate, look.text if view.rate else look.faint_text, area)

    def _draw_legend(self, painter: QPainter) -> None:
        view, look = self._view, theme.tokens()
        seen = [view.points[at] for at in view.measured]
        ranks = stream_ranks(seen)
        batches = sorted({point.batch for point in seen})
        # energy comes first, so that a narrow plot does not leave its kind out
        items: list[tuple[str, int, float, str]] = [] if view.third == "batch" else energy_items(view)
        if view.third != "energy colour":  # else a colour is no variant
            own = {point.variant for point in seen}
            items += [(name, 0, 4.5, theme.VARIANTS[name]) for name in theme.VARIANTS if name in own]
        items += [(figures.count(count, "stream"), rank, 4.5, look.quiet) for count, rank in ranks.items()]
        if view.third != "energy size":
            items += [(f"batch {batch}", 0, radius(batch), look.faint) for batch in dict.fromkeys((batches[0], batches[-1]))]
        painter.setFont(theme.font(theme.TINY))
        left = 6.0
        for text, rank, size, ink in items:
            width = 2 * size + 6 + painter.fontMetrics().horizontalAdvance(text)
            if left + width > self.width() - 4:
                return
            painter.setPen(QPen(theme.colour(ink), 1.2))
            painter.setBrush(theme.colour(ink, 0.72) if ink in theme.VARIANTS.values() else Qt.BrushStyle.NoBrush)
            draw_shape(painter, QPointF(left + size, 13), rank, min(size, 9))
            painter.setPen(theme.colour(look.quiet))
            painter.drawText(QPointF(left + 2 * size + 5, 17), text)
            left += width + 12


def _rounded(value: float) -> float:
    """Three digits that count: nobody drags more exactly."""
    return float(f"{value:.3g}")
