"""What the plots of all pages share: grid and labels, words on a ground of their own, the box that tells values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plot_axis import Scale, tick_words

_LINE: Final = 16
_GROUND: Final = 0.85
Axis = tuple[Scale, str]
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


def draw_frame(
    painter: QPainter,
    area: QRectF,
    across: Axis,
    up: Axis,
    right: Axis | None = None,
    marks: Sequence[float] | None = None,
) -> None:
    """Faint lines with values on them, and what the axes mean with their units; `marks` instead of round values across."""
    look = theme.tokens()
    painter.setFont(theme.font(theme.TINY))
    _draw_across(painter, area, across[0].ticks() if marks is None else marks, across[0])
    for value in up[0].ticks():
        y = round(area.bottom() - up[0].share(value) * area.height()) + 0.5
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(QRectF(0, y - 8, area.left() - 6, 16), int(Qt.AlignmentFlag.AlignRight | _MIDDLE), tick_words(value))
    if right is not None:
        painter.setPen(theme.colour(look.faint_text))
        for value in right[0].ticks():
            y = area.bottom() - right[0].share(value) * area.height()
            painter.drawText(
                QRectF(area.right() + 6, y - 8, 46, 16), int(Qt.AlignmentFlag.AlignLeft | _MIDDLE), tick_words(value)
            )
    painter.setPen(theme.colour(look.quiet))
    head = QRectF(6, area.top() - 20, area.width() + area.left(), 14)
    painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft | _MIDDLE), up[1])
    if right is not None:
        edge = QRectF(area.right() - 150, area.top() - 20, 190, 14)
        painter.drawText(edge, int(Qt.AlignmentFlag.AlignRight | _MIDDLE), right[1])
    foot = QRectF(area.left(), area.bottom() + 19, area.width(), 16)
    painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | _MIDDLE), across[1])


def two_halves(room: QRectF, head: int) -> tuple[QRectF, QRectF]:
    """One above the other and equally high, each with so much over it for what its axis means."""
    height = room.height() / 2 - head
    upper = QRectF(room.left(), room.top() + head, room.width(), height)
    return upper, upper.translated(0, head + height)


def write_key(painter: QPainter, left: float, words: str, gap: float) -> float:
    """Words of a legend's mark in its line at the top; gives where the next mark may begin."""
    painter.setPen(theme.colour(theme.tokens().quiet))
    painter.drawText(QPointF(left, 16), words)
    return left + painter.fontMetrics().horizontalAdvance(words) + gap


def draw_focus(painter: QPainter, plot: QWidget) -> None:
    """A rim around what has the keyboard."""
    if plot.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(theme.tokens().action), 1))
        painter.drawRoundedRect(QRectF(plot.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


def _draw_across(painter: QPainter, area: QRectF, values: Sequence[float], scale: Scale) -> None:
    look = theme.tokens()
    for value in values:
        x = round(area.left() + scale.share(value) * area.width()) + 0.5
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(QRectF(x - 30, area.bottom() + 4, 60, 14), int(Qt.AlignmentFlag.AlignHCenter), tick_words(value))


def draw_nothing(painter: QPainter, area: QRectF, text: str) -> None:
    """Words where there is nothing to draw yet."""
    painter.setFont(theme.font(theme.QUIET))
    painter.setPen(theme.colour(theme.tokens().faint_text))
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    painter.drawText(area.adjusted(24, 8, -24, -8), flags, text)


def write(painter: QPainter, right: QPointF, text: str, ink: str, within: QRectF) -> None:
    """Words that end here, moved so that they stay within; no line strikes them through."""
    painter.setFont(theme.font(theme.TINY))
    width = painter.fontMetrics().horizontalAdvance(text)
    left = min(max(right.x() - width, within.left() + 4), within.right() - width - 4)
    middle = min(max(right.y(), within.top() + 9), within.bottom() - 9)
    box = QRectF(left - 3, middle - 8, width + 6, 16)
    painter.fillRect(box, theme.colour(theme.tokens().card, _GROUND))
    painter.setPen(theme.colour(ink))
    painter.drawText(box.adjusted(3, 0, 3, 0), int(Qt.AlignmentFlag.AlignLeft | _MIDDLE), text)


def draw_box(painter: QPainter, room: QRectF, place: QPointF, lines: Sequence[str]) -> None:
    """Values in a box beside a place, within the room."""
    if not lines:
        return
    look = theme.tokens()
    painter.setFont(theme.font(theme.TINY))
    metrics = painter.fontMetrics()
    width = min(max(metrics.horizontalAdvance(line) for line in lines) + 16, round(room.width()) - 8)
    height = _LINE * len(lines) + 8
    left, top = place.x() + 16, place.y() - height / 2
    if left + width > room.right():
        left = place.x() - 16 - width
    if left < room.left():  # beside it there is no room, so above or below
        left = min(max(place.x() - width / 2, room.left() + 4), room.right() - width - 4)
        top = place.y() + 20 if place.y() + 20 + height < room.bottom() else place.y() - 20 - height
    top = min(max(top, room.top() + 2), room.bottom() - height - 2)
    box = QRectF(round(left) + 0.5, round(top) + 0.5, width, height)
    painter.setPen(QPen(theme.colour(look.line), 1))
    painter.setBrush(theme.colour(look.inset))
    painter.drawRoundedRect(box, 5, 5)
    for row, line in enumerate(lines):
        painter.setPen(theme.colour(look.text if row == 0 else look.quiet))
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, round(width) - 14)
        painter.drawText(QPointF(box.left() + 8, box.top() + 16 + _LINE * row), shown)
