"""What is shown when a session ended badly: what happened, the ways out as buttons, and the log for those who want it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.ui import theme

REMEDIES: Final = {
    "use_cpu": "Use CPU",
    "open_file": "Open file…",
    "use_clip": "Use the bundled clip",
    "run_again": "Run again",
}
"""Ways out by the name of the command that goes it, first choice first."""
_FOR_CAUSE: Final = {
    "device": ("use_cpu", "run_again"),
    "source": ("open_file", "use_clip"),
}
_FOR_LOST: Final = ("run_again", "use_clip")
_WIDTH: Final = 440
_EDGES: Final = (12, 1)
"""What is left free around the card, pixels; the latter where the picture's place is too low for the words."""
_NO_LOG: Final = "No log was written."


class Failure(QFrame):
    """A card in the middle of the picture's place. `remedyChosen` carries the name of a command, a key of `REMEDIES`."""

    remedyChosen = Signal(str)

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
        self._remedies = {key: QPushButton(text, self) for key, text in REMEDIES.items()}
        for key, button in self._remedies.items():
            button.clicked.connect(lambda _checked=False, key=key: self.remedyChosen.emit(key))
        self._no_log = QLabel(_NO_LOG, self)
        self._no_log.setProperty("role", "quiet")
        self._no_log.setFont(theme.font(theme.QUIET))
        self._details = QPushButton("Details", self)
        self._details.setToolTip("The end of the engine's log")
        self._details.clicked.connect(self._show_details)
        self._page: LogPage | None = None
        self._log = ""
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.INSIDE)
        for button in (*self._remedies.values(), self._details):
            button.setFont(theme.font(theme.QUIET, 600))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._view = parent
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self._sentence)
        column.addWidget(self._remedy)
        column.addWidget(self._no_log)
        column.addLayout(buttons)
        self.hide()

    def tell(self, status: SessionStatus, title: str, device: str = "") -> None:
        """Show why it ended, and what is left to do on this device."""
        self._sentence.setText(status.sentence or title)
        self._remedy.setText(status.remedy)
        self._remedy.setVisible(bool(status.remedy))
        self._log = status.log_tail
        self._details.setVisible(bool(status.log_tail))
        self._no_log.setVisible(status.reason is FinishReason.CRASHED and not status.log_tail)
        self._offer(ways_out(status, device))
        self.setAccessibleName(f"{status.sentence or title} {status.remedy}".strip())
        self.show()
        self.place()
        self.raise_()

    def _offer(self, ways: tuple[str, ...]) -> None:
        for key, button in self._remedies.items():
            button.setVisible(key in ways)
            button.setProperty("role", "primary" if key == ways[0] else "")
            # a style sheet looks at properties only when it is asked to
            button.style().unpolish(button)
            button.style().polish(button)

    def place(self) -> None:
        """Into the middle of the parent, never larger than it; to its edges before words are cut."""
        for edge in _EDGES:
            room = self._view.rect().adjusted(edge, edge, -edge, -edge)
            width = min(room.width(), max(_WIDTH, self._column.minimumSize().width()))
            wanted = self._column.heightForWidth(width)
            wanted = self.sizeHint().height() if wanted < 0 else wanted
            height = min(room.height(), wanted)
            self.setGeometry(room.center().x() - width // 2, room.center().y() - height // 2, width, height)
            if wanted <= room.height():
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.line), 1))
        painter.setBrush(theme.colour(look.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _show_details(self) -> None:
        if self._page is None:
            self._page = LogPage(self)
        self._page.tell((self._sentence.text(), self._remedy.text(), self._log))


class LogPage(QDialog):
    """What happened and the end of the log, to read and to copy; the picture's place may be too low for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Details")
        self.resize(760, 420)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("End of the engine's log")
        self.text.setFont(theme.font(theme.QUIET))
        self.text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setAccessibleName("Copy the details")
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(theme.BETWEEN)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def tell(self, parts: tuple[str, ...]) -> None:
        """Show these, the end of the last one in sight."""
        self.text.setPlainText("\n\n".join(part for part in parts if part))
        self.show()
        self.raise_()
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())


def ways_out(status: SessionStatus, device: str) -> tuple[str, ...]:
    """Keys of `REMEDIES` that fit the cause; CPU is no way out of trouble with the CPU."""
    lost = status.reason is FinishReason.SOURCE_LOST
    ways = _FOR_LOST if lost else _FOR_CAUSE.get(status.cause, ("run_again",))
    return tuple(way for way in ways if way != "use_cpu" or device != "CPU")
