"""What the pictures of scenarios are made of: a car from its side, a deer, a box with words, a length with arrows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from edgeperf_gui.ui import theme

CAR_HEIGHT: Final = 0.36
"""Of its length, wheels included."""
BIKE_HEIGHT: Final = 1.05
PAINTS: Final = (theme.VARIANTS["FP32"], theme.SOURCE_RATE, theme.OTHER_EXECUTED)
_WHEELS: Final = (0.21, 0.79)
_CABIN: Final = ((0.20, 0.46), (0.33, 0.06), (0.66, 0.06), (0.83, 0.46))
_PANES: Final = (
    ((0.25, 0.46), (0.36, 0.13), (0.49, 0.13), (0.49, 0.46)),
    ((0.52, 0.46), (0.52, 0.13), (0.64, 0.13), (0.77, 0.46)),
)


def car(painter: QPainter, left: float, ground: float, length: float, paint: str, opacity: float = 1.0) -> QRectF:
    """A car that heads to the right, its wheels on `ground`; returns where it is."""
    height = length * CAR_HEIGHT
    place = QRectF(left, ground - height, length, height)
    painter.save()
    painter.setOpacity(painter.opacity() * opacity)
    painter.setPen(Qt.PenStyle.NoPen)
    body = theme.filled(theme.colour(paint))
    painter.setBrush(body)
    painter.drawPath(_outline(place, _CABIN))
    painter.drawRoundedRect(_part(place, 0.0, 0.42, 1.0, 0.40), height * 0.16, height * 0.16)
    painter.setBrush(theme.colour(theme.tokens().ground if theme.tokens().is_dark else theme.tokens().text, 0.72))
    for pane in _PANES:
        painter.drawPath(_outline(place, pane))
    for x in _WHEELS:
        painter.setBrush(theme.colour(theme.ON_BOX))
        painter.drawEllipse(QPointF(left + x * length, ground - height * 0.19), height * 0.19, height * 0.19)
        painter.setBrush(body)
        painter.drawEllipse(QPointF(left + x * length, ground - height * 0.19), height * 0.07, height * 0.07)
    painter.restore()
    return place


def bicycle(painter: QPainter, left: float, ground: float, length: float, paint: str, opacity: float = 1.0) -> QRectF:
    """A bicycle with its rider, heading to the right; returns where they are."""
    height = length * BIKE_HEIGHT
    place = QRectF(left, ground - height, length, height)
    painter.save()
    painter.setOpacity(painter.opacity() * opacity)
    body = theme.filled(theme.colour(paint))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(theme.tokens().quiet), max(1.2, length * 0.03)))
    wheel = length * 0.19
    for x in (0.19, 0.81):
        painter.drawEllipse(QPointF(left + x * length, ground - wheel), wheel, wheel)
    for path in (
        ((0.19, 0.80), (0.36, 0.58), (0.68, 0.56), (0.50, 0.80), (0.19, 0.80)),
        ((0.81, 0.80), (0.66, 0.50), (0.74, 0.47)),
    ):
        painter.drawPolyline([_at(place, *point) for point in path])
    round_end = Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(body, length * 0.11, Qt.PenStyle.SolidLine, round_end, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([_at(place, *point) for point in ((0.50, 0.82), (0.56, 0.62), (0.38, 0.50), (0.56, 0.24))])
    painter.setPen(QPen(body, length * 0.07, Qt.PenStyle.SolidLine, round_end))
    painter.drawPolyline([_at(place, *point) for point in ((0.55, 0.28), (0.62, 0.42), (0.73, 0.46))])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(body)
    painter.drawEllipse(_at(place, 0.62, 0.10), length * 0.09, length * 0.09)
    painter.restore()
    return place


def deer(painter: QPainter, left: float, ground: float, length: float, code: str) -> QRectF:
    """An animal that stands and looks to the right; returns where it is."""
    height = length * 0.92
    place = QRectF(left, ground - height, length, height)
    painter.save()
    fur = theme.filled(theme.colour(code))
    thick = Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(fur, length * 0.06, Qt.PenStyle.SolidLine, thick))
    for x, foot in ((0.20, 0.17), (0.28, 0.30), (0.58, 0.56), (0.66, 0.69)):
        painter.drawLine(_at(place, x, 0.60), _at(place, foot, 0.98))
    painter.setPen(QPen(fur, length * 0.13, Qt.PenStyle.SolidLine, thick))
    painter.drawLine(_at(place, 0.66, 0.52), _at(place, 0.80, 0.30))
    painter.setPen(QPen(fur, length * 0.025, Qt.PenStyle.SolidLine, thick))
    for start, end in (
        ((0.79, 0.20), (0.70, 0.02)),
        ((0.75, 0.12), (0.66, 0.13)),
        ((0.84, 0.20), (0.86, 0.01)),
        ((0.85, 0.11), (0.93, 0.06)),
    ):
        painter.drawLine(_at(place, *start), _at(place, *end))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fur)
    painter.drawRoundedRect(_part(place, 0.12, 0.42, 0.62, 0.26), length * 0.12, length * 0.12)
    painter.drawEllipse(_part(place, 0.74, 0.19, 0.20, 0.15))
    painter.drawEllipse(_part(place, 0.10, 0.42, 0.10, 0.12))
    painter.restore()
    return place


def found(painter: QPainter, place: QRectF, words: str, *, is_missed: bool = False) -> None:
    """The box around what is seen, green and whole, or red and dashed around what is seen too rarely."""
    look = theme.tokens()
    code = look.failed if is_missed else look.passed
    style = Qt.PenStyle.DashLine if is_missed else Qt.PenStyle.SolidLine
    frame = place.adjusted(-6, -6, 6, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(code), 1.6, style))
    painter.drawRoundedRect(frame, 2, 2)
    text_code = look.failed_text if is_missed else look.passed_text
    say(painter, frame.left(), frame.top() - 5, words, text_code, weight=600)


def say(painter: QPainter, x: float, base: float, words: str, code: str, *, weight: int = 400, align: str = "left") -> float:
    """Small words, kept inside the picture; returns their width."""
    painter.setFont(theme.font(theme.TINY, weight))
    painter.setPen(theme.colour(code))
    width = QFontMetricsF(painter.font()).horizontalAdvance(words)
    left = x - {"left": 0.0, "middle": width / 2, "right": width}[align]
    left = max(6.0, min(left, painter.device().width() - width - 6))
    painter.drawText(QPointF(left, base), words)
    return width


def measure(painter: QPainter, left: float, right: float, y: float, colour: QColor) -> None:
    """A length between two ends."""
    painter.setPen(QPen(colour, 1.2))
    painter.drawLine(QPointF(left, y), QPointF(right, y))
    for x, inward in ((left, 4.0), (right, -4.0)):
        painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
        if right - left > 14:
            painter.drawPolyline([QPointF(x + inward, y - 3), QPointF(x, y), QPointF(x + inward, y + 3)])


def _at(place: QRectF, x: float, y: float) -> QPointF:
    return QPointF(place.left() + x * place.width(), place.top() + y * place.height())


def _part(place: QRectF, x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(_at(place, x, y), _at(place, x + width, y + height))


def _outline(place: QRectF, points: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath(_at(place, *points[0]))
    for point in points[1:]:
        path.lineTo(_at(place, *point))
    path.closeSubpath()
    return path


@dataclass(frozen=True, slots=True)
class Shape:
    """Something that can pass: how long it is, how high in parts of its length, and what draws it."""

    length_m: float
    height: float
    draw: Callable[[QPainter, float, float, float, str, float], QRectF]


CAR: Final = Shape(4.4, CAR_HEIGHT, car)
BIKE: Final = Shape(1.8, BIKE_HEIGHT, bicycle)
