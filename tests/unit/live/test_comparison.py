from __future__ import annotations

import os

import pytest

from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.comparison import Comparison, spec_for
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings

PATIENCE_MS = 30_000


@pytest.fixture
def controller(qapp):
    made = Controller(host=EngineHost("trial_compare:session"))
    yield made
    made.shutdown()


@pytest.fixture
def comparison(controller):
    made = Comparison(controller, "trial_compare:run")
    made.seen = []
    made.ends = []
    made.changed.connect(lambda: made.seen.append((made.is_running, made.progress, made.result)))
    made.finished.connect(lambda: made.ends.append(controller.is_running))
    yield made
    made.shutdown()


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def begin(controller, comparison, model):
    controller.change(model=model)
    comparison.start()


def test_it_tells_progress_then_partial_then_final_answers(controller, comparison, qtbot):
    begin(controller, comparison, "quick")
    comparison.start()
    assert comparison.is_running and comparison.result is None
    wait(qtbot, lambda: comparison.ends)
    assert not comparison.is_running and comparison.progress is None and comparison.failure is None
    assert comparison.result.blocks.clean == 9 and comparison.result.complete
    assert comparison.ends == [False]
    assert comparison.seen[-1] == (False, None, comparison.result)
    assert not controller.is_running


def test_cancelled_it_keeps_what_it_had(controller, comparison, qtbot):
    begin(controller, comparison, "patient")
    wait(qtbot, lambda: comparison.progress is not None)
    assert comparison.result.blocks.clean == 3
    comparison.cancel()
    comparison.cancel()
    assert comparison.is_stopping
    wait(qtbot, lambda: comparison.ends)
    assert comparison.is_cancelled and not comparison.is_stopping and comparison.failure is None
    assert comparison.result.blocks.clean == 4 and not comparison.result.complete
    comparison.cancel()
    assert len(comparison.ends) == 1


def test_a_new_one_forgets_the_last(controller, comparison, qtbot):
    begin(controller, comparison, "quick")
    wait(qtbot, lambda: comparison.ends)
    begin(controller, comparison, "refuses")
    assert comparison.result is None and not comparison.is_old
    wait(qtbot, lambda: len(comparison.ends) == 2)
    assert comparison.result is None
    assert comparison.failure.reason is FinishReason.FAILED
    assert "nothing to compare" in comparison.failure.sentence and comparison.failure.remedy


def test_a_crash_is_a_sentence_that_says_what_it_did(controller, comparison, qtbot):
    begin(controller, comparison, "dies")
    wait(qtbot, lambda: comparison.ends)
    assert comparison.failure.reason is FinishReason.CRASHED
    assert "SIGSEGV" in comparison.failure.sentence and "compiling trial INT8" in comparison.failure.sentence
    assert comparison.failure.remedy


def test_an_answer_that_cannot_be_read_is_told(controller, comparison, qtbot):
    begin(controller, comparison, "mumbles")
    wait(qtbot, lambda: comparison.ends)
    assert "cannot be read" in comparison.failure.sentence and comparison.result is None


def test_the_session_waits_and_comes_back(controller, comparison, qtbot):
    controller.change(model="quick")
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    first = controller.store.status.session_id
    comparison.start()
    assert comparison.is_running and comparison.is_waiting
    wait(qtbot, lambda: comparison.ends)
    assert comparison.ends == [True] and comparison.result.complete
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    assert controller.store.status.session_id != first


def test_cancelled_before_it_began_the_session_comes_back(controller, comparison, qtbot):
    controller.change(model="patient")
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    comparison.start()
    comparison.cancel()
    assert not comparison.is_running and comparison.ends == [True]
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)


def test_a_session_started_by_hand_ends_the_comparison(controller, comparison, qtbot):
    begin(controller, comparison, "patient")
    wait(qtbot, lambda: comparison.progress is not None)
    controller.start()
    assert comparison.is_stopping
    wait(qtbot, lambda: comparison.ends)
    assert controller.is_running and comparison.is_cancelled


def test_shutdown_in_the_middle_leaves_nothing_and_starts_nothing(controller, comparison, qtbot):
    controller.change(model="patient")
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    comparison.start()
    wait(qtbot, lambda: comparison.progress is not None)
    comparison.shutdown()
    assert not comparison.is_running and not controller.is_running and comparison.ends == []
    comparison.shutdown()


def test_a_result_grows_old_when_what_it_is_about_changes(controller, comparison, qtbot):
    begin(controller, comparison, "quick")
    wait(qtbot, lambda: comparison.ends)
    controller.change(precision="INT8", theme="light")
    assert not comparison.is_old
    controller.change(device="GPU")
    assert comparison.is_old


def test_what_is_asked_comes_from_the_settings():
    spec = spec_for(Settings(source="scene:road", model="m", device="GPU", hint="throughput"))
    assert (spec.source, spec.model, spec.device, spec.hint) == ("scene:road", "m", "GPU", "throughput")
    assert spec.companion_pids == (os.getpid(),) and spec.cache_dir is None and spec.seconds == 60.0


def test_it_waits_its_turn_and_says_why(controller, comparison, qtbot):
    other = object()
    controller.turn.take(other, "A quantisation")
    assert comparison.seen, "whoever shows it looks again"
    assert comparison.hindrance.startswith("A quantisation runs, and two jobs at once") and "cancel" in comparison.hindrance
    begin(controller, comparison, "patient")
    assert not comparison.is_running
    controller.turn.leave(other)
    assert comparison.hindrance == ""
    comparison.start()
    assert not controller.turn.take(other, "A quantisation") and comparison.hindrance == ""
    assert controller.turn.refusal(other).startswith("A comparison runs")
    wait(qtbot, lambda: comparison.progress is not None)
    comparison.cancel()
    wait(qtbot, lambda: comparison.ends)
    assert controller.turn.take(other, "A quantisation")


@pytest.mark.parametrize("model", ["dies", "refuses", "quick"])
def test_however_it_ends_the_turn_is_free_again(controller, comparison, qtbot, model):
    begin(controller, comparison, model)
    assert controller.turn.name == "A comparison"
    wait(qtbot, lambda: comparison.ends)
    assert controller.turn.name == ""


def test_the_labelled_folder_goes_with_it(controller, comparison):
    assert comparison.labels is None and spec_for(controller.settings).labels is None
    controller.change(labels="/pictures/labelled")
    assert comparison.labels == spec_for(controller.settings).labels == "/pictures/labelled"
