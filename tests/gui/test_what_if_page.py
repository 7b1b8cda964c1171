"""The page of simulations with replayed predictions."""

from __future__ import annotations

import csv
import json

import msgspec
import pytest
import what_if_samples
from job_pages import answer as show
from job_pages import end, opened, send, silent
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason
from edgeperf_gui.domain.simulation import Prediction, Situation, Spans
from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.what_if_page import WhatIfPage
from edgeperf_gui.ui.what_if_sheet import FIGURES, as_csv, closeness, sheet
from edgeperf_gui.ui.what_if_words import sentence as whole_sentence
from edgeperf_gui.ui.what_if_words import situation_words, told


def sentence(one: Prediction) -> str:
    """With every space an ordinary one: numbers hold on to their units."""
    return whole_sentence(one).replace("\u00a0", " ")


@pytest.fixture
def run(controller):
    with silent(SimulationRun(controller)) as made:
        yield made


@pytest.fixture
def page(qtbot, run):
    with opened(qtbot, WhatIfPage(run), (1280, 720)) as made:
        yield made
        made._clock.stop()


def use(page: WhatIfPage, **fields: object) -> None:
    page._run._controller.change(**fields)
    QCoreApplication.processEvents()


def test_empty_it_says_what_it_does(page: WhatIfPage) -> None:
    assert page.form.about.text() == "nanodet-g FP16 on CPU, street.mp4, hint latency"
    assert page.blank_title.text().startswith("What if") and "press Predict" in page.blank_words.text()
    assert page.status.text() == "3 situations, each run for real as well: about 2 min" and page.run_button.isEnabled()
    assert not page.form.looks.isVisible()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("rates", "", "Rates, FPS: “” is not a number from 0.001 to 1000"),
        ("rates", "30,fast", "“fast” is not a number"),
        ("rates", "0", "“0” is not a number"),
        ("rates", "nan", "“nan” is not a number"),
        ("rates", "2000", "“2000” is not a number"),
        ("batches", "1.5", "Batch: “1.5” is not a whole number from 1 to 64"),
        ("batches", "65", "“65” is not a whole number"),
        ("cameras", "-2", "Cameras: “-2” is not a whole number from 1 to 64"),
        ("cameras", ",".join(map(str, range(1, 65))), "192 situations are too many; 64 go at once"),
        ("cameras", "4,inf", "“inf” is not a whole number"),
    ],
)
def test_a_list_that_means_nothing_is_said_before_it_is_run(page: WhatIfPage, run, field: str, text: str, said: str) -> None:
    edit = getattr(page.form, field)
    edit.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not run.is_running


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("requests", "1.5", "Requests: 1.5 is not whole"),
        ("streams", "0", "Streams: 0 cannot be"),
        ("seconds", "0.5", "at least 1"),
        ("seconds", "soon", "“soon” is no number"),
    ],
)
def test_a_number_that_means_nothing(page: WhatIfPage, field: str, text: str, said: str) -> None:
    getattr(page.form, field).edit.setText(text)
    assert said in page.status.text() and not page.run_button.isEnabled()


def test_what_the_engine_cannot_run_is_said_before_it_is_run(page: WhatIfPage) -> None:
    form = page.form

    def press(choice, key: str) -> str:
        choice._buttons[key].click()
        return page.status.text()

    assert "Frames that come by chance queue" in press(form.coming, "chance")
    assert "3 situations" in press(form.line, "all") and page.run_button.isEnabled()
    form.cameras.setText("1,4")
    assert "come from one source" in page.status.text()
    assert "Several cameras keep their newest frame" in press(form.coming, "evenly")
    assert "6 situations" in press(form.line, "newest")
    form.batches.setText("1,4")
    assert "served one by one" in page.status.text() and "batch 1" in page.status.text()
    form.batches.setText("1")
    form.rates.setText("1000")
    form.cameras.setText("64")
    form.seconds.edit.setText("3600")
    assert "more than 2000000 frames" in page.status.text() and "fewer seconds" in page.status.text()


@pytest.mark.parametrize("source", ["camera:0", "rtsp://gate/1"])
def test_a_live_source_is_refused(page: WhatIfPage, source: str) -> None:
    use(page, source=source)
    assert "A live source gives one rate" in page.status.text() and not page.run_button.isEnabled()
    use(page, source="yard.mp4")
    assert page.run_button.isEnabled() and "yard.mp4" in page.form.about.text()


def test_looks_belong_to_a_drawn_scene_at_its_own_rate(page: WhatIfPage, run) -> None:
    use(page, source="scene:highway")
    assert page.form.looks.isVisible()
    page.form.looks.edit.setText("3")
    assert "at the scene’s own rate. That is 30 FPS" in page.status.text()
    page.form.rates.setText("30")
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert (spec.source, spec.looks) == ("scene:highway", 3)


def test_a_scene_that_does_not_exist_is_a_sentence(page: WhatIfPage) -> None:
    use(page, source="scene:beach")
    assert "beach" in page.status.text() and not page.run_button.isEnabled()


def test_it_asks_for_what_the_form_says(page: WhatIfPage, run) -> None:
    form = page.form
    for edit, text in ((form.rates, "20, 40"), (form.batches, "1,2")):
        edit.setText(text)
    for line, text in ((form.requests, "2"), (form.streams, "2"), (form.seconds, "5")):
        line.edit.setText(text)
    form.line._buttons["all"].click()
    form.way._buttons["predict"].click()
    assert page.status.text() == "4 situations: about 64 s"
    page.run_button.click()
    (spec,) = run.asked_of_engine
    assert [(one.rate_fps, one.batch) for one in spec.situations] == [(20, 1), (20, 2), (40, 1), (40, 2)]
    assert {(one.line, one.requests, one.streams, one.seconds, one.by_chance) for one in spec.situations} == {
        ("all", 2, 2, 5.0, False)
    }
    assert (spec.model, spec.precision, spec.device, spec.hint) == ("nanodet-g", "FP16", "CPU", "latency")
    assert spec.source.endswith("street.mp4") and not spec.verify and spec.looks is None
    assert page.cancel_button.isVisible() and not form.rates.isEnabled()


def test_predictions_appear_as_they_are_known(page: WhatIfPage, run) -> None:
    page.run_button.click()
    assert page._clock.isActive()
    run._on_progress(Progress("", 0, 6, "measuring service times flat out"))
    assert page.status.text() == page.blank_title.text() == "Measuring service times flat out"
    run._began_s -= 70
    page._show_state()
    assert page.status.text() == "Measuring service times flat out · 70 s of about 2 min" and page.bar.value() > 300
    for known in (1, 3, 6):
        show(page, what_if_samples.result(known, complete=False))
        assert page.results.table._model.rowCount() == known == len(page.results.plot.predictions)
    before = page.results.plot.place(0)
    show(page, what_if_samples.result(2, complete=False))
    assert page.results.plot.place(0) == before, "nothing moves when more become known"
    page.cancel_button.click()
    end(run, FinishReason.STOPPED)
    assert "What was predicted is kept" in page.results.foot.summary.text() and page.run_button.isVisible()
    assert not page._clock.isActive()


def test_a_failure_is_said_and_what_was_predicted_stays(page: WhatIfPage, run) -> None:
    page.run_button.click()
    end(run, FinishReason.FAILED, "NanoDet-g was measured too briefly.", "Give it more time.")
    assert page.blank_title.text() == "NanoDet-g was measured too briefly." and page.blank_words.text() == "Give it more time."
    page.run_button.click()
    show(page, what_if_samples.result(2, complete=False))
    end(run, FinishReason.CRASHED, "The engine died.", "Run it again.")
    assert page.results.foot.trouble.text() == "The engine died. Run it again."
    assert page.results.table._model.rowCount() == 2 and page.run_button.isEnabled()


def test_an_answer_of_another_version_is_a_sentence(page: WhatIfPage, run) -> None:
    run._on_answer(Answer("", b'{"predictions": 3}'))
    assert "answer cannot be read" in run.failure.sentence and run.result is None


def test_predicted_and_run_stand_beside_each_other_with_the_error(page: WhatIfPage) -> None:
    result = what_if_samples.result()
    table = sheet(result)
    titles = [title for title, _ in table.columns]
    row = dict(zip(titles, (cell.text for cell in table.rows[2]), strict=True))
    assert (row["FPS"], row["FPS run"], row["FPS error"]) == ("121", "119", "+2.2 %")
    assert (row["drops %"], row["drops run"], row["drops error"]) == ("19.1", "20.9", "-1.7 pt")
    assert (row["p99 ms"], row["p99 run"], row["p99 error"]) == ("24.1", "26.2", "-8.0 %")
    assert table.rows[0][3].text == "0.0 %" and table.rows[3][0].text == "30 FPS, batch 4"
    assert all(tip for _, tip in table.columns) and len(set(titles)) == len(titles)
    only = sheet(what_if_samples.result(verify=False))
    assert [title for title, _ in only.columns] == ["what if", "FPS", "drops %", "p50 ms", "p99 ms"]
    seen = sheet(what_if_samples.result(1, looks=3))
    assert [title for title, _ in seen.columns][-1] == "seen error" and seen.rows[0][-1].text == "+0.7 pt"
    show(page, result)
    assert "Furthest from its run: FPS 2.2 %, drops 1.9 points" in page.results.foot.summary.text().replace("\u00a0", " ")


def test_disturbed_runs_do_not_count_against_a_prediction() -> None:
    result = what_if_samples.result(3, looks=3)
    words = closeness(result).replace("\u00a0", " ")
    assert words == (
        "Furthest from its run: FPS 2.2 %, drops 1.7 points, p50 2.6 %, p99 9.5 %, seen 0.7 points."
        " Simulated again, each frame with its own service times: FPS 0.0 %,"
        " drops 0.0 points, p50 0.8 %, p99 5.0 %, seen 0.4 points."
    )
    several = tuple(msgspec.structs.replace(one, hindcast=None, hindcast_looks=None) for one in result.predictions)
    assert "own" not in closeness(msgspec.structs.replace(result, predictions=several))

    def disturbed(one: Prediction) -> Prediction:
        return msgspec.structs.replace(one, measured=msgspec.structs.replace(one.measured, foreign_cpu_percent=12.0))

    one, two, three = result.predictions
    words = closeness(msgspec.structs.replace(result, predictions=(one, two, disturbed(three)))).replace("\u00a0", " ")
    assert words.startswith("Furthest from its run: FPS 0.2 %, drops 0.2 points")
    assert words.endswith("1 run left out: other programs took more than 5 % of the CPU.")
    none = closeness(msgspec.structs.replace(result, predictions=tuple(map(disturbed, result.predictions))))
    assert none.replace("\u00a0", " ") == "3 runs left out: other programs took more than 5 % of the CPU."
    assert closeness(what_if_samples.result(verify=False)) == ""


def test_unknown_is_not_zero() -> None:
    result = what_if_samples.result(1)
    short = msgspec.structs.replace(result.predictions[0], predicted=what_if_samples.outcome(20.0, 0, 12.0, None))
    assert FIGURES[3].error(short) is None and "too few frames for p99" in sentence(short)
    nothing = msgspec.structs.replace(short.predicted, fps=None, due=0, completed=0, age=None)
    empty = msgspec.structs.replace(short, predicted=nothing)
    cells = sheet(msgspec.structs.replace(result, predictions=(empty,))).rows[0]
    assert [cells[at].text for at in (1, 4, 7, 10)] == ["–"] * 4 and "no age known" in sentence(empty)


def test_a_prediction_in_words() -> None:
    one = what_if_samples.result().predictions[2]
    assert sentence(one) == (
        "150 FPS with the newest kept: 121 FPS, 19.1 % dropped, p99 24.1 ms; the run gave 119 FPS, 20.9 % dropped, p99 26.2 ms."
    )
    spread = msgspec.structs.replace(one, spans=Spans((110.0, 131.0), None, (14.02, 19.5), (20.06, 61.3)))
    assert "19.1 % dropped, p99 24.1 ms (20.1–61.3); the run gave" in sentence(spread) and "pace" not in sentence(spread)
    assert [line.replace("\u00a0", " ") for line in told(spread)[1:3]] == [
        "predicted: 121 (110–131) FPS, 19.1 % dropped",
        "    age p50 15.0 (14.0–19.5), p99 24.1 (20.1–61.3) ms",
    ]
    assert not any("(" in line for line in told(spread)[3:])
    table = as_csv(msgspec.structs.replace(what_if_samples.result(1), predictions=(spread, one)))
    assert [line.split(",")[-9:] for line in table.splitlines()[1:]] == [
        ["110.0", "131.0", "", "", "14.02", "19.5", "20.06", "61.3", ""],
        [""] * 9,
    ]
    slow = msgspec.structs.replace(one, slowdown=1.128)
    assert "19.1 % dropped, p99 24.1 ms; the run gave" in sentence(slow)
    assert sentence(slow).endswith("p99 26.2 ms on a machine 12.8 % slower than when it was measured.")
    assert "machine" not in sentence(msgspec.structs.replace(one, slowdown=1.01))
    assert told(slow)[-1] == "machine: 12.8 % slower in the run than when service times were measured"
    pair = msgspec.structs.replace(what_if_samples.result(1), predictions=(slow, msgspec.structs.replace(one, slowdown=0.97)))
    assert closeness(pair).endswith(" In the runs the machine was 3.0 % faster to 12.8 % slower than when it was measured.")
    tight = msgspec.structs.replace(one, spans=Spans(None, (0.0, 0.01), (14.02, 28.1), None))
    assert sentence(tight).endswith(" ms. The machine’s pace decides here: p50 14.0 to 28.1 ms.")
    assert "(" not in told(tight)[1]
    disturbed = msgspec.structs.replace(one.measured, foreign_cpu_percent=12.0)
    assert sentence(msgspec.structs.replace(one, measured=disturbed)).endswith("while other programs took 12 % of the CPU.")
    seen = what_if_samples.result(1, looks=3).predictions[0]
    assert "98.1 % of 40 vehicles seen at least 3 times" in sentence(seen) and "97.4 % of 40 vehicles seen" in sentence(seen)
    assert [cell.text for cell in sheet(what_if_samples.result(1, looks=3)).rows[0]][-3:-1] == ["98.1", "97.4"]
    for situation, words in (
        (Situation(12.5, "all", by_chance=True), "12.5 FPS by chance with all queued"),
        (Situation(10, cameras=4), "4 cameras at 10 FPS with the newest kept"),
        (Situation(25, "all", batch=4), "25 FPS with all queued and batch 4"),
    ):
        assert situation_words(situation) == words


def test_the_plot_tells_a_situation_and_arrows_go_through_them(page: WhatIfPage) -> None:
    show(page, what_if_samples.result())
    plot = page.results.plot
    place = plot.place(2)
    send(plot, QEvent.Type.MouseMove, place)
    assert plot.told()[0] == "150 FPS with the newest kept" and "p99 26.2 ms" in plot.told()[4] and "p99 25.3" in plot.told()[-1]
    plot.leaveEvent(QEvent(QEvent.Type.Leave))
    assert plot.told() == [] and page.results.sentence.text().startswith("150 FPS with the newest kept and batch 4")
    plot.setFocus()
    said = []
    for _ in range(7):
        QTest.keyClick(plot, Qt.Key.Key_Right)
        said.append(page.results.sentence.text().partition(":")[0])
    assert said[0] == "30 FPS with the newest kept" and said[-1] == said[-2] == "150 FPS with the newest kept and batch 4"
    send(plot, QEvent.Type.MouseButtonPress, QPointF(2, 2), Qt.MouseButton.LeftButton)
    assert plot.told() == []
    assert "the run gave" in plot.accessibleDescription()


def test_ages_far_apart_stand_on_a_logarithmic_axis(page: WhatIfPage) -> None:
    result = what_if_samples.result(1)
    late = Prediction(Situation(150.0, "all"), what_if_samples.outcome(120, 0, 2100.0, 3900.0), None, 1480)
    show(page, msgspec.structs.replace(result, predictions=(*result.predictions, late)))
    assert page.results.plot._age.is_log and not page.results.plot.grab().isNull()


def test_it_is_taken_along(page: WhatIfPage, tmp_path) -> None:
    results = page.results
    show(page, what_if_samples.result(5))
    results.foot.take.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 6 and lines[1].startswith("30 FPS with the newest kept\t30\t30\t0\t")
    for ending in (".json", ".csv", ".png", ".svg"):
        results.foot.take.export(tmp_path / f"what-if{ending}")
        assert results.foot.summary.text() == f"Saved as what-if{ending}."
    whole = json.loads((tmp_path / "what-if.json").read_text())
    assert whole["schema"] == "edgeperf.simulation/1" and len(whole["predictions"]) == 5
    rows = list(csv.DictReader((tmp_path / "what-if.csv").read_text().splitlines()))
    assert rows[2]["measured_age_p99_ms"] == "26.2" and rows[0]["looks"] == "" and rows[4]["batch"] == "4"
    assert {row["foreign_cpu_percent"] for row in rows} == {"0.6"}
    assert QImage(str(tmp_path / "what-if.png")).width() == 2 * results.plot.width()
    assert "predicted: p50 below" in (tmp_path / "what-if.svg").read_text()
    results.foot.take.export(tmp_path / "no" / "where.csv")
    assert "could not be saved" in results.foot.summary.text()


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_it_fits_its_smallest_size(page: WhatIfPage, qapp, mode: str) -> None:
    theme.apply(qapp, mode)
    page.resize(page.minimumSize())
    use(page, source="scene:highway")
    show(page, what_if_samples.result(6, looks=3))
    page.grab()
    assert page.form.way.geometry().bottom() <= page.form.height()
    assert page.form.height() >= page.form.minimumSizeHint().height()
    assert page.results.plot.height() >= page.results.plot.minimumHeight()


def test_the_window_opens_it_and_tells_what_ended_behind_a_closed_page(window, qtbot) -> None:
    door = window.commands.doors.what_if
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert door.page.isVisible()
    door.page.close()
    told = []
    door._notice = lambda sentence, remedy: told.append(sentence)
    door.job.result = what_if_samples.result()
    door.job.finished.emit()
    door.job.result = None
    door.job.finished.emit()
    assert told == ["6 situations predicted.", "The simulation was stopped. What was predicted is kept."]


def test_a_scenario_brings_its_rates_and_cameras(window) -> None:
    doors = window.commands.doors
    doors.scenarios.open()
    doors.scenarios.view.change(1, cameras=2, camera_fps=25.0, rate_fps=12.5)
    doors.scenarios.page.cards[1].simulation_button.click()
    form = doors.what_if.page.form
    assert (form.rates.text(), form.cameras.text(), form.line.key()) == ("12.5,25", "2", "newest")
    assert doors.what_if.page.status.text().startswith("2 situations")
