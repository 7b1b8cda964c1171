"""The scrolling part of the compare panel: names stay above, rows move below them, reasons stand at the end."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.compare_row import HEADS_HEIGHT, CompareHeads, CompareRow
from edgeperf_gui.ui.compare_rows import compare_rows
from edgeperf_gui.ui.compare_words import reasons_html
from edgeperf_gui.ui.inset import paint_inset
from edgeperf_gui.ui.labels_button import LabelsButton

_FADE: Final = 22
_BESIDE: Final = 7
"""Room that the scroll bar takes when it is there."""


class Paragraphs(QFrame):
    """Sentences on a small rounded ground, with a title or without."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setFont(theme.font(theme.QUIET))
        flags = Qt.TextInteractionFlag
        self.words.setTextInteractionFlags(
            flags.TextSelectableByMouse | flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(4)
        if title:
            head = QLabel(title, self)
            head.setProperty("role", "title")
            head.setFont(theme.title_font())
            column.addWidget(head)
        column.addWidget(self.words)

    def say(self, markup: str) -> None:
        """Show it, or nothing at all when there is nothing to say."""
        if self.words.text() != markup:
            self.words.setText(markup)
        self.setVisible(bool(markup))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        paint_inset(QPainter(self), self)


class _Fade(QWidget):
    """Rows go on below the edge: the last of them pales."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, card = QPainter(self), theme.tokens().card
        slope = QLinearGradient(0, 0, 0, self.height())
        slope.setColorAt(0.0, theme.colour(card, 0.0))
        slope.setColorAt(1.0, theme.colour(card))
        painter.fillRect(self.rect(), slope)


class CompareTable(QScrollArea):
    """Names, rows and reasons of one result."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body = QWidget()
        body.setProperty("role", "scrolled")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._rows: list[CompareRow] = []
        self.reasons = Paragraphs("Why not faster?", body)
        self._column = column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        self.labels = LabelsButton(body)
        column.addLayout(self._lines)
        column.addWidget(self.labels, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.reasons)
        column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Variants side by side")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setViewportMargins(0, HEADS_HEIGHT, 0, 0)
        self.heads = CompareHeads(self)
        self._fade = _Fade(self)
        self.reasons.hide()
        for change in (self.verticalScrollBar().valueChanged, self.verticalScrollBar().rangeChanged):
            change.connect(self._place)
        self.viewport().installEventFilter(self)

    @property
    def rows(self) -> list[CompareRow]:
        """The rows, from top to bottom."""
        return self._rows

    def show_result(self, result: CompareResult) -> None:
        """Other numbers in the same rows."""
        wanted = compare_rows(result)
        for line, row in zip(self._rows, wanted, strict=False):
            line.show_row(row)
        for row in wanted[len(self._rows) :]:
            self._rows.append(CompareRow(row, self._body))
            self._lines.addWidget(self._rows[-1])
        self.reasons.say(reasons_html(result))

    def show_reasons(self) -> None:
        """Scroll to them."""
        self.ensureWidgetVisible(self.reasons)

    def sizeHint(self) -> QSize:
        """All of it, if there is room."""
        return QSize(360, self._body.sizeHint().height() + HEADS_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Names and two rows."""
        return QSize(300, HEADS_HEIGHT + 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names keep the columns' width."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The scroll bar came or went."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self, *_: object) -> None:
        view, bar = self.viewport().geometry(), self.verticalScrollBar()
        right = 0 if bar.maximum() else _BESIDE
        if self._column.contentsMargins().right() != right:
            self._column.setContentsMargins(0, 0, right, 0)
        self.heads.setGeometry(view.x(), 0, view.width() - right, HEADS_HEIGHT)
        self._fade.setGeometry(view.x(), view.bottom() + 1 - _FADE, view.width(), _FADE)
        self._fade.setVisible(bar.value() < bar.maximum())
