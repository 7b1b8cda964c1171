"""Opens the waterfall page, and tells what it measured to whoever shows paced and saturated numbers."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.paces import Paces
from edgeperf_gui.live.waterfall_run import WaterfallRun
from edgeperf_gui.ui.waterfall_page import WaterfallPage


class WaterfallDoor(QObject):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, paces: Paces) -> None:
        super().__init__(window)
        self._window, self._paces = window, paces
        self.run = WaterfallRun(controller, parent=self)
        self.page: WaterfallPage | None = None
        self.run.finished.connect(self._on_finished)

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.page = WaterfallPage(self.run, self._window)
        self.page.open()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.run.shutdown()
        if self.page is not None:
            self.page.close()

    def _on_finished(self) -> None:
        if self.run.result is not None and self.run.asked is not None:
            self._paces.keep_waterfall(self.run.asked, self.run.result)
