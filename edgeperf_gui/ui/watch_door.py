"""Opens the watch page, and begins to watch."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.watching import Watching
from edgeperf_gui.ui.watch_page import WatchPage


class WatchDoor(QObject):
    """Nothing but the state is made before the page is asked for."""

    def __init__(self, window: QWidget, controller: Controller) -> None:
        super().__init__(window)
        self._window = window
        self.watching = Watching(controller, parent=self)
        self.page: WatchPage | None = None

    def open(self) -> None:
        """Show the page, and watch, unless something else runs: then the page says so."""
        if self.page is None:
            self.page = WatchPage(self.watching, self._window)
        self.page.open()
        self.watching.start()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.watching.shutdown()
        if self.page is not None:
            self.page.close()
