"""Opens the waterfall page, and tells what it measured to whoever shows paced and saturated numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.paces import Paces
from edgeperf_gui.live.waterfall_run import WaterfallRun
from edgeperf_gui.ui.job_door import JobDoor
from edgeperf_gui.ui.waterfall_page import WaterfallPage


class WaterfallDoor(JobDoor[WaterfallRun, WaterfallPage]):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, paces: Paces) -> None:
        super().__init__(window, WaterfallRun(controller), WaterfallPage)
        self._paces = paces

    def _on_finished(self) -> None:
        if self.job.result is not None and self.job.asked is not None:
            self._paces.keep_waterfall(self.job.asked, self.job.result)
