"""The models as a list of cards, with a field to search them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.model_words import gmac, licence, pictogram, searchable, size, spoken, task, whose
from edgeperf_gui.ui.task_pictogram import draw_pictogram

_CARD: Final = Qt.ItemDataRole.UserRole
_IN_USE: Final = Qt.ItemDataRole.UserRole + 1
_HEIGHT: Final = 104
_ORDER: Final = ("FP32", "FP16", "INT8")
Index = QModelIndex | QPersistentModelIndex


class _CardDelegate(QStyledItemDelegate):
    """Four lines beside a sign: title, what it is, where it is from, which variants it has."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = index.data(_CARD)
        state, area = option.state, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, state, area.adjusted(1, 1, -1, -5))
        draw_pictogram(painter, area.left() + 12, area.top() + 12, pictogram(card))
        left, right = area.left() + 60, area.right() - 14
        self._paint_title(painter, card, bool(index.data(_IN_USE)), left, right, area.top() + 24)
        look = theme.tokens()
        words, quiet = f"{task(card)} · {size(card)} · {whose(card)}", theme.font(theme.QUIET)
        _text(painter, left, area.top() + 43, right, words, quiet, look.quiet)
        words, faint = f"{licence(card)} · {card.origin}", theme.font(theme.TINY)
        _text(painter, left, area.top() + 61, right, words, faint, look.faint_text)
        self._paint_variants(painter, card, left, right, area.top() + 82)
        painter.restore()

    def _paint_ground(self, painter: QPainter, state: QStyle.StateFlag, area: QRectF) -> None:
        look = theme.tokens()
        chosen, under = state & QStyle.StateFlag.State_Selected, state & QStyle.StateFlag.State_MouseOver
        painter.setPen(QPen(theme.colour(look.action if chosen else look.line), 1.5 if chosen else 1))
        painter.setBrush(theme.colour(look.hover if under and not chosen else look.card))
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _paint_title(self, painter: QPainter, card: ModelCard, in_use: bool, left: float, right: float, base: float) -> None:
        look = theme.tokens()
        if in_use:
            face = theme.font(theme.TINY, 600)
            width = QFontMetricsF(face).horizontalAdvance("in use")
            _text(painter, right - width, base, right + 1, "in use", face, look.action_text)
            right -= width + 10
        _text(painter, left, base, right, card.title, theme.font(theme.BODY, 600), look.text)

    def _paint_variants(self, painter: QPainter, card: ModelCard, left: float, right: float, base: float) -> None:
        look = theme.tokens()
        x, face = left, theme.font(theme.TINY, 600)
        for name in (name for name in _ORDER if name in card.variants):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(theme.VARIANTS[name]))
            painter.drawEllipse(QPointF(x + 4, base - 4), 3.5, 3.5)
            x = _text(painter, x + 12, base, right, name, face, look.quiet) + 12
        number, unit = theme.font(theme.QUIET, 600), theme.font(theme.TINY)
        widths = [QFontMetricsF(face).horizontalAdvance(text) for face, text in ((number, gmac(card)), (unit, " GMAC"))]
        at = _text(painter, right - sum(widths), base, right + 2, gmac(card), number, look.text)
        _text(painter, at, base, right + 2, " GMAC", unit, look.faint_text)


class ModelList(QWidget):
    """Emits `chosen` with the model's name, "" for none."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[ModelCard, ...] = ()
        self._in_use = ""
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search models")
        self.search.setAccessibleName("Search models")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill(self.name()))
        self.list = QListWidget(self)
        self.list.setAccessibleName("Models")
        self.list.setItemDelegate(_CardDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setAutoFillBackground(False)
        self.list.viewport().setAutoFillBackground(False)
        self.list.currentItemChanged.connect(lambda _now, _before: self.chosen.emit(self.name()))
        self._nothing = QLabel(self)
        self._nothing.setProperty("role", "quiet")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(12, 24, 12, 0)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(self.search)
        column.addLayout(self._pages, 1)

    def name(self) -> str:
        """The chosen model's."""
        item = self.list.currentItem()
        return str(item.data(_CARD).name) if item is not None else ""

    def names(self) -> list[str]:
        """Of the models on show."""
        return [self.list.item(row).data(_CARD).name for row in range(self.list.count())]

    def show_models(self, cards: Sequence[ModelCard], in_use: str) -> None:
        """Show these; what was chosen stays chosen, or else the one in use is."""
        if (tuple(cards), in_use) != (self._cards, self._in_use):
            chosen = self.name()
            self._cards, self._in_use = tuple(cards), in_use
            self._fill(chosen or in_use)

    def choose(self, name: str) -> None:
        """Choose this one, even when the search hides it."""
        if name not in self.names():
            self.search.clear()
        row = next((row for row, known in enumerate(self.names()) if known == name), -1)
        self.list.setCurrentRow(row)

    def _fill(self, chosen: str) -> None:
        wanted = self.search.text().casefold().split()
        found = [card for card in self._cards if all(word in searchable(card) for word in wanted)]
        before = self.name()
        self.list.blockSignals(True)
        self.list.clear()
        for card in found:
            item = QListWidgetItem(card.title)
            item.setData(_CARD, card)
            item.setData(_IN_USE, card.name == self._in_use)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(card, card.name == self._in_use))
            self.list.addItem(item)
        names = self.names()
        self.list.setCurrentRow(names.index(chosen) if chosen in names else 0)
        self.list.blockSignals(False)
        self._nothing.setText(self._why_nothing())
        self._pages.setCurrentWidget(self.list if found else self._nothing)
        if self.name() != before:
            self.chosen.emit(self.name())

    def _why_nothing(self) -> str:
        if self._cards:
            return f"No model has “{self.search.text()}” in its title, task, decoder, licence or origin."
        return "Looking for models…"


def _text(painter: QPainter, left: float, base: float, right: float, text: str, face: object, code: str) -> float:
    """One line, cut with "…" at `right`; returns where it ends."""
    painter.setFont(face)  # type: ignore[arg-type]
    painter.setPen(theme.colour(code))
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, right - left + 0.5))
    painter.drawText(QPointF(left, base), shown)
    return left + metrics.horizontalAdvance(shown)
