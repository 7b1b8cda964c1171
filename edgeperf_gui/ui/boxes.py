"""Found objects drawn over the picture: one colour a class, with its name and score on a small plate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from edgeperf_gui.domain.records import Detections
from edgeperf_gui.ui import theme

_PLATE_HEIGHT: Final = 17
_KEPT_PLATES: Final = 512

_Place = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def label_name(labels: Sequence[str], label: int) -> str:
    """What the model's label list calls it; a number where the list does not reach."""
    return labels[label] if 0 <= label < len(labels) else f"class {label}"


def free_place(box: QRectF, width: float, picture: QRectF, taken: Sequence[_Place]) -> _Place | None:
    """Where a label of this width covers no other one: above its box, inside it at the top, or below; None: nowhere."""
    left = min(max(box.left() - 1, picture.left()), max(picture.right() - width, picture.left()))
    for top in (box.top() - _PLATE_HEIGHT + 1, box.top(), box.bottom() - 1):
        place = (left, top, left + width, top + _PLATE_HEIGHT)
        if top >= picture.top() and place[3] <= picture.bottom() + 1 and not any(_overlap(place, other) for other in taken):
            return place
    return None


def _overlap(one: _Place, other: _Place) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class BoxPainter:
    """Draws boxes; the plates are drawn once for each class and whole percent, because text costs more than all the rest."""

    def __init__(self) -> None:
        self._plates: dict[tuple[str, int, int, float], QPixmap] = {}

    def draw(
        self,
        painter: QPainter,
        found: Detections,
        labels: Sequence[str],
        source_size: tuple[int, int],
        picture: QRectF,
        ratio: float,
    ) -> None:
        """Draw detections, given in source pixels, over `picture`."""
        if not len(found):
            return
        scale_x, scale_y = picture.width() / source_size[0], picture.height() / source_size[1]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        boxes, plates = [], []
        taken: list[_Place] = []
        # best first in the data, so the best chooses the place of its label first; drawn last, so that it is on top
        for x1, y1, x2, y2, score, label in found.tolist():
            box = QRectF(QPointF(x1 * scale_x, y1 * scale_y), QPointF(x2 * scale_x, y2 * scale_y)).translated(picture.topLeft())
            box = box.intersected(picture).adjusted(1, 1, -1, -1)
            boxes.append((box, theme.box_colour(label)))
            plate = self._plate(label_name(labels, label), label, round(score * 100), ratio)
            place = free_place(box, plate.width() / ratio, picture, taken)
            if place is not None:
                taken.append(place)
                plates.append((QPointF(place[0], place[1]), plate))
        for box, colour in reversed(boxes):
            painter.setPen(QPen(colour, 2))
            painter.drawRect(box)
        for corner, plate in plates:
            painter.drawPixmap(corner, plate)

    def _plate(self, name: str, label: int, percent: int, ratio: float) -> QPixmap:
        key = (name, label, percent, ratio)
        plate = self._plates.get(key)
        if plate is None:
            if len(self._plates) >= _KEPT_PLATES:
                self._plates.clear()
            plate = self._plates[key] = _draw_plate(f"{name} {percent} %", label, ratio)
        return plate


def _draw_plate(text: str, label: int, ratio: float) -> QPixmap:
    face = theme.font(theme.TINY, 700)
    width = round(QFontMetricsF(face).horizontalAdvance(text)) + 10
    plate = QPixmap(round(width * ratio), round(_PLATE_HEIGHT * ratio))
    plate.setDevicePixelRatio(ratio)
    plate.fill(theme.box_colour(label))
    painter = QPainter(plate)
    painter.setFont(face)
    painter.setPen(theme.colour(theme.ON_BOX))
    painter.drawText(QRectF(0, 0, width, _PLATE_HEIGHT), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return plate
