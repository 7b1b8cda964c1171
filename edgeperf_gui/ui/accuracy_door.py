"""Opens the accuracy page, keeps what was measured, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.ui.accuracy_page import AccuracyPage
from edgeperf_gui.ui.accuracy_words import WORDS, sentences
from edgeperf_gui.ui.job_door import TellingDoor
from edgeperf_gui.ui.names import source_name


class AccuracyDoor(TellingDoor[AccuracyMeasurement, AccuracyPage]):
    """The page is not made before it is asked for."""

    def __init__(
        self, window: QWidget, controller: Controller, comparison: Comparison, notice: Callable[[str, str], None]
    ) -> None:
        """`notice` takes a sentence and its remedy."""
        super().__init__(window, controller, AccuracyMeasurement(controller), AccuracyPage, notice, WORDS)
        self._comparison = comparison
        self.measured = MeasuredLedger(notice, self)
        comparison.finished.connect(self._on_compared)

    def open(self, model: str | None = None) -> None:
        """Show the page; with this model chosen."""
        self.made_page().open(model)

    def _done(self) -> tuple[str, str] | None:
        result = self.job.result
        if result is None:
            return None
        said = "The accuracy is measured." if result.complete else "The measurement was stopped; what it saw is kept."
        return said, " ".join(sentences(result)[:1])

    def _on_finished(self) -> None:
        if self.job.result is not None:
            self.measured.keep_accuracy(self.job.result)
        super()._on_finished()

    def _on_compared(self) -> None:
        result = self._comparison.result
        if result is not None and self._comparison.failure is None:
            self.measured.keep_comparison(result, source_name(result.spec.source, self._controller.inventory))
