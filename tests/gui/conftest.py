"""A dressed application, a window fed by replayed messages, and a look round for widgets that outlive their test."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))

import replay
from shiboken6 import isValid

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.main_window import MainWindow

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[theme.Switch]:
    """Dark for every test, whatever the last one chose; afterwards no window, running timer or thread may be left."""
    switch = theme.apply(qapp, "dark")
    before = set(qapp.topLevelWidgets())
    yield switch
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in qapp.topLevelWidgets() if widget not in before]
    assert not left, f"windows that outlived the test: {left}"
    assert not [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert not [thread for thread in qapp.findChildren(QThread) if thread.isRunning()]


@pytest.fixture
def controller(qapp: QApplication) -> Iterator[Controller]:
    """A controller whose engine is never started."""
    made = Controller()
    made._inventory = replay.INVENTORY
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.fixture
def make_window(controller: Controller, dressed: theme.Switch, qapp: QApplication) -> Iterator[MakeWindow]:
    """Open windows of a given size; closed and destroyed after the test."""
    made: list[MainWindow] = []

    def make(size: tuple[int, int] | None = (1600, 900)) -> MainWindow:
        window = MainWindow(controller, dressed)
        window.open(size)
        made.append(window)
        qapp.processEvents()
        return window

    yield make
    for window in made:
        if isValid(window):
            window.close()
            destroy(window)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window at 1600×900."""
    return make_window()


def destroy(window: MainWindow) -> None:
    """As closing the program does: children first, then the window."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def refresh(controller: Controller, window: MainWindow) -> None:
    """What the controller's timer does when there is something to show."""
    for _ in range(2):
        controller.plotsDue.emit()
    controller.textDue.emit()
    QCoreApplication.processEvents()
