"""The trade-off page: what to sweep on the left, what came of it on the right, while it runs and afterwards."""

from __future__ import annotations

import contextlib
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.trade_off_form import TradeOffForm
from edgeperf_gui.ui.trade_off_results import TradeOffResults
from edgeperf_gui.ui.trade_off_words import CANCELLED, INVITATION, WAITS, WHAT, activity, given, summary

_SIZE: Final = (1360, 840)
_LEAST: Final = (1020, 600)
_FORM_WIDTH: Final = 292


class TradeOffPage(QDialog):
    """Beside the window, not in its way. `useAsked` carries settings of the live session by name."""

    useAsked = Signal(object)

    def __init__(self, run: SweepRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Trade-off: latency and throughput")
        self.setMinimumSize(*_LEAST)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 60))
        self._run = run
        self._has_chosen = False
        self._told: tuple[str, str] | None = None
        self.form, self.results = TradeOffForm(self), TradeOffResults(self)
        self.blank_title, self.blank_words = label("", theme.READOUT, weight=600), label("", theme.BODY, "quiet")
        self.status = label("", theme.QUIET, "quiet")
        self.bar = QProgressBar(self)
        self.run_button, self.cancel_button, self.on_button = (QPushButton(text) for text in ("Run", "Cancel", "Go on"))
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress of the sweep")
        self.run_button.setProperty("role", "primary")
        self.cancel_button.setToolTip("Stop; the points measured so far are kept")
        self.on_button.setToolTip("Measure what the stopped sweep has left; points measured whole are taken over")
        for button in (self.run_button, self.cancel_button, self.on_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.BODY, 600))

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        for widget in (self.form, self.status, self.bar, self.run_button, self.cancel_button, self.on_button):
            left.column.addWidget(widget)
        left.column.addStretch(1)
        self._blank = QWidget()
        middle = QVBoxLayout(self._blank)
        middle.setContentsMargins(60, 0, 60, 0)
        middle.addStretch(2)
        middle.addWidget(self.blank_title)
        middle.addWidget(self.blank_words)
        middle.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._blank)
        self._stack.addWidget(self.results)
        right.column.addWidget(self._stack, 1)
        across = QHBoxLayout(self)
        across.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        across.setSpacing(theme.BETWEEN)
        across.addWidget(left)
        across.addWidget(right, 1)

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.wanted.connect(self._on_wanted)
        self.form.asked.connect(self.start)
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self._run.cancel)
        self.on_button.clicked.connect(self._run.go_on)
        self.results.useAsked.connect(self.useAsked)
        self.results.scatter.deadlineDragged.connect(lambda value: self.form.want("deadline", value))
        self.results.scatter.rateDragged.connect(lambda value: self.form.want("rate", value))
        self._run.changed.connect(self.refresh)

    def open(self) -> None:
        """Show it, in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the sweep knows now."""
        run = self._run
        self.form.offer(run.models)
        if not self._has_chosen and run.models and self.isVisible():
            self._has_chosen = True
            self.form.choose(run.present[0])
        self.results.show_result(run.result, running=run.is_running)
        self._stack.setCurrentWidget(self._blank if run.result is None else self.results)
        self._show_words()
        self._show_state()

    def _on_wanted(self) -> None:
        with contextlib.suppress(BadInput):  # the status says what is wrong; until it is mended the last ones hold
            self.results.want(self.form.deadline_ms(), self.form.rate_fps())
        self._show_state()

    def _show_words(self) -> None:
        run, failure = self._run, self._run.failure
        title, words = INVITATION, f"{WHAT}\n\n{WAITS}"
        if run.is_running:
            title, words = activity(run), WAITS
        elif failure is not None:
            title, words = failure.sentence or "The sweep failed.", failure.remedy
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        if run.result is None:
            return
        ended = CANCELLED if run.is_cancelled and not run.is_running else ""
        went = " ".join(filter(None, (summary(run.result), given(run.result), ended)))
        trouble = f"{title} {words}".strip() if failure is not None and not run.is_running else ""
        if (went, trouble) != self._told:  # what was copied or saved stays said until there is news
            self._told = went, trouble
            self.results.say(went, trouble)

    def _show_state(self) -> None:
        run = self._run
        size, can_run = self.form.words(run.present[1], run.source)
        why_not = run.hindrance or ("" if can_run else size)
        had_focus = self.cancel_button.hasFocus() or self.run_button.hasFocus()
        self.form.lock(run.is_running)
        self.run_button.setVisible(not run.is_running)
        self.run_button.setEnabled(not why_not)
        self.run_button.setToolTip(why_not or WAITS)
        self.cancel_button.setVisible(run.is_running)
        self.cancel_button.setEnabled(not run.is_stopping)
        if had_focus and self.isVisible():
            (self.cancel_button if run.is_running else self.run_button).setFocus()
        self.on_button.setVisible(run.rest is not None)
        self.on_button.setEnabled(not run.hindrance)
        self.bar.setVisible(run.is_running)
        progress = run.progress
        total = progress.total if progress and progress.total else 0
        self.bar.setMaximum(total)
        self.bar.setValue(min(progress.done, total) if progress else 0)
        self.status.setText(activity(run) if run.is_running else why_not or size)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, when all is chosen and nothing else runs."""
        device, source = self._run.present[1], self._run.source
        if not self._run.is_running and not self._run.hindrance and self.form.words(device, source)[1]:
            self._run.start(self.form.spec(device, source))

    # The window itself --------------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape closes it, as its frame does; a sweep goes on."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hidden: points that took minutes are there again when the page is opened."""
        event.accept()
