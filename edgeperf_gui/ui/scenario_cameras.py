"""Many cameras on one machine: a tile each, lit as far as the measured rate serves them."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.scenario_objects import PAINTS, car, say

_FOOT: Final = 24.0
_MOST: Final = 96
_RATIO: Final = 1.6


def paint_cameras(painter: QPainter, area: QRectF, scenario: Scenario, outlook: Outlook | None) -> None:
    """Of very many cameras a tile stands for several."""
    look = theme.tokens()
    each = max(1, math.ceil(scenario.cameras / _MOST))
    tiles = math.ceil(scenario.cameras / each)
    served = _served(scenario, outlook)
    lit = None if served is None else min(tiles, math.floor(served / each + 1e-9))
    room = QRectF(14, 12, area.width() - 28, area.height() - 12 - _FOOT)
    columns, size = _grid(tiles, room)
    rows = math.ceil(tiles / columns)
    left = room.left() + (room.width() - columns * size) / 2
    top = room.top() + (room.height() - rows * size / _RATIO) / 2
    for at in range(tiles):
        place = QRectF(left + at % columns * size, top + at // columns * size / _RATIO, size, size / _RATIO)
        _paint_tile(painter, place.adjusted(3, 3, -3, -3), None if lit is None else at < lit, at)
    say(painter, area.width() / 2, area.height() - 8, _words(scenario, served, each), look.quiet, align="middle")


def _served(scenario: Scenario, outlook: Outlook | None) -> float | None:
    """How many cameras the measured rate would serve; None while it is not known."""
    rate = next((one for one in outlook.result.requirements if one.name == "rate"), None) if outlook is not None else None
    needed = needed_fps(scenario)
    return None if rate is None or rate.value is None or not needed else rate.value / needed


def _words(scenario: Scenario, served: float | None, each: int) -> str:
    tile = "" if each == 1 else f" · a tile is {each} cameras"
    is_one = scenario.cameras == 1
    if served is None:
        return "1 camera" if is_one else f"{scenario.cameras} cameras{tile}"
    kind = "serves" if served >= 1 else "serves only"
    many = figures.thousands(math.floor(served)) if served >= 1 else f"{served:.2f}"
    return f"the measured rate {kind} {many} of such cameras; there {'is 1' if is_one else f'are {scenario.cameras}{tile}'}"


def _grid(tiles: int, room: QRectF) -> tuple[int, float]:
    """Columns and width of a tile, the largest that fits."""
    sizes = [(min(room.width() / n, room.height() * _RATIO / math.ceil(tiles / n)), n) for n in range(1, tiles + 1)]
    size, columns = max(sizes)
    return columns, min(size, 150.0)


def _paint_tile(painter: QPainter, place: QRectF, is_served: bool | None, at: int) -> None:
    look = theme.tokens()
    code = look.line if is_served is None else look.passed if is_served else look.failed
    style = Qt.PenStyle.DashLine if is_served is False else Qt.PenStyle.SolidLine
    painter.setPen(QPen(theme.colour(code), 1.2, style))
    painter.setBrush(theme.colour(look.line, 0.35))
    painter.drawRoundedRect(place, 3, 3)
    painter.setPen(QPen(theme.colour(look.faint, 0.6), 1))
    for share in (0.36, 0.68):
        x = place.left() + share * place.width()
        painter.drawLine(QPointF(x, place.bottom() - 3), QPointF(x + place.width() * 0.05, place.top() + place.height() * 0.5))
    width = place.width() * 0.30
    slots = [slot for slot in range(3) if (at * 7 + slot * 5) % 4 != 1]
    for slot in slots:
        left = place.left() + place.width() * (0.035 + 0.325 * slot)
        car(painter, left, place.bottom() - 4, width, PAINTS[(at + slot) % 3], opacity=0.9 if is_served else 0.4)
