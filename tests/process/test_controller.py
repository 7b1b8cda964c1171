from __future__ import annotations

import os
import signal

import msgspec
import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.link.job import InventoryJob
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings, load_settings, save_settings

PATIENCE_MS = 60_000


@pytest.fixture
def controller(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    save_settings(Settings(source="scene:steady"))
    controller = Controller(host=EngineHost("trial_engine:run"), inventory_job=InventoryJob("trial_engine:inventory"))
    yield controller
    controller.shutdown()
    assert controller.engine_pid is None


@pytest.fixture
def running(controller, qtbot):
    controller.set_view_size(64, 36)
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    return controller


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def heard(signal):
    calls = []
    signal.connect(lambda *arguments: calls.append(arguments))
    return calls


def test_a_session_fills_the_store_and_stops(controller, qtbot):
    changes, plots, texts = heard(controller.runningChanged), heard(controller.plotsDue), heard(controller.textDue)
    controller.set_view_size(64, 36)
    controller.start()
    controller.start()
    assert controller.is_running and controller.store.status.state is RunState.STARTING
    with qtbot.waitSignal(controller.previewReady, timeout=PATIENCE_MS) as got:
        pass
    assert got.args[0].pixels.shape == (36, 64, 4)
    wait(qtbot, lambda: len(controller.store.current()) > 5 and plots and texts)
    assert controller.store.labels == ("cat", "dog")
    controller.toggle()
    wait(qtbot, lambda: not controller.is_running)
    assert controller.store.status.reason is FinishReason.STOPPED
    assert changes == [(True,), (False,)]
    assert controller.engine_pid is None


def test_only_the_first_painting_of_a_picture_counts_and_reaches_the_record(running, qtbot):
    stamps = {}

    def paint(preview):
        for again in range(2):
            running.frame_painted(preview.frame, preview.post_end_ns + again + 1)
        stamps[preview.frame] = preview.post_end_ns + 1

    running.previewReady.connect(paint)
    wait(qtbot, lambda: (running.store.current()["shown_ns"] > 0).sum() >= 5)
    running.frame_painted(10**9, 1)
    for record in running.store.current():
        if record["shown_ns"]:
            assert record["shown_ns"] == stamps[int(record["frame"])]
    assert running.store.stage_stats()["age"].n >= 5


def test_a_change_restarts_in_place_with_a_marker(running, qtbot):
    first, pid = running.store.status.session_id, running.engine_pid
    running_changes, states = heard(running.runningChanged), heard(running.store.statusChanged)
    running.change(precision="FP32")
    running.change(device="GPU")
    assert [marker.text for marker in running.store.markers] == ["FP16 → FP32", "CPU → GPU"]
    wait(qtbot, lambda: running.store.status.session_id != first and running.store.opened is not None)
    assert running.store.opened.effective.stored_precision == "FP32"
    assert running.engine_pid != pid
    assert RunState.FINISHED not in [status.state for (status,) in states]
    assert running_changes == []
    assert len(running.store.recent(3600)) > len(running.store.current())


def test_a_change_that_does_not_concern_the_run_leaves_it_alone(running, qtbot):
    pid = running.engine_pid
    running.change(theme="dark")
    qtbot.wait(200)
    assert running.engine_pid == pid and not running.store.markers
    with pytest.raises(SettingsError):
        running.change(streams=0)


def test_a_crash_is_told_and_run_again_runs_again(running, qtbot):
    first = running.store.status.session_id
    os.kill(running.engine_pid, signal.SIGSEGV)
    wait(qtbot, lambda: not running.is_running)
    assert running.store.status.reason is FinishReason.CRASHED
    assert "SIGSEGV" in running.store.status.sentence
    qtbot.wait(200)
    assert not running.is_running
    running.run_again()
    wait(qtbot, lambda: running.store.status.state is RunState.RUNNING)
    assert running.store.status.session_id != first


def test_run_again_and_stop_right_after_ends_stopped(running, qtbot):
    running.run_again()
    running.stop()
    wait(qtbot, lambda: not running.is_running)
    assert running.store.status.state is RunState.FINISHED


def test_hidden_nothing_is_emitted_but_records_still_come(running, qtbot):
    wait(qtbot, lambda: len(running.store.current()) > 5)
    running.set_visible(False)
    calls = [heard(signal) for signal in (running.previewReady, running.plotsDue, running.textDue, running.store.recordsChanged)]
    before = running.store.frames_completed
    wait(qtbot, lambda: running.store.frames_completed > before + 20)
    assert calls == [[], [], [], []]
    with qtbot.waitSignal(running.previewReady, timeout=PATIENCE_MS):
        running.set_visible(True)


def test_a_source_is_used_remembered_and_taken_back(controller, qtbot):
    undo_changes = heard(controller.undoChanged)
    controller.set_source("scene:echo")
    assert controller.is_running
    assert controller.settings.recent_sources == (), "only a source that opened is worth remembering"
    wait(qtbot, lambda: controller.store.notices)
    controller.undo()
    assert (controller.settings.source, controller.settings.recent_sources) == ("scene:steady", ())
    assert not controller.can_undo and controller.can_redo
    wait(qtbot, lambda: controller.store.opened is not None)
    assert controller.settings.recent_sources == ("scene:steady",)
    controller.redo()
    assert controller.settings.source == "scene:echo"
    assert controller.settings.recent_sources == ("scene:steady",), "a memory is not undone"
    assert len(undo_changes) == 3


def test_a_source_that_cannot_be_opened_is_forgotten(qapp, controller, qtbot):
    controller._settings = msgspec.structs.replace(controller.settings, recent_sources=("scene:fail", "a.mp4"))
    controller.set_source("scene:fail")
    wait(qtbot, lambda: not controller.is_running)
    assert controller.store.status.cause == "source"
    assert controller.settings.recent_sources == ("a.mp4",)


def test_taking_back_what_it_failed_over_starts_it_again(controller, qtbot):
    controller.set_source("scene:fail")
    wait(qtbot, lambda: not controller.is_running)
    assert controller.store.status.went_wrong
    controller.change(view_rate=10)
    assert not controller.is_running, "which does not concern the run"
    controller.undo()
    controller.change(precision="FP32")
    controller.undo()
    assert not controller.is_running, "which leads back to what failed"
    controller.undo()
    assert controller.settings.source == "scene:steady"
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)


def test_taking_back_a_change_does_not_start_what_another_job_would_be_cancelled_for(controller, qtbot):
    controller.set_source("scene:fail")
    wait(qtbot, lambda: not controller.is_running)
    other = object()
    controller.turn.take(other, "A comparison")
    controller.undo()
    assert controller.settings.source == "scene:steady" and not controller.is_running
    controller.redo()
    controller.turn.leave(other)
    controller.undo()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)


def test_taking_back_a_change_starts_nothing_that_failed_over_something_else(running, qtbot):
    os.kill(running.engine_pid, signal.SIGSEGV)
    wait(qtbot, lambda: not running.is_running)
    running.change(precision="FP32")
    running.undo()
    assert running.store.status.went_wrong and not running.is_running
    running.run_again()
    wait(qtbot, lambda: running.store.frames_completed)
    running.change(precision="FP32")
    wait(qtbot, lambda: running.store.asked.precision == "FP32" and running.store.frames_completed)
    os.kill(running.engine_pid, signal.SIGSEGV)
    wait(qtbot, lambda: not running.is_running)
    running.undo()
    assert not running.is_running, "what had frames did not fail over its settings"


def test_a_source_for_one_start_is_not_saved(controller, qtbot):
    controller.use_once("scene:noted")
    controller.start()
    wait(qtbot, lambda: controller.store.opened is not None)
    controller.shutdown()
    assert controller.settings.source == "scene:noted"
    assert (load_settings()[0].source, load_settings()[0].recent_sources) == ("scene:steady", ())


def test_a_sources_remark_is_told_once(controller, qtbot):
    controller.set_source("scene:noted")
    wait(qtbot, lambda: controller.store.opened is not None)
    first = controller.store.status.session_id
    controller.run_again()
    wait(qtbot, lambda: controller.store.status.session_id != first and controller.store.opened is not None)
    assert [notice.sentence for notice in controller.store.notices] == ["Its rate had to be assumed."]


def test_a_stop_by_force_is_told_when_frames_were_lost(controller, qtbot):
    controller.set_source("scene:stuck")
    wait(qtbot, lambda: controller.store.frames_completed)
    controller.stop()
    wait(qtbot, lambda: not controller.is_running)
    assert controller.store.status.reason is FinishReason.STOPPED
    assert "did not stop" in controller.store.notices[-1].sentence


def test_a_stop_by_force_before_any_frame_is_no_news(controller, qtbot):
    controller.set_source("scene:hang")
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    controller.stop()
    wait(qtbot, lambda: not controller.is_running)
    assert not controller.store.notices


def test_trouble_comes_with_the_log(controller, qtbot):
    controller.set_source("scene:talk_and_fail")
    wait(qtbot, lambda: not controller.is_running)
    assert "before it failed" in controller.store.status.log_tail


def test_nothing_is_kept_where_nothing_can_be_written_and_that_is_told_once(qapp, tmp_path, monkeypatch, qtbot):
    wall = tmp_path / "wall"
    wall.touch()
    monkeypatch.setenv("EDGEPERF_HOME", str(wall / "home"))
    controller = Controller(host=EngineHost("trial_engine:run"), inventory_job=InventoryJob("trial_engine:inventory"))
    controller.set_source("scene:steady")
    wait(qtbot, lambda: len(controller.store.current()) > 5)
    controller.shutdown()
    (notice,) = controller.store.notices
    assert notice.sentence.endswith("cannot be written: settings, run files, logs, compiled models.")
    assert "EDGEPERF_HOME" in notice.remedy


def test_run_again_after_a_real_engine_was_killed_by_a_fault(qapp, tmp_path, monkeypatch, qtbot, street_clip):
    controller = Controller()
    controller.set_view_size(320, 180)
    try:
        controller.start()
        wait(qtbot, lambda: controller.store.frames_completed > 5)
        os.kill(controller.engine_pid, signal.SIGSEGV)
        wait(qtbot, lambda: not controller.is_running)
        status = controller.store.status
        assert status.reason is FinishReason.CRASHED and "SIGSEGV" in status.sentence
        assert "while running" in status.sentence
        assert "Fatal Python error: Segmentation fault" in status.log_tail
        controller.run_again()
        wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING and controller.store.frames_completed > 5)
    finally:
        controller.shutdown()


def test_settings_are_saved_soon_and_at_the_end(controller, qtbot):
    controller.change(device="GPU")
    wait(qtbot, lambda: load_settings()[0].device == "GPU")
    controller.change(device="NPU")
    controller.shutdown()
    assert load_settings()[0].device == "NPU"


def test_settings_that_cannot_be_saved_or_read_are_told(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    places.settings_file().mkdir(parents=True)
    controller = Controller(host=EngineHost("trial_engine:run"))
    assert "cannot be read" in controller.store.notices[0].sentence
    controller.change(device="GPU")
    controller.shutdown()
    assert "could not be saved" in controller.store.notices[1].sentence


def test_the_inventory_comes_and_a_failed_one_keeps_the_last(controller, qtbot):
    with qtbot.waitSignal(controller.inventoryChanged, timeout=PATIENCE_MS):
        controller.refresh_inventory()
    assert controller.inventory.devices[0].name == "CPU"
    controller._job = InventoryJob("trial_engine:inventory_fails")
    with qtbot.waitSignal(controller.inventoryChanged, timeout=PATIENCE_MS):
        controller.refresh_inventory()
    assert controller.inventory.devices[0].name == "CPU"
    assert "no plugin" in controller.inventory.problems[0]
    with qtbot.waitSignal(controller.inventoryChanged, timeout=PATIENCE_MS):
        controller.refresh_inventory()
    assert [notice.sentence for notice in controller.store.notices] == list(controller.inventory.problems), "told once"
    qtbot.waitUntil(lambda: not controller._timer.isActive())


def test_shutdown_while_running_says_how_it_ended(running):
    running.shutdown()
    assert running.store.status.reason is FinishReason.STOPPED
    assert not running.is_running
    running.shutdown()
