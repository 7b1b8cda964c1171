"""Precision against recall, a line a variant; hover, or the arrow keys, tell the values at a score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.domain.accuracy import OperatingPoint
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.plot_frame import draw_focus

_LEFT, _TOP, _RIGHT, _BOTTOM = 34, 22, 10, 34
_NEAR: Final = 40.0
_LINE: Final = 16
_STYLES: Final = {
    "FP32": (2.6, Qt.PenStyle.SolidLine),
    "FP16": (1.8, Qt.PenStyle.DashLine),
    "INT8": (1.6, Qt.PenStyle.SolidLine),
}
"""Width and pattern: variants that lie on each other are still seen, and told apart without colour."""
Curve = tuple[str, Sequence[OperatingPoint]]


class PrecisionRecall(QWidget):
    """All classes together, IoU 0.5, the score threshold running along the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[Curve, ...] = ()
        self._threshold = 0.0
        self._at: int | None = None  # which of the points is told
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)
        self.setAccessibleName("Precision against recall, IoU 0.5")

    def show_curves(self, curves: Sequence[Curve], threshold: float) -> None:
        """Draw these; `threshold`: the score that the table's precision and recall are about, marked on each line."""
        self._curves, self._threshold, self._at = tuple(curves), threshold, None
        self.setAccessibleDescription("; ".join(self.lines(self._index_of(threshold))))
        self.update()

    def lines(self, at: int | None) -> list[str]:
        """The values at one of the points, in words."""
        if at is None:
            return []
        told = [f"score ≥ {self._curves[0][1][at].threshold:.2f}, IoU 0.5"]
        for name, points in self._curves:
            told.append(f"{name}  precision {_number(points[at].precision)}, recall {_number(points[at].recall)}")
        return told

    def told(self) -> list[str]:
        """What hovering or the arrow keys show now."""
        return self.lines(self._at)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(360, 150)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the nearest point."""
        self._tell(self._nearest(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing under no pointer."""
        self._tell(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the score of the table."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._tell(self._index_of(self._threshold))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Calm again."""
        super().focusOutEvent(event)
        self._tell(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go along the line."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: 10, Qt.Key.Key_Down: -10}.get(Qt.Key(event.key()))
        last = min((len(points) for _, points in self._curves), default=0) - 1
        if step is None or last < 0:
            super().keyPressEvent(event)
            return
        start = self._index_of(self._threshold) if self._at is None else self._at
        self._tell(min(max((start or 0) + step, 0), last))
        self.setAccessibleDescription("; ".join(self.told()))

    def _tell(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self.update()

    def _index_of(self, threshold: float) -> int | None:
        if not self._curves or not all(points for _, points in self._curves):
            return None
        points = self._curves[0][1]
        return min(range(len(points)), key=lambda at: abs(points[at].threshold - threshold))

    def _nearest(self, place: QPointF) -> int | None:
        area, best = self._area(), (_NEAR**2, -1)
        for _, points in self._curves:
            for at, point in enumerate(points):
                if (where := _place(point, area)) is not None:
                    away = where - place
                    best = min(best, (QPointF.dotProduct(away, away), at))
        return best[1] if best[1] >= 0 else None

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, area = QPainter(self), self._area()
        self._draw_grid(painter, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = self._index_of(self._threshold)
        for name, points in self._curves:
            self._draw_curve(painter, area, name, points)
        for name, points in self._curves:
            self._draw_mark(painter, area, name, points, mark, filled=False)
            self._draw_mark(painter, area, name, points, self._at, filled=True)
        self._draw_legend(painter)
        self._draw_told(painter, area)
        draw_focus(painter, self)

    def _draw_grid(self, painter: QPainter, area: QRectF) -> None:
        look = theme.tokens()
        painter.setFont(theme.font(theme.TINY))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            x, y = round(area.left() + share * area.width()) + 0.5, round(area.bottom() - share * area.height()) + 0.5
            painter.setPen(QPen(theme.colour(look.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), right, f"{share:g}")
            painter.drawText(QRectF(x - 20, area.bottom() + 2, 40, 14), int(Qt.AlignmentFlag.AlignHCenter), f"{share:g}")
        painter.setPen(theme.colour(look.quiet))
        painter.drawText(QRectF(2, 2, 120, 16), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), "precision")
        painter.drawText(QRectF(area.right() - 120, self.height() - 17, 120, 16), right, "recall")

    def _draw_curve(self, painter: QPainter, area: QRectF, name: str, points: Sequence[OperatingPoint]) -> None:
        width, style = _STYLES[name]
        places = [place for point in points if (place := _place(point, area)) is not None]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(theme.VARIANTS[name]), width, style))
        painter.drawPolyline(QPolygonF(places))

    def _draw_mark(
        self, painter: QPainter, area: QRectF, name: str, points: Sequence[OperatingPoint], at: int | None, *, filled: bool
    ) -> None:
        place = _place(points[at], area) if at is not None and at < len(points) else None
        if place is not None:
            painter.setPen(QPen(theme.colour(theme.VARIANTS[name]), 1.6))
            painter.setBrush(theme.colour(theme.VARIANTS[name] if filled else theme.tokens().card))
            painter.drawEllipse(place, 4, 4)

    def _draw_legend(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.TINY))
        right = self.width() - _RIGHT
        for name, _ in reversed(self._curves):
            width, style = _STYLES[name]
            right -= painter.fontMetrics().horizontalAdvance(name)
            painter.setPen(theme.colour(theme.tokens().quiet))
            painter.drawText(QPointF(right, 14), name)
            painter.setPen(QPen(theme.colour(theme.VARIANTS[name]), width, style))
            painter.drawLine(QPointF(right - 22, 10), QPointF(right - 5, 10))
            right -= 36

    def _draw_told(self, painter: QPainter, area: QRectF) -> None:
        told = self.told()
        if not told:
            return
        look, metrics = theme.tokens(), painter.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in told) + 16
        box = QRectF(area.right() - width - 4, area.top() + 4, width, _LINE * len(told) + 8)
        places = [_place(points[self._at], area) for _, points in self._curves if self._at is not None]
        if any(place is not None and box.adjusted(-8, -8, 8, 8).contains(place) for place in places):
            box.moveTo(area.left() + 8, area.bottom() - box.height() - 8)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.inset))
        painter.drawRoundedRect(box, 5, 5)
        for row, line in enumerate(told):
            painter.setPen(theme.colour(look.quiet if row == 0 else look.text))
            painter.drawText(QPointF(box.left() + 8, box.top() + 16 + _LINE * row), line)


def _place(point: OperatingPoint, area: QRectF) -> QPointF | None:
    if point.precision is None or point.recall is None:
        return None
    return QPointF(area.left() + point.recall * area.width(), area.bottom() - point.precision * area.height())


def _number(value: float | None) -> str:
    return figures.UNKNOWN if value is None else f"{value:.3f}"
