"""Opens the trade-off page, applies what is chosen there, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.batch_words import rate_of, wait_sentence
from edgeperf_gui.ui.trade_off_page import TradeOffPage
from edgeperf_gui.ui.trade_off_words import CANCELLED


class TradeOffDoor(QObject):
    """The page is not made before it is asked for."""

    runningChanged = Signal(bool)  # while it measures, no session is on

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        change: Callable[[dict[str, Any]], None],
        notice: Callable[[str, str], None],
    ) -> None:
        """`change` takes settings by name, `notice` a sentence and its remedy."""
        super().__init__(window)
        self._window, self._controller, self._change, self._notice = window, controller, change, notice
        self.run = SweepRun(controller, parent=self)
        self.page: TradeOffPage | None = None
        self.run.runningChanged.connect(self.runningChanged)
        self.run.finished.connect(self._on_finished)

    def open(self) -> None:
        """Show the page."""
        if self._controller.inventory is None:
            self._controller.refresh_inventory()
        if self.page is None:
            self.page = TradeOffPage(self.run, self._window)
            self.page.useAsked.connect(self._use)
        self.page.open()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.run.shutdown()
        if self.page is not None:
            self.page.close()

    def _use(self, fields: dict[str, Any]) -> None:
        self._change(fields)
        counts = [f"batch {fields['batch']}"] if fields["batch"] > 1 else []
        counts += [figures.count(fields[name], name[:-1]) for name in ("streams", "requests") if fields[name]]
        wait = wait_sentence(fields["batch"], rate_of(self._controller.settings, self._controller.store.source_info))
        told = f"The live session uses {fields['precision']} with {', '.join(counts) or 'the runtime’s own choice'}."
        self._notice(f"{told} {wait}".rstrip(), "Ctrl+Z undoes it.")

    def _on_finished(self) -> None:
        if self.page is not None and self.page.isVisible():
            return
        result, failure = self.run.result, self.run.failure
        if failure is not None:
            self._notice(failure.sentence or "The sweep failed.", failure.remedy)
        elif result is not None and result.complete:
            self._notice("The sweep is measured.", result.best.sentence)
        else:
            self._notice(CANCELLED, "")
