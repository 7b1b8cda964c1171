"""A second start brings the window to the front: a real process calls a window of this one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from edgeperf_gui import app
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.only_window import Call, OnlyWindow


@pytest.fixture
def place() -> Iterator[OnlyWindow]:
    made = OnlyWindow()
    assert made.claim()
    yield made
    made.release()


def test_a_minimised_window_comes_to_the_front(place: OnlyWindow, window: MainWindow, root: Path, qtbot) -> None:
    place.listen(lambda call: app._answer(call, window))
    in_front = MainWindow(window._controller, window.commands._switch)
    in_front.open((1280, 720))
    window.showMinimized()
    QApplication.processEvents()
    second = subprocess.Popen([sys.executable, "-m", "edgeperf_gui"], cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=90_000)
        assert second.returncode == 0 and "in front now" in second.stdout.read()
        assert not window.isMinimized() and window.isVisible()
        qtbot.waitUntil(window.isActiveWindow)
    finally:
        second.kill()
        second.communicate()
        in_front.close()
        in_front.deleteLater()


def test_nobody_is_called_in_vain_for_long(place: OnlyWindow) -> None:
    caller = OnlyWindow()
    assert not caller.claim()
    assert not caller.call(Call()), "nobody listens yet"
    place.listen(lambda call: None)
    assert not caller.call(Call(), timeout_s=0.2), "the window is busy: no event loop runs here"
    place.hang_up()
    assert not caller.call(Call())
    place.release()
    assert caller.claim()
    caller.release()


def test_a_caller_that_gave_up_is_not_heard_any_more(place: OnlyWindow, qtbot) -> None:
    heard: list[Call] = []
    # the line of a listener that is not there yet keeps what was said on it, as that of a frozen window does
    ours, theirs = Pipe()
    theirs.send_bytes(b'{"source": "scene:road"}')
    theirs.close()
    place._answer = heard.append
    place._hear(ours)
    ours.close()
    qtbot.wait(50)
    assert not heard


def test_what_is_no_token_is_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "right_1-2")
    assert Call.with_source(None) == Call(None, "right_1-2")
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "x" * 257)
    assert Call.with_source("a") == Call("a")
