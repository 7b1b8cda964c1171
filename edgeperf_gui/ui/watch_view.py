"""The place of the picture on the watch page: the frame of now with all answers, or one that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.domain.watch import Disagreement, Watched
from edgeperf_gui.live.watching import Preview
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.picture_room import PictureRoom
from edgeperf_gui.ui.readout_strip import draw_strip
from edgeperf_gui.ui.watch_boxes import WatchPainter
from edgeperf_gui.ui.words import Run

_UNREADABLE: Final = "This picture cannot be shown"


class WatchView(PictureRoom):
    """Keeps the last picture while no new one comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Picture with the boxes of all variants")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self._painter = WatchPainter()
        self._live: tuple[Preview, Watched, QImage] | None = None
        self._still: tuple[Disagreement, QImage] | None = None
        self._labels: Sequence[str] = ()
        self._title, self._words, self._note = "", "", ""

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(860, 480)

    @property
    def still(self) -> Disagreement | None:
        """The kept frame on show."""
        return self._still[0] if self._still is not None else None

    @property
    def has_picture(self) -> bool:
        """Whether a frame of now was shown since `forget`."""
        return self._live is not None

    def show_live(self, preview: Preview, watched: Watched, labels: Sequence[str]) -> None:
        """Draw this frame at the next paint, unless a kept one is on show."""
        height, width = preview.pixels.shape[:2]
        image = QImage(preview.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self._live, self._labels = (preview, watched, image), labels
        if self._still is None:
            self.update()

    def show_still(self, kept: Disagreement | None, labels: Sequence[str]) -> None:
        """A kept frame, large, with what differs in bold; None: back to the frame of now."""
        if kept is not None and kept is self.still:
            return
        self._still = (kept, QImage.fromData(kept.jpeg)) if kept is not None else None
        self._labels = labels
        self.update()

    def say(self, title: str, words: str, note: str) -> None:
        """What stands in place of a picture, and over one that stands still."""
        if (title, words, note) != (self._title, self._words, self._note):
            self._title, self._words, self._note = title, words, note
            self.setAccessibleDescription(note if self._live is not None else f"{title} {words}".strip())
            self.update()

    def forget(self) -> None:
        """Back to the empty state."""
        self._live = self._still = None
        self.update()

    def forget_live(self) -> None:
        """Words in place of the frame of now; a kept one stays."""
        self._live = None
        self.update()

    def text(self) -> str:
        """The words it shows."""
        return self._note if self._live is not None else f"{self._title} {self._words}".strip()

    # Painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(look.ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._still is not None:
            self._paint_still(painter, *self._still)
        elif self._live is not None:
            self._paint_live(painter, *self._live)
        else:
            self._paint_words(painter, self._title, self._words)
        painter.end()

    def _paint_live(self, painter: QPainter, preview: Preview, watched: Watched, image: QImage) -> None:
        place = self._place(preview.source_size)
        ratio = self.devicePixelRatioF()
        self._paint_picture(painter, image, place, smooth=False)
        self._painter.draw(painter, watched.answers, watched.apart, self._labels, preview.source_size, place, ratio=ratio)
        if self._note:
            metrics = QFontMetricsF(theme.font(theme.BODY))
            words = metrics.elidedText(self._note, Qt.TextElideMode.ElideRight, self.width() - 80)
            strip = draw_strip(((Run(words, size=theme.BODY),),), ratio)
            painter.drawPixmap(QPointF((self.width() - strip.width() / ratio) // 2, place.top() + 13), strip)

    def _paint_still(self, painter: QPainter, kept: Disagreement, image: QImage) -> None:
        if image.isNull():
            self._paint_words(painter, _UNREADABLE, "It was damaged on its way; watch again.")
            return
        place = self._place(kept.source_size)
        self._paint_picture(painter, image, place, smooth=True)
        self._painter.draw(
            painter,
            kept.answers,
            kept.apart,
            self._labels,
            kept.source_size,
            place,
            ratio=self.devicePixelRatioF(),
            faint=True,
        )

    def _paint_picture(self, painter: QPainter, image: QImage, place: QRectF, *, smooth: bool) -> None:
        corners = QPainterPath()
        corners.addRoundedRect(place, theme.CARD_RADIUS - 1, theme.CARD_RADIUS - 1)
        painter.save()
        painter.setClipPath(corners)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, image, QRectF(image.rect()))
        painter.restore()

    def _place(self, source_size: tuple[int, int]) -> QRectF:
        """Where the picture goes: in proportion, centred, on whole pixels."""
        scale = min(self.width() / source_size[0], self.height() / source_size[1])
        width, height = round(source_size[0] * scale), round(source_size[1] * scale)
        return QRectF((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _paint_words(self, painter: QPainter, title: str, words: str) -> None:
        look = theme.tokens()
        room = QRectF(self.rect()).adjusted(48, 0, -48, 0)
        wrapped = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.setFont(theme.font(theme.NUMBER, 600))
        upper = painter.boundingRect(room, wrapped, title)
        painter.setFont(theme.font(theme.QUIET))
        lower = painter.boundingRect(room, wrapped, words)
        top = (self.height() - upper.height() - theme.INSIDE - lower.height()) / 2
        for place, text, size, weight, colour in (
            (top, title, theme.NUMBER, 600, look.quiet),
            (top + upper.height() + theme.INSIDE, words, theme.QUIET, 400, look.faint_text),
        ):
            painter.setFont(theme.font(size, weight))
            painter.setPen(theme.colour(colour))
            painter.drawText(QRectF(room.left(), place, room.width(), self.height()), wrapped, text)
