"""Opens the models page, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.graph import ImportResult
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.machine_turn import REMEDY
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.live.model_shelf import ModelShelf, WorkResult
from edgeperf_gui.ui.model_words import done, ended
from edgeperf_gui.ui.models_page import ModelsPage
from edgeperf_gui.ui.quantize_dialog import ask_quantize

_PREFERRED: Final = ("FP16", "FP32", "INT8")


class ModelsDoor(QObject):
    """Nothing is made before the page is asked for, or work on a model."""

    shelfMade = Signal(object)  # ModelShelf, once
    accuracyAsked = Signal(str)  # name of the model to be measured

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        change: Callable[[dict[str, Any]], None],
        notice: Callable[[str, str], None],
    ) -> None:
        """`change` takes settings by name, `notice` a sentence and its remedy."""
        super().__init__(window)
        self._window, self._controller = window, controller
        self._change, self._notice = change, notice
        self.shelf: ModelShelf | None = None
        self.page: ModelsPage | None = None
        self.measured: MeasuredLedger | None = None
        """Results that the page shows; None: none."""
        self._said = ""

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.page = ModelsPage(self._made_shelf(), self._window, self.measured)
            self.page.useAsked.connect(self._use)
            self.page.accuracyAsked.connect(self.accuracyAsked)
        self.page.open()

    def make_int8(self) -> None:
        """Ask how the INT8 variant of the model in use shall be made, and make it; or say why not now."""
        shelf = self._made_shelf()
        card = shelf.card(shelf.in_use)
        if refusal := self._controller.turn.refusal(shelf):
            self._notice(refusal, REMEDY)
        elif card is not None:
            ask_quantize(self._window, shelf, card)

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        if self.shelf is not None:
            self.shelf.shutdown()
        if self.page is not None:
            self.page.close()

    def _made_shelf(self) -> ModelShelf:
        if self.shelf is None:
            self.shelf = ModelShelf(self._controller, parent=self)
            self.shelf.workDone.connect(self._on_done)
            self.shelf.workEnded.connect(self._tell)
            self.shelfMade.emit(self.shelf)
        return self.shelf

    def _use(self, name: str) -> None:
        card = self.shelf.card(name) if self.shelf is not None else None
        if card is None:
            return
        wanted = (self._controller.settings.precision, *_PREFERRED)
        self._change({"model": name, "precision": next(key for key in wanted if key in card.variants)})

    def _on_done(self, result: WorkResult) -> None:
        assert self.shelf is not None
        self._said = done(self.shelf, result)
        # a corrected model is another one than the session runs
        if isinstance(result, ImportResult) and result.name == self._controller.settings.model and self._controller.is_running:
            self._controller.run_again()

    def _tell(self, status: SessionStatus) -> None:
        said, self._said = self._said or ended(status), ""
        if self.shelf is None or (self.page is not None and self.page.isVisible()):
            return
        if failure := self.shelf.failure:
            self._notice(failure.sentence or "That failed.", failure.remedy)
        elif said:
            self._notice(said, "")
