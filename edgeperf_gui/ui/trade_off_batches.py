"""What a larger batch buys and costs: ms per batch, ms per frame, the wait to fill it, and throughput, against batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.analysis.given_settings import hint_and_threads
from edgeperf_gui.analysis.trade_off import knee
from edgeperf_gui.domain.sweep import SweepPoint
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.plot_axis import Scale, fitted
from edgeperf_gui.ui.plot_frame import draw_box, draw_frame, draw_nothing, write
from edgeperf_gui.ui.plot_shapes import draw_shape
from edgeperf_gui.ui.trade_off_view import TradeOffView

_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 60, 50, 36


@dataclass(frozen=True, slots=True)
class _Curve:
    name: str
    colour: str
    shape: int
    pattern: Qt.PenStyle
    value: Callable[[SweepPoint], float | None]
    is_rate: bool = False


_CURVES: Final = (
    _Curve("ms per batch", theme.STAGES["inference"], 1, Qt.PenStyle.SolidLine, lambda one: _median(one)),
    _Curve("ms per frame", theme.STAGES["postprocess"], 0, Qt.PenStyle.SolidLine, lambda one: one.per_frame_ms),
    _Curve("mean wait + batch, ms", theme.OTHER_EXECUTED, 2, Qt.PenStyle.DashLine, lambda one: answered_ms(one)),
    _Curve("FPS", theme.THROUGHPUT, 3, Qt.PenStyle.SolidLine, lambda one: one.fps, is_rate=True),
)


class BatchPlot(QWidget):
    """Of the points that differ from the picked one in batch alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: Sequence[SweepPoint] = ()
        self._at: int | None = None
        self.empty_text = ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 170)
        self.setAccessibleName("Milliseconds per batch and per frame, the wait to fill the batch, and throughput, against batch")

    def show_view(self, view: TradeOffView) -> None:
        """Draw this."""
        self._points = view.series
        self._at = None if self._at is not None and self._at >= len(self._points) else self._at
        self.setAccessibleDescription(self.knee_words() or self.empty_text)
        self.update()

    def title(self) -> str:
        """Which points they are."""
        if len(self._points) < 2:
            return "Against batch"
        one = self._points[0]
        counts = figures.count(one.streams, "stream"), figures.count(one.requests, "request")
        return f"Against batch: {', '.join((one.variant, *counts, *hint_and_threads(one)))}"

    def knee_at(self) -> int | None:
        """The batch beyond which throughput hardly grows."""
        return knee([point.batch for point in self._points], [point.fps or 0.0 for point in self._points])

    def knee_words(self) -> str:
        """The same as a sentence; empty with fewer than two batches."""
        at = self.knee_at()
        return "" if at is None else f"knee: batch {at} is within 5 % of the highest throughput"

    def told(self) -> list[str]:
        """What hovering shows now."""
        return [] if self._at is None else _told(self._points[self._at])

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(360, 320)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the nearest batch."""
        area = self._area()
        across = self._across()
        away = [abs(area.left() + across.share(point.batch) * area.width() - event.position().x()) for point in self._points]
        at = min(range(len(away)), key=away.__getitem__) if len(away) > 1 else None
        if at != self._at:
            self._at = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing under no pointer."""
        self._at = None
        self.update()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _across(self) -> Scale:
        batches = [point.batch for point in self._points]
        return Scale(min(batches) / 1.15, max(batches) * 1.15, is_log=True) if batches else Scale(1.0, 2.0, is_log=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        self.draw(QPainter(self))

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        if len(self._points) < 2:
            draw_nothing(painter, QRectF(self.rect()), self.empty_text)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, across = self._area(), self._across()
        curves = [curve for curve in _CURVES if all(curve.value(point) is not None for point in self._points)]
        scales = {
            is_rate: fitted([curve.value(point) or 0.0 for curve in curves if curve.is_rate is is_rate for point in self._points])
            for is_rate in (False, True)
        }
        marks = [point.batch for point in self._points]
        draw_frame(painter, area, (across, "batch, frames"), (scales[False], "ms"), (scales[True], "throughput, FPS"), marks)
        self._draw_knee(painter, area, across)
        for curve in curves:
            self._draw_curve(painter, area, across, curve, scales[curve.is_rate])
        self._draw_legend(painter, curves)
        if self._at is not None:
            x = area.left() + across.share(self._points[self._at].batch) * area.width()
            draw_box(painter, QRectF(self.rect()), QPointF(x, area.center().y()), self.told())

    def _draw_curve(self, painter: QPainter, area: QRectF, across: Scale, curve: _Curve, up: Scale) -> None:
        places = [
            QPointF(
                area.left() + across.share(point.batch) * area.width(),
                area.bottom() - up.share(curve.value(point) or 0.0) * area.height(),
            )
            for point in self._points
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(curve.colour), 1.6, curve.pattern))
        painter.drawPolyline(QPolygonF(places))
        painter.setPen(QPen(theme.colour(curve.colour), 1.4))
        painter.setBrush(theme.colour(theme.tokens().card))
        for place in places:
            draw_shape(painter, place, curve.shape, 3.5)

    def _draw_knee(self, painter: QPainter, area: QRectF, across: Scale) -> None:
        at = self.knee_at()
        if at is None:
            return
        x = round(area.left() + across.share(at) * area.width()) + 0.5
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        width = painter.fontMetrics().horizontalAdvance("knee")
        write(painter, QPointF(x + width / 2, area.top() + 8), "knee", theme.tokens().quiet, area)

    def _draw_legend(self, painter: QPainter, curves: Sequence[_Curve]) -> None:
        painter.setFont(theme.font(theme.TINY))
        left, line = 6.0, 13.0
        for curve in curves:
            width = 14 + painter.fontMetrics().horizontalAdvance(curve.name)
            if left + width > self.width() - 4:
                left, line = 6.0, line + 15
            painter.setPen(QPen(theme.colour(curve.colour), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            draw_shape(painter, QPointF(left + 4, line), curve.shape, 3.5)
            painter.setPen(theme.colour(theme.tokens().quiet))
            painter.drawText(QPointF(left + 13, line + 4), curve.name)
            left += width + 12


def _median(point: SweepPoint) -> float | None:
    return point.latency.median_ms if point.latency is not None else None


def answered_ms(point: SweepPoint) -> float | None:
    """After so long a frame that comes at the rate asked is answered in the mean, (b − 1) / 2λ + S(b); None without a rate."""
    median, wait = _median(point), point.batch_wait_mean_ms
    return None if median is None or wait is None else median + wait


def _told(point: SweepPoint) -> list[str]:
    lines = [
        f"batch {point.batch}",
        f"{figures.milliseconds(_median(point))} ms per batch, {figures.figure(point.per_frame_ms)} ms per frame",
        f"throughput {figures.figure(point.fps)} FPS",
    ]
    median, first, mean = _median(point), point.batch_wait_ms, point.batch_wait_mean_ms
    if median is not None and first is not None and mean is not None:
        lines.append(f"wait: first frame {first:.0f} ms, mean {mean:.0f} ms")
        lines.append(f"answered after: first frame {median + first:.0f} ms, mean {median + mean:.0f} ms")
    return lines
