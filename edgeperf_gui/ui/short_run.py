"""A window that closes by itself: for the README's pictures and for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from edgeperf_gui.domain.session import RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.main_window import MainWindow

_WAIT_S: Final = 60.0


class ShortRun(QObject):
    """Counts from the first picture, or from a session that ended without one; after a minute it no longer waits for either."""

    def __init__(self, window: MainWindow, controller: Controller, seconds: float | None, screenshot: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._screenshot = screenshot
        self._seconds = seconds if seconds is not None else 5.0
        self.exit_code = 0
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._end)
        if seconds is None and screenshot is None:
            return
        self._counting = False
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
        if self._screenshot is not None and not self._window.grab().save(str(self._screenshot)):
            self.exit_code = 1
        self._window.close()
