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
        # best first in the data: drawn last, so that it is on top
        for x1, y1, x2, y2, score, label in reversed(found.tolist()):
            colour = theme.box_colour(label)
            box = QRectF(QPointF(x1 * scale_x, y1 * scale_y), QPointF(x2 * scale_x, y2 * scale_y)).translated(picture.topLeft())
            box = box.intersected(picture).adjusted(1, 1, -1, -1)
            painter.setPen(QPen(colour, 2))
            painter.drawRect(box)
            name = labels[label] if 0 <= label < len(labels) else f"class {label}"
            plate = self._plate(name, label, round(score * 100), ratio)
            width = plate.width() / ratio
            above = box.top() - _PLATE_HEIGHT + 1
            left = min(max(box.left() - 1, picture.left()), max(picture.right() - width, picture.left()))
            painter.drawPixmap(QPointF(left, above if above >= picture.top() else box.top()), plate)

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
