"""The owner of the sweep, with real processes whose sweeps load no model."""

from __future__ import annotations

import pytest

from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.domain.sweep import SweepSpec
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.sweep_run import SweepRun

PATIENCE_MS = 30_000


@pytest.fixture
def controller(qapp):
    made = Controller(host=EngineHost("trial_compare:session"))
    yield made
    made.shutdown()


@pytest.fixture
def sweep(controller):
    made = SweepRun(controller, "trial_sweep:run")
    made.seen, made.ends = [], []
    made.changed.connect(lambda: made.seen.append(made.result))
    made.finished.connect(lambda: made.ends.append(controller.is_running))
    yield made
    made.shutdown()


def spec(model: str) -> SweepSpec:
    return SweepSpec(session_id="", model=model, batches=(1, 2, 4), rounds=1)


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def test_points_come_while_it_runs(sweep, controller, qtbot):
    assert sweep.start(spec("quick")) and not sweep.start(spec("quick"))
    assert sweep.is_running and controller.turn.name == "A sweep"
    wait(qtbot, lambda: sweep.ends)
    counts = {sum(point.fps is not None for point in result.points) for result in sweep.seen if result}
    assert counts >= {0, 3} and sweep.result.complete
    assert not sweep.is_running and sweep.failure is None and sweep.rest is None and not controller.turn.name


def test_cancelled_it_keeps_its_points_and_goes_on_with_the_others(sweep, controller, qtbot):
    sweep.start(spec("patient"))
    wait(qtbot, lambda: sweep.progress is not None and sweep.progress.activity == "point 2")
    assert sweep.rest is None
    sweep.cancel()
    assert sweep.is_stopping
    wait(qtbot, lambda: sweep.ends)
    assert sweep.is_cancelled and [point.fps for point in sweep.result.points] == [100.0, None, None]
    assert len(sweep.rest.known) == 3
    assert sweep.go_on() and sweep.result is not None, "the points stay in sight"
    wait(qtbot, lambda: sweep.progress is not None and sweep.progress.activity == "point 2")
    assert sweep.result.points[0].fps == 100.0
    sweep.cancel()
    wait(qtbot, lambda: len(sweep.ends) == 2)


def test_a_point_that_kills_its_process_twice_is_marked_and_the_sweep_goes_on(sweep, qtbot):
    sweep.start(spec("dies"))
    wait(qtbot, lambda: sweep.ends)
    assert sweep.ends == [False] and sweep.failure is None and sweep.result.complete
    assert [point.fps for point in sweep.result.points] == [100.0, None, 400.0]
    assert sweep.result.points[1].sentence.startswith("Its process died twice.")
    assert "SIGKILL" in sweep.result.points[1].sentence and sweep.rest is None


def test_a_refusal_is_a_sentence_with_a_remedy(sweep, qtbot):
    sweep.start(spec("refuses"))
    wait(qtbot, lambda: sweep.ends)
    assert sweep.failure.reason is FinishReason.FAILED and sweep.result is None
    assert (sweep.failure.sentence, sweep.failure.remedy) == ("There is no such model.", "Choose another.")


def test_the_session_waits_and_comes_back(sweep, controller, qtbot):
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    sweep.start(spec("quick"))
    assert sweep.is_waiting
    wait(qtbot, lambda: sweep.ends)
    assert sweep.ends == [True] and sweep.result.complete


def test_a_session_started_by_hand_ends_it(sweep, controller, qtbot):
    sweep.start(spec("patient"))
    wait(qtbot, lambda: sweep.progress is not None and sweep.progress.activity == "point 2")
    controller.start()
    wait(qtbot, lambda: sweep.ends)
    assert sweep.is_cancelled and controller.is_running


def test_one_job_at_a_time(sweep, controller, qtbot):
    other = object()
    controller.turn.take(other, "A comparison")
    assert sweep.hindrance.startswith("A comparison runs") and not sweep.start(spec("quick")) and not sweep.is_running
    controller.turn.leave(other)
    assert not sweep.hindrance
