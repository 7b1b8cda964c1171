"""The first cameras, live: small pictures with boxes, each with its rate, its age and what it missed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from edgeperf_gui.domain.capacity import CamerasSeen, CameraTile
from edgeperf_gui.live.capacity_search import Preview
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.picture_room import PictureRoom
from edgeperf_gui.ui.plot_frame import draw_nothing

_HEAD: Final = 24
_PLATE: Final = 16
_ROOM: Final = 8
"""Pixels that a plate needs beside its words."""


class CapacityTiles(PictureRoom):
    """All pictures share its room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pictures of the first cameras")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 190)
        self._shown: tuple[Preview, CamerasSeen, QImage] | None = None
        self._words = ""
        self._is_live = True

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(440, 340)

    @property
    def seen(self) -> CamerasSeen | None:
        """What is on show."""
        return self._shown[1] if self._shown is not None else None

    def show_cameras(self, preview: Preview, seen: CamerasSeen) -> None:
        """Draw these pictures at the next paint."""
        height, width = preview.pixels.shape[:2]
        # a copy: the buffer is used again, and the last pictures stay when the run ends
        image = QImage(preview.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        self._shown = (preview, seen, image)
        self.setAccessibleDescription("; ".join(" ".join(_spoken(tile)) for tile in seen.tiles[:4]))
        self.update()

    def say(self, words: str, *, live: bool) -> None:
        """What stands there without pictures, and whether those on show are of now."""
        if (words, live) != (self._words, self._is_live):
            self._words, self._is_live = words, live
            self.update()

    def forget(self) -> None:
        """No pictures."""
        if self._shown is not None:
            self._shown = None
            self.update()

    def head(self) -> str:
        """How many of how many are shown."""
        seen = self.seen
        if seen is None:
            return ""
        shown = len(seen.tiles)
        of = figures.count(seen.cameras, "camera") if shown == seen.cameras else f"{shown} of {seen.cameras} cameras shown"
        return of if self._is_live else f"{of} · as they were last"

    def event(self, event: QEvent) -> bool:
        """Tell of the tile under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tile = self._tile_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "\n".join(_spoken(tile)) if tile is not None else "", self)
            return True
        return bool(super().event(event))

    def _room(self) -> QRectF:
        return QRectF(0, _HEAD, self.width(), self.height() - _HEAD)

    # Drawing -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        if self._shown is None:
            draw_nothing(painter, QRectF(self.rect()), self._words)
            return
        preview, seen, image = self._shown
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(theme.tokens().quiet))
        painter.drawText(QRectF(2, 0, self.width() - 4, _HEAD - 4), int(Qt.AlignmentFlag.AlignVCenter), self.head())
        scale = self._scale(preview)
        if not self._is_live:
            painter.setOpacity(0.6)
        for tile in seen.tiles:
            place = self._place(tile, scale)
            painter.drawImage(place, image, QRectF(*tile.place))
        painter.setOpacity(1.0)
        self._paint_boxes(painter, preview, scale)
        for tile in seen.tiles:
            _paint_words(painter, tile, self._place(tile, scale))

    def _paint_boxes(self, painter: QPainter, preview: Preview, scale: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        top = self._room().top()
        for x1, y1, x2, y2, _score, label in preview.findings.boxes.tolist():
            painter.setPen(QPen(theme.box_colour(label), 1))
            painter.drawRect(QRectF(QPointF(x1 * scale, top + y1 * scale), QPointF(x2 * scale, top + y2 * scale)))

    def _scale(self, preview: Preview) -> float:
        """From pixels of the picture to those of this widget; not 1 ÷ the screen's ratio after a resize until the next comes."""
        height, width = preview.pixels.shape[:2]
        room = self._room()
        return float(min(room.width() / width, room.height() / height))

    def _place(self, tile: CameraTile, scale: float) -> QRectF:
        left, top, width, height = (value * scale for value in tile.place)
        return QRectF(left, self._room().top() + top, width, height)

    def _tile_at(self, place: QPointF) -> CameraTile | None:
        if self._shown is None:
            return None
        preview, seen, _ = self._shown
        scale = self._scale(preview)
        return next((tile for tile in seen.tiles if self._place(tile, scale).contains(place)), None)


def _paint_words(painter: QPainter, tile: CameraTile, place: QRectF) -> None:
    """Which it is and its rate above, age and misses below, as much as there is room for."""
    painter.setFont(theme.font(theme.TINY))
    metrics = QFontMetricsF(painter.font())
    for top, texts, is_bad in (
        (place.top(), _headings(tile), False),
        (place.bottom() - _PLATE, _captions(tile), tile.missed > 0),
    ):
        fitting = (text for text in texts if metrics.horizontalAdvance(text) + _ROOM <= place.width())
        words = next(fitting, "") if place.height() >= 2 * _PLATE or top == place.top() else ""
        if words:
            _plate(painter, QRectF(place.left(), top, metrics.horizontalAdvance(words) + _ROOM, _PLATE), words, is_bad=is_bad)


def _plate(painter: QPainter, area: QRectF, words: str, *, is_bad: bool = False) -> None:
    painter.fillRect(area, theme.colour(theme.CHIP_ON_PICTURE))
    painter.setPen(theme.colour(theme.DARK.undecided_text if is_bad else theme.ON_PICTURE))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)


def _headings(tile: CameraTile) -> list[str]:
    """From long to short."""
    return [str(tile.number)] if tile.fps is None else [f"{tile.number} · {figures.figure(tile.fps)} FPS", str(tile.number)]


def _captions(tile: CameraTile) -> list[str]:
    """From long to short."""
    if tile.fps is None:
        return ["warming up", "…"]
    age = f"{figures.milliseconds(tile.age_ms)} ms"
    return [f"{age} · {tile.missed} missed", age]


def _spoken(tile: CameraTile) -> tuple[str, ...]:
    rate = f"Camera {tile.number}, {figures.rate(tile.rate)} FPS"
    if tile.fps is None:
        return (rate, "warming up")
    return (
        rate,
        f"{figures.figure(tile.fps)} FPS completed",
        f"newest age {figures.milliseconds(tile.age_ms)} ms",
        f"{tile.missed} of {tile.due} missed",
    )
