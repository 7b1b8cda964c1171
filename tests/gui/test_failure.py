from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import DEFAULT_SOURCE
from edgeperf_gui.ui.failure import REMEDIES, ways_out
from edgeperf_gui.ui.main_window import MainWindow


def ended(reason: FinishReason = FinishReason.FAILED, cause: str = "", log: str = "") -> SessionStatus:
    return SessionStatus("one", RunState.FINISHED, reason, sentence="It ended.", remedy="Try.", log_tail=log, cause=cause)


@pytest.mark.parametrize(
    ("status", "device", "ways"),
    [
        (ended(cause="device"), "NPU", ("use_cpu", "run_again")),
        (ended(cause="device"), "CPU", ("run_again",)),
        (ended(cause="source"), "CPU", ("open_file", "use_clip")),
        (ended(FinishReason.SOURCE_LOST, "source"), "CPU", ("run_again", "use_clip")),
        (ended(FinishReason.CRASHED), "GPU", ("run_again",)),
        (ended(), "CPU", ("run_again",)),
    ],
)
def test_the_ways_out_fit_the_cause(status: SessionStatus, device: str, ways: tuple[str, ...]) -> None:
    assert ways_out(status, device) == ways


@pytest.mark.parametrize("status", [ended(cause="source", log="x"), ended(cause="device", log="x"), ended(FinishReason.CRASHED)])
@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_its_buttons_are_whole_in_a_small_window(make_window, controller: Controller, size, status: SessionStatus) -> None:
    window = make_window(size)
    controller._settings = controller.settings.__class__(device="NPU")
    controller.store.ingest(status)
    card = window.video._failure
    for button in (*card._remedies.values(), card._details):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()
            assert card.rect().contains(button.geometry())
    assert window.video.rect().contains(card.geometry())


def test_its_words_are_whole_in_a_small_window(make_window, controller: Controller) -> None:
    window = make_window((1280, 720))
    sentence, remedy = "“letter.mp4” is not a video that can be read, or it is damaged.", "Use a video that a player can show."
    status = SessionStatus("one", RunState.FINISHED, FinishReason.FAILED, sentence=sentence, remedy=remedy, cause="source")
    controller.store.ingest(msgspec.structs.replace(status, log_tail="x"))
    QApplication.processEvents()
    card = window.video._failure
    for label in (card._sentence, card._remedy):
        assert label.height() >= label.heightForWidth(label.width())
    assert window.video.rect().contains(card.geometry())


def test_each_button_does_what_it_says(window: MainWindow, controller: Controller, monkeypatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(controller, "start", lambda: done.append(f"start {controller.settings.device}"))
    monkeypatch.setattr(controller, "run_again", lambda: done.append("run again"))
    monkeypatch.setattr(window.commands, "open_file", lambda: done.append("open file"))
    controller.change(device="NPU", source="gone.mp4")
    card = window.video._failure
    for status in (ended(cause="device"), ended(cause="source"), ended(FinishReason.CRASHED)):
        controller.store.ingest(status)
        for key, button in card._remedies.items():
            if button.isVisible() and not (key == "run_again" and status.cause):
                button.click()
    assert done == ["start CPU", "open file", "start CPU", "run again"]
    assert controller.settings.source == DEFAULT_SOURCE
    assert set(REMEDIES) == {"use_cpu", "open_file", "use_clip", "run_again"}


def test_a_crash_without_a_log_says_so(window: MainWindow, controller: Controller) -> None:
    card = window.video._failure
    controller.store.ingest(ended(FinishReason.CRASHED))
    assert card._no_log.isVisible() and card._no_log.text() == "No log was written."
    assert not card._details.isVisible()
    controller.store.ingest(ended(FinishReason.FAILED, log="a line"))
    assert card._details.isVisible() and not card._no_log.isVisible()
