from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeperf_gui.domain.messages import Notice, Opened, RecordBatch, Telemetry
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import Effective, Machine, ModelTimes, Steady
from edgeperf_gui.domain.session import RunState, SessionSpec, SessionStatus, SourceInfo
from edgeperf_gui.live.recent_rows import RecentRows
from edgeperf_gui.live.session_store import CAPACITY, FIRST_FRAMES, SessionStore

MS = 1_000_000
START = 10_000 * MS


def rows(first, count, *, period_ms=40, start_ns=START, due=True, drops_each=0):
    records = np.zeros(count, FRAME)
    number = np.arange(first, first + count)
    base = start_ns + number * period_ms * MS
    records["frame"] = number
    records["due_ns"] = base if due else 0
    for order, name in enumerate(
        [
            "decode_start_ns",
            "decode_end_ns",
            "preprocess_start_ns",
            "preprocess_end_ns",
            "submit_ns",
            "complete_ns",
            "postprocess_end_ns",
        ]
    ):
        records[name] = base + order * MS
    records["dropped"] = number * drops_each
    return records


def batch(records, session_id="s1"):
    return RecordBatch(session_id, records.tobytes(), int(records["dropped"][-1]) if len(records) else 0)


def opened(streams=1, requests=1):
    machine = Machine("host", "os", "3.11", "2026.4", "5.0", "cpu", 2, None, None)
    effective = Effective("FP16", {"f32": 3}, ("CPU",), streams, requests, 2, "latency", "f32")
    return Opened(
        "s1", machine, effective, ModelTimes(1.0, 2.0, 3.0, 4, "off"), SourceInfo("clip", 640, 272, 25.0, False), ("cat",)
    )


@pytest.fixture
def store(qapp):
    store = SessionStore()
    store.begin("s1", START)
    return store


def heard(signal):
    calls = []
    signal.connect(lambda *arguments: calls.append(arguments))
    return calls


def test_a_session_begins_as_starting_and_tells(qapp):
    store = SessionStore()
    assert store.status.state is RunState.IDLE
    statuses, opens = heard(store.statusChanged), heard(store.openedChanged)
    store.begin("s1", START)
    assert store.status == statuses[0][0]
    assert (store.status.session_id, store.status.state) == ("s1", RunState.STARTING)
    assert opens == [(None,)]


def test_messages_become_state(store):
    statuses, opens, windows, notices = (
        heard(signal) for signal in (store.statusChanged, store.openedChanged, store.telemetryChanged, store.noticeAdded)
    )
    status = SessionStatus("s1", RunState.RUNNING)
    telemetry = Telemetry("s1", 0, 1, None, None, None, None, Steady(True, ""))
    notice = Notice("s1", "The disk is full.")
    for message in (status, opened(), telemetry, notice):
        store.ingest(message)
    assert (statuses, opens, windows, notices) == ([(status,)], [(opened(),)], [(telemetry,)], [(notice,)])
    assert store.labels == ("cat",)
    assert store.source_info.title == "clip"
    assert store.last_telemetry == telemetry and store.telemetry == (telemetry,)
    assert store.notices == (notice,)
    store.begin("s2", START)
    assert store.opened is None and store.source_info is None and store.last_telemetry is None
    assert store.labels == ("cat",)
    assert store.notices == (notice,)


def test_current_is_this_session_without_its_first_frames(store):
    store.ingest(batch(rows(0, 2)))
    assert len(store.current()) == 0
    store.ingest(batch(rows(2, 8)))
    assert store.current()["frame"].tolist() == list(range(FIRST_FRAMES, 10))
    assert store.frames_completed == 10
    store.begin("s2", START)
    assert len(store.current()) == 0
    assert store.frames_completed == 0
    store.ingest(batch(rows(0, 5, start_ns=START + 1000 * MS)))
    assert store.current()["frame"].tolist() == [3, 4]
    assert store.recent(3600)["frame"].tolist() == [*range(10), *range(5)]


def test_recent_counts_back_from_the_newest(store):
    assert len(store.recent(1)) == 0
    store.ingest(batch(rows(0, 100)))
    assert store.recent(1.0)["frame"].tolist() == list(range(74, 100))


def test_the_oldest_are_forgotten(store):
    for first in range(0, CAPACITY + 5000, 500):
        store.ingest(batch(rows(first, 500)))
    assert len(store.current()) == CAPACITY
    assert store.current()["frame"][0] == 5000
    assert store.current()["frame"][-1] == CAPACITY + 4999
    assert store.current().flags.c_contiguous


def test_shown_stamps_join_their_frames_early_and_late(store):
    store.mark_shown(4, 111)
    store.ingest(batch(rows(0, 6)))
    store.mark_shown(5, 222)
    store.mark_shown(5, 333)
    store.mark_shown(6, 444)
    store.begin("s2", START)
    store.ingest(batch(rows(0, 8)))
    assert store.recent(3600)["shown_ns"].tolist() == [0, 0, 0, 0, 111, 222] + [0] * 8


def test_shown_stamps_without_records_are_bounded(store):
    for frame in range(5000):
        store.mark_shown(frame, frame + 1)
    store.ingest(batch(rows(0, 5000)))
    assert np.count_nonzero(store.current()["shown_ns"]) == 1024


def test_each_session_keeps_its_own_streams_for_the_wait_inside_the_runtime(store):
    store.ingest(opened(streams=1, requests=2))
    first = rows(0, 100, period_ms=10)
    first["complete_ns"] += 20 * MS
    store.ingest(batch(first))
    alone = store.durations_ms(store.recent(3600))
    assert alone["inference"][50:] == pytest.approx(10.0)
    store.begin("s2", START + 4000 * MS)
    store.ingest(opened())
    second = rows(0, 10, start_ns=START + 5000 * MS)
    store.ingest(batch(second))
    assert store.seams_ns.tolist() == [first["complete_ns"][0], second["complete_ns"][0]]
    both = store.durations_ms(store.recent(3600))
    for name, durations in alone.items():
        np.testing.assert_array_equal(both[name][:100], durations)
    assert both["inference"][100:] == pytest.approx(1.0)
    assert len(store.durations_ms(store.recent(3600)[:0])["inference"]) == 0
    store.clear()
    assert store.seams_ns.tolist() == [second["complete_ns"][0]]


def test_what_was_asked_is_kept_with_its_session(store):
    assert store.asked is None
    asked = SessionSpec("s2", "clip", "nanodet-g", streams=64)
    store.begin("s2", START + 1, asked=asked)
    assert (store.asked, store.start_ns) == (asked, START + 1)
    store.begin("s3", START + 2)
    assert store.asked is None


def test_nobody_sees_a_new_session_in_the_old_ones_state(store):
    store.ingest(SessionStatus("s1", RunState.RUNNING))
    seen = []
    store.openedChanged.connect(lambda _opened: seen.append(store.status.state))
    store.begin("s2", START)
    assert seen == [RunState.STARTING]


def test_silence_is_told_only_while_frames_are_to_be_expected(store):
    now = time.perf_counter_ns()
    assert store.silence_s(now) is None and store.engine_silence_s(now) is None
    store.ingest(SessionStatus("s1", RunState.WARMING))
    assert 0 <= store.silence_s(time.perf_counter_ns()) < 60
    store.ingest(batch(rows(0, 5, start_ns=now)))
    newest = int(store.recent(0)["complete_ns"][-1])
    assert store.silence_s(newest + 3000 * MS) == pytest.approx(3.0)
    store.ingest(Telemetry("s1", now, newest, None, None, None, 0.0, Steady(False, "not steady: a window without a frame")))
    assert store.engine_silence_s(newest + 4000 * MS) == pytest.approx(4.0)
    store.ingest(SessionStatus("s1", RunState.STOPPING))
    assert store.silence_s(newest + 3000 * MS) is None and store.engine_silence_s(newest) is None


def test_latency_is_told_where_no_frame_is_due(store):
    assert store.latency_stats() is None
    store.ingest(batch(rows(0, 50, due=False)))
    assert store.latency_stats().median_ms == pytest.approx(6.0)


def test_stage_statistics_with_age(store):
    assert store.stage_stats()["inference"] is None
    store.ingest(opened())
    store.ingest(batch(rows(0, 50)))
    stats = store.stage_stats()
    assert stats["decode"].median_ms == pytest.approx(1.0)
    assert stats["decode"].n == 50 - FIRST_FRAMES
    assert stats["age"] is None
    store.mark_shown(20, int(rows(20, 1)["due_ns"][0]) + 9 * MS)
    assert store.stage_stats()["age"].median_ms == pytest.approx(9.0)
    assert store.stage_stats()["present"].n == 1
    assert store.stage_stats() is store.stage_stats()


def test_rates_are_completions_per_wall_second_with_source_and_drops(store):
    for first in range(0, 200, 2):
        store.ingest(batch(rows(first, 2, drops_each=1)))
        store.notify(START)
    history = store.rate_history()
    assert len(history) >= 10
    assert history["fps"] == pytest.approx(25.0)
    assert history["drops_per_s"] == pytest.approx(25.0)
    assert history["source_fps"] == pytest.approx(50.0)
    assert np.isnan(history["age_ms"]).all()
    assert (np.diff(history["t_ns"]) >= 500 * MS).all()


def test_a_flat_out_run_has_no_source_rate_and_a_new_session_breaks_the_line(store):
    store.ingest(batch(rows(0, 1, due=False)))
    store.notify(START)
    store.ingest(batch(rows(1, 30, due=False)))
    store.notify(START)
    assert len(store.rate_history()) == 1
    assert np.isnan(store.rate_history()["source_fps"][0])
    store.begin("s2", START + 5000 * MS)
    assert np.isnan(store.rate_history()["fps"][-1])


def test_a_running_session_that_completes_nothing_shows_zero(store):
    store.ingest(SessionStatus("s1", RunState.RUNNING))
    store.ingest(batch(rows(0, 1)))
    store.notify(START + 100 * MS)
    assert len(store.rate_history()) == 0
    store.notify(START + 3000 * MS)
    store.notify(START + 3100 * MS)
    assert store.rate_history()["fps"].tolist() == [0.0]
    store.notify(START + 3600 * MS)
    assert store.rate_history()["fps"].tolist() == [0.0, 0.0], "a line, not lone points"
    store.ingest(SessionStatus("s1", RunState.STOPPING))
    store.notify(START + 9000 * MS)
    assert len(store.rate_history()) == 2


def test_records_are_announced_at_most_ten_times_a_second(store):
    calls = heard(store.recordsChanged)
    store.notify(START)
    before = len(calls)
    for step in range(100):
        store.ingest(batch(rows(step, 1)))
        store.notify(START + step * 10 * MS)
    assert 9 <= len(calls) - before <= 11


def test_unannounced_records_make_rates_but_no_noise(store):
    calls = heard(store.recordsChanged)
    for first in range(0, 3 * CAPACITY, 2 * CAPACITY):
        store.ingest(batch(rows(first, 2 * CAPACITY)))
        store.notify(START + first * MS, announce=False)
        store.notify(START + first * MS, announce=False)
    assert calls == []
    assert store.rate_history()["fps"] == pytest.approx(25.0)
    store.notify(START + 10**12)
    assert len(calls) == 1


def test_markers_and_clearing(store):
    changes, clearings = heard(store.markersChanged), heard(store.cleared)
    store.add_marker(5, "FP16 → FP32")
    assert [(marker.at_ns, marker.text) for marker in store.markers] == [(5, "FP16 → FP32")]
    store.ingest(batch(rows(0, 50)))
    store.notify(START)
    store.clear()
    assert (len(changes), len(clearings)) == (1, 1)
    assert not store.markers and not len(store.recent(1)) and not len(store.rate_history()) and not store.notices
    store.ingest(batch(rows(50, 10)))
    assert store.current()["frame"].tolist() == list(range(53, 60))
    store.notify(START)


@settings(deadline=None)
@given(st.lists(st.integers(0, 25), max_size=30), st.integers(1, 10))
def test_recent_rows_behave_like_the_end_of_a_list(counts, capacity):
    kept, model = RecentRows(np.dtype([("n", np.int64)]), capacity), []
    for count in counts:
        fresh = np.zeros(count, [("n", np.int64)])
        fresh["n"] = np.arange(len(model), len(model) + count)
        kept.extend(fresh)
        model += fresh["n"].tolist()
        assert kept.all()["n"].tolist() == model[-capacity:]
        assert kept.total == len(model)
        for number in range(len(model) + 2):
            assert kept.since(number)["n"].tolist() == model[max(number, len(model) - capacity) :]
