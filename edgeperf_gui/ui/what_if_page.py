"""The page of simulations: settings that were not run on the left, what they would give on the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui.job_page import JobPage
from edgeperf_gui.ui.what_if_form import WhatIfForm
from edgeperf_gui.ui.what_if_results import WhatIfResults
from edgeperf_gui.ui.what_if_sheet import closeness
from edgeperf_gui.ui.what_if_words import WORDS, elapsed, summary, work_s

_SIZE: Final = (1360, 800)
_LEAST: Final = (1020, 600)
_TICK_MS: Final = 1000
_STEPS: Final = 1000


class WhatIfPage(JobPage):
    """The form, and what is known of its predictions."""

    def __init__(self, run: SimulationRun, parent: QWidget | None = None) -> None:
        super().__init__(run, WORDS, _SIZE, _LEAST, parent)
        self._run = run
        self._expected_s: float | None = None
        self.form, self.results = WhatIfForm(run.settings, self), WhatIfResults(self)
        self._clock = QTimer(self, interval=_TICK_MS)
        self.bar.setRange(0, _STEPS)
        self._lay_out_form(self.form, self.results)
        self.form.changed.connect(self._show_state)
        self.form.asked.connect(self.start)
        self._clock.timeout.connect(self._show_state)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        run = self._run
        self.form.offer(run.settings)
        self.results.show_result(run.result)
        if run.is_running != self._clock.isActive():
            self._clock.start() if run.is_running else self._clock.stop()
        super().refresh()

    def _tell(self, ended: str, trouble: str) -> None:
        result = self._run.result
        if result is not None:
            self.results.foot.say(" ".join(filter(None, (summary(result), closeness(result), ended))), trouble)

    def _activity(self) -> str:
        return super()._activity() + elapsed(self._run, self._expected_s)

    def _show_progress(self) -> None:
        """By the time that is gone, because the calibration before the first situation takes its share as well."""
        gone_s, all_s = self._run.elapsed_s, self._expected_s
        self.bar.setValue(0 if gone_s is None or not all_s else min(round(_STEPS * gone_s / all_s), _STEPS - 20))

    def _asked(self) -> tuple[str, bool]:
        return self.form.words()

    def _lock(self, locked: bool) -> None:
        self.form.lock(locked)

    def _begin(self) -> None:
        spec = self.form.spec()
        self._expected_s = work_s(spec)
        self._run.start(spec)
