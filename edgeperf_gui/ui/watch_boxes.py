"""The answers of several variants over one picture: a line of its own for each, and names on what only some found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.watch import Apart, VariantAnswer
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.boxes import free_place, label_name
from edgeperf_gui.ui.watch_words import lacking

PLATE_HEIGHT: Final = 17
_KEPT_PLATES: Final = 512
_LINE: Final = 2.0
_BOLD: Final = 3.5
_FAINT: Final = 0.45
_MARGIN: Final = 13


@dataclass(frozen=True, slots=True)
class _Box:
    """One box on the widget."""

    area: QRectF
    colour: str
    plate: str
    is_apart: bool


class WatchPainter:
    """Equal boxes stand inside each other, the reference outside, so that all colours are seen; those apart are bold."""

    def __init__(self) -> None:
        self._plates: dict[tuple[str, str, float], QPixmap] = {}

    def draw(
        self,
        painter: QPainter,
        answers: Sequence[VariantAnswer],
        parts: Sequence[Apart],
        labels: Sequence[str],
        source_size: tuple[int, int],
        picture: QRectF,
        *,
        ratio: float = 1.0,
        faint: bool = False,
        plates: bool = True,
    ) -> None:
        """Over `picture`, which shows a source of this size. `faint`: what all found steps back."""
        if any(answer.classes for answer in answers):
            if plates:
                _draw_classes(painter, answers, labels, picture, ratio)
            return
        painter.save()
        painter.setClipRect(picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        boxes = _laid_out(answers, parts, labels, source_size, picture)
        for box in boxes:
            if not box.is_apart:
                painter.setPen(QPen(theme.colour(box.colour, _FAINT if faint else 1.0), _LINE))
                painter.drawRect(box.area)
        for box in boxes:
            if box.is_apart:
                painter.setPen(QPen(theme.colour(theme.ON_BOX, 0.7), _BOLD + 2.5))
                painter.drawRect(box.area)
                painter.setPen(QPen(theme.colour(box.colour), _BOLD))
                painter.drawRect(box.area)
        if plates:
            self._draw_plates(painter, boxes, picture, ratio, faint=faint)
        painter.restore()

    def _draw_plates(self, painter: QPainter, boxes: Sequence[_Box], picture: QRectF, ratio: float, *, faint: bool) -> None:
        """Those of differences first: they choose their places."""
        taken: list[tuple[float, float, float, float]] = []
        for box in sorted(boxes, key=lambda box: not box.is_apart):
            if not box.plate or (faint and not box.is_apart):
                continue
            plate = self._plate(box.plate, box.colour if box.is_apart else "", ratio)
            place = free_place(box.area, plate.width() / ratio, picture, taken)
            if place is not None:
                taken.append(place)
                painter.drawPixmap(QPointF(place[0], place[1]), plate)

    def _plate(self, text: str, colour: str, ratio: float) -> QPixmap:
        key = (text, colour, ratio)
        if key not in self._plates:
            if len(self._plates) >= _KEPT_PLATES:
                self._plates.clear()
            self._plates[key] = _draw_plate(*key)
        return self._plates[key]


def part_names(answers: Sequence[VariantAnswer], parts: Sequence[Apart], labels: Sequence[str]) -> list[str]:
    """What each part is called: "person 41 %"."""
    by_name = {answer.precision: answer for answer in answers}
    return [_name(by_name[part.of], part.box, labels) for part in parts]


def _name(answer: VariantAnswer, box: int, labels: Sequence[str]) -> str:
    if box < 0:
        label, score = answer.classes[0] if answer.classes else (-1, 0.0)
    else:
        row = np.frombuffer(answer.boxes, DETECTION)[box]
        label, score = int(row["label"]), float(row["score"])
    return f"{label_name(labels, label)} {score * 100:.0f} %"


def _laid_out(
    answers: Sequence[VariantAnswer],
    parts: Sequence[Apart],
    labels: Sequence[str],
    source_size: tuple[int, int],
    picture: QRectF,
) -> list[_Box]:
    scale_x, scale_y = picture.width() / source_size[0], picture.height() / source_size[1]
    boxes = []
    for order, answer in enumerate(answers):
        inset = (order - 1) * _LINE
        for row, (x1, y1, x2, y2, score, label) in enumerate(np.frombuffer(answer.boxes, DETECTION).tolist()):
            area = QRectF(QPointF(x1 * scale_x, y1 * scale_y), QPointF(x2 * scale_x, y2 * scale_y)).translated(picture.topLeft())
            area = area.intersected(picture).adjusted(inset, inset, -inset, -inset)
            without = lacking(parts, answer.precision, row)
            name = label_name(labels, label)
            words = f"{answer.precision} {name} {round(score * 100)} % · {without}" if without else name * (order == 0)
            boxes.append(_Box(area, theme.VARIANTS[answer.precision], words, bool(without)))
    return boxes


def _draw_plate(text: str, colour: str, ratio: float) -> QPixmap:
    """Dark words on the variant's colour; for what all found, light words on the dark of all readouts."""
    face = theme.font(theme.TINY, 700 if colour else 400)
    width = round(QFontMetricsF(face).horizontalAdvance(text)) + 10
    plate = QPixmap(round(width * ratio), round(PLATE_HEIGHT * ratio))
    plate.setDevicePixelRatio(ratio)
    plate.fill(theme.colour(colour or theme.CHIP_ON_PICTURE))
    painter = QPainter(plate)
    painter.setFont(face)
    painter.setPen(theme.colour(theme.ON_BOX if colour else theme.ON_PICTURE))
    painter.drawText(QRectF(0, 0, width, PLATE_HEIGHT), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return plate


def _draw_classes(
    painter: QPainter, answers: Sequence[VariantAnswer], labels: Sequence[str], picture: QRectF, ratio: float
) -> None:
    """The first class of each variant, one below the other at the upper left."""
    for row, answer in enumerate(answers):
        words = f"{answer.precision} {_name(answer, -1, labels)}" if answer.classes else f"{answer.precision} nothing"
        plate = _draw_plate(words, theme.VARIANTS[answer.precision], ratio)
        painter.drawPixmap(QPointF(picture.left() + _MARGIN, picture.top() + _MARGIN + row * (PLATE_HEIGHT + 4)), plate)
