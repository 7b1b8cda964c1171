"""Opens the scenario page and its editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from edgeperf_gui.analysis.looks import needed_fps
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.live.scenario_ratios import ScenarioRatios
from edgeperf_gui.live.scenario_runs import ScenarioRuns
from edgeperf_gui.live.scenario_shelf import ScenarioShelf
from edgeperf_gui.live.scenario_view import ScenarioView
from edgeperf_gui.ui.scenario_editor import ScenarioEditor
from edgeperf_gui.ui.scenario_page import ScenarioPage


class ScenarioDoor(QObject):
    """Nothing but the state is made before the page is asked for. `simulationAsked` carries rates of each camera, and cameras."""

    simulationAsked = Signal(object, int)

    def __init__(
        self, window: QWidget, controller: Controller, change: Callable[[dict[str, Any]], None], measured: MeasuredLedger
    ) -> None:
        """`change` takes settings by name; `measured` knows how fast and how good variants are."""
        super().__init__(window)
        self._window, self._controller, self._change = window, controller, change
        known = ScenarioRatios(controller, measured, self)
        self.view = ScenarioView(ScenarioRuns(controller.store, self), ScenarioShelf(self), known, self, known.quality)
        measured.changed.connect(self.view.refresh)
        self.page: ScenarioPage | None = None
        self.editor: ScenarioEditor | None = None

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.page = ScenarioPage(self.view, self._window)
            self.page.pacedAsked.connect(self._on_paced)
            self.page.editAsked.connect(self._edit)
            self.page.simulationAsked.connect(self._simulate)
            self._controller.settingsChanged.connect(self._show_settings)
            self._show_settings()
        self.page.open()

    def let_go(self) -> bool:
        """Whether the window may close: typed work that is not saved keeps it open at the first attempt, and says so."""
        if self.editor is None or self.editor.close():
            return True
        self.editor.open()
        return False

    def shutdown(self) -> None:
        """Close what is open, before the window goes."""
        if self.editor is not None:
            self.editor.hide()  # unasked: whoever was to be asked was
        if self.page is not None:
            self.page.close()

    def _show_settings(self, _settings: object = None) -> None:
        settings = self._controller.settings
        self.view.use_upkeep(settings.upkeep)
        if self.page is not None:
            self.page.show_loop(settings.paced)

    def _on_paced(self, paced: bool) -> None:
        self._change({"paced": paced})
        if not self._controller.is_running:
            self._controller.start()
        self._show_settings()

    def _simulate(self, at: int) -> None:
        scenario = self.view.sides[at].scenario
        rates = (needed_fps(scenario), scenario.camera_fps)  # what has to be processed, and what the cameras give
        self.simulationAsked.emit(tuple(rate for rate in rates if rate is not None), scenario.cameras)

    def _edit(self, at: int) -> None:
        side = self.view.sides[at]
        if self.editor is not None:
            if self.editor.is_unsaved:
                self.editor.warn()
                self.editor.open()
                return
            self.editor.close()
            self.editor.deleteLater()
        self.editor = ScenarioEditor(self.view, side.name, side.scenario, self.page)
        self.editor.saved.connect(lambda name: self.view.choose_saved(at, name))
        self.editor.show()
