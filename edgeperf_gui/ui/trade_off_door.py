"""Opens the trade-off page, applies what is chosen there, and tells in the window what ends while the page is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.batch_words import rate_of, wait_sentence
from edgeperf_gui.ui.job_door import TellingDoor
from edgeperf_gui.ui.trade_off_page import TradeOffPage
from edgeperf_gui.ui.trade_off_words import WORDS


class TradeOffDoor(TellingDoor[SweepRun, TradeOffPage]):
    """The page is not made before it is asked for."""

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        change: Callable[[dict[str, Any]], None],
        notice: Callable[[str, str], None],
    ) -> None:
        """`change` takes settings by name, `notice` a sentence and its remedy."""
        super().__init__(window, controller, SweepRun(controller), self._page, notice, WORDS)
        self._change = change

    def _page(self, run: SweepRun, window: QWidget) -> TradeOffPage:
        page = TradeOffPage(run, window)
        page.useAsked.connect(self._use)
        return page

    def _use(self, fields: dict[str, Any]) -> None:
        self._change(fields)
        counts = [f"batch {fields['batch']}"] if fields["batch"] > 1 else []
        counts += [figures.count(fields[name], name[:-1]) for name in ("streams", "requests", "threads") if fields.get(name)]
        counts += [f"hint {fields['hint']}"] if fields["hint"] != "none" else []
        wait = wait_sentence(fields["batch"], rate_of(self._controller.settings, self._controller.store.source_info))
        told = f"The live session uses {fields['precision']} with {', '.join(counts) or 'the runtime’s own choice'}."
        self._notice(f"{told} {wait}".rstrip(), "Ctrl+Z undoes it.")

    def _done(self) -> tuple[str, str] | None:
        result = self.job.result
        return ("The sweep is measured.", result.best.sentence) if result is not None and result.complete else None
