"""Opens the page of energy and devices, and keeps it on the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.device_sheets import DeviceSheets
from edgeperf_gui.ui.energy_page import EnergyPage


class EnergyDoor(QObject):
    """The page is not made before it is asked for. `sheetChosen` carries the device sheet that is looked at, or None."""

    sheetChosen = Signal(object)

    def __init__(self, window: QWidget, controller: Controller, change: Callable[[dict[str, Any]], None]) -> None:
        """`change` takes settings by name."""
        super().__init__(window)
        self._window, self._controller, self._change = window, controller, change
        self.page: EnergyPage | None = None

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.page = EnergyPage(self._controller.store, DeviceSheets(self), self._window)
            self.page.changeAsked.connect(self._change)
            self.page.sheetChosen.connect(self.sheetChosen)
            self._controller.settingsChanged.connect(self._show)
            self._show()
        self.page.open()

    def shutdown(self) -> None:
        """Before the window goes."""
        if self.page is not None:
            self.page.close()

    def _show(self, _settings: object = None) -> None:
        if self.page is not None:
            self.page.show_settings(self._controller.settings)
