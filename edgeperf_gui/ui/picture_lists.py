"""Small lists on a dark chip over the picture: ranked classes with bars, a legend of colours, lines of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPixmap

from edgeperf_gui.ui import theme

_ROW: Final = 22
_TIGHT_ROW: Final = 16
_PAD: Final = 10
_NAME: Final = 132
_BAR: Final = 76
_BAR_HEIGHT: Final = 6
_PERCENT: Final = 44
_MARK: Final = 10
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Ranked = tuple[str, int, float]
"""Name, label, probability."""


def draw_ranking(rows: Sequence[Ranked], ratio: float, room: tuple[float, float]) -> QPixmap:
    """Classes, best first, each with a bar and whole percents; the best one a little louder."""
    rows = rows[: _rows_in(room, _ROW)]

    def paint(painter: QPainter) -> None:
        for index, (name, label, probability) in enumerate(rows):
            top = _PAD + index * _ROW
            face = theme.font(theme.QUIET, 600 if index == 0 else 400)
            _text(painter, QRectF(_PAD, top, _NAME, _ROW), name, face, theme.ON_PICTURE if index == 0 else theme.ON_PICTURE_QUIET)
            bar = QRectF(_PAD + _NAME + 8, top + (_ROW - _BAR_HEIGHT) / 2, _BAR, _BAR_HEIGHT)
            painter.fillRect(bar, theme.colour(theme.ON_PICTURE, 0.14))
            painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * probability, bar.height()), theme.box_colour(label))
            place = QRectF(bar.right(), top, _PERCENT, _ROW)
            _text(painter, place, f"{probability * 100:.0f} %", theme.font(theme.QUIET), theme.ON_PICTURE_QUIET, _RIGHT)

    return _chip(2 * _PAD + _NAME + 8 + _BAR + _PERCENT, len(rows) * _ROW + 2 * _PAD, ratio, room, paint)


def draw_legend(entries: Sequence[tuple[str, QColor]], ratio: float, room: tuple[float, float]) -> QPixmap:
    """Names beside their colours."""
    entries = entries[: _rows_in(room, _ROW)]
    face = theme.font(theme.QUIET)
    width = max((QFontMetricsF(face).horizontalAdvance(name) for name, _ in entries), default=0.0)
    width = min(width, _NAME * 1.5)

    def paint(painter: QPainter) -> None:
        for index, (name, colour) in enumerate(entries):
            top = _PAD + index * _ROW
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            mark = QRectF(_PAD, top + (_ROW - _MARK) / 2, _MARK, _MARK)
            painter.drawRoundedRect(mark, theme.MARK_RADIUS, theme.MARK_RADIUS)
            _text(painter, QRectF(_PAD + _MARK + 8, top, width + 1, _ROW), name, face, theme.ON_PICTURE_QUIET)

    return _chip(2 * _PAD + _MARK + 9 + width, len(entries) * _ROW + 2 * _PAD, ratio, room, paint)


def draw_values(lines: Sequence[str], ratio: float, room: tuple[float, float]) -> QPixmap:
    """Lines in letters of one width, so that columns stand still."""
    lines = lines[: _rows_in(room, _TIGHT_ROW)]
    face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    face.setPixelSize(theme.TINY)
    metrics = QFontMetricsF(face)
    width = min(max((metrics.horizontalAdvance(line) for line in lines), default=0.0), room[0] - 2 * _PAD)

    def paint(painter: QPainter) -> None:
        for index, line in enumerate(lines):
            _text(painter, QRectF(_PAD, _PAD + index * _TIGHT_ROW, width + 1, _TIGHT_ROW), line, face, theme.ON_PICTURE_QUIET)

    return _chip(2 * _PAD + width + 1, len(lines) * _TIGHT_ROW + 2 * _PAD, ratio, room, paint)


def _rows_in(room: tuple[float, float], height: int) -> int:
    """How many rows fit, at least one."""
    return max(1, int((room[1] - 2 * _PAD) // height))


def _chip(width: float, height: float, ratio: float, room: tuple[float, float], paint: Callable[[QPainter], None]) -> QPixmap:
    width, height = max(1.0, min(width, room[0])), max(1.0, min(height, room[1]))
    chip = QPixmap(round(width * ratio), round(height * ratio))
    chip.setDevicePixelRatio(ratio)
    chip.fill(Qt.GlobalColor.transparent)
    painter = QPainter(chip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(theme.CHIP_ON_PICTURE))
    painter.drawRoundedRect(QRectF(0, 0, width, height), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
    paint(painter)
    painter.end()
    return chip


def _text(painter: QPainter, place: QRectF, text: str, face: QFont, colour: str, align: int = _LEFT) -> None:
    painter.setFont(face)
    painter.setPen(theme.colour(colour))
    painter.drawText(place, align, QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, place.width()))
