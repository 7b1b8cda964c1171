"""A session with batches in the window: its stage, its ages, its words, and how it is chosen."""

from __future__ import annotations

import numpy as np
import pytest
import replay
from conftest import MakeWindow, refresh
from PySide6.QtCore import Qt

from edgeperf_gui.domain.records import BATCH_WAIT, STAGES, stages_of
from edgeperf_gui.domain.session import RunState, SourceInfo
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import batch_words, theme
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.session_bar import SessionBar
from edgeperf_gui.ui.standing import lull_s

S = 1_000_000_000


@pytest.fixture
def bar(qtbot) -> SessionBar:
    made = SessionBar()
    qtbot.addWidget(made)
    made.show_inventory(replay.INVENTORY)
    made.show()
    return made


def rows_of(window: MainWindow) -> dict[str, list[str]]:
    lines = window.stages.table.as_tsv().splitlines()[1:]
    return {line.split("\t")[0]: line.split("\t")[1:] for line in lines}


def test_the_wait_is_listed_and_drawn_between_preprocess_and_queue(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store, batch=16)
    refresh(controller, window)
    assert tuple(rows_of(window)) == (*stages_of(16), "age")
    assert float(rows_of(window)[BATCH_WAIT][0]) == pytest.approx(280, rel=0.02), "a rank of 0, 40 … 600 ms"
    table = window.stages.table
    tip = table.data(table.index(2, 0), Qt.ItemDataRole.ToolTipRole)
    assert "until the last frame of the batch has come" in tip and "Mean 28" in tip
    assert window.stages.plot._names == stages_of(16)
    assert len(set(theme.STAGES.values())) == len(stages_of(16)), "each in its own colour"


def test_without_batches_nothing_is_added(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    assert tuple(rows_of(window)) == (*STAGES, "age")
    assert BATCH_WAIT not in window.stages.plot._names
    assert "batch" not in window.footer.text() and "batch" not in window.header._variant.text()


def test_the_table_changes_its_rows_with_the_session_and_stays_whole(window: MainWindow, controller: Controller) -> None:
    view = window.stages._table_view
    for batch in (4, 1, 4):
        replay.replay(controller.store, batch=batch)
        refresh(controller, window)
        rows = len(stages_of(batch)) + 1
        assert window.stages.table.rowCount() == rows
        assert view.height() >= view.horizontalHeader().height() + rows * view.rowHeight(0)


def test_both_sessions_stay_on_the_chart_each_with_its_own_stages(controller: Controller) -> None:
    store = controller.store
    replay.replay(store, batch=4)
    records = store.recent(20)
    durations = store.durations_ms(records)
    before = records["complete_ns"] < store.seams_ns[-1]
    assert np.isnan(durations[BATCH_WAIT][before]).all() and np.isfinite(durations[BATCH_WAIT][~before]).all()
    whole = sum(np.nan_to_num(durations[name]) for name in stages_of(4))
    assert whole == pytest.approx(durations["age"], abs=1e-6, nan_ok=True)


def test_painting_the_newest_ends_the_age_of_all(controller: Controller) -> None:
    store = controller.store
    now_ns = 100 * S
    store.begin("s", now_ns)
    store.ingest(replay.opened("s", batch=4))
    store.ingest(replay.SessionStatus("s", RunState.RUNNING))
    rows = replay.batched(replay.frames(0, 8, now_ns, 25.0), 4)
    painted_ns = rows["postprocess_end_ns"][-1] + 3_000_000
    rows["shown_ns"] = 0
    store.mark_shown(7, painted_ns)  # the picture is often quicker than its records
    store.ingest(replay.RecordBatch("s", rows.tobytes(), 0))
    assert store.whole()["shown_ns"].tolist() == [0] * 4 + [painted_ns] * 4
    ages = store.durations_ms(store.whole())["age"][4:]
    assert np.diff(ages) == pytest.approx([-40.0] * 3, abs=6), "the first of them waited longest, and nothing is forgiven"


def test_footer_header_and_truth_say_the_batch(window: MainWindow, controller: Controller) -> None:
    controller.change(batch=4)
    replay.replay(controller.store, batch=4)
    refresh(controller, window)
    assert "batch 4" in window.footer.text() and "batch 4" in window.header._variant.text()
    assert window.truth._tiles["requests"].text() == "Requests: 2 × 4 frames"


def test_the_time_in_which_a_batch_fills_is_no_lull(controller: Controller) -> None:
    store: SessionStore = controller.store
    replay.ingest_session(store, "s", 20, 100 * S, 25, batch=64)
    assert store.period_s == pytest.approx(2.56)
    last_ns = int(store.whole()["complete_ns"][-1])
    assert lull_s(store, last_ns + 5 * S) is None and lull_s(store, last_ns + 8 * S) is not None


def test_nor_is_the_time_in_which_a_slow_device_computes_one(controller: Controller) -> None:
    store: SessionStore = controller.store
    replay.ingest_session(store, "s", 20, 100 * S, 25, batch=64)
    last = store.whole()[-1:]
    last["submit_ns"] = last["complete_ns"] - 6 * S
    assert store.period_s == pytest.approx(6.0)
    assert lull_s(store, int(last["complete_ns"][0]) + 8 * S) is None, "its next answer is not late yet"
    before = len(store.rate_history())
    store.notify(int(last["complete_ns"][0]) + 8 * S)
    assert not (store.rate_history()["fps"][before:] == 0).any(), "no throughput is known before it"


def test_the_batch_is_picked_with_the_wait_it_costs(bar: SessionBar, qtbot) -> None:
    texts = [bar.batch.itemText(row) for row in range(bar.batch.count())]
    assert texts == ["1", "2", "4", "8", "16", "32", "64"], "no rate is known yet"
    bar.show_source(SourceInfo("street.mp4", 640, 272, 25.0, False))
    assert bar.batch.itemText(2) == "4 · waits 60 ms"
    assert "60 ms of waiting in the mean, 120 ms for its first frame" in bar.batch.itemData(2, Qt.ItemDataRole.ToolTipRole)
    with qtbot.waitSignal(bar.changed) as changed:
        bar.batch.setCurrentIndex(2)
        bar.batch.activated.emit(2)
    assert changed.args == [{"batch": 4}]
    bar.show_settings(Settings(batch=4))
    assert bar.batch.currentData() == 4 and "At 25 fps a batch of 4 costs 60 ms" in bar.batch.toolTip()
    bar.show_settings(Settings(batch=4, paced=False))
    assert bar.batch.itemText(2) == "4", "flat out nobody waits for a camera"
    bar.show_settings(Settings(batch=5))
    assert bar.batch.currentData() == 5, "one that the settings file holds"


def test_words_of_waiting() -> None:
    assert batch_words.wait_sentence(1, 25.0) == batch_words.wait_sentence(4, None) == ""
    assert "costs 4.2 ms of waiting in the mean, 8.3 ms" in batch_words.wait_sentence(2, 120.0)


def test_a_change_is_marked_and_undone(window: MainWindow, controller: Controller) -> None:
    controller._running = True  # as while a session is on
    controller.run_again = lambda: None  # no engine in this test
    window.session.changed.emit({"batch": 8})
    assert controller.settings.batch == 8 and controller.store.markers[-1].text == "batch 1 → 8"
    controller.undo()
    assert controller.settings.batch == 1 and window.session.batch.currentData() == 1
    controller._running = False


@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_there_is_room_for_everything(make_window: MakeWindow, controller: Controller, size: tuple[int, int]) -> None:
    controller.change(batch=64, hint="none")
    window = make_window(size)
    replay.replay(controller.store, batch=64)
    refresh(controller, window)
    assert window.stages.plot.height() >= 60
    text = window.session.batch.fontMetrics().horizontalAdvance(window.session.batch.currentText())
    assert text + 40 <= window.session.batch.width()
