"""Opens the watch page, and begins to watch."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.watching import Watching
from edgeperf_gui.ui.job_door import JobDoor
from edgeperf_gui.ui.watch_page import WatchPage


class WatchDoor(JobDoor[Watching, WatchPage]):
    """Nothing but the state is made before the page is asked for."""

    def __init__(self, window: QWidget, controller: Controller) -> None:
        super().__init__(window, Watching(controller), WatchPage)

    def open(self) -> None:
        """Show the page, and watch, unless something else runs: then the page says so."""
        super().open()
        self.job.start()
