"""The trade-off page with replayed sweeps."""

from __future__ import annotations

import csv
from operator import attrgetter

import job_pages
import msgspec
import pytest
import replay
import sweep_samples
from job_pages import end, opened, send, silent
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest

from edgeperf_gui.analysis.trade_off import at_rate
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.domain.sweep import SweepResult
from edgeperf_gui.live.sweep_run import SweepRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.plot_axis import Scale, fitted, tick_words
from edgeperf_gui.ui.trade_off_batches import answered_ms
from edgeperf_gui.ui.trade_off_page import TradeOffPage
from edgeperf_gui.ui.trade_off_words import COLUMNS, duration


@pytest.fixture
def run(controller):
    with silent(SweepRun(controller)) as made:
        yield made


@pytest.fixture
def page(qtbot, run):
    with opened(qtbot, TradeOffPage(run), (1240, 660)) as made:
        yield made


def show(page: TradeOffPage, result: SweepResult | None = None) -> None:
    job_pages.show(page, result or sweep_samples.result())


def test_the_form_says_how_many_points_and_how_long(page: TradeOffPage) -> None:
    assert page.form.precisions() == ("FP32", "FP16")  # the replayed model has no INT8
    assert page.status.text() == "6 points, about 24 s or more"
    page.form.streams.setText("1-2")
    page.form.rounds.setValue(10)
    assert page.status.text().startswith("12 points, about 84 s")
    assert not page.form.boxes["INT8"].isEnabled() and "Ctrl+M" in page.form.boxes["INT8"].toolTip()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("streams", "0", "Streams: “0” is not a range from 1"),
        ("batches", "two", "Batch: “two” is neither a whole number"),
        ("requests", "4-2", "Requests: “4-2” is not a range"),
        ("batches", "1-500", "1\u2009000 points. Narrow them"),
        ("deadline.edit", "soon", "Deadline, ms: “soon” is no number"),
        ("deadline.edit", "nan", "is above 0 and at most 3600000"),
        ("rate.edit", "-5", "Required rate, FPS: -5 cannot be"),
    ],
)
def test_what_cannot_be_swept_is_said_before_it_is_run(page: TradeOffPage, run, field: str, text: str, said: str) -> None:
    line = attrgetter(field)(page.form)
    line.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert not run.is_running


def test_no_variant_no_sweep(page: TradeOffPage) -> None:
    for box in page.form.boxes.values():
        box.setChecked(False)
    assert page.status.text() == "Choose at least one variant." and not page.run_button.isEnabled()


def test_it_asks_for_what_the_form_says(page: TradeOffPage, run) -> None:
    page.form.batches.setText("1,2-3")
    page.form.requests.setText("2")
    page.form.deadline.edit.setText("40")
    page.form.rate.edit.setText("12,5")
    QTest.mouseClick(page.form.adaptive._buttons["adaptive"], Qt.MouseButton.LeftButton)
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert (spec.batches, spec.streams, spec.requests) == ((1, 2, 3), (None,), (2,))
    assert (spec.deadline_ms, spec.rate, spec.adaptive, spec.rounds) == (40.0, 12.5, True, 5)
    assert (spec.hints, spec.threads) == (("none",), (None,))
    assert page.cancel_button.isVisible() and not page.run_button.isVisible() and not page.form.batches.isEnabled()
    assert page.form.deadline.edit.isEnabled(), "what is to be met can be changed while it runs"


def test_threads_and_the_sources_frames_can_be_asked_for(page: TradeOffPage, run, controller) -> None:
    page.form.threads.setText("2")
    QTest.mouseClick(page.form.inputs._buttons["source"], Qt.MouseButton.LeftButton)
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert spec.threads == (2,) and spec.source == controller.settings.source_address()
    assert not page.form.threads.isEnabled() and not page.form.inputs.isEnabled()


def test_several_hints_and_threads_are_asked_for(page: TradeOffPage, run) -> None:
    page.form.hints["throughput"].setChecked(True)
    page.form.streams.setText("1,2")
    page.form.threads.setText("1-2")
    # 2 variants, 3 batches, throughput and none with 1 and with 2 streams, 2 numbers of threads
    assert page.status.text().startswith("36 points, about 2 min")
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert (spec.hints, spec.streams, spec.threads) == (("none", "throughput"), (1, 2), (1, 2))
    assert not any(box.isEnabled() for box in page.form.hints.values())


def test_hints_need_one_and_streams_need_hint_none(page: TradeOffPage) -> None:
    boxes = page.form.hints
    assert [box.accessibleName() for box in boxes.values()] == ["Hint None", "Hint Latency", "Hint Throughput"]
    QTest.keyClick(boxes["none"], Qt.Key.Key_Space)
    assert page.status.text() == "Choose at least one hint." and not page.run_button.isEnabled()
    boxes["latency"].setChecked(True)
    assert page.run_button.isEnabled()
    page.form.streams.setText("2")
    assert "the runtime chooses the streams itself" in page.status.text() and not page.run_button.isEnabled()
    boxes["none"].setChecked(True)
    assert page.run_button.isEnabled()


def test_hint_and_threads_of_a_point_are_told_used_and_saved(page: TradeOffPage, tmp_path) -> None:
    show(page, sweep_samples.result(sweep_samples.HINTED))
    asked: list[dict] = []
    page.useAsked.connect(asked.append)
    points = page.results.view.points
    found = {(point.hint, point.batch, point.threads_asked): at for at, point in enumerate(points) if point.variant == "FP16"}
    hinted, plain = found["throughput", 4, 1], found["none", 4, 2]
    page.results.choose(hinted)
    assert page.results.picked.text().startswith("Chosen: FP16, batch 4, 1 stream, 2 requests, hint throughput, 1 thread")
    assert page.results.batch_title.text().endswith("2 requests, hint throughput, 1 thread")
    page.results.use_button.click()
    page.results.choose(plain)
    page.results.use_button.click()
    taken = [(one["hint"], one["streams"], one["requests"], one["threads"]) for one in asked]
    assert taken == [("throughput", None, 2, 1), ("none", 2, 2, 2)], "a number of streams would override the hint"
    table, titles = page.results.table.points, [title for title, _ in COLUMNS]
    row = table.row_of(hinted)
    assert [table.data(table.index(row, titles.index(title))) for title in ("threads", "hint")] == ["1", "throughput"]
    page.results.foot.take.export(tmp_path / "sweep.csv")
    saved = list(csv.DictReader((tmp_path / "sweep.csv").read_text("utf-8").splitlines()))[hinted]
    assert (saved["hint"], saved["threads_asked"], saved["threads"]) == ("throughput", "1", "1")


def test_threads_and_hint_have_a_column_where_they_were_asked_for(page: TradeOffPage) -> None:
    table, titles = page.results.table, [title for title, _ in COLUMNS]
    columns = {name: titles.index(name) for name in ("threads", "hint")}
    for ranges, seen in (({}, []), ({"threads": (2,)}, ["threads"]), ({"hints": ("latency",)}, ["hint"])):
        show(page, sweep_samples.result(msgspec.structs.replace(sweep_samples.SPEC, **ranges)))
        assert [name for name, column in columns.items() if not table.isColumnHidden(column)] == seen
        assert table.horizontalScrollBar().maximum() == 0, "all columns are in sight"
    assert "threads\thint" in table.points.as_tsv().splitlines()[0], "a copy holds all"


def test_with_hints_and_threads_all_columns_are_in_sight_in_a_small_window(page: TradeOffPage) -> None:
    page.resize(1280, 720)
    show(page, sweep_samples.result(sweep_samples.HINTED))
    table, wait = page.results.table, [title for title, _ in COLUMNS].index("wait ms")
    assert table.isColumnHidden(wait) and table.horizontalScrollBar().maximum() == 0, "nothing waits while no rate is asked for"
    page.form.rate.edit.setText("30")
    assert not table.isColumnHidden(wait) and table.horizontalScrollBar().maximum() == 0
    widths = [table.columnWidth(at) for at in range(len(COLUMNS))]
    needed = QFontMetricsF(theme.font(theme.QUIET))
    assert all(width >= needed.horizontalAdvance(title) + 5 for width, (title, _) in zip(widths, COLUMNS, strict=True))


def test_points_that_were_given_the_same_are_told(page: TradeOffPage) -> None:
    show(page, sweep_samples.result(msgspec.structs.replace(sweep_samples.HINTED, threads=(None,))))
    told = page.results.foot.summary.text()
    assert "gave the same streams, requests and threads to “hint none, 2 streams” and “hint throughput”" in told


@pytest.mark.parametrize(("text", "said"), [("0", "Threads: “0”"), ("2-1", "Threads: “2-1” is not a range")])
def test_bad_threads_are_a_sentence(page: TradeOffPage, text: str, said: str) -> None:
    page.form.threads.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()


def test_where_p95_stands_in_for_p99_axis_plate_and_file_say_so(page: TradeOffPage, tmp_path) -> None:
    result = sweep_samples.result()
    few = [msgspec.structs.replace(point, latency=msgspec.structs.replace(point.latency, p99_ms=None)) for point in result.points]
    show(page, result)
    assert page.results.view.shown_percentile == page.results.view.tails == "p99"
    show(page, msgspec.structs.replace(result, points=(*few[:4], *result.points[4:])))
    assert page.results.view.shown_percentile == page.results.view.tails == "p99 or p95"
    show(page, msgspec.structs.replace(result, points=tuple(few)))
    assert page.results.view.tails == "p95" and not page.grab().isNull()
    QTest.mouseClick(page.results.percentile._buttons["50"], Qt.MouseButton.LeftButton)
    assert page.results.view.shown_percentile == "p50" and page.results.view.tails == "p95", "the deadline's own does not change"
    page.form.rate.edit.setText("30")
    page.results.foot.take.export(tmp_path / "sweep.csv")
    row = list(csv.DictReader((tmp_path / "sweep.csv").read_text("utf-8").splitlines()))[-1]
    assert row["tail_percentile"] == "95" and "wait_and_p99_ms" not in row
    wait, tail = float(row["batch_wait_ms"]), float(row["latency_p95_ms"])
    assert float(row["wait_and_tail_ms"]) == pytest.approx(wait + tail)
    assert float(row["batch_wait_mean_ms"]) == pytest.approx(wait / 2) and wait > 0


def test_points_appear_while_it_runs_and_it_can_go_on_after_a_stop(page: TradeOffPage, run) -> None:
    page.run_button.click()
    run._on_progress(Progress("", 3, 10, "round 1 of 5: FP16 batch 1"))
    assert page.blank_title.text() == page.status.text() == "Round 1 of 5: FP16 batch 1"
    for measured in (1, 9):
        show(page, sweep_samples.result(measured=measured, complete=False))
        assert len(page.results.view.measured) == measured
    assert page.bar.value() == 3 and page.results.table.points.view.under_way == 9
    run.is_cancelled = True
    end(run, FinishReason.STOPPED)
    assert page.on_button.isVisible() and "Go on measures the others" in page.results.foot.summary.text()
    page.on_button.click()
    assert len(run.asked_of_engine[-1].known) == 32 and len(page.results.view.measured) == 9


def test_the_best_moves_with_what_is_to_be_met(page: TradeOffPage, run) -> None:
    show(page)
    view = page.results.view
    assert view.best.point is not None and view.best.point.batch == 8 and page.results.use_button.isEnabled()
    page.form.deadline.edit.setText("20")
    assert page.results.view.best.point.batch == 1 and page.results.use_button.isEnabled()
    assert "meets 20 ms" in page.results.best.text()
    page.form.deadline.edit.setText("5")
    assert page.results.best.text().startswith("Nothing meets 5 ms; the nearest is")
    page.form.deadline.edit.setText("")
    page.form.rate.edit.setText("30")
    waits = {point.batch: point.batch_wait_ms for point in page.results.view.points}
    assert waits[4] == pytest.approx(100.0)
    assert not run.asked_of_engine, "nothing is measured again"


def test_lines_are_dragged(page: TradeOffPage) -> None:
    show(page)
    scatter = page.results.scatter
    middle = scatter._area().center()
    for line, field in (("deadline", page.form.deadline.edit), ("rate", page.form.rate.edit)):
        at = scatter.line_place(line)
        start = QPointF(at, middle.y() - 60) if line == "deadline" else QPointF(scatter._area().left() + 3, at)
        drag(scatter, start, middle)
        assert field.text()
        place = QPointF(scatter.line_place(line), scatter.line_place(line))
        assert (place.x() if line == "deadline" else place.y()) == pytest.approx(
            middle.x() if line == "deadline" else middle.y(), abs=60
        )
    assert page.results.view.deadline_ms == pytest.approx(float(page.form.deadline.edit.text()))
    drag(scatter, QPointF(scatter.line_place("deadline"), scatter._area().top() + 2), scatter._area().topRight() + QPointF(30, 2))
    assert page.form.deadline.edit.text() == "" and page.results.view.deadline_ms is None


def test_hover_tells_all_and_a_click_selects_the_row(page: TradeOffPage) -> None:
    show(page)
    scatter, table = page.results.scatter, page.results.table
    at = page.results.view.front[0]
    move(scatter, scatter.place(at))
    words = " ".join(scatter.told())
    for said in ("INT8, batch 1", "throughput", "p50", "p90", "p99", "per frame", "MB", "compiled in", "clean blocks"):
        assert said in words
    QTest.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=scatter.place(at).toPoint())
    assert page.results.view.chosen is not None
    assert table.points.item_at(table.currentIndex().row()) == page.results.view.chosen
    assert page.results.picked.text().startswith("Chosen: INT8, batch 1")
    table.selectRow(0)
    assert page.results.view.chosen == table.points.item_at(0)
    QTest.mouseClick(
        scatter, Qt.MouseButton.LeftButton, pos=QPoint(int(scatter._area().left()) + 20, int(scatter._area().top()) + 40)
    )
    assert page.results.view.chosen is None and not table.selectionModel().hasSelection()


def test_arrows_go_from_point_to_point(page: TradeOffPage) -> None:
    show(page)
    scatter = page.results.scatter
    order = page.results.view.measured
    page.results.choose(order[0])
    QTest.keyClick(scatter, Qt.Key.Key_Right)
    assert page.results.view.chosen == order[1]
    for _ in range(3):
        QTest.keyClick(scatter, Qt.Key.Key_Left)
    assert page.results.view.chosen == order[0]


def test_the_table_sorts_with_the_unknown_last(page: TradeOffPage) -> None:
    show(page, sweep_samples.result(measured=10))
    table = page.results.table
    fps = [title for title, _ in COLUMNS].index("FPS")
    for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
        table.sortByColumn(fps, order)
        told = [page.results.view.points[table.points.item_at(row)].fps for row in range(32)]
        known = told[:10]
        assert known == sorted(known, reverse=order == Qt.SortOrder.DescendingOrder) and told[10:] == [None] * 22
    page.results.choose(3)
    assert table.points.item_at(table.currentIndex().row()) == 3


def test_every_percentile_and_both_scales_draw(page: TradeOffPage) -> None:
    show(page)
    for percentile in ("50", "90", "99"):
        QTest.mouseClick(page.results.percentile._buttons[percentile], Qt.MouseButton.LeftButton)
        assert page.results.view.percentile == int(percentile)
        for scale in ("log", "linear"):
            QTest.mouseClick(page.results.scale._buttons[scale], Qt.MouseButton.LeftButton)
            assert not page.grab().isNull()
    assert page.results.view.front == sorted(page.results.view.front, key=lambda at: page.results.view.fps[at])


def test_against_batch_the_knee_is_told(page: TradeOffPage) -> None:
    show(page)
    assert "INT8, 2 streams, 2 requests" in page.results.batch_title.text()
    assert page.results.knee.text() == "Knee: batch 4 is within 5 % of the highest throughput"
    page.form.rate.edit.setText("30")
    page.results.choose(0)
    move(page.results.batches, QPointF(page.results.batches.width() - 60, 100))
    assert page.results.batches.told()[0] == "batch 8" and "first frame 233 ms, mean 117 ms" in page.results.batches.told()[3]


def test_at_30_fps_a_batch_of_four_that_takes_30_ms_costs_80() -> None:
    four = msgspec.structs.replace(sweep_samples.point("FP16", 4, 2, 2), latency=sweep_samples.stage(30.0))
    assert answered_ms(at_rate([four], 30.0)[0]) == pytest.approx(80.0), "(b − 1) / 2λ + S(b)"
    assert answered_ms(at_rate([four], None)[0]) is None


def test_the_settings_are_used(page: TradeOffPage) -> None:
    show(page)
    asked: list[dict] = []
    page.useAsked.connect(asked.append)
    at = next(
        at for at, point in enumerate(page.results.view.points) if (point.batch, point.streams, point.requests) == (4, 2, 2)
    )
    page.results.choose(at)
    page.results.use_button.click()
    given = {"hint": "none", "batch": 4, "streams": 2, "requests": 2}
    # no threads asked is the runtime's own choice, whatever the session had
    assert asked == [{"model": "nanodet-g", "device": "CPU", "precision": "FP16", "threads": None, **given}]


def test_a_batch_too_large_to_be_live_is_said_so(page: TradeOffPage) -> None:
    result = sweep_samples.result()
    points = tuple(msgspec.structs.replace(point, batch=16 * point.batch) for point in result.points)
    show(page, msgspec.structs.replace(result, points=points))
    page.results.choose(next(at for at, point in enumerate(points) if point.batch == 128))
    assert not page.results.use_button.isEnabled()
    assert "batches of up to 64" in page.results.use_button.toolTip() + page.results.picked.text()


def test_it_is_saved_in_four_ways(page: TradeOffPage, tmp_path) -> None:
    show(page)
    page.form.deadline.edit.setText("60")
    page.form.rate.edit.setText("40")
    for ending in ("json", "csv", "png", "svg"):
        page.results.foot.take.export(tmp_path / f"sweep.{ending}")
        assert page.results.foot.summary.text() == f"Saved as sweep.{ending}."
    read = msgspec.json.decode((tmp_path / "sweep.json").read_bytes(), type=SweepResult)
    assert read.schema == "edgeperf.sweep/1" and read.best.deadline_ms == 60.0 and read.best.point in read.points
    rows = list(csv.DictReader((tmp_path / "sweep.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 32 and float(rows[0]["latency_p99_ms"]) > 0 and rows[0]["variant"] == "FP16"
    assert QImage(str(tmp_path / "sweep.png")).width() > 1000
    assert "<svg" in (tmp_path / "sweep.svg").read_text("utf-8")
    page.results.foot.take.export(tmp_path / "nowhere" / "sweep.svg")
    assert "could not be saved" in page.results.foot.summary.text() and "another place" in page.results.foot.summary.text()


def test_marked_points_and_what_was_given_instead_are_told(page: TradeOffPage) -> None:
    result = sweep_samples.result()
    points = list(result.points)
    points[31] = sweep_samples.unmeasured("INT8", 8, 2, 2, "It ran out of memory. Choose a smaller batch.")
    points[0] = msgspec.structs.replace(points[0], streams_asked=16)
    show(page, msgspec.structs.replace(result, points=tuple(points)))
    said = page.results.foot.summary.text()
    assert "31 of 32 points measured" in said and "1 marked: INT8 batch 8: It ran out of memory" in said
    assert "16 streams asked, 1 given" in said
    table = page.results.table.points
    assert table.data(table.index(31, len(COLUMNS) - 1)) == "failed" and table.data(table.index(0, 2)) == "16 → 1"
    assert "Choose a smaller batch" in table.data(table.index(31, 0), Qt.ItemDataRole.ToolTipRole)


def test_a_failure_stands_beside_the_points(page: TradeOffPage, run) -> None:
    page.run_button.click()
    end(run, FinishReason.FAILED, "No point of the sweep could run.", "Choose smaller ranges.")
    assert page.blank_title.text() == "No point of the sweep could run." and page.run_button.isVisible()
    show(page, sweep_samples.result(measured=3, complete=False))
    assert (
        page.results.foot.trouble.text() == "No point of the sweep could run. Choose smaller ranges."
        and page.on_button.isVisible()
    )


def test_another_job_hinders_it(page: TradeOffPage, controller) -> None:
    other = object()
    controller.turn.take(other, "A comparison")
    assert page.status.text().startswith("A comparison runs") and not page.run_button.isEnabled()
    controller.turn.leave(other)
    assert page.run_button.isEnabled()


def test_the_window_opens_it_and_uses_what_is_chosen(window, controller, qtbot) -> None:
    window._actions["trade_off"].trigger()
    page = window.commands.doors.trade_off.page
    assert page is not None and page.isVisible()
    replay.replay(controller.store)
    page.useAsked.emit({"precision": "FP32", "hint": "none", "batch": 4, "streams": 2, "requests": 4})
    settings = controller.settings
    assert (settings.precision, settings.batch, settings.streams, settings.requests) == ("FP32", 4, 2, 4)
    told = controller.store.notices[-1].sentence
    assert (
        "batch 4, 2 streams, 4 requests" in told
        and "hint" not in told
        and "At 25 fps a batch of 4 costs 60 ms of waiting in the mean" in told
    )
    controller.undo()
    assert controller.settings.batch == 1
    hinted = {"precision": "FP32", "hint": "throughput", "batch": 1, "streams": None, "requests": 4, "threads": 1}
    page.useAsked.emit(hinted)
    assert (controller.settings.hint, controller.settings.threads, controller.settings.streams) == ("throughput", 1, None)
    assert "4 requests, 1 thread, hint throughput" in controller.store.notices[-1].sentence
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    door = window.commands.doors.trade_off
    door.job.result = sweep_samples.result()
    door.job.finished.emit()
    assert controller.store.notices[-1].sentence == "The sweep is measured."


def test_axes_have_round_ticks() -> None:
    assert fitted([3.0, 90.0]).ticks() == [0.0, 30.0, 60.0, 90.0]
    log = fitted([3.0, 900.0], is_log=True)
    assert all(log.low <= tick <= log.high for tick in log.ticks()) and 10.0 in log.ticks()
    for scale in (Scale(0.0, 5.0), log):
        assert scale.value(scale.share(4.0)) == pytest.approx(4.0)
    assert (tick_words(0.5), tick_words(1500.0)) == ("0.5", "1\u2009500")
    assert [duration(value) for value in (0.2, 45, 200, 7200)] == ["1 s", "45 s", "3 min", "2.0 h"]


def move(widget, place: QPointF) -> None:
    send(widget, QEvent.Type.MouseMove, place)


def drag(widget, start: QPointF, end: QPointF) -> None:
    send(widget, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    for share in (0.3, 0.7, 1.0):
        send(widget, QEvent.Type.MouseMove, start + (end - start) * share)
    send(widget, QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.LeftButton)
