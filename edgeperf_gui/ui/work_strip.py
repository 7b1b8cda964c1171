"""The lowest line of the models page: what is being done and how far it is, or what came of it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.model_words import running


class WorkStrip(QFrame):
    """Hidden while there is nothing to say."""

    cancelled = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failed = False
        self._log = ""
        self._sentence, self._remedy = QLabel(self), QLabel(self)
        self._sentence.setFont(theme.font(theme.BODY, 600))
        self._remedy.setFont(theme.font(theme.QUIET))
        self._remedy.setProperty("role", "quiet")
        for label in (self._sentence, self._remedy):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress")
        self.button = QPushButton(self)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_button)
        self.log_button = QPushButton("Copy log", self)
        self.log_button.setAutoDefault(False)
        self.log_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._log))
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self._sentence, self._remedy, self.bar):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(theme.BETWEEN)
        row.addLayout(words, 1)
        row.addWidget(self.log_button)
        row.addWidget(self.button)
        self.hide()

    def show_shelf(self, shelf: ModelShelf, said: str) -> None:
        """What runs, or why it failed, or else `said`."""
        failure, progress = shelf.failure, shelf.progress
        is_running = shelf.work is not None
        self._failed = failure is not None and not is_running
        sentence, remedy, self._log = said, "", ""
        if is_running:
            sentence = running(shelf)
        elif failure is not None:
            sentence, remedy, self._log = failure.sentence or "That failed.", failure.remedy, failure.log_tail
        self._sentence.setText(sentence)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self.log_button.setVisible(bool(self._log))
        self.bar.setVisible(is_running)
        known = progress is not None and progress.total
        self.bar.setMaximum(progress.total if progress and progress.total else 0)
        self.bar.setValue(min(progress.done, progress.total) if progress and known and progress.total else 0)
        self.button.setText("Cancel" if is_running else "Dismiss")
        self.button.setEnabled(not shelf.is_stopping)
        self.setAccessibleName(f"{sentence} {remedy}".strip())
        self.setVisible(bool(sentence))
        self.update()

    def text(self) -> str:
        """What it says."""
        return f"{self._sentence.text()} {self._remedy.text()}".strip() if not self.isHidden() else ""

    def _on_button(self) -> None:
        (self.cancelled if self.button.text() == "Cancel" else self.dismissed).emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.failed if self._failed else look.line), 1))
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)
