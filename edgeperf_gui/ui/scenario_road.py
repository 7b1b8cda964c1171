"""Something that passes, from its side, to scale along the road: where it was at each look, and where when that was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPen

from edgeperf_gui.domain.outlook import Outlook
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.scenario_objects import BIKE, CAR, PAINTS, Shape, found, measure, say
from edgeperf_gui.ui.scenario_words import few_words, seen_words, unlucky

_BIKES_KM_H: Final = 35.0
"""Up to this speed it is a bicycle that passes."""
_BEFORE_M: Final = 5.2
_AFTER_M: Final = 6.0
_TWO_LANES: Final = 150.0
"""Lower pictures have one lane: that of those who get too few looks, where there are any."""
_KNOWN_WIDTH: Final = 116.0
_MOST_TICKS: Final = 120
_MOST_GHOSTS: Final = 10
_HEAD: Final = 24.0
_ABOVE: Final = 22.0
_BELOW: Final = 27.0
"""Of a lane, for the words over and under the car."""
_NEARLY_ALL: Final = 0.995
_GHOST: Final = 0.16


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Metres as pixels; 0 is where an object comes into view."""

    scale: float
    length_m: float
    """In view."""
    width: float
    """Of the picture, pixels."""

    def x(self, metres: float) -> float:
        return (metres + _BEFORE_M) * self.scale


@dataclass(frozen=True, slots=True)
class _Thing:
    """What passes; its front is where it is said to be."""

    shape: Shape
    length_m: float

    def paint(self, painter: QPainter, way: _Stretch, front_m: float, floor: float, paint: str, opacity: float = 1.0) -> QRectF:
        left, length = way.x(front_m - self.length_m), self.length_m * way.scale
        return self.shape.draw(painter, left, floor, length, paint, opacity)


def paint_road(painter: QPainter, area: QRectF, scenario: Scenario, outlook: Outlook | None) -> None:
    """`scenario` gives speed and length of view; without an outlook the road alone is drawn."""
    length_m = scenario.visible_m or 10.0
    after_m = max(_AFTER_M, 0.28 * (_BEFORE_M + length_m))  # for the words beside the car
    way = _Stretch(area.width() / (_BEFORE_M + length_m + after_m), length_m, area.width())
    is_known = outlook is not None and outlook.way_per_frame_m is not None
    few = unlucky(outlook, scenario) if outlook is not None and is_known else None
    has_room = area.height() >= _TWO_LANES
    lanes = 2 if few is not None and few[1] <= _NEARLY_ALL and has_room else 1
    lane = (area.height() - _HEAD) / lanes
    floors = [_HEAD + lane * (at + 1) - max(_BELOW, lane * (0.24 if lanes == 1 else 0.0)) for at in range(lanes)]
    _paint_ground(painter, area, way, floors, lane)
    shape = BIKE if (scenario.speed_km_h or 0.0) <= _BIKES_KM_H else CAR
    # what does not fit is drawn smaller; its looks stay where they are
    size_m = min(shape.length_m, max(12.0, lane - _BELOW - _ABOVE) / shape.height / way.scale)
    thing = _Thing(shape, size_m)
    if outlook is None or not is_known:
        thing.paint(painter, way, length_m / 2, floors[0], PAINTS[0])
        say(painter, way.x(length_m / 2) + 10, floors[0] - 8, "how often it is seen is not known yet", theme.tokens().faint_text)
        return
    if lanes == 2:
        _paint_lane(painter, way, floors[0], thing, outlook, PAINTS[0], None)
    _paint_lane(painter, way, floors[-1], thing, outlook, PAINTS[lanes - 1], few, is_only=lanes == 1)


def _paint_ground(painter: QPainter, area: QRectF, way: _Stretch, floors: list[float], lane: float) -> None:
    look = theme.tokens()
    top = floors[0] - min(18.0, lane * 0.2)
    painter.fillRect(QRectF(0, top, area.width(), area.height() - top), theme.colour(look.line, 0.45))
    left, right = way.x(0), way.x(way.length_m)
    light = QLinearGradient(0, 0, 0, area.height())
    light.setColorAt(0, theme.colour(look.action, 0.04))
    light.setColorAt(1, theme.colour(look.action, 0.15))
    painter.fillRect(QRectF(left, 22, right - left, area.height() - 22), light)
    if len(floors) > 1:
        painter.setPen(QPen(theme.colour(look.faint, 0.6), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, floors[0] + _BELOW), QPointF(area.width(), floors[0] + _BELOW))
    measure(painter, left, right, 14, theme.colour(look.quiet))
    words = f"{way.length_m:g} m in view"
    painter.setFont(theme.font(theme.TINY))
    room = painter.fontMetrics().horizontalAdvance(words) + 14
    painter.fillRect(QRectF((left + right - room) / 2, 4, room, 20), theme.colour(look.inset))
    say(painter, (left + right) / 2, 18, words, look.quiet, align="middle")


def _paint_lane(
    painter: QPainter,
    way: _Stretch,
    floor: float,
    thing: _Thing,
    outlook: Outlook,
    paint: str,
    few: tuple[int, float] | None,
    *,
    is_only: bool = False,
) -> None:
    """One object and its looks; `few`: of one that gets too few of them, their number and the share of such objects."""
    step = outlook.way_per_frame_m or 0.0
    needed = outlook.result.scenario.looks
    most = max(outlook.looks) if outlook.looks else max(1, int(way.length_m / step))
    number = most if few is None else few[0]
    first = max(0.0, (way.length_m - step * (number - 1)) / 2)
    looks = [first + step * at for at in range(number) if first + step * at <= way.length_m + 1e-6]
    look = theme.tokens()
    every = max(1, len(looks) // _MOST_GHOSTS)
    for at in looks[:-1:every]:
        thing.paint(painter, way, at, floor, paint, opacity=_GHOST)
    last = looks[-1] if looks else way.length_m / 2
    place = thing.paint(painter, way, last, floor, paint)
    words = seen_words(outlook, 0 if is_only else needed) if few is None else few_words(outlook, few)
    found(painter, place, words, is_missed=few is not None)
    _paint_ticks(painter, way, floor, looks, needed)
    if few is None or is_only:
        _paint_metres(painter, way, floor, looks, outlook)
    if few is not None:
        say(painter, way.x(way.length_m) + 8, floor + 16, f"needed: {needed}×", look.faint_text)


def _paint_ticks(painter: QPainter, way: _Stretch, floor: float, looks: list[float], needed: int) -> None:
    """A tick where the front was at each look; the number needed stands out."""
    look = theme.tokens()
    for number, at in enumerate(looks[:_MOST_TICKS], 1):
        is_enough = number >= needed
        painter.setPen(QPen(theme.colour(look.passed if is_enough else look.quiet), 2 if number == needed else 1))
        painter.drawLine(QPointF(way.x(at), floor), QPointF(way.x(at), floor + (8 if number == needed else 5)))


def _paint_metres(painter: QPainter, way: _Stretch, floor: float, looks: list[float], outlook: Outlook) -> None:
    """Between two looks, and from the last one until it is known."""
    look, step = theme.tokens(), outlook.way_per_frame_m or 0.0
    y = floor + 13
    if len(looks) > 1:
        left, right = way.x(looks[0]), way.x(looks[1])
        if right - left > 26:
            measure(painter, left, right, floor + 8, theme.colour(look.text))
        say(painter, max(left, 0.0), y + 10, f"{step:.2f} m from frame to frame", look.text, weight=600)
    if looks and outlook.way_during_age_m is not None:
        _paint_known(painter, way, floor, looks[-1], outlook.way_during_age_m)


def _paint_known(painter: QPainter, way: _Stretch, floor: float, seen_m: float, metres: float) -> None:
    """From the front where it was seen last to where it is when that is known."""
    colour = theme.colour(theme.STAGES["inference"])
    left, right = way.x(seen_m), way.x(seen_m + metres)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(left, floor - 3, max(2.0, right - left), 4), 2, 2)
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QPointF(right, floor - 14), QPointF(right, floor + 1))
    is_near_the_edge = right + _KNOWN_WIDTH > way.width
    x, align = (min(right, way.width) - 5, "right") if is_near_the_edge else (right + 5, "left")
    say(painter, x, floor - 6, f"known {metres:.2f} m later", theme.tokens().quiet, align=align)
