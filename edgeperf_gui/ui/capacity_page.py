"""The capacity page: which cameras on the left, what came of the search on the right, while it runs and afterwards."""

from __future__ import annotations

import os
from typing import Final

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.ui.capacity_form import CapacityForm
from edgeperf_gui.ui.capacity_results import CapacityResults
from edgeperf_gui.ui.capacity_words import WORDS, summary
from edgeperf_gui.ui.job_page import JobPage

_SIZE: Final = (1360, 840)
_LEAST: Final = (1020, 600)


class CapacityPage(JobPage):
    """The form, and what is known of its search."""

    def __init__(self, search: CapacitySearch, parent: QWidget | None = None) -> None:
        super().__init__(search, WORDS, _SIZE, _LEAST, parent)
        self._search = search
        self.form, self.results = CapacityForm(self), CapacityResults(self)
        self._lay_out_form(self.form, self.results)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        self.form.changed.connect(self._show_state)
        self.form.asked.connect(self.start)
        self.results.tiles.viewResized.connect(self._search.set_view_size)
        self._search.pictured.connect(self.results.tiles.show_cameras)

    def refresh(self) -> None:
        """Show what the search knows now."""
        search = self._search
        self.form.offer(search.models, search.devices, search.settings)
        # from the first answer on, which comes with the prediction, there is something to be seen
        if search.result is None:
            self.results.tiles.forget()
        self.results.show_result(search.result, running=search.is_running)
        super().refresh()

    def _tell(self, ended: str, trouble: str) -> None:
        if self._search.result is not None:
            self.results.foot.say(" ".join(filter(None, (summary(self._search.result), ended))), trouble)

    def _asked(self) -> tuple[str, bool]:
        return self.form.words()

    def _lock(self, locked: bool) -> None:
        self.form.lock(locked)

    def _begin(self) -> None:
        self._search.start(msgspec.structs.replace(self.form.spec(), companion_pids=(os.getpid(),)))

    def changeEvent(self, event: QEvent) -> None:
        """Minimised: no picture is made."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.results.tiles.set_seen(not self.isMinimized())
