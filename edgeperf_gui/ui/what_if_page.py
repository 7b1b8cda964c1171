"""The page of simulations: settings that were not run on the left, what they would give on the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.what_if_form import WhatIfForm
from edgeperf_gui.ui.what_if_results import WhatIfResults
from edgeperf_gui.ui.what_if_sheet import closeness
from edgeperf_gui.ui.what_if_words import CANCELLED, INVITATION, TITLE, WAITS, WHAT, activity, summary, work_s

_SIZE: Final = (1360, 800)
_LEAST: Final = (1020, 600)
_FORM_WIDTH: Final = 316
_TICK_MS: Final = 1000
_STEPS: Final = 1000


class WhatIfPage(QDialog):
    """Beside the window, not in its way."""

    def __init__(self, run: SimulationRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*_LEAST)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 60))
        self._run = run
        self._expected_s: float | None = None
        self._told: tuple[str, str] | None = None
        self.form, self.results = WhatIfForm(run.settings, self), WhatIfResults(self)
        self.blank_title, self.blank_words = label("", theme.READOUT, weight=600), label("", theme.BODY, "quiet")
        self.status = label("", theme.QUIET, "quiet")
        self.bar = QProgressBar(self)
        self.run_button, self.cancel_button = QPushButton("Predict"), QPushButton("Cancel")
        self._clock = QTimer(self, interval=_TICK_MS)
        self._prepare()
        self._build()
        self._connect()
        self.refresh()

    def _prepare(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName("Progress of the simulation")
        self.run_button.setProperty("role", "primary")
        self.cancel_button.setToolTip("Stop; what is predicted so far is kept")
        for button in (self.run_button, self.cancel_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.BODY, 600))

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        left.column.addWidget(self.form, 1)
        for widget in (self.status, self.bar, self.run_button, self.cancel_button):
            left.column.addWidget(widget)
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
        self.form.asked.connect(self.start)
        self.run_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self._run.cancel)
        self._run.changed.connect(self.refresh)
        self._clock.timeout.connect(self._show_state)

    def open(self) -> None:
        """Show it, in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()

    # Showing ------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is known now."""
        run = self._run
        self.form.offer(run.settings)
        self._stack.setCurrentWidget(self._blank if run.result is None else self.results)
        self.results.show_result(run.result)
        if run.is_running != self._clock.isActive():
            self._clock.start() if run.is_running else self._clock.stop()
        self._show_state()
        self._show_words()

    def _show_words(self) -> None:
        run, failure = self._run, self._run.failure
        title, words = INVITATION, f"{WHAT}\n\n{WAITS}"
        if run.is_running:
            title, words = activity(run), f"{WHAT}\n\n{WAITS}"
        elif failure is not None:
            title, words = failure.sentence or "The simulation failed.", failure.remedy
        self.blank_title.setText(title)
        self.blank_words.setText(words)
        if run.result is None:
            return
        ended = CANCELLED if run.is_cancelled and not run.is_running else ""
        went = " ".join(filter(None, (summary(run.result), closeness(run.result), ended)))
        trouble = f"{title} {words}".strip() if failure is not None and not run.is_running else ""
        if (went, trouble) != self._told:  # what was copied or saved stays said until there is news
            self._told = went, trouble
            self.results.say(went, trouble)

    def _show_state(self) -> None:
        run = self._run
        said, can_run = self.form.words()
        why_not = run.hindrance or ("" if can_run else said)
        had_focus = self.cancel_button.hasFocus() or self.run_button.hasFocus()
        self.form.lock(run.is_running)
        self.run_button.setVisible(not run.is_running)
        self.run_button.setEnabled(not why_not)
        self.run_button.setToolTip(why_not or WAITS)
        self.cancel_button.setVisible(run.is_running)
        self.cancel_button.setEnabled(not run.is_stopping)
        if had_focus and self.isVisible():
            (self.cancel_button if run.is_running else self.run_button).setFocus()
        self.bar.setVisible(run.is_running)
        self.bar.setValue(self._share_done())
        self.status.setText(activity(run, self._expected_s) if run.is_running else why_not or said)

    def _share_done(self) -> int:
        """By the time that is gone, because the calibration before the first situation takes its share as well."""
        elapsed_s = self._run.elapsed_s
        return 0 if elapsed_s is None or not self._expected_s else min(round(_STEPS * elapsed_s / self._expected_s), _STEPS - 20)

    # Doing --------------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, when all is chosen and nothing else runs."""
        if not self._run.is_running and not self._run.hindrance and self.form.words()[1]:
            spec = self.form.spec()
            self._expected_s = work_s(spec)
            self._run.start(spec)

    # The window itself --------------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape closes it, as its frame does; a simulation goes on."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hidden: predictions that took minutes are there again when the page is opened."""
        event.accept()
