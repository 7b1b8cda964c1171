"""Opens the models page, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from edgeperf_gui.domain.graph import ImportResult
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.model_shelf import ModelShelf, WorkResult
from edgeperf_gui.ui.models_page import ModelsPage

_PREFERRED: Final = ("FP16", "FP32", "INT8")


class ModelsDoor(QObject):
    """Nothing is made before the page is asked for."""

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

    def open(self) -> None:
        """Show the page."""
        if self.page is None:
            self.shelf = ModelShelf(self._controller, parent=self)
            self.page = ModelsPage(self.shelf, self._window)
            self.page.useAsked.connect(self._use)
            self.shelf.workDone.connect(self._on_done)
            self.shelf.workEnded.connect(self._tell)
        self.page.open()

    def shutdown(self) -> None:
        """End what runs, before the window goes."""
        if self.page is not None and self.shelf is not None:
            self.shelf.shutdown()
            self.page.close()

    def _use(self, name: str) -> None:
        card = self.shelf.card(name) if self.shelf is not None else None
        if card is None:
            return
        wanted = (self._controller.settings.precision, *_PREFERRED)
        self._change({"model": name, "precision": next(key for key in wanted if key in card.variants)})

    def _on_done(self, result: WorkResult) -> None:
        # a corrected model is another one than the session runs
        if isinstance(result, ImportResult) and result.name == self._controller.settings.model and self._controller.is_running:
            self._controller.run_again()

    def _tell(self, _status: SessionStatus) -> None:
        if self.page is not None and not self.page.isVisible():
            sentence, remedy = self.page.strip.sentences()
            if sentence:
                self._notice(sentence, remedy)
