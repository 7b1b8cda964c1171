"""The accuracy page: what can be chosen, what it says of each kind of result, and how it is reached, copied and saved."""

from __future__ import annotations

import accuracy_samples as samples
import msgspec
import pytest
import replay
from job_pages import opened, show, silent
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from edgeperf_gui.domain.accuracy import AccuracyResult
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.accuracy_page import AccuracyPage
from edgeperf_gui.ui.accuracy_words import as_text, as_tsv
from edgeperf_gui.ui.actions import ACTIONS
from edgeperf_gui.ui.definitions import ACCURACY


@pytest.fixture
def measurement(controller):
    with silent(AccuracyMeasurement(controller)) as made:
        yield made


@pytest.fixture
def page(qtbot, measurement):
    with opened(qtbot, AccuracyPage(measurement), (1240, 800)) as made:
        yield made


def test_it_begins_with_the_model_in_use_and_says_what_is_missing(page) -> None:
    assert page.form.card() == replay.INVENTORY.models[0]
    assert page.form.precisions() == ("FP32", "FP16")
    assert not page.form.boxes["INT8"].isEnabled() and "Models page" in page.form.boxes["INT8"].toolTip()
    assert not page.run_button.isEnabled()
    assert "Choose a folder" in page.status.text() and "COCO" in page.text()
    page.form.data.setText("/pictures")
    assert page.run_button.isEnabled() and page.status.text() == ""
    for box in page.form.boxes.values():
        box.setChecked(False)
    assert "at least one variant" in page.status.text()


def test_what_was_chosen_is_asked_for(page, measurement) -> None:
    page.form.data.setText(' "/pictures/coco128" ')
    page.form.labels.setText("/labels.json")
    page.form.threshold.setValue(0.25)
    page.form.limit.setValue(50)
    page.form.boxes["FP32"].setChecked(False)
    page.run_button.click()
    (spec,) = measurement.asked_of_engine
    assert (spec.model, spec.precision, spec.also) == ("nanodet-g", "FP16", ())
    assert (spec.data, spec.labels, spec.device) == ("/pictures/coco128", "/labels.json", "CPU")
    assert (spec.threshold, spec.limit) == (0.25, 50)
    assert page.cancel_button.isVisible() and not page.run_button.isVisible() and not page.form.data.isEnabled()
    measurement._on_progress(Progress(spec.session_id, 12, 50, "looking at images"))
    assert "12 of 50" in page.status.text() and (page.bar.value(), page.bar.maximum()) == (12, 50)
    measurement._on_end(SessionStatus(spec.session_id, RunState.FINISHED, FinishReason.STOPPED))
    assert page.run_button.isVisible() and page.form.data.isEnabled()


def test_not_while_another_job_runs(page, measurement, controller) -> None:
    page.form.data.setText("/pictures")
    other = object()
    assert controller.turn.take(other, "A comparison")
    assert not page.run_button.isEnabled()
    assert page.status.text().startswith("A comparison runs")
    page.start()
    assert not measurement.is_running
    controller.turn.leave(other)
    assert page.run_button.isEnabled()


def test_a_failure_is_a_sentence_and_a_remedy(page, measurement) -> None:
    measurement._running = True
    ended = SessionStatus("", RunState.FINISHED, FinishReason.FAILED, "", "There are no pictures in “x”.", "Give a folder.")
    measurement._on_end(ended)
    assert page.text() == "There are no pictures in “x”. Give a folder."


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("size", [(1240, 800), (1160, 620)])
def test_a_detector_in_tables_sentences_and_a_curve(page, dressed: theme.Switch, mode, size) -> None:
    dressed.choose(mode)
    page.resize(*size)
    show(page, samples.result())
    words = page.text()
    for expected in (
        "nanodet-g · CPU · coco128",
        "score ≥ 0.40, IoU 0.5",
        "FP16 loses 0.2 AP points against FP32, 95 % interval −0.5 … +0.1: no difference shown.",
        "INT8 loses 2.6 AP points against FP32, 95 % interval −4.1 … −1.2.",
        "0.750 0.666–0.819",
        "0.965",
    ):
        assert expected in words
    assert page.results.accuracy.horizontalScrollBar().maximum() == 0
    assert page.results.classes.text().splitlines()[0] == "person 120 0.400 0.398 0.374"
    assert page.results.curve.isVisible() and not page.grab().isNull()


def test_the_curve_tells_its_values_by_mouse_and_keys(page, qtbot) -> None:
    show(page, samples.result())
    curve = page.results.curve
    area = curve._area()
    at = samples.detection().curve[39]
    place = QPointF(area.left() + at.recall * area.width(), area.bottom() - at.precision * area.height())
    qtbot.mouseMove(curve, place.toPoint())
    assert curve.told()[0] == "score ≥ 0.40, IoU 0.5" and "FP32  precision 0.600, recall 0.420" in curve.told()
    qtbot.keyClick(curve, Qt.Key.Key_Right)
    assert curve.told()[0].startswith("score ≥ 0.41")
    assert "precision" in curve.accessibleDescription()
    page.results.view._buttons["numbers"].click()
    assert page.results.numbers.isVisible() and "0.40 0.600 0.420" in page.results.numbers.text()


def test_classes_are_sorted_by_click_and_key_unknown_last(page, qtbot) -> None:
    show(page, samples.result())
    table = page.results.classes
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [line.split()[0] for line in table.text().splitlines()] == ["car", "person", "unicorn"]
    qtbot.keyClick(table, Qt.Key.Key_3)
    assert [line.split()[0] for line in table.text().splitlines()] == ["car", "person", "unicorn"]
    qtbot.keyClick(table, Qt.Key.Key_3)
    assert [line.split()[0] for line in table.text().splitlines()] == ["person", "car", "unicorn"]
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("class\tobjects\tFP32\tFP16\tINT8\nperson\t120\t0.4\t")


def test_a_classifier_has_its_matrix(page, qtbot) -> None:
    show(page, samples.result("FP32", "INT8", accuracy=samples.classification(), against_fp32=None))
    assert "0.917 0.646–0.985" in page.text()
    matrix = page.results.matrix
    assert matrix.isVisible() and "bird taken for cat: 1" in matrix.accessibleDescription()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(matrix, key)
    assert matrix.told() == "1 of 4 images of “bird” answered “cat”"
    page.results.variant._buttons["INT8"].click()
    page.results.view._buttons["numbers"].click()
    assert page.results.numbers.text() == "bird cat 1"
    assert not page.grab().isNull()


def test_many_classes_are_listed_by_their_mistakes(page) -> None:
    show(page, samples.result("FP32", accuracy=samples.classification(30), against_fp32=None))
    assert page.results.numbers.isVisible() and not page.results.view.isVisible()
    assert page.results.numbers.text() == "class 29 class 0 1"


def test_without_labels_it_is_agreement(page) -> None:
    show(page, samples.result(accuracy=None, against_fp32=None, complete=False, unreadable=1, notes=("half is missing",)))
    words = page.text()
    for expected in ("nothing is said about accuracy", "fair sample", "0.96", "Half is missing", "1 picture cannot be read"):
        assert expected in words
    assert not page.results.accuracy.isVisible() and not page.results.curve.isVisible()


def test_copied_and_saved(page, tmp_path) -> None:
    show(page, samples.result())
    page._copy(as_text)
    told = QGuiApplication.clipboard().text()
    assert "Accuracy of each variant\nvariant" in told and "Precision and recall by score, IoU 0.5" in told
    page._copy(as_tsv)
    assert "variant\tAP\tAP50" in QGuiApplication.clipboard().text()
    assert "precision\tprecision low\tprecision high" in QGuiApplication.clipboard().text()
    page.save(tmp_path / "out.json")
    saved = (tmp_path / "out.json").read_bytes()
    assert msgspec.json.decode(saved, type=AccuracyResult) == samples.result()
    assert msgspec.json.decode(saved)["schema"] == "edgeperf.accuracy/1"
    page.save(tmp_path / "none" / "out.json")
    assert "could not be saved" in page._said.text() and "another place" in page._said.text()


def test_a_dropped_folder_is_used(page, tmp_path) -> None:
    for name in ("pictures", "labels.json"):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
        page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *nothing))
    assert page.form.data.path() == str(tmp_path / "pictures")
    assert page.form.labels.path() == str(tmp_path / "labels.json")


def test_everything_has_a_name_and_every_column_a_definition(page) -> None:
    show(page, samples.result())
    form, results = page.form, page.results
    for widget in (form.model, *form.boxes.values(), form.data, form.labels, form.device, form.threshold, form.limit, page.bar,
                   form.data_button, form.labels_button, results.accuracy, results.agreement, results.classes, results.curve,
                   results.matrix, results.view, results.variant):  # fmt: skip
        assert widget.accessibleName(), widget
    for table in (results.accuracy, results.agreement, results.classes):
        for at in range(table.model().columnCount()):
            assert table.model().headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert all(words.endswith(".") for words in ACCURACY.values())


def test_shortcut_and_models_page_open_it_and_results_are_kept(window, controller, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(controller, "refresh_inventory", lambda: None)
    assert "accuracy" in {row.key for row in ACTIONS}
    door = window.commands.doors.accuracy
    window._actions["accuracy"].trigger()
    assert door.page is not None and door.page.isVisible()
    door.page.close()
    monkeypatch.setattr("edgeperf_gui.live.model_shelf.ModelShelf.ask_info", lambda self, name: None)
    window.commands.doors.models.open()
    models = window.commands.doors.models.page
    assert "Nothing yet" in models.details.measured.text()
    models.details.buttons["accuracy"].click()
    assert door.page.isVisible() and door.page.form.card().name == "nanodet-g"
    door.page.close()
    door.job.result = samples.result()
    door.job.finished.emit()
    told = models.details.measured.text()
    assert "AP 0.336  128 images, 162 objects" in told and "coco128 · CPU · bench" in told
    assert window.commands._controller.store.notices[-1].sentence == "The accuracy is measured."
    door.job.result = samples.result(complete=False)
    door.job.finished.emit()
    told = window.commands._controller.store.notices[-1].sentence
    assert told == "The measurement was stopped; what it saw is kept."
    models.close()


def test_while_it_measures_the_window_says_so(window, controller) -> None:
    replay.replay(controller.store)
    measurement = window.commands.doors.accuracy.job
    measurement._running = True
    measurement.runningChanged.emit(True)
    assert window.header._steady.text() == "measuring accuracy"
    assert "measuring accuracy" in window.video.accessibleDescription()
    measurement._running = False
    measurement.runningChanged.emit(False)
    assert window.header._steady.text() != "measuring accuracy"
