"""Opens the page of simulations, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.job_door import TellingDoor
from edgeperf_gui.ui.what_if_page import WhatIfPage
from edgeperf_gui.ui.what_if_words import WORDS


class WhatIfDoor(TellingDoor[SimulationRun, WhatIfPage]):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, notice: Callable[[str, str], None]) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window, controller, SimulationRun(controller), WhatIfPage, notice, WORDS)

    def open_for(self, rates_fps: Sequence[float], cameras: int) -> None:
        """Show the page, asking for so many cameras at these rates."""
        self.open()
        if not self.job.is_running:
            self.made_page().form.fill(rates_fps, cameras)

    def _done(self) -> tuple[str, str] | None:
        result = self.job.result
        if result is None or not result.complete:
            return None
        return f"{figures.count(len(result.predictions), 'situation')} predicted.", "The page “What if…” shows them."
