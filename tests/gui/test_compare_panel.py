from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import compare_samples as samples
import msgspec
import pytest
import replay
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHelpEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip

from edgeperf_gui.domain.accuracy import ClassificationAccuracy, Proportion
from edgeperf_gui.domain.compare import Blocks, VariantEnergy
from edgeperf_gui.domain.energy import Banded
from edgeperf_gui.domain.jobs import Progress, QuantizeSpec
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.compare_panel import ComparePanel
from edgeperf_gui.ui.compare_rows import compare_rows
from edgeperf_gui.ui.compare_words import rounds_note, verdict_html
from edgeperf_gui.ui.definitions import COMPARE
from edgeperf_gui.ui.labels_button import LabelsButton


@pytest.fixture
def comparison(controller: Controller) -> Iterator[Comparison]:
    made = Comparison(controller)
    yield made
    made.shutdown()


@pytest.fixture
def panel(comparison: Comparison, qapp: QApplication) -> Iterator[ComparePanel]:
    made = ComparePanel(comparison)
    made.resize(555, 490)
    made.show()
    qapp.processEvents()
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def cells(panel: ComparePanel, key: str) -> dict[str, str]:
    row = next(line.row for line in panel.table.rows if line.row.key == key)
    return {name: row.spoken(name) for name in row.cells}


def running(comparison: Comparison, progress: Progress | None) -> None:
    comparison._running = True
    comparison.progress = progress
    comparison.changed.emit()


def test_empty_it_invites_and_the_button_starts(panel: ComparePanel, comparison: Comparison, qtbot, monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(Comparison, "start", lambda self: calls.append("start"))
    assert "take turns on the same frames" in panel.text() and "60 s" in panel.text()
    assert not panel.controls.isVisible() and not panel.verdict.isVisible()
    qtbot.mouseClick(panel._blank.button, Qt.MouseButton.LeftButton)
    assert calls == ["start"]


def test_from_preparing_to_partial_to_final(panel: ComparePanel, comparison: Comparison, qtbot, monkeypatch) -> None:
    spec = samples.spec_of(comparison)
    running(comparison, None)
    assert "Preparing" in panel.text() and not panel._blank.button.isVisible()
    assert panel.controls.words.text() == "Starting the engine…"
    running(comparison, Progress("s", 0, None, "compiling trial INT8 for CPU"))
    assert panel.controls.words.text() == "Compiling trial INT8 for CPU…" and panel.controls.bar.value() == 0
    running(comparison, Progress("s", 12, 60, "round 3, 0 repeated"))
    samples.show(comparison, samples.result(spec, None, complete=False))
    assert panel.controls.words.text() == "12 of at most 60 s · round 3, 0 repeated"
    assert (panel.controls.bar.value(), panel.controls.bar.maximum()) == (12, 60)
    assert cells(panel, "speed_up")["INT8"] == "INT8 2.7× ± ?"
    assert cells(panel, "inference")["INT8"] == "INT8 8.2 ms", "nothing is best while nothing is certain"
    assert "p90" in panel.text()
    lines = panel.table.rows
    wide = _narrow(panel, comparison, spec, 0.2)
    narrow = _narrow(panel, comparison, spec, 0.02)
    assert narrow < wide
    assert panel.table.rows is lines, "the same rows, with other numbers"
    assert cells(panel, "inference") == {"FP32": "FP32 22.0 ms", "FP16": "FP16 11.6 ms", "INT8": "INT8 8.2 ms, best"}
    assert "p99" in panel.text()
    cancelled = []
    monkeypatch.setattr(Comparison, "cancel", lambda self: cancelled.append(True))
    assert panel.controls.button.text() == "Cancel"
    qtbot.mouseClick(panel.controls.button, Qt.MouseButton.LeftButton)
    assert cancelled
    comparison._running, comparison.progress = False, None
    samples.show(comparison, samples.result(spec))
    assert panel.controls.button.text() == "Run again" and not panel.controls.bar.isVisible()
    assert "INT8 is 2.68× faster" in panel.verdict.words.text()
    assert "INT8 is 1.41× faster than FP16" in panel.verdict.words.text()
    assert "26 % of the inference time" in panel.table.reasons.words.text()


def _narrow(panel: ComparePanel, comparison: Comparison, spec: object, half: float) -> float:
    samples.show(comparison, samples.result(spec, half, complete=False))
    row = next(line.row for line in panel.table.rows if line.row.key == "speed_up")
    low, high = row.cells["INT8"].band
    return high - low


def test_the_verdict_leads_to_the_reasons(panel: ComparePanel, comparison: Comparison, qtbot) -> None:
    panel.resize(433, 380)
    samples.show(comparison, samples.result(samples.spec_of(comparison)))
    qtbot.waitUntil(lambda: panel.table.reasons.visibleRegion().isEmpty())
    assert "Why not faster?" in panel.verdict.words.text()
    panel.verdict.words.linkActivated.emit("reasons")
    qtbot.waitUntil(lambda: not panel.table.reasons.visibleRegion().isEmpty())


def test_worse_than_the_baseline_is_said_and_shown(panel: ComparePanel, comparison: Comparison) -> None:
    samples.show(comparison, samples.result(samples.spec_of(comparison)))
    assert cells(panel, "cold")["INT8"] == "INT8 231 ms, worse than FP32"
    assert cells(panel, "cold")["FP16"] == "FP16 104 ms, best"
    assert cells(panel, "agreement")["INT8"] == "INT8 0.931 AP, worse than FP32"
    assert cells(panel, "size")["INT8"].endswith("best")
    assert cells(panel, "params") == {"FP32": "FP32 3.79 million", "FP16": "FP16 same", "INT8": "INT8 same"}
    assert cells(panel, "executed")["INT8"] == "INT8 i8 33 · bf16 1"
    accuracy = next(line.row for line in panel.table.rows if line.row.key == "accuracy")
    assert accuracy.text() == "Accuracy: needs labels: choose a folder below, run again" and not accuracy.has_bars
    line = next(line for line in panel.table.rows if line.row.key == "macs")
    assert "4.18 GFLOP" in line.explain("FP32") and COMPARE["macs"][:20] in line.explain(None)
    matched = next(line for line in panel.table.rows if line.row.key == "agreement").explain("INT8")
    assert "38 of the 41 boxes" in matched


def test_no_difference_is_said_so_and_nothing_is_best(panel: ComparePanel, comparison: Comparison) -> None:
    samples.show(comparison, samples.same(samples.spec_of(comparison)))
    assert cells(panel, "speed_up")["FP16"] == "FP16 no difference shown"
    for key in ("inference", "p99", "fps"):
        assert not any("best" in words or "worse" in words for words in cells(panel, key).values()), key
    assert "<b>No difference shown between FP16 and FP32</b>" in panel.verdict.words.text()


def test_a_model_without_int8_says_that_it_is_missing(panel: ComparePanel, comparison: Comparison) -> None:
    samples.show(comparison, samples.result(samples.spec_of(comparison), names=("FP32", "FP16")))
    assert "INT8 not made yet" in panel.table.heads.accessibleName()
    assert not panel.table.reasons.isVisible()
    panel.grab()
    assert set(cells(panel, "inference")) == {"FP32", "FP16"}


def test_a_failure_says_what_to_do(panel: ComparePanel, comparison: Comparison) -> None:
    comparison.failure = SessionStatus(
        "s", RunState.FINISHED, FinishReason.CRASHED, sentence="The engine died <here>.", remedy="Run it again."
    )
    comparison.changed.emit()
    assert panel.text() == "The engine died <here>. Run it again." and panel._blank.button.isVisible()
    samples.show(comparison, samples.result(samples.spec_of(comparison), complete=False))
    assert "The engine died &lt;here&gt;." in panel.verdict.words.text() and "Run it again." in panel.verdict.words.text()


def test_cancelled_and_of_other_settings(panel: ComparePanel, comparison: Comparison, controller: Controller) -> None:
    comparison.is_cancelled = True
    comparison.changed.emit()
    assert "Cancelled before" in panel.text()
    samples.show(comparison, samples.result(samples.spec_of(comparison), complete=False))
    assert panel.controls.words.text() == "Cancelled early · nanodet-g · CPU · street.mp4"
    controller.change(device="GPU")
    assert panel.controls.words.text() == "Of other settings: nanodet-g · CPU · street.mp4"


def test_rounds_in_words(comparison: Comparison) -> None:
    known = samples.result(samples.spec_of(comparison))
    assert rounds_note(known) == "24 rounds, 2 repeated"
    assert rounds_note(msgspec.structs.replace(known, blocks=Blocks(1, 0))) == "1 round"
    assert rounds_note(msgspec.structs.replace(known, blocks=Blocks(0, 9, only_dirty=True))) == "9 rounds, none quiet"
    assert rounds_note(None) == ""


def test_a_neighbour_that_loses_is_told(comparison: Comparison) -> None:
    known = samples.result(samples.spec_of(comparison))
    slower = msgspec.structs.replace(known, ratios=known.ratios | {"INT8/FP16": samples.ratio(1.2, 0.02)})
    assert "<b>INT8 is 1.20× slower than FP16</b> (1.18–1.22)." in verdict_html(slower)
    equal = msgspec.structs.replace(known, ratios=known.ratios | {"INT8/FP16": samples.ratio(1.0, 0.02)})
    assert "No difference shown between INT8 and FP16: latency 0.98–1.02 of FP16&#x27;s." in verdict_html(equal)


def test_with_several_requests_it_says_what_a_latency_is_and_throughput_decides(
    panel: ComparePanel, comparison: Comparison
) -> None:
    known = samples.result(samples.spec_of(comparison))
    ratios = {pair: msgspec.structs.replace(ratio, decides="fps") for pair, ratio in known.ratios.items()}
    variants = {name: msgspec.structs.replace(found, requests=3) for name, found in known.variants.items()}
    samples.show(comparison, msgspec.structs.replace(known, ratios=ratios, variants=variants))
    assert panel.controls.words.text().startswith("latency while 3 requests are under way · nanodet-g")
    assert "INT8 has 1.41× the throughput of FP16 (1.37–1.46)." in panel.verdict.words.text()
    assert cells(panel, "speed_up")["INT8"] == "INT8 2.7× 2.6–2.8, best"
    lines = {line.row.key: line for line in panel.table.rows}
    assert "each while 3 requests were under way" in lines["inference"].explain("INT8")
    assert "With 3 requests under way at once." in lines["fps"].explain("INT8")
    assert "Latency is 0.37×" in lines["speed_up"].explain("INT8")


def test_accuracy_is_shown_when_there_are_labels(comparison: Comparison) -> None:
    known = samples.result(samples.spec_of(comparison))
    top = Proportion(70, 100, 0.7, 0.6, 0.78)
    labelled = {
        name: msgspec.structs.replace(found, accuracy=ClassificationAccuracy(100, top, top, (), ()))
        for name, found in known.variants.items()
    }
    row = next(row for row in compare_rows(msgspec.structs.replace(known, variants=labelled)) if row.key == "accuracy")
    assert row.text() == "Accuracy: FP32 0.700; FP16 0.700; INT8 0.700" and row.has_bars and not row.empty


def test_every_row_explains_itself(panel: ComparePanel, comparison: Comparison, qapp: QApplication) -> None:
    samples.show(comparison, samples.result(samples.spec_of(comparison)))
    qapp.processEvents()
    for line in panel.table.rows:
        assert line.accessibleName() == line.row.text() and line.accessibleDescription()
        assert line.explain(None)
    line = panel.table.rows[0]
    at = QPoint(line.width() - 20, 10)
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, at, line.mapToGlobal(at)))
    assert "INT8 8.2 ms, best" in QToolTip.text()
    QToolTip.hideText()


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [340, 433, 555])
def test_it_can_be_drawn_at_every_width(
    panel: ComparePanel, comparison: Comparison, dressed: theme.Switch, width: int, mode: theme.Mode
) -> None:
    dressed.choose(mode)
    panel.resize(width, 480)
    for known in (None, samples.result(samples.spec_of(comparison)), samples.same(samples.spec_of(comparison))):
        samples.show(comparison, known)
        QApplication.processEvents()
        assert not panel.grab().isNull()


def drop(button: LabelsButton, path: Path) -> bool:
    """Drop this on the button; whether it takes it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(2, 2), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    button.dragEnterEvent(enter)
    if enter.isAccepted():
        button.dropEvent(QDropEvent(QPointF(2, 2), Qt.DropAction.CopyAction, data, buttons, keys))
    return enter.isAccepted()


def test_a_labelled_folder_is_chosen_dropped_and_left_out(
    panel: ComparePanel, comparison: Comparison, controller: Controller, qtbot, monkeypatch, tmp_path: Path
) -> None:
    panel.changeAsked.connect(lambda fields: controller.change(**fields))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/pictures/labelled")
    button = panel._blank.labels
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.settings.labels == "/pictures/labelled" and button.text() == "Accuracy on labelled"
    (tmp_path / "a.jpg").touch()
    assert not drop(button, tmp_path / "a.jpg")
    assert drop(button, tmp_path) and controller.settings.labels == str(tmp_path)
    samples.show(comparison, samples.result(samples.spec_of(comparison)))
    assert "not measured yet" in panel.text(), "it was asked for, and is still to come"
    assert panel.table.labels.text().startswith("Accuracy on ") and str(tmp_path) in panel.table.labels.toolTip()
    qtbot.mouseClick(panel.table.labels, Qt.MouseButton.LeftButton)
    _, leave_out = panel.table.labels.menu_of_folder.actions()
    leave_out.trigger()
    panel.table.labels.menu_of_folder.close()
    assert controller.settings.labels is None and panel.table.labels.text() == "Accuracy: choose a labelled folder…"


def test_no_folder_chosen_changes_nothing(panel: ComparePanel, controller: Controller, qtbot, monkeypatch) -> None:
    asked: list[dict] = []
    panel.changeAsked.connect(asked.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    qtbot.keyClick(panel._blank.labels, Qt.Key.Key_Space)
    assert not asked


def test_int8_is_made_from_the_panel_where_it_is_missing(
    panel: ComparePanel, comparison: Comparison, controller: Controller, qtbot
) -> None:
    asked: list[int] = []
    panel.int8Asked.connect(lambda: asked.append(1))
    qtbot.mouseClick(panel._blank.int8_button, Qt.MouseButton.LeftButton)
    spec = samples.spec_of(comparison)
    samples.show(comparison, samples.result(spec, names=("FP32", "FP16")))
    button = panel.table.heads.int8_button
    assert button.isVisible() and panel.table.heads.rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(asked) == 2
    card = replay.INVENTORY.models[0]
    variants = {**card.variants, "INT8": card.variants["FP16"]}
    controller._inventory = msgspec.structs.replace(replay.INVENTORY, models=(msgspec.structs.replace(card, variants=variants),))
    controller.inventoryChanged.emit(controller._inventory)
    assert not button.isVisible() and "INT8 made; run again" in panel.table.heads.accessibleName()
    samples.show(comparison, samples.result(spec))
    assert not button.isVisible() and "INT8 runs i8" in panel.table.heads.accessibleName()
    samples.show(comparison, None)
    assert not panel._blank.int8_button.isVisible() and panel._blank.button.isVisible()


def test_while_another_job_loads_the_machine_it_says_so(
    panel: ComparePanel, comparison: Comparison, controller: Controller
) -> None:
    other = object()
    controller.turn.take(other, "An accuracy run")
    assert "An accuracy run runs" in panel.text() and not panel._blank.button.isVisible()
    samples.show(comparison, samples.result(samples.spec_of(comparison)))
    assert panel.controls.words.text().startswith("An accuracy run runs") and not panel.controls.button.isEnabled()
    controller.turn.leave(other)
    assert panel.controls.words.text() == "nanodet-g · CPU · street.mp4" and panel.controls.button.isEnabled()


def test_making_int8_is_followed_and_cancelled_here(
    panel: ComparePanel, comparison: Comparison, controller: Controller, qtbot, monkeypatch
) -> None:
    host = Waiting()
    monkeypatch.setattr(controller, "refresh_inventory", lambda: None)
    shelf = ModelShelf(controller, lambda function: host)
    panel.follow(shelf)
    assert shelf.quantize("nanodet-g")
    assert "A quantisation runs" in panel.text() and panel.controls.isVisible()
    shelf._on_progress(Progress("s", 120, 300, "calibrating"))
    assert panel.controls.words.text() == "120 of 300 samples · INT8 of NanoDet-g 416 (COCO) · calibrating"
    assert (panel.controls.bar.value(), panel.controls.bar.maximum()) == (120, 300)
    comparison.start()
    assert not comparison.is_running, "it would measure the quantisation"
    qtbot.mouseClick(panel.controls.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shelf.work is None)
    assert "take turns on the same frames" in panel.text() and not panel.controls.isVisible()
    shelf.shutdown()


class Waiting:
    """Stands where the engine's process would: works until it is told to stop."""

    is_active = True

    def start(self, spec: QuantizeSpec) -> None:
        self.told = []

    def poll(self) -> list:
        return self.told

    def send_view(self, width: int, height: int) -> None:
        """Nothing is drawn."""

    def request_stop(self) -> None:
        self.told, self.is_active = [SessionStatus("s", RunState.FINISHED, FinishReason.STOPPED)], False


def test_energy_by_the_meter_is_a_row_that_names_its_kind(controller: Controller) -> None:
    comparison = Comparison(controller)
    result = samples.result(samples.spec_of(comparison))
    rows = {row.key: row for row in compare_rows(result)}
    assert rows["metered"].label == "Energy by meter" and rows["metered"].empty == "not measured yet"
    told = msgspec.structs.replace(result, energy_note="No energy meter was read. Choose one.")
    assert next(row for row in compare_rows(told) if row.key == "metered").empty == "No energy meter was read. Choose one."

    def metered(joules: float) -> VariantEnergy:
        quantity = Banded(joules, joules / 2, joules * 2)
        return VariantEnergy("tdp", "estimated", "Estimate from 12 … 28 W", "our processes", quantity, quantity, 9)

    variants = {
        name: msgspec.structs.replace(variant, energy=metered(joules))
        for (name, variant), joules in zip(result.variants.items(), (0.4, 0.2, 0.19), strict=True)
    }
    row = next(row for row in compare_rows(msgspec.structs.replace(result, variants=variants)) if row.key == "metered")
    assert row.label == "Energy, estimated"
    assert [cell.number for cell in row.cells.values()] == ["400", "200", "190"]
    assert [cell.mark for cell in row.cells.values()] == ["", "best", "best"]
    assert "200–800 mJ, the same factor for all variants" in row.cells["FP32"].detail
