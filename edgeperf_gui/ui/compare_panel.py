"""The variants side by side: what each costs and what it buys, measured in turns on the same frames."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.live.comparison import SECONDS, Comparison
from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.compare_row import MAKE_TIP
from edgeperf_gui.ui.compare_table import CompareTable, Paragraphs
from edgeperf_gui.ui.compare_words import about, activity, failure_html, rounds_note, verdict_html
from edgeperf_gui.ui.definitions import ROUNDS
from edgeperf_gui.ui.labels_button import LabelsButton
from edgeperf_gui.ui.model_words import running
from edgeperf_gui.ui.watch_button import WatchButton
from edgeperf_gui.ui.words import Role, Run, Words

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
        self.int8_button = QPushButton("Make INT8…", self)
        self.int8_button.setProperty("role", "link")
        self.int8_button.setFont(theme.font(theme.QUIET))
        self.int8_button.setToolTip(MAKE_TIP)
        self.labels = LabelsButton(self)
        column.addSpacing(theme.INSIDE)
        self.watch = WatchButton(self)
        starters = QHBoxLayout()
        starters.setSpacing(theme.INSIDE)
        starters.addWidget(self.button)
        starters.addWidget(self.watch)
        column.addLayout(starters)
        column.setAlignment(starters, Qt.AlignmentFlag.AlignHCenter)
        for button in (self.int8_button, self.labels):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, title: str, words: str, *, with_button: bool, can_make: bool = False) -> None:
        """Show this; the buttons only when a comparison could begin."""
        self._title.setText(title)
        self._words.setText(words)
        self.button.setVisible(with_button)
        self.watch.setVisible(with_button)
        self.labels.setVisible(with_button)
        self.int8_button.setVisible(with_button and can_make)
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
        self.watch = WatchButton(self)
        row.addLayout(left, 1)
        row.addWidget(self.watch)
        row.addWidget(self.button)
        self.setFixedHeight(34)

    def show_comparison(self, comparison: Comparison) -> None:
        """Idle, running, or kept waiting by another job."""
        is_on, hindrance = comparison.is_running, comparison.hindrance
        self.button.setText("Cancel" if is_on else "Run again")
        self.button.setAccessibleName("Cancel the comparison" if is_on else "Run the comparison again")
        self.button.setEnabled(not comparison.is_stopping and not hindrance)
        if is_on:
            self._say(activity(comparison), "quiet", comparison.progress)
        else:
            is_told = bool(hindrance) or comparison.is_old
            self._say(hindrance or about(comparison), "undecided_text" if is_told else "quiet")
        self.bar.setVisible(is_on)
        self.watch.setVisible(not is_on)

    def show_work(self, shelf: ModelShelf) -> None:
        """How far the work on a model is, which may make the variant that is missing here."""
        self.button.setText("Cancel")
        self.button.setAccessibleName("Cancel the work on the model")
        self.button.setEnabled(not shelf.is_stopping)
        words = running(shelf)
        if shelf.progress is not None and shelf.progress.total and not shelf.is_stopping:
            what, _, how_far = words.rpartition(" · ")
            words = f"{how_far} · {what}"  # it must not be what a narrow panel cuts off
        self._say(words, "quiet", shelf.progress)
        self.bar.setVisible(True)
        self.watch.hide()

    def _say(self, words: str, role: Role, progress: Progress | None = None) -> None:
        total = progress.total if progress and progress.total else 0
        self.bar.setMaximum(max(total, 1))
        self.bar.setValue(min(progress.done, total) if progress else 0)
        self.words.say([Run(words, role)])
        self.words.setToolTip(words)


class ComparePanel(Card):
    """The dock."""

    changeAsked = Signal(dict)  # settings by name
    int8Asked = Signal()
    watchAsked = Signal()

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("compare", "FP32 · FP16 · INT8")
        self._comparison = comparison
        self._shelf: ModelShelf | None = None
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
        for watch in (self._blank.watch, self.controls.watch):
            watch.clicked.connect(lambda: self.watchAsked.emit())
        for make in (self._blank.int8_button, self.table.heads.int8_button):
            make.clicked.connect(lambda: self.int8Asked.emit())
        for labels in (self._blank.labels, self.table.labels):
            labels.chosen.connect(lambda folder: self.changeAsked.emit({"labels": folder}))
        self.verdict.words.linkActivated.connect(lambda _: self.table.show_reasons())
        comparison.changed.connect(self.refresh)
        self.refresh()

    def follow(self, shelf: ModelShelf) -> None:
        """Tell of the work on models, too, from now on."""
        self._shelf = shelf
        shelf.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what the comparison knows now."""
        known, shelf = self._comparison, self._shelf
        result = known.result
        self._stack.setCurrentWidget(self._blank if result is None else self.table)
        if shelf is not None and shelf.work is not None:
            self.controls.show_work(shelf)
        else:
            self.controls.show_comparison(known)
        self.controls.setVisible(known.is_running or result is not None or self._is_working)
        self.say_note(Run(rounds_note(result), "quiet"))
        for labels in (self._blank.labels, self.table.labels):
            labels.show_folder(known.labels)
        if result is not None:
            made = known.model.variants if known.model is not None and not known.is_old else ()
            self.table.show_result(result)
            self.table.heads.show_result(result, made, can_make=not known.is_running and not known.hindrance)
        else:
            self._show_blank()
        failed = failure_html(known.failure) if result is not None and known.failure is not None else ""
        self.verdict.say(failed or (verdict_html(result) if result is not None else ""))

    def text(self) -> str:
        """What stands there, in words."""
        if self._comparison.result is None:
            return self._blank.text()
        return "\n".join(line.row.text() for line in self.table.rows)

    @property
    def _is_working(self) -> bool:
        return self._shelf is not None and self._shelf.work is not None

    def _toggle(self) -> None:
        if self._comparison.is_running:
            self._comparison.cancel()
        elif self._shelf is not None and self._is_working:
            self._shelf.cancel()
        else:
            self._comparison.start()

    def _show_blank(self) -> None:
        known = self._comparison
        if known.is_running:
            self._blank.say(_PREPARING, _PREPARING_WHAT, with_button=False)
        elif known.hindrance:
            self._blank.say(_INVITATION, known.hindrance, with_button=False)
        else:
            failure = known.failure
            title = _CANCELLED if known.is_cancelled else _INVITATION
            lacks_int8 = known.model is not None and "INT8" not in known.model.variants
            self._blank.say(
                failure.sentence or "The comparison failed." if failure else title,
                failure.remedy if failure else _WHAT,
                with_button=True,
                can_make=lacks_int8,
            )
