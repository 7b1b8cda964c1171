"""Enter on the pages beside the window: in a field it is the field's, on a button it presses that one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from job_pages import end
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.live.job_runner import JobRunner
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.side_page import SidePage

PAGES: dict[str, Callable[[Any], QPushButton]] = {
    "models": lambda page: page.details.buttons["use"],
    "accuracy": lambda page: page.run_button,
    "watching": lambda page: page.button,
    "trade_off": lambda page: page.run_button,
    "capacity": lambda page: page.run_button,
    "waterfall": lambda page: page.run_button,
    "what_if": lambda page: page.run_button,
    "energy": lambda page: page.form.save_button,
    "scenarios": lambda page: page.cards[0].edit_button,
    "editor": lambda page: page.save_button,
}
"""Of each page its main button."""


@pytest.fixture
def opened(window: MainWindow, home, monkeypatch) -> Callable[[str], SidePage]:
    """Opens a page by its name; no job's engine is ever started."""
    monkeypatch.setattr(JobRunner, "start", lambda self, job, spec: None)
    monkeypatch.setattr(JobRunner, "cancel", lambda self: None)
    monkeypatch.setattr("edgeperf_gui.live.model_shelf.ModelShelf.ask_info", lambda self, name: None)

    def open_page(name: str) -> SidePage:
        door = getattr(window.commands.doors, "scenarios" if name == "editor" else name)
        door.open()
        if name == "editor":
            door.page.cards[0].edit_button.click()
        if name == "watching":  # it watches at once
            end(door.job, FinishReason.COMPLETED)
        if name == "accuracy":
            door.page.form.data.setText("/pictures")
        QCoreApplication.processEvents()
        return door.editor if name == "editor" else door.page

    return open_page


@pytest.mark.parametrize("name", PAGES)
def test_enter_in_a_field_presses_no_button(opened, name: str) -> None:
    page = opened(name)
    segments = page.findChildren(Segmented)
    for one in segments:
        one.choose(list(one._buttons)[-1])
    chosen, pressed = [one.key() for one in segments], []
    for button in page.findChildren(QPushButton):
        button.clicked.connect(lambda _checked=False, button=button: pressed.append(button.text()))
    job = getattr(page, "_job", None)
    for line in page.findChildren(QLineEdit):
        if line.isVisible() and line.isEnabled():
            line.setFocus()
            QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
            assert pressed == [] and [one.key() for one in segments] == chosen, line.accessibleName()
            if job is not None and job.is_running:  # Enter began it
                end(job, FinishReason.COMPLETED)


@pytest.mark.parametrize("name", PAGES)
def test_enter_on_a_button_presses_it(opened, name: str) -> None:
    page = opened(name)
    button, pressed = PAGES[name](page), []
    button.clicked.disconnect()
    button.clicked.connect(lambda: pressed.append(True))
    button.setEnabled(True)
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(button, key)
    assert len(pressed) == 2
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    QCoreApplication.sendEvent(button, held)
    assert len(pressed) == 2, "held down, it would press what takes the button's place"
