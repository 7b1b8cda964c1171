"""Opens the capacity page, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.capacity_page import CapacityPage
from edgeperf_gui.ui.capacity_words import CANCELLED


class CapacityDoor(QObject):
    """The page is not made before it is asked for."""

    def __init__(self, window: QWidget, controller: Controller, notice: Callable[[str, str], None]) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window)
        self._window, self._controller, self._notice = window, controller, notice
        self.search = CapacitySearch(controller, parent=self)
        self.page: CapacityPage | None = None
        self.search.finished.connect(self._on_finished)

    def open(self) -> None:
        """Show the page."""
        if self._controller.inventory is None:
            self._controller.refresh_inventory()
        if self.page is None:
            self.page = CapacityPage(self.search, self._window)
        self.page.open()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.search.shutdown()
        if self.page is not None:
            self.page.close()

    def _on_finished(self) -> None:
        if self.page is not None and self.page.isVisible():
            return
        result, failure = self.search.result, self.search.failure
        if failure is not None:
            self._notice(failure.sentence or "The search for capacity failed.", failure.remedy)
        elif result is not None and result.complete:
            self._notice(result.sentence, "")
        else:
            self._notice(CANCELLED, "")
