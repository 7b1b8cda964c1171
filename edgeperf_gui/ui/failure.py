"""What is shown when a session ended badly: what happened, what to do, one button, and the log for those who want it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.ui import theme


class Failure(QFrame):
    """A card in the middle of the picture's place."""

    runAgain = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sentence = QLabel(self)
        self._sentence.setFont(theme.font(theme.NUMBER, 600))
        self._remedy = QLabel(self)
        self._remedy.setProperty("role", "quiet")
        for label in (self._sentence, self._remedy):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._again = QPushButton("Run again", self)
        self._again.setProperty("role", "primary")
        self._again.clicked.connect(self.runAgain)
        self._details = QPushButton("Details", self)
        self._details.setCheckable(True)
        self._details.toggled.connect(self._show_log)
        self._copy = QPushButton("Copy", self)
        self._copy.setAccessibleName("Copy the details")
        self._copy.clicked.connect(self._copy_all)
        self._log = QPlainTextEdit(self)
        self._log.setReadOnly(True)
        self._log.setAccessibleName("End of the engine's log")
        self._log.setFont(theme.font(theme.TINY))
        self._log.setTabChangesFocus(True)
        for button in (self._again, self._details, self._copy):
            button.setFont(theme.font(theme.QUIET, 600))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.INSIDE)
        for button in (self._again, self._details, self._copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._view = parent
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self._sentence)
        column.addWidget(self._remedy)
        column.addWidget(self._log, 1)
        column.addLayout(buttons)
        self.hide()

    def tell(self, status: SessionStatus, title: str) -> None:
        """Show why it ended."""
        self._sentence.setText(status.sentence or title)
        self._remedy.setText(status.remedy)
        self._remedy.setVisible(bool(status.remedy))
        self._log.setPlainText(status.log_tail)
        self._details.setVisible(bool(status.log_tail))
        self._details.setChecked(False)
        self._show_log(False)
        self.setAccessibleName(f"{status.sentence or title} {status.remedy}".strip())
        self.show()
        self.place()
        self.raise_()

    def place(self) -> None:
        """Into the middle of the parent, never larger than it."""
        room = self._view.rect().adjusted(12, 12, -12, -12)
        width = min(room.width(), 640 if self._details.isChecked() else 440)
        wanted = self._column.heightForWidth(width)
        wanted = self.sizeHint().height() if wanted < 0 else wanted
        height = min(room.height(), wanted)
        self.setGeometry(room.center().x() - width // 2, room.center().y() - height // 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _show_log(self, wanted: bool) -> None:
        self._log.setVisible(wanted)
        self._copy.setVisible(wanted)
        self.place()
        bar = self._log.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _copy_all(self) -> None:
        parts = (self._sentence.text(), self._remedy.text(), self._log.toPlainText())
        QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))
