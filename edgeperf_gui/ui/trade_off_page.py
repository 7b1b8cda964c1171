"""The trade-off page: what to sweep on the left, what came of it on the right, while it runs and afterwards."""

from __future__ import annotations

import contextlib
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.job_page import JobPage
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.trade_off_form import TradeOffForm
from edgeperf_gui.ui.trade_off_results import TradeOffResults
from edgeperf_gui.ui.trade_off_words import WORDS, given, summary

_SIZE: Final = (1360, 840)
_LEAST: Final = (1020, 600)
_FORM_WIDTH: Final = 292


class TradeOffPage(JobPage):
    """The form, and what is known of its sweep. `useAsked` carries settings of the live session by name."""

    useAsked = Signal(object)

    def __init__(self, run: SweepRun, parent: QWidget | None = None) -> None:
        super().__init__(run, WORDS, _SIZE, _LEAST, parent)
        self._run = run
        self._has_chosen = False
        self.form, self.results = TradeOffForm(self), TradeOffResults(self)
        self.on_button = QPushButton("Go on")
        self.on_button.setToolTip("Measure what the stopped sweep has left; points measured whole are taken over")
        self.on_button.setAutoDefault(False)
        self.on_button.setFont(theme.font(theme.BODY, 600))
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        for widget in (self.form, self.status, self.bar, self.run_button, self.cancel_button, self.on_button):
            left.column.addWidget(widget)
        left.column.addStretch(1)
        right.column.addWidget(self._stacked(self.results), 1)
        self._lay_out(left, right)

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.wanted.connect(self._on_wanted)
        self.form.asked.connect(self.start)
        self.on_button.clicked.connect(self._run.go_on)
        self.results.useAsked.connect(self.useAsked)
        self.results.scatter.deadlineDragged.connect(lambda value: self.form.want("deadline", value))
        self.results.scatter.rateDragged.connect(lambda value: self.form.want("rate", value))

    def refresh(self) -> None:
        """Show what the sweep knows now."""
        run = self._run
        self.form.offer(run.models)
        if not self._has_chosen and run.models and self.isVisible():
            self._has_chosen = True
            self.form.choose(run.present[0])
        self.results.show_result(run.result, running=run.is_running)
        super().refresh()

    def _on_wanted(self) -> None:
        with contextlib.suppress(BadInput):  # the status says what is wrong; until it is mended the last ones hold
            self.results.want(self.form.deadline_ms(), self.form.rate_fps())
        self._show_state()

    def _tell(self, ended: str, trouble: str) -> None:
        result = self._run.result
        if result is not None:
            self.results.foot.say(" ".join(filter(None, (summary(result), given(result), ended))), trouble)

    def _show_state(self) -> None:
        super()._show_state()
        self.on_button.setVisible(self._run.rest is not None)
        self.on_button.setEnabled(not self._run.hindrance)

    def _asked(self) -> tuple[str, bool]:
        return self.form.words(self._run.present[1], self._run.source)

    def _lock(self, locked: bool) -> None:
        self.form.lock(locked)

    def _begin(self) -> None:
        self._run.start(self.form.spec(self._run.present[1], self._run.source))
