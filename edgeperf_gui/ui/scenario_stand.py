"""Something that stands in view: a car before the barrier or an animal, and its looks along the time it stays."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_objects import CAR_HEIGHT, PAINTS, car, deer, found, say
from edgeperf_gui.ui.scenario_words import few_words, seen_words, unlucky

_MOST_TICKS: Final = 150
_STRIP: Final = 34


def paint_stand(painter: QPainter, area: QRectF, scenario: Scenario, outlook: Outlook | None) -> None:
    """A battery's camera watches animals, all others cars."""
    floor = area.height() - _STRIP
    is_wild = scenario.battery_wh is not None
    _paint_ground(painter, area, floor, is_wild=is_wild)
    if is_wild:
        size = min(floor * 0.66, area.width() * 0.3)
        place = deer(painter, area.width() * 0.50, floor - 6, size, PAINTS[0])
    else:
        size = min(area.width() * 0.23, floor * 0.56 / CAR_HEIGHT)
        car(painter, area.width() * 0.08, floor - 8, size * 0.78, theme.STAGES["preprocess"], opacity=0.55)
        place = car(painter, area.width() * 0.52, floor - 8, size, PAINTS[0])
    few = unlucky(outlook, scenario) if outlook is not None else None
    if outlook is not None and outlook.looks:
        words = f"{seen_words(outlook)} in {scenario.dwell_s:g} s"
        found(painter, place, words if few is None else few_words(outlook, few), is_missed=few is not None)
    _paint_time(painter, area, floor, scenario, outlook)


def _paint_ground(painter: QPainter, area: QRectF, floor: float, *, is_wild: bool) -> None:
    look = theme.tokens()
    painter.fillRect(QRectF(0, floor * 0.62, area.width(), area.height() - floor * 0.62), theme.colour(look.line, 0.45))
    if is_wild:
        _paint_tree(painter, area.width() * 0.16, floor)
        _paint_tree(painter, area.width() * 0.90, floor * 0.86)
        return
    painter.setPen(QPen(theme.colour(look.faint), 2))
    for share in (0.02, 0.20, 0.38, 0.56, 0.74, 0.92):
        x = share * area.width()
        painter.drawLine(QPointF(x, floor), QPointF(x + floor * 0.16, floor * 0.64))
    x = area.width() * 0.86
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(look.hover if look.is_dark else look.faint, 1.0 if look.is_dark else 0.5))
    painter.drawRoundedRect(QRectF(x, floor * 0.26, area.width() * 0.055, floor * 0.66), 4, 4)
    painter.setBrush(theme.colour(look.action))
    painter.drawRoundedRect(QRectF(x + area.width() * 0.01, floor * 0.32, area.width() * 0.035, floor * 0.13), 3, 3)
    painter.setBrush(theme.colour(look.failed, 0.85))
    painter.drawRoundedRect(QRectF(x - area.width() * 0.10, floor * 0.50, area.width() * 0.11, 5), 2, 2)


def _paint_tree(painter: QPainter, x: float, floor: float) -> None:
    look = theme.tokens()
    painter.setPen(QPen(theme.colour(look.faint, 0.7), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(x, floor), QPointF(x, floor * 0.5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(look.passed, 0.22))
    for dx, y, size in ((0, 0.32, 0.22), (-0.12, 0.44, 0.17), (0.12, 0.44, 0.17)):
        painter.drawEllipse(QPointF(x + dx * floor, y * floor), size * floor, size * floor * 0.9)


def _paint_time(painter: QPainter, area: QRectF, floor: float, scenario: Scenario, outlook: Outlook | None) -> None:
    """The seconds in view as a line, a tick a look; those needed stand out."""
    look, seconds = theme.tokens(), scenario.dwell_s or 1.0
    left, right, y = 16.0, area.width() - 16.0, floor + 14.0
    painter.setPen(QPen(theme.colour(look.faint), 1))
    painter.drawLine(QPointF(left, y), QPointF(right, y))
    say(painter, left, y + 16, "0 s", look.faint_text)
    say(painter, right, y + 16, f"{seconds:g} s", look.faint_text, align="right")
    if outlook is None or not outlook.looks:
        say(painter, (left + right) / 2, y + 16, "its looks are not known yet", look.faint_text, align="middle")
        return
    number = min(outlook.looks)
    every = max(1, -(-number // _MOST_TICKS))
    for at in range(0, number, every):
        x = left + (right - left) * (at + 0.5) / number
        is_needed = at < scenario.looks
        painter.setPen(
            QPen(theme.colour(look.text if is_needed else look.passed, 1.0 if is_needed else 0.7), 2 if is_needed else 1)
        )
        painter.drawLine(QPointF(x, y - (8 if is_needed else 5)), QPointF(x, y))
    each = f"a look each {_span(seconds / number)}" if number else "no look"
    say(painter, (left + right) / 2, y + 16, f"{each}; needed {scenario.looks}", look.quiet, align="middle")


def _span(seconds: float) -> str:
    return f"{1e3 * seconds:.0f} ms" if seconds < 0.9995 else f"{seconds:.3g} s"
