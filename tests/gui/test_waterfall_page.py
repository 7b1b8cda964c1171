"""The waterfall page with replayed results, and the Rate panel's pair of paced and saturated numbers."""

from __future__ import annotations

import csv
import itertools

import job_pages
import msgspec
import numpy as np
import pytest
import replay
import waterfall_samples
from job_pages import end, opened, send, silent
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.live.waterfall_run import Preview, WaterfallRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.waterfall_bars import bars_of
from edgeperf_gui.ui.waterfall_page import WaterfallPage
from edgeperf_gui.ui.waterfall_sheet import sheet


@pytest.fixture
def run(controller):
    with silent(WaterfallRun(controller)) as made:
        made.cancels = []
        made._runner.cancel = lambda: made.cancels.append(True)
        yield made


@pytest.fixture
def page(qtbot, run):
    with opened(qtbot, WaterfallPage(run), (1240, 760)) as made:
        yield made


def show(page: WaterfallPage, result: WaterfallResult | None = None) -> WaterfallResult:
    job_pages.show(page, result or waterfall_samples.result())
    return page._run.result


def test_before_it_runs_the_page_says_what_it_will_do(page: WaterfallPage) -> None:
    assert page.blank_title.text() == "Why is this not benchmark_app’s number?"
    for words in ("one and the same input", "nanodet-g FP16 on CPU", "about a minute", "goes on afterwards"):
        assert words in page.blank_words.text()
    assert page.run_button.text() == "Measure" and page.run_button.isEnabled() and not page.bar.isVisible()


def test_it_asks_for_the_settings_of_the_live_session(page: WaterfallPage, run, controller) -> None:
    controller.change(hint="throughput", precision="FP32", threads=2)
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert (spec.model, spec.precision, spec.hint, spec.threads) == ("nanodet-g", "FP32", "throughput", 2)
    assert spec.source.endswith("street.mp4") and page.cancel_button.isVisible() and not page.run_button.isVisible()
    run._on_progress(Progress("", 12, 60, "round 3: decode"))
    assert page.status.text() == "Round 3: decode" and (page.bar.value(), page.bar.maximum()) == (12, 60)
    page.cancel_button.click()
    assert run.cancels and page.status.text().startswith("Stopping")


def test_every_part_has_a_bar_in_its_stages_colour_that_hangs_on_the_last(page: WaterfallPage) -> None:
    result = show(page)
    bars = bars_of(result)
    assert len(bars) == 9 and bars[0].start == 0.0 and bars[-1].start == 0.0
    for before, after in itertools.pairwise(bars[:-1]):
        assert after.start == pytest.approx(before.end)
    stages = ("inference", "preprocess", "preprocess", "queue", "postprocess", "decode", "present")
    assert [bar.colour for bar in bars[:7]] == [theme.STAGES[stage] for stage in stages]
    assert bars[1].opacity != bars[2].opacity, "colour is not the only carrier, and these two are told apart by it, too"
    assert [bar.is_hatched for bar in bars].count(True) >= 2, "what wins time back, and what nobody explains"


def test_the_answer_and_the_check_stand_in_words(page: WaterfallPage) -> None:
    show(page)
    assert page.head.text().startswith("benchmark_app’s loop gives ") and "preprocess (+" in page.head.text()
    assert "The steps add up to " in page.details.text() and "chance" in page.details.text()
    assert "at 25 FPS: 11.24 ms" in page.pacing.text() and "flat out: 8.31 ms" in page.pacing.text()
    assert page.pacing_why.text().startswith("× 1.35 (1.29 to 1.41). Between two frames the machine comes to rest")
    assert "9 clean rounds, 1 dirty" in page.status.text() and page.run_button.text() == "Measure again"


def test_other_settings_make_it_old(page: WaterfallPage, run, controller) -> None:
    page.run_button.click()
    show(page)
    end(run, FinishReason.COMPLETED)
    assert "other settings" not in page.details.text()
    controller.change(precision="INT8")
    assert "measured with other settings" in page.details.text()


def test_the_table_says_the_same_as_the_chart_and_can_be_copied(page: WaterfallPage) -> None:
    result = show(page)
    rows = sheet(result).as_rows()
    assert rows[0] == ("part", "adds ms", "from", "to", "ms/frame", "FPS", "share") and len(rows) == 10
    assert rows[1][0] == "benchmark_app’s loop" and rows[-1][0] == "the whole session" and rows[-1][-1] == "100 %"
    page.take.copy_button.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 10 and copied[3].startswith("preprocess\t") and page.status.text() == "The table is copied."


def test_a_part_that_was_not_measured_is_said_so_and_not_drawn_as_nothing(page: WaterfallPage) -> None:
    result = show(page, waterfall_samples.result(without=("window",)))
    bar = bars_of(result)[6]
    assert bar.end is None and "Nobody looked." in bar.told
    assert sheet(result).as_rows()[7][1:] == ("–",) * 6
    page.axis.choose("close")
    page._draw()
    assert not page.grab().isNull()


def test_hover_and_arrows_tell_a_bar(page: WaterfallPage) -> None:
    show(page)
    chart = page.chart
    send(chart, QEvent.Type.MouseMove, chart.place(2).center())
    assert chart.told()[0] == "+ preprocess" and "95 %:" in " ".join(chart.told()) and "resized" in " ".join(chart.told())
    chart.setFocus()
    for _ in range(12):
        QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.told()[0] == "the whole session"
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.told()[0] == "left over"
    QCoreApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.told() == ()


def test_close_up_the_axis_begins_above_zero_and_says_so(page: WaterfallPage) -> None:
    show(page)
    height = page.chart.place(2).height()
    QTest.mouseClick(page.axis._buttons["close"], Qt.MouseButton.LeftButton)
    assert page.chart.place(2).height() > 2 * height and page.chart._scale.low > 0
    low = min(bar.end for bar in bars_of(page._shown) if bar.end is not None)
    assert page.chart._scale.low < low


@pytest.mark.parametrize("size", [(1240, 660), (1100, 660)])
def test_nothing_overlaps_on_a_small_screen(page: WaterfallPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    show(page)
    table, foot = page.table.geometry(), page.details.geometry()
    assert table.bottom() <= foot.top() and page.chart.geometry().bottom() <= table.top()
    assert page.chart.height() >= page.chart.minimumHeight()


def test_it_is_saved_in_four_ways(page: WaterfallPage, tmp_path) -> None:
    result = show(page)
    for ending in ("json", "csv", "png", "svg"):
        page.take.export(tmp_path / f"waterfall.{ending}")
        assert page.status.text() == f"Saved as waterfall.{ending}."
    assert msgspec.json.decode((tmp_path / "waterfall.json").read_bytes(), type=WaterfallResult) == result
    rows = list(csv.DictReader((tmp_path / "waterfall.csv").read_text("utf-8").splitlines()))
    assert [row["part"] for row in rows][-2:] == ["left over", "the whole session"] and len(rows) == 9
    assert float(rows[2]["adds_ms"]) == pytest.approx(result.steps[2].adds_ms.value)
    assert QImage(str(tmp_path / "waterfall.png")).width() > 1000
    assert "<svg" in (tmp_path / "waterfall.svg").read_text("utf-8")
    page.take.export(tmp_path / "nowhere" / "waterfall.svg")
    assert "could not be saved" in page.status.text() and "another place" in page.status.text()


def test_pictures_of_the_last_step_are_painted(page: WaterfallPage, run) -> None:
    page.run_button.click()
    preview = Preview(7, np.full((136, 320, 4), 90, np.uint8), Findings(), (640, 272), 0)
    painted = []
    page.video.painted.connect(lambda frame, _ns: painted.append(frame))
    run.pictured.emit(preview)
    page.video.grab()
    assert painted == [7]
    assert run._runner._view == (page.video.width(), page.video.height()) or page.video._pause.isActive()


def test_a_failure_is_told_with_its_remedy(page: WaterfallPage, run) -> None:
    page.run_button.click()
    end(run, FinishReason.FAILED, "There is no file “street.mp4”.", "Check the path.")
    assert page.blank_title.text() == "There is no file “street.mp4”." and page.blank_words.text() == "Check the path."
    show(page)
    assert page.trouble.isVisible() and "Check the path." in page.trouble.text()


def test_a_killed_child_is_told_and_what_it_knew_stays(page: WaterfallPage, run) -> None:
    page.run_button.click()
    show(page, waterfall_samples.result(rounds=3, complete=False))
    end(run, FinishReason.CRASHED, "The engine was killed (SIGKILL).", "Run it again.")
    assert "SIGKILL" in page.trouble.text() and page.head.text().startswith("benchmark_app’s loop")
    assert "more rounds" in page.details.text() and page.run_button.isEnabled()


def test_closing_the_page_ends_it(page: WaterfallPage, run) -> None:
    page.run_button.click()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert run.cancels and not page.isVisible()


def test_another_job_hinders_it(page: WaterfallPage, controller) -> None:
    other = object()
    controller.turn.take(other, "A comparison")
    assert page.status.text().startswith("A comparison runs") and not page.run_button.isEnabled()
    controller.turn.leave(other)
    assert page.run_button.isEnabled()


# Paced and saturated in the Rate panel ----------------------------------------------------------------------------------------


def test_the_rate_panel_says_how_to_know_the_capacity(window, controller) -> None:
    replay.replay(controller.store)
    controller.store.asked = replay_spec()
    controller.textDue.emit()
    panel = window.throughput
    assert panel._drops.text() == "drops 0 · capacity –" and panel._inference.text().endswith("– flat out")
    assert "Set Feed to Flat out" in panel._inference.toolTip() and "Ctrl+B" in panel._inference.toolTip()


def test_the_waterfall_gives_the_rate_panel_both_numbers_and_the_gap(window, controller) -> None:
    replay.replay(controller.store)
    controller.store.asked = replay_spec()
    door = window.commands.doors.waterfall
    door.job.asked, door.job.result = replay_spec(), waterfall_samples.result()
    door.job.finished.emit()
    controller.textDue.emit()
    panel = window.throughput
    assert panel._drops.text() == "drops 0 · capacity 101 fps"
    assert panel._inference.text() == "inference 11.2 ms · 8.3 flat out"
    told = panel._inference.toolTip()
    assert "× 1.35 the time" in told and "measured by the waterfall, just now" in told
    window._actions["waterfall"].trigger()
    assert door.page is not None and door.page.isVisible()
    door.page.close()


def test_without_a_rate_of_its_own_nothing_is_paired(window, controller) -> None:
    controller.textDue.emit()
    assert window.throughput._drops.text() == "drops –" and window.throughput._inference.text() == ""


def replay_spec():
    from edgeperf_gui.domain.session import SessionSpec

    return SessionSpec("replay", "street.mp4", "nanodet-g")
