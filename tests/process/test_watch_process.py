"""Watch with the real child: the bundled model on the bundled clip, and what can go wrong."""

from __future__ import annotations

import os
import signal

import pytest

from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.live.watching import Watching, spec_for
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.watch_page import WatchPage

PATIENCE_MS = 90_000


@pytest.fixture
def watching(qapp):
    controller = Controller(host=EngineHost("trial_engine:run"))
    made = Watching(controller)
    yield made
    made.shutdown()
    controller.shutdown()


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def test_the_page_shows_the_real_clip_with_real_boxes(watching, qapp, qtbot):
    theme.apply(qapp, "dark")
    page = WatchPage(watching)
    qtbot.addWidget(page)
    page.open()
    page.toggle()
    wait(qtbot, lambda: watching.kept or watching.failure)
    assert watching.failure is None
    kept = watching.kept[0]
    assert page.view.has_picture and page.view._live[0].pixels[..., :3].any()
    assert [answer.precision for answer in kept.answers] == ["FP32", "FP16", "INT8"] and kept.weight > 0
    assert set(watching.began.variants[0].executed) == {"f32"}
    assert "frames" in page.summary.text() and "executed f32" in page.legend.entries["FP32"].text()
    page.open_kept(kept)
    assert page.view.still is kept and not page.view._still[1].isNull() and page.view._still[1].width() == 640
    page.reject()
    assert page.view.still is None and page.isVisible()
    with qtbot.waitSignal(watching.finished, timeout=PATIENCE_MS):
        page.reject()  # closing the page ends the watching
    assert not page.isVisible() and watching.kept and watching.failure is None


def test_a_source_that_is_not_there_is_a_sentence(watching, qtbot):
    watching.start(spec_for(Settings(source="nowhere.mp4")))
    with qtbot.waitSignal(watching.finished, timeout=PATIENCE_MS):
        pass
    assert "nowhere.mp4" in watching.failure.sentence and watching.failure.remedy and watching.began is None


def test_a_child_that_is_killed_is_a_sentence_and_the_page_lives(watching, qapp, qtbot):
    theme.apply(qapp, "dark")
    page = WatchPage(watching)
    qtbot.addWidget(page)
    page.open()
    page.toggle()
    wait(qtbot, lambda: page.view.has_picture)
    os.kill(watching._runner._host.pid, signal.SIGKILL)
    wait(qtbot, lambda: not watching.is_running)
    assert watching.failure.reason is FinishReason.CRASHED and watching.failure.sentence
    assert watching.failure.sentence in page.view.text() and page.button.text() == "Watch again" and page.button.isEnabled()
    page.close()


def test_cancelled_at_once(watching, qtbot):
    watching.start()
    watching.cancel()
    with qtbot.waitSignal(watching.finished, timeout=PATIENCE_MS):
        pass
    assert watching.failure is None and watching.is_cancelled and not watching.tally.frames
