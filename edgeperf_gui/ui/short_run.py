"""A window that closes by itself: for the README's pictures and for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.main_window import MainWindow

_WAIT_S: Final = 60.0


class ShortRun(QObject):
    """Counts from the first picture, or from a session that ended without one; after a minute it no longer waits for either.

    What does not come about (no picture, or one that cannot be saved) is told to `fail` in a sentence.
    """

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        seconds: float | None,
        screenshot: Path | None,
        fail: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = controller.store
        self._screenshot = screenshot
        self._seconds = seconds if seconds is not None else 5.0
        self._fail = fail
        self._counting = False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._end)
        if seconds is None and screenshot is None:
            return
        window.firstPicture.connect(self._count)
        controller.store.statusChanged.connect(self._on_status)
        self._clock.start(round((_WAIT_S + self._seconds) * 1000))

    def _on_status(self, status: SessionStatus) -> None:
        if status.state is RunState.FINISHED:
            self._count()

    def _count(self) -> None:
        if not self._counting:
            self._counting = True
            self._clock.start(round(self._seconds * 1000))

    def _end(self) -> None:
        if not self._counting:
            self._fail("no picture came within a minute.")
        if self._screenshot is not None:
            self._save(self._screenshot)
        self._window.close_now()

    def _save(self, path: Path) -> None:
        if not self._store.status.went_wrong:
            # a remark that goes by itself is no part of the window's picture
            self._window.toast.clear()
        if not self._window.grab().save(str(path)):
            self._fail(f"the picture cannot be written to {path}.")
