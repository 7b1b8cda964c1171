from __future__ import annotations

import os
import signal

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import SettingsError
from edgeperf_gui.domain.session import FinishReason, RunState
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.link.job import InventoryJob
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.settings import Settings, load_settings, save_settings

PATIENCE_MS = 30_000


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
    assert controller.settings.recent_sources == ("scene:echo",)
    wait(qtbot, lambda: controller.store.notices)
    controller.undo()
    assert (controller.settings.source, controller.settings.recent_sources) == ("scene:steady", ("scene:echo",))
    assert not controller.can_undo and controller.can_redo
    wait(qtbot, lambda: controller.store.opened is not None)
    controller.redo()
    assert controller.settings.source == "scene:echo"
    assert len(undo_changes) == 3


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
    qtbot.waitUntil(lambda: not controller._timer.isActive())


def test_shutdown_while_running_says_how_it_ended(running):
    running.shutdown()
    assert running.store.status.reason is FinishReason.STOPPED
    assert not running.is_running
    running.shutdown()
