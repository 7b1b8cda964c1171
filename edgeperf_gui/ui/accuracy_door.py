"""Opens the accuracy page, keeps what was measured, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.ui.accuracy_page import AccuracyPage
from edgeperf_gui.ui.accuracy_words import CANCELLED, sentences
from edgeperf_gui.ui.names import source_name


class AccuracyDoor(QObject):
    """The page is not made before it is asked for."""

    runningChanged = Signal(bool)  # while it measures, no session is on

    def __init__(
        self, window: QWidget, controller: Controller, comparison: Comparison, notice: Callable[[str, str], None]
    ) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window)
        self._window, self._controller, self._comparison, self._notice = window, controller, comparison, notice
        self.measured = MeasuredLedger(notice, self)
        self.measurement = AccuracyMeasurement(controller, parent=self)
        self.page: AccuracyPage | None = None
        self.measurement.runningChanged.connect(self.runningChanged)
        self.measurement.finished.connect(self._on_measured)
        comparison.finished.connect(self._on_compared)

    def open(self, model: str | None = None) -> None:
        """Show the page; with this model chosen."""
        if self._controller.inventory is None:
            self._controller.refresh_inventory()
        if self.page is None:
            self.page = AccuracyPage(self.measurement, self._window)
        self.page.open(model)

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        self.measurement.shutdown()
        if self.page is not None:
            self.page.close()

    def _on_measured(self) -> None:
        result, failure = self.measurement.result, self.measurement.failure
        if result is not None:
            self.measured.keep_accuracy(result)
        if self.page is not None and self.page.isVisible():
            return
        if failure is not None:
            self._notice(failure.sentence or "The accuracy measurement failed.", failure.remedy)
        elif result is not None:
            self._notice("The accuracy is measured.", " ".join(sentences(result)[:1]))
        else:
            self._notice(CANCELLED, "")

    def _on_compared(self) -> None:
        result = self._comparison.result
        if result is not None and self._comparison.failure is None:
            self.measured.keep_comparison(result, source_name(result.spec.source, self._controller.inventory))
