"""The frames on which the variants disagreed, as thumbnails below each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from edgeperf_gui.domain.watch import Disagreement
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.watch_boxes import WatchPainter, part_names
from edgeperf_gui.ui.watch_words import described, place, who

_PICTURE: Final = QSize(228, 128)
_PAD: Final = 6
_CAPTION: Final = 22
_PICTURE_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_KEPT_ROLE: Final = _PICTURE_ROLE + 1

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractListModel):
    """The kept frames with their thumbnails, drawn once each."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Disagreement, QPixmap, str]] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        kept, picture, words = self._rows[index.row()]
        spoken = f"{who(kept)}, {place(kept)}"
        texts = {
            int(Qt.ItemDataRole.DisplayRole): spoken,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{spoken}. {words}",
            int(Qt.ItemDataRole.ToolTipRole): f"{words}\nClick or press Enter to see it large.",
            _PICTURE_ROLE: picture,
            _KEPT_ROLE: kept,
        }
        return texts.get(int(role))

    def show(self, wanted: Sequence[Disagreement], labels: Sequence[str]) -> None:
        """Take out what is no longer kept, and add what is new at the end; the others stay where they are."""
        for row in reversed(range(len(self._rows))):
            if not any(self._rows[row][0] is kept for kept in wanted):
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._rows[row]
                self.endRemoveRows()
        known = {id(row[0]) for row in self._rows}
        news = [kept for kept in wanted if id(kept) not in known]
        if news:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(news) - 1)
            for kept in news:
                words = described(kept, part_names(kept.answers, kept.apart, labels))
                self._rows.append((kept, _thumbnail(kept, labels), words))
            self.endInsertRows()


class _Delegate(QStyledItemDelegate):
    """Picture, which variants differ, when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        picture: QPixmap = index.data(_PICTURE_ROLE)
        return QSize(_PICTURE.width() + 2 * _PAD, round(picture.deviceIndependentSize().height()) + _CAPTION + 3 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.tokens()
        kept: Disagreement = index.data(_KEPT_ROLE)
        picture: QPixmap = index.data(_PICTURE_ROLE)
        area = QRectF(option.rect).adjusted(1, 1, -1, -1)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(QPen(theme.colour(look.action), 2) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(look.hover))
            painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        size = picture.deviceIndependentSize()
        painter.drawPixmap(QPointF(area.center().x() - size.width() / 2, area.top() + _PAD), picture)
        caption = QRectF(area.left() + _PAD + 2, area.bottom() - _CAPTION - _PAD / 2, area.width() - 2 * _PAD - 4, _CAPTION)
        self._paint_caption(painter, caption, kept)
        painter.restore()

    def _paint_caption(self, painter: QPainter, caption: QRectF, kept: Disagreement) -> None:
        look = theme.tokens()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        left = caption.left()
        painter.setPen(Qt.PenStyle.NoPen)
        for name in kept.differing():
            painter.setBrush(theme.colour(theme.VARIANTS[name]))
            painter.drawEllipse(QRectF(left, caption.center().y() - 4, 8, 8))
            left += 11
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(look.quiet))
        when = place(kept)
        painter.drawText(caption, middle | int(Qt.AlignmentFlag.AlignRight), when)
        width = painter.fontMetrics().horizontalAdvance(when)
        room = QRectF(left + 3, caption.top(), caption.right() - width - 8 - left - 3, caption.height())
        painter.setFont(theme.font(theme.QUIET, 600))
        painter.setPen(theme.colour(look.text))
        words = painter.fontMetrics().elidedText(who(kept), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignLeft), words)


class WatchStrip(QListView):
    """Arrow keys go from one to the next; a click or Enter opens it."""

    opened = Signal(object)  # Disagreement
    moved = Signal(object)  # Disagreement that is now the current one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Frames on which the variants disagree")
        self.setObjectName("watch-strip")
        self.setFixedWidth(_PICTURE.width() + 2 * _PAD + 22)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView#watch-strip { background: transparent; border: 0; outline: 0; }")
        self._model = _Model(self)
        self._empty_text = ""
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _before: self._tell(index))

    def show_kept(self, kept: Sequence[Disagreement], labels: Sequence[str]) -> None:
        """Show these; the list follows the newest while its end is in sight."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2 and self.currentIndex().row() < 0
        self._model.show(kept, labels)
        if at_end:
            self.scrollToBottom()
        self.viewport().update()

    def say_empty(self, text: str) -> None:
        """What stands there while nothing is kept."""
        if text != self._empty_text:
            self._empty_text = text
            self.viewport().update()

    def step(self, event: QKeyEvent) -> None:
        """An arrow key pressed elsewhere: to the first frame, or on from the chosen one."""
        is_begun = self.currentIndex().isValid()
        self.setFocus()
        if is_begun:
            self.keyPressEvent(event)
        else:
            self.setCurrentIndex(self._model.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right as up and down."""
        turned = {Qt.Key.Key_Left: Qt.Key.Key_Up, Qt.Key.Key_Right: Qt.Key.Key_Down}.get(Qt.Key(event.key()))
        if turned is not None:
            event = QKeyEvent(event.type(), turned, event.modifiers())
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The list, or why it is empty."""
        super().paintEvent(event)
        if self._model.rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(theme.tokens().faint_text))
        room = QRectF(self.viewport().rect()).adjusted(16, 16, -16, -16)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty_text)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(_KEPT_ROLE))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.moved.emit(index.data(_KEPT_ROLE))


def _thumbnail(kept: Disagreement, labels: Sequence[str]) -> QPixmap:
    """The frame, small, with what differs drawn on it."""
    image = QImage.fromData(kept.jpeg)
    if image.isNull():
        empty = QPixmap(_PICTURE)
        empty.fill(theme.colour(theme.tokens().inset))
        return empty
    small = image.scaled(_PICTURE * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    picture = QPixmap(small.size())
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(picture.rect())
    corners = QPainterPath()
    corners.addRoundedRect(area, 2 * theme.MARK_RADIUS, 2 * theme.MARK_RADIUS)
    painter.setClipPath(corners)
    painter.drawImage(0, 0, small)
    WatchPainter().draw(painter, kept.answers, kept.apart, labels, kept.source_size, area, faint=True, plates=False)
    painter.end()
    picture.setDevicePixelRatio(2)
    return picture
