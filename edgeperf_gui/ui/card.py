"""A card: a dock with a thin border, a quiet title, and buttons that show themselves when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.words import Run, Words

_TITLE: Final = 38
_LOW_TITLE: Final = 27
"""Where a tab says the title."""


class _Glyph(QToolButton):
    """A small button with a drawn sign: "×" or a window corner."""

    def __init__(self, sign: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = sign
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(22, 22)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(theme.tokens().quiet), 1.3))
        if self._sign == "close":
            painter.drawLine(8, 8, 14, 14)
            painter.drawLine(14, 8, 8, 14)
        else:
            painter.drawRoundedRect(QRectF(7.5, 9.5, 6, 5), 1, 1)
            painter.drawPolyline([QPointF(9.5, 7.5), QPointF(15.5, 7.5), QPointF(15.5, 12.5)])


class _Title(QWidget):
    """The title line; while the pointer is on it, the buttons take the note's place."""

    def __init__(self, card: Card, title: str, note: str) -> None:
        super().__init__(card)
        words = self.words = QLabel(title, self)
        words.setProperty("role", "title")
        words.setFont(theme.title_font())
        words.setMinimumWidth(0)
        self.note = Words([Run(note, "quiet")] if note else [], self, size=theme.QUIET)
        self._buttons = [_Glyph("float", f"Float {title.lower()}", self), _Glyph("close", f"Hide {title.lower()}", self)]
        self._buttons[0].clicked.connect(card.toggle_floating)
        self._buttons[1].clicked.connect(card.close)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 4)
        row.setSpacing(2)
        row.addWidget(words)
        row.addStretch(1)
        row.addWidget(self.note)
        for button in self._buttons:
            row.addWidget(button)
        self.setFixedHeight(_TITLE)
        self._reveal(False)

    def show_words(self, wanted: bool) -> None:
        self.words.setVisible(wanted)
        self._row.setContentsMargins(14, 8 if wanted else 4, 14, 4 if wanted else 0)
        self.setFixedHeight(_TITLE if wanted else _LOW_TITLE)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, self.minimumHeight())

    def _reveal(self, wanted: bool) -> None:
        self.note.setVisible(not wanted)
        for button in self._buttons:
            button.setVisible(wanted)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._reveal(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._reveal(False)
        super().leaveEvent(event)


@dataclass(frozen=True, slots=True)
class Turn:
    """Of so many ticks of the plots a card draws in one; small plots share them out, so that they never all draw in one tick."""

    every: int = 1
    at: int = 0

    def is_now(self, tick: int) -> bool:
        """Whether it is this card's turn."""
        return tick % self.every == self.at


class Card(QDockWidget):
    """A dock that looks like a card. `key` is its name in the saved layout and must never change.

    The window asks every card to `refresh_plot` when it is its turn and somebody sees it, and to `refresh_words` about twice a
    second; one that has neither does nothing.
    """

    plot_turn: ClassVar[Turn] = Turn()

    def __init__(self, key: str, title: str, note: str = "") -> None:
        super().__init__(title)
        self.setObjectName(key)
        self.setAccessibleName(title)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._title = _Title(self, title, note)
        self._named_by_tab = False
        self._is_offered = True
        self._seen_action = self._made_action(title)
        self.setTitleBarWidget(self._title)
        self.setContentsMargins(1, 1, 1, 1)
        self._body = QWidget(self)
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(13, 6, 13, 12)
        self.column.setSpacing(theme.INSIDE)
        self.setWidget(self._body)

    def refresh_plot(self, now_ns: int) -> None:
        """Draw what moves, up to this moment (`perf_counter_ns`)."""

    def refresh_words(self, now_ns: int) -> None:
        """Write what changes."""

    def toggleViewAction(self) -> QAction:
        """Brings the card to the eye, or hides the one that is seen; checked while it is seen.

        Qt's own calls a card behind another's tab visible, and would hide what nobody sees.
        """
        return self._seen_action

    def _made_action(self, title: str) -> QAction:
        action = QAction(title, self)
        action.setCheckable(True)
        action.triggered.connect(self._on_asked)
        self.visibilityChanged.connect(action.setChecked)
        return action

    def _on_asked(self) -> None:
        if self.is_seen:
            self.close()
        else:
            self.show()
            self.raise_()
        self._seen_action.setChecked(not self.isHidden())

    def offer(self, wanted: bool) -> None:
        """Whether there is such a card at all now; one that is not offered is in no menu, and no layout brings it back."""
        if wanted == self._is_offered:
            return
        self._is_offered = wanted
        self.toggleViewAction().setVisible(wanted)
        self.toggleViewAction().setEnabled(wanted)
        self.setVisible(wanted)

    @property
    def is_offered(self) -> bool:
        """Whether there is such a card now."""
        return self._is_offered

    def setVisible(self, visible: bool) -> None:
        """Show or hide it, as far as it is offered."""
        super().setVisible(visible and self._is_offered)

    @property
    def is_seen(self) -> bool:
        """Whether somebody can see it: a card behind another's tab is visible for Qt, and only has no place."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def toggle_floating(self) -> None:
        """Out of the window, or back into it."""
        self.setFloating(not self.isFloating())

    def say_title(self, title: str) -> None:
        """Another title, for a card that shows now this and now that; its name in menus stays."""
        if self._title.words.text() != title:
            self._title.words.setText(title)
            self.show_title(not self._named_by_tab)
            self.setAccessibleName(title)

    def show_title(self, wanted: bool) -> None:
        """Without its title where a tab says it already; note and buttons stay."""
        self._named_by_tab = not wanted
        self._title.show_words(wanted or self._title.words.text() != self.windowTitle())

    def say_note(self, *runs: Run) -> None:
        """The few words at the right of the title."""
        self._title.note.say(runs)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        if self.isFloating():
            # a window without the system's frame: its edge is drawn, its title line moves it
            painter.setPen(QPen(theme.colour(look.faint), 1))
            painter.setBrush(theme.colour(look.card))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)
