from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
import replay
from conftest import MakeWindow, refresh
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.records import STAGES
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import figures, names
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.stages_panel import _COLUMNS, ROWS, cell


def table_text(window: MainWindow, row: str, column: int) -> str:
    model = window.stages.table
    return str(model.data(model.index(ROWS.index(row), column)))


def test_a_replayed_session_fills_every_panel(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    assert table_text(window, "inference", 1) in ("8.9", "9.0", "9.1", "9.2")
    assert table_text(window, "age", 1) not in ("", figures.UNKNOWN)
    assert "stored FP16 · executed bf16 33, f32 2 layers" in window.footer.text()
    assert "foreign CPU 0.6 %" in window.footer.text()
    tiles = {key: tile.text() for key, tile in window.truth._tiles.items()}
    assert tiles["compile"] == "Compile, cold: 104 ms"
    assert tiles["size"] == "File size: 7.6 MB"
    assert tiles["threads"] == "Threads: 2"
    assert window.throughput._rate.text() == "paced 25.0 of 24.9 fps" or window.throughput._rate.text().startswith("paced 25")
    assert window.header._steady.text() == "ended · was steady, 3 windows within 4 %"
    controller._running = True
    controller.store.ingest(replay.telemetry("second", time.perf_counter_ns()))
    assert window.header._steady.text() == "steady · 3 windows within 4 %"
    assert window.header._source.text() == "street.mp4 · 640×272 · 25 fps"


def test_flat_out_is_called_capacity_and_has_no_age(window: MainWindow, controller: Controller) -> None:
    assert controller.settings.paced, "what ran counts, not what is chosen"
    replay.replay(controller.store, paced=False)
    refresh(controller, window)
    assert window.throughput._rate.text().startswith("capacity 84")
    assert table_text(window, "age", 1) == figures.UNKNOWN
    assert table_text(window, "age", 6) == figures.UNKNOWN
    assert window.age._title.words.text() == "Engine latency"
    assert [line.name for line in window.age.plot._lines] == ["engine latency"]
    assert window.age._median.text().startswith("median 11.")
    assert window.age._tail.text() == "decode → objects known"
    assert window.age._title.note.text() == ""
    assert "no frame is due" in window.age._median.toolTip()
    replay.replay(controller.store, paced=True)
    refresh(controller, window)
    assert window.age._title.words.text() == "Frame age"
    assert [line.name for line in window.age.plot._lines] == ["age"]


def test_a_live_source_is_called_live(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    opened = controller.store.opened
    camera = msgspec.structs.replace(opened.source, live=True)
    controller.store.ingest(msgspec.structs.replace(opened, source=camera, is_saturated=True))
    refresh(controller, window)
    assert window.throughput._rate.text().startswith("live 2")


def test_present_is_not_drawn_when_few_frames_are_painted(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store, paced=False)
    refresh(controller, window)
    assert "present" in window.stages.plot._names
    rows = controller.store.recent(60)
    rows["shown_ns"][np.arange(len(rows)) % 4 != 0] = 0
    refresh(controller, window)
    assert "present" not in window.stages.plot._names
    assert window.stages._title.note.text() == "without present · last 8 s"


def test_a_missing_p99_says_why(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    assert table_text(window, "decode", 4) == "n too small"
    model = window.stages.table
    assert "299" in model.data(model.index(0, 4), Qt.ItemDataRole.ToolTipRole)
    enough = StageStats(300, 1, 1, 1, 1, 1.25, 1, 2)
    assert cell(enough, "p99") == "1.2"


def test_numbers_are_grey_while_not_steady(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store, steady=False)
    refresh(controller, window)
    model = window.stages.table
    unsteady = model.data(model.index(0, 1), Qt.ItemDataRole.ForegroundRole)
    controller.store.ingest(replay.telemetry("second", time.perf_counter_ns()))
    refresh(controller, window)
    steady = model.data(model.index(0, 1), Qt.ItemDataRole.ForegroundRole)
    assert unsteady != steady
    assert window.truth._verdict.words.text() == "The numbers were steady: 3 windows within 4 %."


def test_the_reason_is_told_while_not_steady(window: MainWindow, controller: Controller) -> None:
    controller.store.begin("one", time.perf_counter_ns())
    controller._running = True
    controller.store.ingest(SessionStatus("one", RunState.RUNNING))
    controller.store.ingest(replay.telemetry("one", time.perf_counter_ns(), steady=False))
    assert window.header._steady.text() == "not steady: throughput still rising"
    assert window.truth._verdict.words.text() == "Throughput still rising."


def test_a_bad_end_says_what_and_offers_to_run_again(window: MainWindow, controller: Controller, qtbot) -> None:
    replay.replay(controller.store)
    controller.store.ingest(replay.failed())
    failure = window.video._failure
    assert failure.isVisible()
    assert "SIGSEGV" in failure.accessibleName()
    failure._details.click()
    assert "Segmentation fault" in failure._page.text.toPlainText()
    failure._page.copy_button.click()
    assert "Segmentation fault" in QGuiApplication.clipboard().text()
    failure._page.close()
    # what comes of it is the controller's business
    window.video.remedyChosen.disconnect(window.commands.go)
    with qtbot.waitSignal(window.video.remedyChosen) as chosen:
        failure._remedies["run_again"].click()
    assert chosen.args == ["run_again"]
    controller.store.ingest(SessionStatus("third", RunState.STARTING, activity="starting the engine"))
    assert not failure.isVisible()


@pytest.mark.parametrize("reason", list(FinishReason))
def test_every_end_has_its_words(window: MainWindow, controller: Controller, reason: FinishReason) -> None:
    controller.store.ingest(SessionStatus("one", RunState.FINISHED, reason))
    assert window.video._failure.isVisible() or reason.value.split()[-1] in window.video._activity
    window.grab()


def test_activity_is_shown_while_starting(window: MainWindow, controller: Controller) -> None:
    controller.store.ingest(SessionStatus("one", RunState.STARTING, activity="compiling nanodet-g for CPU"))
    assert window.video.accessibleDescription() == "compiling nanodet-g for CPU …"


def test_a_notice_is_shown_and_can_be_closed(window: MainWindow, controller: Controller) -> None:
    controller.store.add_notice(Notice("one", "The stream is connecting again.", "Wait a moment."))
    assert window.toast.isVisible()
    assert window.toast.accessibleName() == "The stream is connecting again. Wait a moment."
    window.grab()


def test_the_picture_reports_what_was_painted(window: MainWindow, controller: Controller, qtbot) -> None:
    with qtbot.waitSignal(window.video.painted) as painted:
        controller.previewReady.emit(replay.preview(7))
        window.video.repaint()
    frame, stamp = painted.args
    assert frame == 7
    assert 0 < time.perf_counter_ns() - stamp < 5_000_000_000
    spy = []
    window.video.painted.connect(lambda *seen: spy.append(seen))
    window.video.repaint()
    assert not spy, "painting the same picture again is no news"


def test_the_picture_stays_true_pixel_for_pixel(window: MainWindow, controller: Controller) -> None:
    room = window.video
    ratio = room.devicePixelRatioF()
    scale = min(room.width() * ratio / 640, room.height() * ratio / 272)
    shown = replay.preview(1, round(640 * scale), round(272 * scale))
    controller.previewReady.emit(shown)
    picture = room.grab().toImage()
    place = room._picture_place()
    for x, y in ((200, 60), (450, 30), (600, 200)):
        seen = picture.pixelColor(round(place.left() * ratio) + x, round(place.top() * ratio) + y)
        assert seen.blue() == shown.pixels[y, x, 0]


def test_boxes_stand_where_the_objects_are(window: MainWindow, controller: Controller) -> None:
    controller.previewReady.emit(replay.preview(1))
    controller.store.labels = replay.LABELS
    picture, place = window.video.grab().toImage(), window.video._picture_place()
    ratio = picture.devicePixelRatio()
    x = (place.left() + 380 * place.width() / 640 + 1) * ratio
    y = (place.top() + 120 * place.height() / 272) * ratio
    assert picture.pixelColor(int(x), int(y)).name().upper() == "#FACC15"


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_the_picture_stays_true_on_a_dense_screen(root: Path, scale: str) -> None:
    tests = [
        f"{Path(__file__)}::{test.__name__}"
        for test in (test_the_picture_stays_true_pixel_for_pixel, test_boxes_stand_where_the_objects_are)
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=150, cwd=root, env={**os.environ, "QT_SCALE_FACTOR": scale}
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_view_tells_its_size_in_device_pixels(make_window: MakeWindow, controller: Controller, qtbot) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.video._reported != (0, 0))
    ratio = window.video.devicePixelRatioF()
    assert window.video._reported == (round(window.video.width() * ratio), round(window.video.height() * ratio))


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (float("nan"), "–"), (0.0, "0.0"), (0.417, "0.42"), (9.04, "9.0"), (103.2, "103"), (1840, "1\u2009840")],
)
def test_figures(value: float | None, words: str) -> None:
    assert figures.figure(value) == words


def test_names_hide_passwords_and_trade_marks() -> None:
    assert names.source_name("rtsp://me:secret@camera.local/live") == "rtsp://camera.local/live"
    assert names.source_name("scene:road") == "Scene: road"
    assert names.short_device("Intel(R) Xeon(R) Processor @ 2.20GHz") == "Intel Xeon"
    assert names.device_name("CPU", replay.INVENTORY) == "CPU · AMD EPYC 7B13"


def test_the_table_as_text_for_a_spreadsheet(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    lines = window.stages.table.as_tsv().splitlines()
    assert lines[0].split("\t") == ["stage", "median ms", "p90 ms", "p95 ms", "p99 ms", "max ms", "n"]
    assert [line.split("\t")[0] for line in lines[1:]] == [*STAGES, "age"]
    assert lines[1].split("\t")[4] == ""


@pytest.mark.parametrize(("width", "columns"), [(236, ["stage", "median", "p99"]), (330, ["stage", "median", "p99", "max"])])
def test_in_a_narrow_dock_the_stage_table_drops_columns_and_shortens_words(
    window: MainWindow, controller: Controller, width: int, columns: list[str]
) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    window.stages.setFloating(True)
    window.stages.resize(width, 420)
    QCoreApplication.processEvents()
    table = window.stages._table_view
    shown = [name for at, name in enumerate(_COLUMNS) if not table.isColumnHidden(at)]
    assert shown == columns
    assert sum(table.columnWidth(_COLUMNS.index(name)) for name in shown) <= table.viewport().width()
    small = window.stages.table.index(0, _COLUMNS.index("p99"))
    assert small.data() == "n < 299" and "n too small" in small.data(Qt.ItemDataRole.ToolTipRole)
    for name in shown:
        section = _COLUMNS.index(name)
        words = window.stages.table.headerData(section, Qt.Orientation.Horizontal)
        metrics = QFontMetricsF(table.horizontalHeader().font())
        assert metrics.horizontalAdvance(words) + 2 <= table.columnWidth(section)
    window.stages.setFloating(False)
