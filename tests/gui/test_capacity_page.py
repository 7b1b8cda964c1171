"""The capacity page with replayed searches."""

from __future__ import annotations

import csv
import json

import capacity_samples
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_pages import answer, end, opened, send, silent
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtTest import QTest

from edgeperf_gui.domain.capacity import CapacityResult
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.live.capacity_search import CapacitySearch
from edgeperf_gui.live.settings import DEFAULT_SOURCE
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.capacity_page import CapacityPage
from edgeperf_gui.ui.capacity_tiles import _captions, _headings
from edgeperf_gui.ui.capacity_words import COLUMNS, cost, error, prediction


@pytest.fixture
def search(controller):
    with silent(CapacitySearch(controller)) as made:
        yield made


@pytest.fixture
def page(qtbot, search):
    with opened(qtbot, CapacityPage(search), (1240, 680)) as made:
        yield made


def show(page: CapacityPage, result: CapacityResult | None = None) -> None:
    answer(page, result or capacity_samples.result())


def test_it_begins_with_the_settings_and_says_what_to_do(page: CapacityPage) -> None:
    assert page.form.card().name == "nanodet-g" and page.form.variant.key() == "FP16" and page.form.device.currentText() == "CPU"
    assert page.form.kinds.rows[0].source.currentText() == "street.mp4" and page.form.hint.key() == "throughput"
    assert "How many cameras" in page.blank_title.text() and "press Run" in page.blank_words.text()
    assert page.status.text() == "Up to 64 cameras, a few minutes" and page.run_button.isEnabled()
    assert not page.form.variant._buttons["INT8"].isEnabled()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("deadline", "soon", "“soon” is no number"),
        ("deadline", "0", "0 cannot be"),
        ("misses", "100", "at most 99.9"),
        ("most", "2.5", "2.5 is no number of cameras"),
        ("most", "500", "at most 256"),
        ("seconds", "0.5", "at least 1"),
        ("seconds", "nan", "cannot be"),
    ],
)
def test_what_cannot_be_asked_is_said_before_it_is_run(page: CapacityPage, search, field: str, text: str, said: str) -> None:
    edit = getattr(page.form, field).edit
    edit.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not search.is_running


@pytest.mark.parametrize(
    ("text", "said"), [("fast", "“fast” is no rate"), ("-5", "it is from 0.001"), ("nan", "it is from 0.001")]
)
def test_a_rate_that_is_none(page: CapacityPage, text: str, said: str) -> None:
    page.form.kinds.rows[0].rate.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()


def test_it_asks_for_what_the_form_says(page: CapacityPage, search) -> None:
    for name, text in (("deadline", "150"), ("misses", "2"), ("most", "40"), ("seconds", "12")):
        getattr(page.form, name).edit.setText(text)
    rows = page.form.kinds.rows
    QTest.mouseClick(page.form.kinds.add_button, Qt.MouseButton.LeftButton)
    assert len(rows) == 2 and rows[1].rate.hasFocus()
    rows[0].count.setText("3")
    rows[0].rate.setText("10")
    rows[1].choose("scene:road")
    assert page.status.text() == "A mix of 2 kinds, up to 40 cameras, a few minutes"
    page.run_button.click()
    (spec,) = search.asked_of_engine
    assert [(kind.rate, kind.count) for kind in spec.kinds] == [(10.0, 3), (None, 1)]
    assert spec.kinds[0].source.endswith("street.mp4") and spec.kinds[1].source == "scene:road"
    assert (spec.deadline_ms, spec.max_miss_percent, spec.most, spec.seconds) == (150.0, 2.0, 40, 12.0)
    assert spec.session_id and spec.companion_pids and spec.hint == "throughput"
    assert page.cancel_button.isVisible() and not page.form.model.isEnabled()


def test_a_kind_is_taken_out_of_the_mix_and_the_last_stays(page: CapacityPage) -> None:
    kinds = page.form.kinds
    for _ in range(20):
        if not kinds.add_button.isHidden():
            kinds.add_button.click()
    assert len(kinds.rows) == 8 and kinds.add_button.isHidden(), "no more kinds than a search takes"
    while len(kinds.rows) > 1:
        kinds.rows[-1].remove_button.click()
    assert kinds.rows[0].remove_button.isHidden() and not kinds.add_button.isHidden()
    kinds.remove(kinds.rows[0])
    assert len(kinds.rows) == 1


def test_a_live_source_is_not_offered(page: CapacityPage) -> None:
    page.form.kinds.offer(["rtsp://gate/1", "camera:0", "yard.mp4"])
    picker = page.form.kinds.rows[0].source
    offered = [picker.itemText(row) for row in range(picker.count())]
    assert "yard.mp4" in offered and "street.mp4" in offered and not any("gate" in one or "amera" in one for one in offered)
    assert page.form.kinds.rows[0].kind().source.endswith(DEFAULT_SOURCE.rpartition("/")[2])


def test_steps_appear_while_it_runs(page: CapacityPage, search) -> None:
    page.run_button.click()
    search._on_progress(Progress("", 0, None, "what a frame of street.mp4 costs"))
    assert page.blank_title.text() == page.status.text() == "What a frame of street.mp4 costs"
    for steps in (0, 1, 3, 5):
        show(page, capacity_samples.result(steps, complete=False))
        assert page.results.table._model.rowCount() == steps
        assert page.results.figures["predicted"].number.text() == "19.5"
    assert page.results.figures["verified"].words.text() == "verified so far"
    search.is_cancelled = True
    end(search, FinishReason.STOPPED)
    assert "The steps it had run are kept" in page.results.foot.summary.text() and page.run_button.isVisible()


def test_prediction_verification_and_their_error_in_words(page: CapacityPage) -> None:
    show(page)
    said = {name: (one.number.text(), one.words.text()) for name, one in page.results.figures.items()}
    assert said["predicted"] == ("19.5", "predicted: 1.88 cores ÷ (9.6 ms × 10 FPS)")
    assert said["verified"] == ("18", "verified by real runs")
    assert said["error"] == ("1.08", "predicted 8 % too many")
    assert said["cost"] == ("0.80×", "18 cameras’ cost a frame ÷ one’s")
    assert page.results.sentence.text().startswith("18 cameras are served at 10 FPS")
    low = msgspec.structs.replace(capacity_samples.result(), predicted=18.0)
    assert error(low, running=False) == ("1.00", "the prediction is right")
    capped = msgspec.structs.replace(low, spec=msgspec.structs.replace(low.spec, most=18))
    assert error(capped, running=False) == ("–", "more than 18 were not tried")
    assert error(capacity_samples.result(2), running=True)[0] == "–"
    mixed = capacity_samples.result(mixed=True)
    assert cost(mixed)[0] == "–" and "mix’s mean" in prediction(mixed)[1]
    assert prediction(msgspec.structs.replace(low, predicted=None))[0] == "–"


def test_a_step_that_was_run_again_and_decided_needs_no_note_any_more(page: CapacityPage) -> None:
    disturbed = capacity_samples.step(19, "UNDECIDED", 7.3, 121.0, note="others took 8 %", is_disturbed=True)
    begun = msgspec.structs.replace(capacity_samples.result(1), steps=(disturbed,))
    show(page, begun)
    assert page.results.note.text() == "19 cameras: others took 8 %."
    show(page, msgspec.structs.replace(begun, steps=(disturbed, capacity_samples.step(19, "PASS", 0.0, 48.6))))
    assert not page.results.note.isVisible()


def test_nothing_passed(page: CapacityPage) -> None:
    show(page, capacity_samples.result(3))
    assert page.results.sentence.text().startswith("No camera is certain")
    assert page.results.figures["verified"].words.text() == "verified: nothing passed"


def test_the_plot_tells_a_step_and_arrows_go_through_them(page: CapacityPage) -> None:
    show(page)
    plot = page.results.plot
    assert len(plot.places(0)) == 1, "its age is not known, so it stands below only"
    place = plot.places(1)[-1]
    send(plot, QEvent.Type.MouseMove, place)
    assert plot.told()[0] == "20 cameras: FAIL" and "21.40 % missed" in plot.told()[1]
    plot.leaveEvent(QEvent(QEvent.Type.Leave))
    assert plot.told() == []
    plot.setFocus()
    told = []
    for _ in range(6):
        QTest.keyClick(plot, Qt.Key.Key_Right)
        told.append(plot.told()[0])
    assert told == [
        "1 camera: UNDECIDED",
        "17 cameras: PASS",
        "18 cameras: PASS",
        "19 cameras: UNDECIDED",
        *["20 cameras: FAIL"] * 2,
    ]
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert plot.told() == []


def test_the_table_sorts_unknown_last_and_is_copied(page: CapacityPage, qapp) -> None:
    show(page)
    table = page.results.table
    column = [title for title, _ in COLUMNS].index("age p99 ms")
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sortByColumn(column, order)
        cells = [table._model.data(table._model.index(row, 0)) for row in range(5)]
        assert cells[-1] == "1" and cells[0] == ("17" if order == Qt.SortOrder.AscendingOrder else "20")
    page.results.foot.take.copy_button.click()
    lines = qapp.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["cameras", "verdict"] and len(lines) == 6 and "copied" in page.results.foot.summary.text()


def test_the_order_that_was_chosen_stays_when_numbers_come(page: CapacityPage) -> None:
    show(page, capacity_samples.result(3, complete=False))
    table = page.results.table
    for steps in (3, None):
        if steps:
            table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        else:
            show(page)
        cameras = [int(row.split()[0]) for row in table.text().splitlines()]
        assert cameras == sorted(cameras, reverse=True) and len(cameras) == (steps or 5)
    assert table.horizontalHeader().sortIndicatorSection() == 0


def test_where_no_frame_was_due_there_is_no_share_of_misses(page: CapacityPage) -> None:
    step = msgspec.structs.replace(capacity_samples.step(1, "UNDECIDED", 0.0, None), frames=0)
    show(page, msgspec.structs.replace(capacity_samples.result(1), steps=(step,)))
    assert [cell.text for cell in page.results.table._model.sheet.rows[0][3:5]] == ["–", "–"]


def test_it_is_saved_in_every_form(page: CapacityPage, tmp_path) -> None:
    show(page)
    for name in ("a.json", "a.csv", "a.png", "a.svg"):
        page.results.foot.take.export(tmp_path / name)
        assert page.results.foot.summary.text() == f"Saved as {name}."
    saved = json.loads((tmp_path / "a.json").read_text())
    assert saved["schema"] == "edgeperf.capacity/1" and saved["verified"] == 18
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0]["age_p99_ms"] == "" and rows[-1]["verdict"] == "PASS" and rows[0]["predicted_cameras"] == "19.5"
    assert not QImage(str(tmp_path / "a.png")).isNull()
    assert "verified" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    page.results.foot.take.export(tmp_path / "no folder" / "a.csv")
    assert "could not be saved" in page.results.foot.summary.text()


def test_a_crash_keeps_the_steps_and_is_a_sentence(page: CapacityPage, search) -> None:
    page.run_button.click()
    show(page, capacity_samples.result(2, complete=False))
    end(search, FinishReason.CRASHED, "The engine was killed by SIGKILL while 20 cameras: 1.0 % missed.", "Run it again.")
    assert (
        "SIGKILL" in page.results.foot.trouble.text()
        and page.results.table._model.rowCount() == 2
        and page.run_button.isEnabled()
    )


def test_an_answer_that_cannot_be_read_is_a_sentence(page: CapacityPage, search) -> None:
    page.run_button.click()
    search._on_answer(Answer("", b'{"schema": "other"}'))
    end(search, FinishReason.COMPLETED)
    assert "cannot be read" in page.blank_title.text()


def test_sixteen_of_forty_are_shown_and_the_pictures_stay_when_it_ends(page: CapacityPage, search) -> None:
    page.run_button.click()
    show(page, capacity_samples.result(2, complete=False))
    tiles = page.results.tiles
    preview, seen = capacity_samples.pictures(40)
    search._on_told(seen)
    search._on_picture(preview)
    assert tiles.head() == "16 of 40 cameras shown" and len(tiles.seen.tiles) == 16
    late, _ = capacity_samples.pictures(3, frame=9)
    search._on_picture(late)
    assert tiles.seen.cameras == 40, "a picture without its words is not shown"
    place = tiles._place(seen.tiles[3], tiles._scale(preview)).center()
    help_event = QHelpEvent(QEvent.Type.ToolTip, place.toPoint(), tiles.mapToGlobal(place.toPoint()))
    assert tiles.event(help_event) and tiles._tile_at(QPointF(place)).number == 4
    end(search, FinishReason.COMPLETED)
    assert tiles.head() == "16 of 40 cameras shown · as they were last"
    page.run_button.click()
    assert tiles.seen is None, "a new search has pictures of its own"


def test_a_small_tile_says_less_and_one_that_warms_up_says_so() -> None:
    _, seen = capacity_samples.pictures(1)
    assert _headings(seen.tiles[0]) == ["1 · 10.0 FPS", "1"] and _captions(seen.tiles[0]) == ["18.0 ms · 0 missed", "18.0 ms"]
    cold = msgspec.structs.replace(seen.tiles[0], fps=None)
    assert _headings(cold) == ["1"] and _captions(cold)[0] == "warming up"


def test_pictures_are_asked_for_only_while_somebody_looks(page: CapacityPage, search, qtbot) -> None:
    sizes = []
    page.results.tiles.viewResized.connect(lambda width, height: sizes.append((width, height)))
    show(page)
    qtbot.waitUntil(lambda: bool(sizes))
    assert sizes[-1][0] > 200
    page.close()
    assert sizes[-1] == (0, 0)
    page.open()
    qtbot.waitUntil(lambda: sizes[-1] != (0, 0))
    page.results.tiles.set_seen(False)
    assert sizes[-1] == (0, 0)


@pytest.mark.parametrize("size", [(1600, 900), (1020, 600)])
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_it_is_drawn_in_both_modes_at_any_size(page: CapacityPage, search, dressed: theme.Switch, size, mode) -> None:
    dressed.choose(mode)
    page.resize(*size)
    show(page, capacity_samples.result(mixed=True))
    page.results.tiles.show_cameras(*capacity_samples.pictures(18))
    QCoreApplication.processEvents()
    assert not page.grab().isNull() and page.results.plot.width() > 250 and page.results.table.height() > 60


def test_the_window_opens_it_and_tells_what_ended_while_it_was_closed(window, controller) -> None:
    doors = window.commands.doors
    doors.capacity.open()
    search = doors.capacity.job
    search._runner.start = lambda _job, spec: None
    assert doors.capacity.page.isVisible()
    doors.capacity.page.start()
    assert doors.job == "A search for capacity"
    doors.capacity.page.close()
    search.result = capacity_samples.result()
    end(search, FinishReason.COMPLETED)
    assert any("18 cameras are served" in notice.sentence for notice in controller.store.notices)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 256),
            st.floats(0, 100),
            st.none() | st.floats(0.001, 1e6),
            st.sampled_from(["PASS", "FAIL", "UNDECIDED"]),
        ),
        max_size=12,
    ),
    st.none() | st.floats(0.01, 1e5),
)
def test_any_result_is_drawn(qapp, steps, predicted) -> None:
    from edgeperf_gui.ui.capacity_plot import CapacityPlot
    from edgeperf_gui.ui.capacity_sheet import as_csv, sheet

    made = tuple(capacity_samples.step(cameras, verdict, missed, age) for cameras, missed, age, verdict in steps)
    result = msgspec.structs.replace(capacity_samples.result(), steps=made, predicted=predicted)
    plot = CapacityPlot()
    plot.resize(320, 220)
    plot.show_result(result)
    plot.choose(0)
    image = QImage(320, 220, QImage.Format.Format_RGB32)
    plot.render(image)
    assert all(0 <= place.x() <= 320 for at in range(len(made)) for place in plot.places(at))
    assert len(sheet(result).rows) == len(made) == as_csv(result).count("\n") - 1
    plot.deleteLater()
