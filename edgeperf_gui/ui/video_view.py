"""The picture with what was found in it. It draws, and says when a frame was painted; it never scales or decodes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Preview
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.failure import Failure
from edgeperf_gui.ui.findings import FindingsPainter
from edgeperf_gui.ui.readout_strip import draw_strip
from edgeperf_gui.ui.words import Run

_RESIZE_PAUSE_MS: Final = 80
_BAD_ENDS: Final = {
    FinishReason.FAILED: "The session could not go on.",
    FinishReason.CRASHED: "The engine stopped unexpectedly.",
    FinishReason.SOURCE_LOST: "The source stopped delivering frames.",
}
_CALM_ENDS: Final = {
    FinishReason.STOPPED: "stopped",
    FinishReason.COMPLETED: "completed",
    FinishReason.SOURCE_ENDED: "the source ended",
}
_EMPTY: Final = "Press Start: Space\nor drop a video, a folder of pictures or an address here"


class VideoView(QWidget):
    """Keeps the last picture until a new one comes, so that a restart does not flash."""

    painted = Signal(int, object)  # frame number, perf_counter_ns when it was on the widget
    viewResized = Signal(int, int)  # device pixels, at most a dozen times a second
    remedyChosen = Signal(str)  # the name of a command, from the card that tells a bad end

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Picture with the objects found in it")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self._preview: Preview | None = None
        self._image: QImage | None = None
        self._unreported: int | None = None
        self._findings = FindingsPainter()
        self._readouts: tuple[tuple[Run, ...], ...] = ()
        self._strip: QPixmap | None = None
        self._activity = ""
        self._note = ""
        self._corners = QPainterPath()
        self._failure = Failure(self)
        self._failure.remedyChosen.connect(self.remedyChosen)
        self._reported = (0, 0)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_RESIZE_PAUSE_MS)
        self._pause.timeout.connect(self._report_size)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(740, 340)

    def show_preview(self, preview: Preview, labels: Sequence[str]) -> None:
        """Draw this picture at the next paint. The preview is kept, so its pixels stay alive while Qt reads them."""
        height, width = preview.pixels.shape[:2]
        self._image = QImage(preview.pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self._preview = preview
        self._findings.show(preview.findings, labels, preview.post_end_ns)
        self._unreported = preview.frame
        self.update()

    def show_status(self, status: SessionStatus, device: str = "") -> None:
        """What the session is doing, over the picture; a bad end with the ways out that there are from this device."""
        bad = _BAD_ENDS.get(status.reason) if status.reason else None
        if status.state is RunState.FINISHED and bad:
            self._failure.tell(status, bad, device)
        else:
            self._failure.hide()
        self._activity = _activity(status)
        self.setAccessibleDescription(self._activity or status.state.value)
        self.update()

    def show_note(self, note: str) -> None:
        """What to know about the picture while it stands still; empty: nothing."""
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(self._activity or note or "running")
            self.update()

    def show_readouts(self, readouts: Sequence[Sequence[Run]]) -> None:
        """The chips at the lower left, one a sequence of runs."""
        wanted = tuple(tuple(runs) for runs in readouts)
        if wanted != self._readouts:
            self._readouts = wanted
            self._strip = None
            self.update()

    def forget(self) -> None:
        """Back to the empty state."""
        self._preview = self._image = self._unreported = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        self._corners = _corners(QRectF(self.rect()))
        self._failure.place()
        if not self._pause.isActive():
            self._pause.start()

    def event(self, event: QEvent) -> bool:
        """Notice a change of scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._strip = None
            self._pause.start()
        return bool(super().event(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        picture = self._picture_place()
        if picture != QRectF(self.rect()):
            painter.fillRect(self.rect(), theme.colour(look.card))
        if self._preview is None or self._image is None:
            self._paint_empty(painter)
        else:
            self._paint_picture(painter, picture, self._preview, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(self._corners, theme.colour(look.ground))
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.end()
        if self._unreported is not None:
            frame, self._unreported = self._unreported, None
            self.painted.emit(frame, time.perf_counter_ns())

    def _picture_place(self) -> QRectF:
        """Where the picture goes: in proportion, centred, on whole device pixels."""
        if self._preview is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        source_width, source_height = self._preview.source_size
        room = (self.width() * ratio, self.height() * ratio)
        scale = min(room[0] / source_width, room[1] / source_height)
        width, height = source_width * scale, source_height * scale
        own_height, own_width = self._preview.pixels.shape[:2]
        if abs(own_width - width) <= 1.5 and abs(own_height - height) <= 1.5:
            width, height = own_width, own_height
        left, top = int((room[0] - width) // 2), int((room[1] - height) // 2)
        return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)

    def _paint_picture(self, painter: QPainter, picture: QRectF, preview: Preview, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        if abs(image.width() - picture.width() * ratio) < 0.01:
            image.setDevicePixelRatio(ratio)
            painter.drawImage(picture.topLeft(), image)
        else:
            # only until the engine has heard of the new size
            image.setDevicePixelRatio(1.0)
            painter.drawImage(picture, image, QRectF(image.rect()))
        self._findings.draw(painter, preview.source_size, picture, ratio)
        if self._readouts:
            if self._strip is None:
                self._strip = draw_strip(self._readouts, ratio)
            foot = picture.bottom()
            painter.drawPixmap(QPointF(picture.left() + 13, foot - self._strip.height() / ratio - 12), self._strip)
        words = self._activity or self._note
        if words and not self._failure.isVisible():
            note = draw_strip(((Run(words, size=theme.BODY),),), ratio)
            painter.drawPixmap(QPointF((self.width() - note.width() / ratio) // 2, picture.top() + 13), note)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme.colour(theme.tokens().card))
        if self._failure.isVisible():
            return
        first, _, rest = (self._activity or self._note or _EMPTY).partition("\n")
        middle = QRectF(self.rect()).adjusted(24, -12, -24, -12)
        painter.setFont(theme.font(theme.NUMBER, 600))
        painter.setPen(theme.colour(theme.tokens().quiet))
        painter.drawText(middle, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), first)
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(theme.tokens().faint_text))
        painter.drawText(middle.translated(0, 26), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), rest)

    def _report_size(self) -> None:
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self.height() * ratio))
        if size != self._reported:
            self._reported = size
            self.viewResized.emit(*size)


def _activity(status: SessionStatus) -> str:
    if status.state in (RunState.STARTING, RunState.STOPPING):
        words = status.activity or f"{status.state.value}"
        return words if words.endswith("…") else f"{words} …"
    if status.state is RunState.FINISHED and status.reason in _CALM_ENDS:
        return f"{_CALM_ENDS[status.reason]} · Space starts again"
    return ""


def _corners(area: QRectF) -> QPainterPath:
    """What lies outside the rounded corners; cheaper to paint over than to clip by."""
    outside, inside = QPainterPath(), QPainterPath()
    outside.addRect(area)
    inside.addRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
    return outside.subtracted(inside)
