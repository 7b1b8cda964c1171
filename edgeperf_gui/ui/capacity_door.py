"""Opens the capacity page, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.capacity_page import CapacityPage
from edgeperf_gui.ui.capacity_words import WORDS
from edgeperf_gui.ui.job_door import TellingDoor


class CapacityDoor(TellingDoor[CapacitySearch, CapacityPage]):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, notice: Callable[[str, str], None]) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window, controller, CapacitySearch(controller), CapacityPage, notice, WORDS)

    def _done(self) -> tuple[str, str] | None:
        result = self.job.result
        return (result.sentence, "") if result is not None and result.complete else None
