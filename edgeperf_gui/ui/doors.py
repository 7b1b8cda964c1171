"""The pages beside the main window and the jobs behind them, in one place: a new page is a line here and a row in `actions`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_job import MachineJob
from edgeperf_gui.ui.accuracy_door import AccuracyDoor
from edgeperf_gui.ui.capacity_door import CapacityDoor
from edgeperf_gui.ui.energy_door import EnergyDoor
from edgeperf_gui.ui.models_door import ModelsDoor
from edgeperf_gui.ui.scenario_door import ScenarioDoor
from edgeperf_gui.ui.trade_off_door import TradeOffDoor
from edgeperf_gui.ui.watch_door import WatchDoor
from edgeperf_gui.ui.waterfall_door import WaterfallDoor
from edgeperf_gui.ui.what_if_door import WhatIfDoor

if TYPE_CHECKING:
    from edgeperf_gui.ui.main_window import MainWindow


class Doors(QObject):
    """Each opens one page with `open` and ends what it began with `shutdown`."""

    jobChanged = Signal()  # one of the jobs that no session runs beside began or ended

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        change: Callable[[dict[str, Any]], None],
        notice: Callable[[str, str], None],
    ) -> None:
        """`change` takes settings by name, `notice` a sentence and its remedy."""
        super().__init__(window)
        self.models = ModelsDoor(window, controller, change, notice)
        self.accuracy = AccuracyDoor(window, controller, window.comparison, notice)
        self.watching = WatchDoor(window, controller)
        self.trade_off = TradeOffDoor(window, controller, change, notice)
        self.capacity = CapacityDoor(window, controller, notice)
        self.waterfall = WaterfallDoor(window, controller, window.paces)
        self.what_if = WhatIfDoor(window, controller, notice)
        self.energy = EnergyDoor(window, controller, change)
        self.scenarios = ScenarioDoor(window, controller, change, self.accuracy.measured)
        self.scenarios.simulationAsked.connect(self.what_if.open_for)
        self.energy.sheetChosen.connect(self.scenarios.view.use_sheet)
        self.models.measured = self.accuracy.measured
        self.models.accuracyAsked.connect(self.accuracy.open)
        measuring = (self.accuracy, self.watching, self.trade_off, self.capacity, self.waterfall, self.what_if)
        self._jobs: Final[tuple[MachineJob, ...]] = (
            window.comparison,
            *(door.job for door in measuring),
        )
        for job in self._jobs:
            job.runningChanged.connect(self.jobChanged)
        window.closing.connect(window.comparison.shutdown)
        for door in (self.models, *measuring, self.energy, self.scenarios):
            window.closing.connect(door.shutdown)

    @property
    def job(self) -> str:
        """The name of the job that the session waits for; empty for none."""
        return next((job.name for job in self._jobs if job.is_running), "")
