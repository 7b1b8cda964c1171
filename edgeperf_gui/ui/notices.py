"""A calm line over the picture's upper edge for things that happened and do not end the run."""

from __future__ import annotations

from collections import deque
from typing import Final

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget

from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.ui import theme

_STAYS_MS: Final = 9000
_STAYS_BEFORE_OTHERS_MS: Final = 5000
_WIDTH: Final = 560
_MOST_WAITING: Final = 12


class Toast(QWidget):
    """One notice at a time, in the order they came; goes by itself, stays while the pointer is on it."""

    def __init__(self, parent: QWidget, over: QWidget) -> None:
        """`over`: the part of `parent` at whose upper edge it stands."""
        super().__init__(parent)
        self._sentence, self._remedy = QLabel(self), QLabel(self)
        self._sentence.setFont(theme.font(theme.BODY, 600))
        self._remedy.setFont(theme.font(theme.QUIET))
        self._remedy.setProperty("role", "quiet")
        for label in (self._sentence, self._remedy):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._close = QPushButton("Close", self)
        self._close.setFont(theme.font(theme.QUIET, 600))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setAccessibleName("Close the notice")
        self._close.clicked.connect(self._next)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(theme.BETWEEN)
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._waiting: deque[Notice] = deque(maxlen=_MOST_WAITING)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)
        self._window, self._over = parent, over
        self._effect = effect = QGraphicsOpacityEffect(self)
        effect.setEnabled(False)
        self.setGraphicsEffect(effect)
        self._fade = QPropertyAnimation(effect, b"opacity", self)
        self._fade.setDuration(theme.MOVE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.finished.connect(lambda: effect.setEnabled(False))
        for watched in (parent, over):
            watched.installEventFilter(self)
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show this one, after those that came before it."""
        if not self.isHidden() and (self._is_shown(notice) or notice in self._waiting):
            return
        self._waiting.append(notice)
        if self.isHidden():
            self._next()
        else:
            self._count_waiting()

    def clear(self) -> None:
        """Nothing to tell any more."""
        self._waiting.clear()
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window and the picture."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.inset))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _next(self) -> None:
        if not self._waiting:
            self.clear()
            return
        notice = self._waiting.popleft()
        self._sentence.setText(notice.sentence)
        self._remedy.setText(notice.remedy)
        self._remedy.setVisible(bool(notice.remedy))
        self.setAccessibleName(f"{notice.sentence} {notice.remedy}".strip())
        if self.isHidden() and self._may_move():
            self._effect.setEnabled(True)
            self._fade.setStartValue(0.0)
            self._fade.setEndValue(1.0)
            self._fade.start()
        self._count_waiting()
        self.show()
        self.raise_()

    def _count_waiting(self) -> None:
        waiting = len(self._waiting)
        self._close.setText(f"Next ({waiting})" if waiting else "Close")
        self._close.setAccessibleName("Next notice" if waiting else "Close the notice")
        self._timer.start(_STAYS_BEFORE_OTHERS_MS if waiting else _STAYS_MS)
        self._place()

    def _may_move(self) -> bool:
        """False where the system is set to show no animations; asked each time, because that may change."""
        hints = (QStyle.StyleHint.SH_Widget_Animation_Duration, QStyle.StyleHint.SH_Widget_Animate)
        return all(self.style().styleHint(hint, None, self) for hint in hints)

    def _is_shown(self, notice: Notice) -> bool:
        return (self._sentence.text(), self._remedy.text()) == (notice.sentence, notice.remedy)

    def _leave(self) -> None:
        if self.underMouse():
            self._timer.start()
        else:
            self._next()

    def _place(self) -> None:
        room = QRect(self._over.mapTo(self._window, QPoint(0, 0)), self._over.size())
        width = max(160, min(_WIDTH, room.width() - 2 * theme.BETWEEN))
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry(room.center().x() - width // 2, room.top() + theme.BETWEEN, width, height)
