"""Opens the page of simulations, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.what_if_page import WhatIfPage
from edgeperf_gui.ui.what_if_words import CANCELLED


class WhatIfDoor(QObject):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, notice: Callable[[str, str], None]) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window)
        self._window, self._notice = window, notice
        self.run = SimulationRun(controller, parent=self)
        self.page: WhatIfPage | None = None
        self.run.finished.connect(self._on_finished)

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.page = WhatIfPage(self.run, self._window)
        self.page.open()

    def open_for(self, rates_fps: Sequence[float], cameras: int) -> None:
        """Show the page, asking for so many cameras at these rates."""
        self.open()
        if self.page is not None and not self.run.is_running:
            self.page.form.fill(rates_fps, cameras)

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.run.shutdown()
        if self.page is not None:
            self.page.close()

    def _on_finished(self) -> None:
        if self.page is not None and self.page.isVisible():
            return
        result, failure = self.run.result, self.run.failure
        if failure is not None:
            self._notice(failure.sentence or "The simulation failed.", failure.remedy)
        elif result is not None and result.complete:
            self._notice(f"{figures.count(len(result.predictions), 'situation')} predicted.", "The page “What if…” shows them.")
        else:
            self._notice(CANCELLED, "")
