"""The variants side by side: what each costs and what it buys, measured in turns on the same frames."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.live.comparison import SECONDS, Comparison
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.compare_table import CompareTable, Paragraphs
from edgeperf_gui.ui.compare_words import about, activity, failure_html, rounds_note, verdict_html
from edgeperf_gui.ui.definitions import ROUNDS
from edgeperf_gui.ui.words import Run, Words

_INVITATION: Final = "What does each precision buy?"
_WHAT: Final = (
    "FP32, FP16 and INT8 take turns on the same frames until the ratios are known to 5 %. "
    f"That takes up to {SECONDS:.0f} s and a few more to prepare; the live session waits meanwhile."
)
_PREPARING: Final = "Preparing the variants"
_PREPARING_WHAT: Final = "Each is read, compiled cold, compiled from the cache, and asked for its answers on the same frames."
_CANCELLED: Final = "Cancelled before the first round was over"


class _Blank(QWidget):
    """What is shown while there are no numbers: why, and one button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._words = QLabel(self), QLabel(self)
        self._title.setFont(theme.font(theme.NUMBER, 600))
        self._words.setFont(theme.font(theme.QUIET))
        self._words.setProperty("role", "quiet")
        self.button = QPushButton("Run comparison", self)
        self.button.setProperty("role", "primary")
        self.button.setFont(theme.font(theme.BODY, 600))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 0)
        column.setSpacing(theme.INSIDE)
        column.addStretch(1)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        column.addSpacing(theme.INSIDE)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, title: str, words: str, *, with_button: bool) -> None:
        """Show this."""
        self._title.setText(title)
        self._words.setText(words)
        self.button.setVisible(with_button)
        self.setAccessibleName(f"{title} {words}")

    def text(self) -> str:
        """Both sentences."""
        return f"{self._title.text()} {self._words.text()}"


class _Controls(QWidget):
    """The lowest line: what it is about, or how far it is; and the button that starts or cancels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = Words((), self, fills=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress of the comparison")
        self.button = QPushButton(self)
        self.button.setFont(theme.font(theme.QUIET, 600))
        left = QVBoxLayout()
        left.setSpacing(5)
        left.addStretch(1)
        left.addWidget(self.words)
        left.addWidget(self.bar)
        left.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.BETWEEN)
        row.addLayout(left, 1)
        row.addWidget(self.button)
        self.setFixedHeight(34)

    def show_comparison(self, comparison: Comparison) -> None:
        """Idle or running."""
        running, progress = comparison.is_running, comparison.progress
        self.bar.setVisible(running)
        self.button.setText("Cancel" if running else "Run again")
        self.button.setAccessibleName("Cancel the comparison" if running else "Run the comparison again")
        self.button.setEnabled(not comparison.is_stopping)
        if running:
            total = progress.total if progress and progress.total else 0
            self.bar.setMaximum(max(total, 1))
            self.bar.setValue(min(progress.done, total) if progress else 0)
            self.words.say([Run(activity(comparison), "quiet")])
        else:
            self.words.say([Run(about(comparison), "undecided_text" if comparison.is_old else "quiet")])
        self.words.setToolTip(self.words.text())


class ComparePanel(Card):
    """The dock."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("compare", "FP32 · FP16 · INT8")
        self._comparison = comparison
        self._blank = _Blank(self)
        self.table = CompareTable()
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._blank)
        self._stack.addWidget(self.table)
        self.verdict = Paragraphs(parent=self)
        self.controls = _Controls(self)
        self.column.addWidget(self._stack, 1)
        below = QVBoxLayout()
        below.setSpacing(theme.INSIDE)
        below.setContentsMargins(0, 0, 7, 0)  # the table's scroll bar stands in the margin
        below.addWidget(self.verdict)
        below.addWidget(self.controls)
        self.column.addLayout(below)
        self.column.setContentsMargins(13, 2, 6, 10)
        self._title.note.setToolTip(ROUNDS)
        self._blank.button.clicked.connect(lambda: comparison.start())
        self.controls.button.clicked.connect(self._toggle)
        self.verdict.words.linkActivated.connect(lambda _: self.table.show_reasons())
        comparison.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the comparison knows now."""
        known = self._comparison
        result, running = known.result, known.is_running
        self._stack.setCurrentWidget(self._blank if result is None else self.table)
        self.controls.setVisible(running or result is not None)
        self.controls.show_comparison(known)
        self.say_note(Run(rounds_note(result), "quiet"))
        if result is not None:
            self.table.show_result(result)
        else:
            self._show_blank()
        failed = failure_html(known.failure) if result is not None and known.failure is not None else ""
        self.verdict.say(failed or (verdict_html(result) if result is not None else ""))

    def text(self) -> str:
        """What stands there, in words."""
        if self._comparison.result is None:
            return self._blank.text()
        return "\n".join(line.row.text() for line in self.table.rows)

    def _toggle(self) -> None:
        if self._comparison.is_running:
            self._comparison.cancel()
        else:
            self._comparison.start()

    def _show_blank(self) -> None:
        known = self._comparison
        if known.is_running:
            self._blank.say(_PREPARING, _PREPARING_WHAT, with_button=False)
        elif known.failure is not None:
            self._blank.say(known.failure.sentence or "The comparison failed.", known.failure.remedy, with_button=True)
        else:
            self._blank.say(_CANCELLED if known.is_cancelled else _INVITATION, _WHAT, with_button=True)
