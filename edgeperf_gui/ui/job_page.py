"""The page of a job: how it is begun, how far it is, and what came of it, while it runs and afterwards."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.live.result_job import ResultJob
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.job_words import WAITS, JobWords, activity
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.side_page import SidePage

_FORM_WIDTH: Final = 316


class JobPage(SidePage):
    """Shows its job's state; a page of one kind says what is asked of the job (`_asked`, `_begin`) and shows its result.

    It builds its halves from `_stacked` and the parts that are made here, and calls `refresh` at the end.
    """

    def __init__(
        self,
        job: ResultJob[Any],
        words: JobWords,
        size: tuple[int, int],
        least: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words.title, size, least, parent)
        self._job, self._words = job, words
        self.blank_title, self.blank_words = label("", theme.READOUT, weight=600), label("", theme.BODY, "quiet")
        self.status = label("", theme.QUIET, "quiet")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(words.bar)
        self.run_button, self.cancel_button = QPushButton(words.run), QPushButton("Cancel")
        self.run_button.setProperty("role", "primary")
        self.cancel_button.setToolTip(words.cancel_tip)
        for button in (self.run_button, self.cancel_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.BODY, 600))
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(job.cancel)
        job.changed.connect(self.refresh)

    def _stacked(self, results: QWidget) -> QStackedWidget:
        """The words of an empty page, and what takes their place."""
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.setContentsMargins(60, 0, 60, 0)
        middle.addStretch(2)
        middle.addWidget(self.blank_title)
        middle.addWidget(self.blank_words)
        middle.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(blank)
        self._stack.addWidget(results)
        return self._stack

    def _lay_out_form(self, form: QWidget, results: QWidget) -> None:
        """The form has the height of the page, and below it stands what is done with it."""
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        left.column.addWidget(form, 1)
        for widget in (self.status, self.bar, self.run_button, self.cancel_button):
            left.column.addWidget(widget)
        right.column.addWidget(self._stacked(results), 1)
        self._lay_out(left, right)

    def open(self) -> None:
        """Show it, in front, with what is known now."""
        super().open()
        self.refresh()

    # Of one kind of job -------------------------------------------------------------------------------------------------------

    def _asked(self) -> tuple[str, bool]:
        """About how much it is or what is wrong with it, and whether it can be run."""
        raise NotImplementedError

    def _begin(self) -> None:
        """Start the job with what is asked."""
        raise NotImplementedError

    def _tell(self, ended: str, trouble: str) -> None:
        """Say beside a result how its job ended early, and what went wrong; empty for neither."""

    def _lock(self, locked: bool) -> None:
        """What must not be changed while it runs."""

    def _invitation(self) -> tuple[str, str]:
        """What an empty page says while nothing runs."""
        return self._words.invitation, f"{self._words.what}\n\n{WAITS}"

    def _activity(self) -> str:
        """What the job does now."""
        return activity(self._job, self._words.stopping)

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is known now."""
        self._stack.setCurrentIndex(0 if self._job.result is None else 1)
        self._show_words()
        self._show_state()

    def _show_words(self) -> None:
        job, failure = self._job, self._job.failure
        title, words = self._invitation()
        if job.is_running:
            title, words = self._activity(), self._words.meanwhile
        elif failure is not None:
            title, words = failure.sentence or self._words.failed, failure.remedy
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        if job.result is not None:
            ended = self._words.cancelled if job.is_cancelled and not job.is_running else ""
            self._tell(ended, f"{title} {words}".strip() if failure is not None and not job.is_running else "")

    def _show_state(self) -> None:
        job, (said, can_run) = self._job, self._asked()
        why_not = job.hindrance or ("" if can_run else said)
        had_focus = self.cancel_button.hasFocus() or self.run_button.hasFocus()
        self._lock(job.is_running)
        self.run_button.setVisible(not job.is_running)
        self.run_button.setEnabled(not why_not)
        self.run_button.setToolTip(why_not or WAITS)
        self.cancel_button.setVisible(job.is_running)
        self.cancel_button.setEnabled(not job.is_stopping)
        if had_focus and self.isVisible():
            (self.cancel_button if job.is_running else self.run_button).setFocus()
        self.bar.setVisible(job.is_running)
        self._show_progress()
        self.status.setText(self._activity() if job.is_running else why_not or said)

    def _show_progress(self) -> None:
        progress = self._job.progress
        total = progress.total if progress and progress.total else 0  # 0: how many steps it takes is not known before
        self.bar.setMaximum(total)
        self.bar.setValue(min(progress.done, total) if progress else 0)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, when all is chosen and nothing else runs."""
        if not self._job.is_running and not self._job.hindrance and self._asked()[1]:
            self._begin()
