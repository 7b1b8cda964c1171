from __future__ import annotations

import pytest

from edgeperf_gui.domain.session import CameraMode, FinishReason, RunState
from edgeperf_gui.domain.watch import MOST_KEPT
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.live.watching import Watching, spec_for

PATIENCE_MS = 30_000


@pytest.fixture
def controller(qapp):
    made = Controller(host=EngineHost("trial_compare:session"))
    yield made
    made.shutdown()


@pytest.fixture
def watching(controller):
    made = Watching(controller, "trial_watch:run")
    made.ends, made.pictures = [], []
    made.finished.connect(lambda: made.ends.append(controller.is_running))
    made.pictured.connect(lambda preview, watched: made.pictures.append((preview.frame, watched.frame, preview.pixels.shape)))
    yield made
    made.shutdown()


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def begin(controller, watching, model):
    controller.change(model=model)
    watching.start()


def test_pictures_come_with_the_answers_to_them(controller, watching, qtbot):
    begin(controller, watching, "patient")
    assert watching.is_running and watching.began is None
    wait(qtbot, lambda: len(watching.pictures) > 5)
    assert all(shown == answered and shape == (4, 8, 4) for shown, answered, shape in watching.pictures)
    assert watching.tally.frames > 5 and watching.began.labels == ("person",)
    assert [variant.precision for variant in watching.began.variants] == ["FP32", "INT8"]
    watching.cancel()
    watching.cancel()
    assert watching.is_stopping
    wait(qtbot, lambda: watching.ends)
    assert not watching.is_running and watching.is_cancelled and watching.failure is None
    assert watching.tally.frames > 5  # what was seen stays
    assert len(watching.ends) == 1


def test_of_too_many_the_slight_ones_go(controller, watching, qtbot):
    begin(controller, watching, "quarrels")
    wait(qtbot, lambda: watching.ends)
    assert len(watching.kept) == MOST_KEPT
    frames = [kept.frame for kept in watching.kept]
    assert frames == sorted(frames) and set(range(0, 40, 5)) <= set(frames) and 39 in frames
    assert not watching.is_cancelled and watching.failure is None
    begin(controller, watching, "patient")
    assert not watching.kept and not watching.tally.frames


def test_a_word_about_the_source_stands_until_frames_come_again(controller, watching, qtbot):
    begin(controller, watching, "reconnects")
    wait(qtbot, lambda: watching.notice is not None)
    assert "stream was lost" in watching.notice.sentence
    watching.cancel()
    wait(qtbot, lambda: watching.ends)
    assert watching.notice is None and watching.tally.frames == 1


def test_a_refusal_is_a_sentence(controller, watching, qtbot):
    begin(controller, watching, "refuses")
    wait(qtbot, lambda: watching.ends)
    assert watching.failure.reason is FinishReason.FAILED
    assert watching.failure.sentence == "Trial has only FP16." and watching.failure.remedy
    assert controller.turn.take(object(), "Another")


def test_a_crash_is_a_sentence_and_what_was_seen_stays(controller, watching, qtbot):
    begin(controller, watching, "dies")
    wait(qtbot, lambda: watching.ends)
    assert watching.failure.reason is FinishReason.CRASHED and "SIGSEGV" in watching.failure.sentence
    assert "running trial INT8" in watching.failure.sentence
    assert watching.tally.frames == 1 and watching.began is not None


def test_the_session_waits_and_comes_back(controller, watching, qtbot):
    controller.change(model="quarrels")
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    first = controller.store.status.session_id
    watching.start()
    assert watching.is_running and watching.is_waiting
    wait(qtbot, lambda: watching.ends)
    assert watching.ends == [True] and watching.kept
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    assert controller.store.status.session_id != first


def test_cancelled_at_once_the_session_comes_back(controller, watching, qtbot):
    controller.change(model="patient")
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    watching.start()
    watching.cancel()
    assert not watching.is_running and watching.ends == [True]
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)


def test_cancelled_while_the_process_starts(controller, watching, qtbot):
    begin(controller, watching, "patient")
    watching.cancel()
    wait(qtbot, lambda: watching.ends)
    assert watching.is_cancelled and watching.failure is None and not watching.kept


def test_a_session_started_by_hand_ends_it(controller, watching, qtbot):
    begin(controller, watching, "patient")
    wait(qtbot, lambda: watching.pictures)
    controller.start()
    wait(qtbot, lambda: watching.ends)
    assert watching.ends == [True] and watching.is_cancelled


def test_it_does_not_begin_while_another_job_runs(controller, watching, qtbot):
    other = object()
    assert controller.turn.take(other, "A comparison")
    assert "A comparison runs" in watching.hindrance
    begin(controller, watching, "patient")
    assert not watching.is_running
    controller.turn.leave(other)
    assert not watching.hindrance
    watching.start()
    assert watching.is_running and "Watch runs" in controller.turn.refusal(other)


def test_closing_the_window_ends_it_without_a_word(controller, watching, qtbot):
    begin(controller, watching, "patient")
    wait(qtbot, lambda: watching.pictures)
    watching.shutdown()
    assert not watching.is_running and not watching.ends and not controller.is_running


def test_the_settings_say_what_is_watched():
    spec = spec_for(Settings(source="camera:1", model="other", device="AUTO", hint="throughput", camera=CameraMode(640, 480)))
    assert (spec.source, spec.model, spec.device, spec.hint) == ("camera:1", "other", "AUTO", "throughput")
    assert spec.camera.width == 640 and spec.precisions == ("FP32", "FP16", "INT8")
