"""A page of a job with a real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.job_page import JobPage

PATIENCE_MS = 90_000

P = TypeVar("P", bound=JobPage)


@contextmanager
def opened(qapp: QCoreApplication, qtbot: QtBot, make_page: Callable[[Controller], P]) -> Iterator[P]:
    """The page in front, once it is known what models and devices there are; its job and the engine are ended afterwards."""
    theme.apply(qapp, "dark")
    controller = Controller()
    page = make_page(controller)
    qtbot.addWidget(page)
    try:
        page.open()
        controller.refresh_inventory()
        qtbot.waitUntil(lambda: bool(page._job.models), timeout=PATIENCE_MS)
        yield page
    finally:
        page._job.shutdown()
        page.close()
        controller.shutdown()
        controller.deleteLater()
