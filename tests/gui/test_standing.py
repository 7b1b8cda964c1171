"""What the window says of a session that starts, stalls, restarts or has ended: never an old number as if it were now."""

from __future__ import annotations

import time

import msgspec
import numpy as np
import pytest
import replay
from conftest import MakeWindow, refresh
from PySide6.QtCore import Qt

from edgeperf_gui.domain.messages import Notice, RecordBatch
from edgeperf_gui.domain.results import Steady
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.session_store import STATISTICS_FRAMES, SessionStore
from edgeperf_gui.ui import definitions, figures
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.stages_panel import _COLUMNS
from edgeperf_gui.ui.standing import Standing, standing
from edgeperf_gui.ui.steadiness import OPEN_END, Steadiness

S = 1_000_000_000


@pytest.fixture
def store(qapp) -> SessionStore:
    return SessionStore()


def now() -> int:
    return time.perf_counter_ns()


def running(store: SessionStore, silent_s: float = 0.0, heard_s: float = 0.0) -> int:
    """A session whose newest frame is `silent_s` old, and its newest window `heard_s`; returns the time that is now."""
    at = now()
    replay.ingest_session(store, "one", 6, at - int(silent_s * S), 25)
    store.ingest(replay.telemetry("one", at - int(heard_s * S)))
    return at


def readouts(window: MainWindow) -> str:
    return " | ".join("".join(run.text for run in chip) for chip in window.video._readouts)


def live(window: MainWindow, controller: Controller) -> None:
    controller._running = True
    refresh(controller, window)


# A stall --------------------------------------------------------------------------------------------------------------


def test_frames_that_come_are_steady(store: SessionStore) -> None:
    at = running(store)
    said = standing(store, at, running=True)
    assert (said.tone, said.badge, said.note) == ("passed", "steady · 3 windows within 4 %", "")


def test_a_stalled_stream_is_not_green(store: SessionStore) -> None:
    at = running(store, silent_s=5.4, heard_s=1.0)
    source = msgspec.structs.replace(store.opened.source, live=True)
    store.ingest(msgspec.structs.replace(store.opened, source=source))
    said = standing(store, at, running=True)
    assert (said.tone, said.badge) == ("undecided", "no frame for 5 s")
    assert said.note == "no frame for 5 s: waiting for the source"
    assert said.load is not None


def test_an_engine_that_is_silent_has_no_load(store: SessionStore) -> None:
    said = standing(store, running(store, silent_s=7.5, heard_s=7.0), running=True)
    assert said.note == "no frame for 7 s: the engine does not answer"
    assert said.load is None


def test_a_slow_source_is_given_its_period(store: SessionStore) -> None:
    at = running(store, silent_s=4.0, heard_s=1.0)
    source = msgspec.structs.replace(store.opened.source, fps=0.5)
    store.ingest(msgspec.structs.replace(store.opened, source=source))
    assert standing(store, at, running=True).tone == "passed"


def test_a_stall_changes_readouts_badge_and_picture(window: MainWindow, controller: Controller) -> None:
    running(controller.store, silent_s=8.0, heard_s=7.0)
    live(window, controller)
    assert readouts(window) == "0.0 fps | age – | drops 0"
    assert window.throughput._rate.text() == "throughput 0.0 fps"
    assert window.header._steady.text() == "no frame for 8 s"
    assert window.video._note == "no frame for 8 s: the engine does not answer"
    controller.previewReady.emit(replay.preview(7))
    with_note = window.video.grab().toImage()
    window.video.show_note("")
    assert window.video.grab().toImage() != with_note
    assert window.truth._tiles["foreign"].text() == "Foreign CPU: –"
    assert window.truth._tiles["own"].text() == "Own CPU: –"
    assert "foreign CPU –" in window.footer.text()
    controller.store.ingest(RecordBatch("one", replay.frames(150, 5, now(), 25).tobytes(), 0))
    controller.store.ingest(replay.telemetry("one", now()))
    refresh(controller, window)
    assert window.video._note == ""
    assert window.header._steady.text().startswith("steady")


def test_reconnecting_lasts_until_frames_come(window: MainWindow, controller: Controller) -> None:
    store = controller.store
    running(store, silent_s=0.2)
    store.add_notice(Notice("one", "Nothing is reconnecting here."))
    assert not store.is_reconnecting, "what a notice says in words decides nothing"
    store.add_notice(Notice("another", "The stream rtsp://camera stopped.", is_reconnecting=True))
    assert not store.is_reconnecting, "another session's stream"
    store.add_notice(Notice("one", "The stream rtsp://camera stopped.", is_reconnecting=True))
    live(window, controller)
    assert window.header._steady.text() == "reconnecting"
    assert window.video._note.startswith("reconnecting …")
    store.ingest(RecordBatch("one", replay.frames(150, 1, now() - S // 10, 25).tobytes(), 0))
    store.add_notice(Notice("one", "The stream rtsp://camera is back after 3.1 s."))
    assert store.is_reconnecting, "a frame decoded before is not a sign of life"
    store.ingest(RecordBatch("one", replay.frames(151, 1, now() + S, 25).tobytes(), 0))
    assert not store.is_reconnecting
    refresh(controller, window)
    assert window.video._note == ""


# Grey means: not steady at that time ----------------------------------------------------------------------------------


def judged(store: SessionStore, start_s: float, is_steady: bool, session_id: str = "one") -> None:
    verdict = Steady(is_steady, "steady: 3 windows within 4 %" if is_steady else "dirty: 40 % foreign CPU", not is_steady)
    at = int(start_s * S)
    store.ingest(msgspec.structs.replace(replay.telemetry(session_id, at + 2 * S), start_ns=at, steady=verdict))


def test_past_grey_is_not_recoloured_and_dirty_stretches_stay(store: SessionStore) -> None:
    steadiness = Steadiness(store)
    store.begin("one", 10 * S)
    assert steadiness.grey == ((10 * S, OPEN_END),)
    for at, is_steady in ((11, False), (13, True), (15, True), (17, False), (19, False), (21, True)):
        judged(store, at, is_steady)
    assert steadiness.grey == ((10 * S, 15 * S), (17 * S, 23 * S))
    assert steadiness.is_steady
    store.begin("two", 30 * S)
    assert steadiness.grey == ((10 * S, 15 * S), (17 * S, 23 * S), (30 * S, OPEN_END))
    assert not steadiness.is_steady


def test_windows_that_follow_each_other_make_one_stretch(store: SessionStore) -> None:
    steadiness = Steadiness(store)
    store.begin("one", 10 * S)
    judged(store, 10, True)
    judged(store, 12, False)
    assert steadiness.grey == ((10 * S, OPEN_END),)


def test_the_badge_names_the_worst_window_where_the_others_show_the_last(window: MainWindow, controller: Controller) -> None:
    at = running(controller.store)
    dirty = Steady(False, "dirty: 49 % foreign CPU", is_dirty=True)
    for load in (49.2, 0.8):
        controller.store.ingest(msgspec.structs.replace(replay.telemetry("one", at, foreign=load), steady=dirty))
        if load > 1:
            assert standing(controller.store, at, running=True).badge == "dirty: 49 % foreign CPU"
    live(window, controller)
    assert window.header._steady.text() == "dirty: worst of 3 windows 49 % foreign CPU"
    assert window.truth._verdict.words.text() == "Worst of 3 windows 49 % foreign CPU."
    assert window.truth._tiles["foreign"].text() == "Foreign CPU: 0.8 %"
    assert "foreign CPU 0.8 %" in window.footer.text()


# Whose numbers --------------------------------------------------------------------------------------------------------


def is_dimmed(window: MainWindow) -> bool:
    return window.truth._label.graphicsEffect().isEnabled()


def test_the_label_of_another_session_is_dimmed_and_named(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    live(window, controller)
    assert not is_dimmed(window)
    assert "previous" not in window.footer.text()
    controller.restart_wanted = True
    refresh(controller, window)
    assert is_dimmed(window)
    assert window.truth._title.note.text() == "previous session"
    assert window.footer.text().startswith("previous session")
    assert "foreign CPU –" in window.footer.text()
    assert window.header._steady.text() == "restarting"
    controller.restart_wanted = False
    controller.store.begin("three", now())
    assert is_dimmed(window)
    assert window.header._steady.text() == "starting"
    controller.store.ingest(replay.opened("three"))
    refresh(controller, window)
    assert not is_dimmed(window)
    assert window.truth._title.note.text() == ""


def test_after_a_session_that_failed_before_it_opened_the_label_stays_dimmed(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    controller.store.begin("three", now())
    controller.store.ingest(replay.failed("three", FinishReason.FAILED))
    refresh(controller, window)
    assert is_dimmed(window)
    assert window.footer.text().startswith("previous session")
    assert window.header._steady.text() == "failed"
    assert window.truth._verdict.words.text() == "It ended before a frame was measured."
    assert readouts(window).endswith("drops –")


def test_nothing_is_claimed_before_the_first_session(window: MainWindow, controller: Controller) -> None:
    refresh(controller, window)
    assert readouts(window) == "– fps | age – | drops –"
    assert window.throughput._drops.text() == "drops –"
    assert window.header._steady.text() == "not started"
    assert window.truth._verdict.words.text() == "Press Start or Space to measure."
    assert not is_dimmed(window)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SessionStatus("one", RunState.STARTING), "Waiting for the first frame"),
        (SessionStatus("one", RunState.FINISHED, FinishReason.FAILED), "No frame was measured"),
        (SessionStatus("", RunState.IDLE), "Press Start: Space"),
    ],
)
def test_empty_plots_fit_the_state(window: MainWindow, controller: Controller, state: SessionStatus, words: str) -> None:
    controller.store.ingest(state)
    refresh(controller, window)
    assert {plot.empty_text for plot in (window.stages.plot, window.throughput.plot, window.age.plot)} == {words}


def test_every_state_has_its_words(store: SessionStore) -> None:
    for state in RunState:
        for is_on in (True, False):
            store.ingest(SessionStatus("one", state))
            said: Standing = standing(store, now(), is_on)
            assert said.badge and said.head and said.sentence
            assert said.tone == "faint"


# Asked and got --------------------------------------------------------------------------------------------------------


def test_what_was_asked_and_not_given_is_said(window: MainWindow, controller: Controller) -> None:
    asked = SessionSpec("one", "clip", "nanodet-g", streams=64, requests=1, hint="throughput")
    controller.store.begin("one", now(), asked=asked)
    controller.store.ingest(replay.opened("one"))
    tiles = window.truth._tiles
    assert tiles["streams"].text() == "Streams: 1 (asked 64)"
    assert tiles["requests"].text() == "Requests: 1"
    assert tiles["threads"].text() == "Threads: 2"
    assert tiles["hint"].text() == "Hint, asked throughput: latency"
    assert "Asked: 64." in tiles["streams"].toolTip()


def test_what_the_runtime_does_not_say_has_a_reason(window: MainWindow, controller: Controller) -> None:
    opened = replay.opened("one")
    controller.store.begin("one", now())
    controller.store.ingest(msgspec.structs.replace(opened, effective=msgspec.structs.replace(opened.effective, streams=None)))
    assert window.truth._tiles["streams"].text() == f"Streams: {figures.UNKNOWN}"
    assert definitions.TRUTH["unsaid"] in window.truth._tiles["streams"].toolTip()
    assert definitions.TRUTH["unsaid"] not in window.truth._tiles["threads"].toolTip()


# The table and the axes -----------------------------------------------------------------------------------------------


def test_the_table_says_which_frames_it_counts(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    head = window.stages.table.headerData(0, Qt.Orientation.Horizontal)
    assert head == "stage, since start"
    many = replay.frames(1000, STATISTICS_FRAMES, now(), 500)
    controller.store.ingest(RecordBatch("second", many.tobytes(), 0))
    refresh(controller, window)
    assert window.stages.table.headerData(0, Qt.Orientation.Horizontal) == f"stage, newest {figures.thousands(STATISTICS_FRAMES)}"


def test_at_the_end_all_plots_stand_at_the_same_time(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    controller._running = True
    refresh(controller, window)
    controller.store.ingest(SessionStatus("second", RunState.FINISHED, FinishReason.STOPPED))
    controller.plotsDue.emit()
    times = [plot._time for plot in (window.stages.plot, window.throughput.plot, window.age.plot)]
    assert len({time.now_ns for time in times}) == 1
    assert all(time.is_over for time in times)
    assert times[0].now_ns == controller.store.recent(0.0)["complete_ns"][-1]


def test_old_records_keep_their_own_streams(window: MainWindow, controller: Controller) -> None:
    """Two requests on one stream: half of each frame's time was a wait, whatever runs now."""
    store, at = controller.store, now()
    many = replay.opened("one")
    store.begin("one", at - 20 * S)
    store.ingest(msgspec.structs.replace(many, effective=msgspec.structs.replace(many.effective, requests=2)))
    rows = replay.frames(0, 100, at - 3 * S, 100)
    rows["submit_ns"] = rows["complete_ns"] - 20_000_000
    store.ingest(RecordBatch("one", rows.tobytes(), 0))
    alone = store.durations_ms(store.recent(60))["inference"][-1]
    store.begin("two", at - 2 * S)
    store.ingest(replay.opened("two"))
    store.ingest(RecordBatch("two", replay.frames(0, 50, at, 25).tobytes(), 0))
    both = store.durations_ms(store.recent(60))["inference"]
    assert alone == pytest.approx(10.0)
    assert both[99] == pytest.approx(10.0)
    window.stages.refresh_plot(at)
    drawn = window.stages.plot
    inference = np.diff(drawn._sums, axis=0, prepend=0)[drawn._names.index("inference")]
    assert np.median(inference[drawn._times < at - 2 * S]) == pytest.approx(10.0)


# Little room ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1100, 640), (1280, 720), (1600, 900)])
def test_in_little_room_the_least_needed_goes_first(
    make_window: MakeWindow, controller: Controller, size: tuple[int, int]
) -> None:
    window = make_window(size)
    replay.replay(controller.store)
    live(window, controller)
    table = window.stages._table_view
    shown = [name for at, name in enumerate(_COLUMNS) if not table.isColumnHidden(at)]
    assert shown[-1] == "n" and {"median", "p99", "max"} <= set(shown)
    assert not ("p90" in shown and "p95" not in shown)
    assert (shown == list(_COLUMNS)) == (size != (1100, 640))
    assert sum(table.columnWidth(at) for at in range(len(_COLUMNS))) <= table.viewport().width()
    verdict = window.truth._verdict
    assert verdict.height() >= verdict.sizeHint().height()
    assert window.truth.rect().contains(verdict.mapTo(window.truth, verdict.rect().bottomRight()))
    centre = window.stages.geometry().bottom() - window.video.geometry().top()
    assert window.video.height() >= 0.4 * (centre - 12)


def test_the_window_is_never_smaller_than_it_can_tell_the_truth(window: MainWindow) -> None:
    window.resize(400, 300)
    assert (window.width(), window.height()) == (1100, 640)
