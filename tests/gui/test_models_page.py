from __future__ import annotations

import msgspec
import pytest
import replay
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.graph import ImportResult, ModelInfo, PortFacts, RemoveResult
from edgeperf_gui.domain.jobs import Answer, ImportSpec, Progress, QuantizeSpec, RemoveSpec
from edgeperf_gui.domain.quantization import QuantizeResult
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.live.model_shelf import ModelShelf
from edgeperf_gui.ui import models_page
from edgeperf_gui.ui.import_form import numbers
from edgeperf_gui.ui.model_words import FILE_FILTER
from edgeperf_gui.ui.models_page import ModelsPage
from edgeperf_gui.ui.quantize_dialog import QuantizeDialog

ASK = models_page.ask
NANODET = replay.INVENTORY.models[0]
INFO = ModelInfo(
    name="nanodet-g", title=NANODET.title, task="detection", decoder="nanodet", licence="Apache-2.0", origin="somewhere",
    folder="", size_bytes={"FP32": 7_750_000, "FP16": 7_750_000}, stored={"FP32": "FP16", "FP16": "FP16"}, precision="FP32",
    params=3_786_068, macs=2_090_083_840, flops=4_180_167_680, weight_bytes=7_572_136, activation_bytes=90_082_608,
    inputs=(PortFacts("image", (1, 3, 416, 416), "f32"),),
    outputs=tuple(PortFacts(f"out_{number}", (1, None, 80), "f32") for number in range(8)),
    layers=(), histogram={"Add": 38, "Convolution": 34}, weight_types={"f16": 3_786_068}, undecided_layers=0, labels=80,
)  # fmt: skip


def own_card(name: str = "toy", decoder: str = "raw", width: int = 32) -> ModelCard:
    return ModelCard(
        name=name,
        title=name,
        task="raw",
        licence="not stated",
        origin=f"imported from {name}.onnx (ONNX)",
        decoder=decoder,
        input=InputCard(width, 32),
        variants={"FP16": VariantCard("a.xml", "FP16"), "FP32": VariantCard("b.xml", "FP32")},
        gmac=0.01,
        folder=str(places.model_folders()[0].absolute() / name),
    )


def imported(card: ModelCard) -> ImportResult:
    reason, notes = "No known head has such outputs.", ("It is given BGR; the file does not say.",)
    sizes = {"FP32": 4000, "FP16": 2000}
    return ImportResult(card.name, card.folder, "ONNX", card.decoder, reason, notes, sizes, 1000, 10, 20, card)


class Played:
    """Stands where the engine's process would: says what the test put down for the job, waits where it says nothing."""

    def __init__(self) -> None:
        self.said: dict[str, list] = {"model_info": [INFO]}
        self.specs: list = []

    def __call__(self, function: str) -> Played._Host:
        return Played._Host(self, function.rpartition(".")[2].partition(":")[0])

    class _Host:
        def __init__(self, played: Played, job: str) -> None:
            self._played, self._job = played, job
            self._pending: list = []
            self.is_active = False

        def start(self, spec) -> None:
            self._id, self.is_active = spec.session_id, True
            if self._job != "model_info":
                self._played.specs.append(spec)
            self._play(*self._played.said.get(self._job, ()))

        def poll(self) -> list:
            messages, self._pending = self._pending, []
            self.is_active = not any(isinstance(m, SessionStatus) and m.state is RunState.FINISHED for m in messages)
            return messages

        def send_view(self, width: int, height: int) -> None:
            """Nothing is drawn."""

        def request_stop(self) -> None:
            self._pending.append(SessionStatus(self._id, RunState.FINISHED, FinishReason.STOPPED))

        def close(self) -> None:
            self.is_active = False

        def _play(self, *said) -> None:
            for item in said:
                if isinstance(item, tuple):
                    self._pending.append(Progress(self._id, *item))
                elif isinstance(item, str):
                    sentence, _, remedy = item.partition("|")
                    end = (RunState.FINISHED, FinishReason.FAILED)
                    self._pending.append(SessionStatus(self._id, *end, sentence=sentence, remedy=remedy))
                else:
                    self._pending.append(Answer(self._id, msgspec.json.encode(item)))
                    self._pending.append(SessionStatus(self._id, RunState.FINISHED, FinishReason.COMPLETED))


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
def asked(controller, monkeypatch) -> list:
    """How often the inventory was asked for."""
    times: list = []
    monkeypatch.setattr(controller, "refresh_inventory", lambda: times.append(1))
    return times


@pytest.fixture
def page(qtbot, controller, played, asked, monkeypatch):
    monkeypatch.setattr(models_page, "ask", lambda *_: "cancel")  # nobody is there to answer
    shelf = ModelShelf(controller, played)
    made = ModelsPage(shelf)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: shelf.info("nanodet-g") is not None)
    yield made
    shelf.shutdown()
    made.close()


def begin_import(page: ModelsPage, played: Played, qtbot, card: ModelCard) -> None:
    played.said["import_model"] = [(0, 6, "looking at toy.onnx"), imported(card)]
    page.bring_in("/models/toy.onnx")
    qtbot.waitUntil(lambda: page._shelf.work is None)


def test_it_shows_what_is_inside(page) -> None:
    words = page.details.text()
    for expected in (
        "Parameters: 3.79 M",
        "MACs: 2.09 G",
        "FLOPs: 4.18 G",
        "FP32 7.8 MB stored FP16",
        "INT8 not made yet",
        "image  1×3×416×416  f32",
        "out_0  1×–×80  f32",
        "and 2 more",
        "NanoDet · 80 labels",
        "Convolution 34",
        "in use",
    ):
        assert expected in words
    assert not page.details.buttons["use"].isEnabled()
    assert page.details.buttons["remove"].isHidden() and page.details.buttons["correct"].isHidden()


def test_a_model_that_cannot_be_counted_says_why(page, controller, played, qtbot) -> None:
    played.said["model_info"] = ["The engine was killed by SIGSEGV.|Import it again."]
    controller._inventory = msgspec.structs.replace(replay.INVENTORY, models=(NANODET, own_card()))
    controller.inventoryChanged.emit(controller._inventory)
    page.list.choose("toy")
    qtbot.waitUntil(lambda: "SIGSEGV" in page.details.state.text())
    assert "Import it again." in page.details.state.text()


def test_the_search_looks_at_all_words(page, controller) -> None:
    controller._inventory = msgspec.structs.replace(replay.INVENTORY, models=(NANODET, own_card()))
    controller.inventoryChanged.emit(controller._inventory)
    assert page.list.names() == ["nanodet-g", "toy"]
    for words, found in (("yours", ["toy"]), ("objects apache", ["nanodet-g"]), ("416", ["nanodet-g"]), ("zebra", [])):
        page.list.search.setText(words)
        assert page.list.names() == found
    assert "zebra" in page.list._nothing.text()


def test_an_import_is_shown_with_its_reason_and_can_be_corrected(page, played, qtbot, asked) -> None:
    begin_import(page, played, qtbot, own_card())
    assert asked and page.list.name() == "toy"
    assert page._right.currentWidget() is page.form
    assert "No known head" in page.form.reason.text() and "BGR" in page.form.notes.text()
    assert "toy was imported from ONNX" in page.strip.text()
    assert not page.form.apply_button.isEnabled()
    page.form.width_box.setValue(64)
    page.form.mean.setText("127.5")
    page.form.decoder.select("yolox")
    page.form._judge()
    played.said["import_model"] = [imported(own_card(decoder="yolox", width=64))]
    page.form.apply_button.click()
    spec = played.specs[-1]
    assert isinstance(spec, ImportSpec) and (spec.path, spec.name, spec.replaces) == ("/models/toy.onnx", None, "toy")
    assert (spec.width, spec.height, spec.mean, spec.scale) == (64, None, (127.5, 127.5, 127.5), None)
    assert spec.decoder == "yolox"
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert page.form.width_box.value() == 64
    page.form.accept_button.click()
    assert page._right.currentWidget() is page.details
    assert page.details.buttons["correct"].isVisibleTo(page.details)


def test_a_refused_file_is_a_sentence_with_its_remedy(page, played, qtbot, asked) -> None:
    played.said["import_model"] = ["toy.onnx is empty.|Copy or export it again."]
    page.bring_in("/models/toy.onnx")
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert page.strip.text() == "toy.onnx is empty. Copy or export it again."
    assert asked, "whoever takes the inventory sweeps what work left that was killed"
    page.strip.button.click()
    assert page.strip.text() == ""


def test_a_dropped_file_is_imported(page, played, tmp_path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a model.onnx"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert played.specs[-1].path == str(tmp_path / "a model.onnx")
    page.bring_in("/models/another.onnx")
    assert len(played.specs) == 1
    assert "Import of a model.onnx" in page.strip.text()
    page._shelf.cancel()


def test_quantising_counts_samples_and_is_cancelled(page, played, qtbot, monkeypatch) -> None:
    played.said["quantize"] = [(120, 300, "collecting statistics")]
    monkeypatch.setattr(QuantizeDialog, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    page.details.buttons["int8"].click()
    spec = played.specs[-1]
    assert isinstance(spec, QuantizeSpec) and (spec.model, spec.samples, spec.preset) == ("nanodet-g", 300, "mixed")
    assert spec.data == page._shelf.source
    qtbot.waitUntil(lambda: "120 of 300 samples" in page.strip.text())
    assert (page.strip.bar.value(), page.strip.bar.maximum()) == (120, 300)
    assert not page.details.buttons["int8"].isEnabled() and not page.import_button.isEnabled()
    page.strip.button.click()
    assert "is being cancelled" in page.strip.text()
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert page.strip.text() == "Cancelled; nothing was changed."


def test_while_something_is_measured_work_is_refused_with_a_sentence(page, controller, played, qtbot) -> None:
    measuring = object()
    controller.turn.take(measuring, "A comparison")
    assert not page._shelf.quantize("nanodet-g") and not played.specs
    assert page.strip.text().startswith("A comparison runs, and two jobs at once would spoil each other's numbers.")
    assert "cancel it" in page.strip.text()
    controller.turn.leave(measuring)
    assert page._shelf.quantize("nanodet-g") and controller.turn.name == "A quantisation"
    page._shelf.cancel()
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert controller.turn.name == ""


def test_quantising_tells_what_came_of_it(page, played, qtbot) -> None:
    spec = QuantizeSpec("a", "nanodet-g", samples=200)
    result = QuantizeResult(spec, "", "a.xml", "street.mp4", 200, 12.0, 4_090_000, 7_750_000, 34, 34, {}, None, None, None, "3.4")
    played.said["quantize"] = [result]
    page._shelf.quantize("nanodet-g", samples=200)
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert "34 of 34 layers in 8 bits, 4.1 MB instead of 7.8 MB, calibrated on 200 samples" in page.strip.text()


def test_without_nncf_it_says_what_to_install(page, played, qtbot) -> None:
    played.said["quantize"] = ["Quantising needs the package nncf.|Run: pip install 'edgeperf-gui[quantize]'"]
    page._shelf.quantize("nanodet-g")
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert "pip install 'edgeperf-gui[quantize]'" in page.strip.text()


def test_only_own_models_are_removed_and_only_after_a_question(page, played, qtbot, monkeypatch) -> None:
    begin_import(page, played, qtbot, own_card())
    page.form.accept_button.click()
    played.said["remove_model"] = [RemoveResult("toy", "")]
    for answer, count in (("", 1), ("remove", 2)):
        monkeypatch.setattr(models_page, "ask", lambda *_, answer=answer: answer)
        page.details.buttons["remove"].click()
        assert len(played.specs) == count
    assert isinstance(played.specs[-1], RemoveSpec)
    qtbot.waitUntil(lambda: page._shelf.work is None)
    assert page.list.names() == ["nanodet-g"] and page.strip.text() == "toy was removed."


@pytest.mark.parametrize(("answer", "closed", "goes_on"), [("", False, True), ("go on", True, True), ("cancel", True, False)])
def test_closing_asks_what_becomes_of_the_work(page, qtbot, monkeypatch, answer, closed, goes_on) -> None:
    page.bring_in("/models/toy.onnx")
    questions: list = []
    monkeypatch.setattr(models_page, "ask", lambda *words: questions.append(words) or answer)
    page.reject()
    assert len(questions) == 1 and page.isHidden() is closed
    assert page._shelf.is_stopping is not goes_on
    page._shelf.cancel()
    qtbot.waitUntil(lambda: page._shelf.work is None)


def answered(page: ModelsPage, press: str) -> list[str]:
    """Press this button of the question that comes up, or Escape; returns the words of the question."""
    words: list[str] = []

    def answer() -> None:
        box = page.findChild(QMessageBox)
        words.extend((box.text(), box.informativeText()))
        button = next((button for button in box.buttons() if button.text() == press), None)
        button.click() if button else QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, answer)
    return words


def test_the_question_gives_its_answers(qtbot, page) -> None:
    choices = (("Remove", "remove"), ("Keep it", ""))
    for press, answer in (("Remove", "remove"), ("Keep it", ""), ("", "")):
        words = answered(page, press)
        assert ASK(page, "Remove <b>toy</b>?", "All of it.", choices) == answer
        assert words == ["Remove <b>toy</b>?", "All of it."]


def test_using_a_model_takes_a_variant_that_it_has(window, controller, played, asked, qtbot) -> None:
    only_int8 = msgspec.structs.replace(own_card("tiny"), variants={"INT8": VariantCard("a.xml", "INT8")})
    controller._inventory = msgspec.structs.replace(replay.INVENTORY, models=(NANODET, only_int8))
    door = window.commands.doors.models
    window.session.openModels.emit()
    door.shelf._counter._make_host = played
    assert door.page.isVisible()
    door.page.list.choose("tiny")
    door.page.details.buttons["use"].click()
    assert (controller.settings.model, controller.settings.precision) == ("tiny", "INT8")
    assert door.page.details.buttons["use"].text() == "In use"
    door.shelf._worker._make_host = played
    played.said["import_model"] = ["toy.onnx is empty.|Copy it again."]
    door.page.close()
    with qtbot.waitSignal(controller.store.noticeAdded) as told:
        door.shelf.import_file("/models/toy.onnx")
    assert (told.args[0].sentence, told.args[0].remedy) == ("toy.onnx is empty.", "Copy it again.")


def test_a_correction_of_the_model_in_use_restarts_the_session(window, controller, asked, monkeypatch) -> None:
    restarts: list = []
    monkeypatch.setattr(controller, "run_again", lambda: restarts.append(1))
    window.commands.doors.models.open()
    shelf = window.commands.doors.models.shelf
    controller.change(model="toy")
    shelf.workDone.emit(imported(own_card("other")))
    shelf.workDone.emit(imported(own_card()))
    assert not restarts
    controller._running = True
    shelf.workDone.emit(imported(own_card()))
    controller._running = False
    assert len(restarts) == 1


def test_calibration_data_can_be_chosen(page, qtbot) -> None:
    dialog = QuantizeDialog(page, NANODET, "camera:0", source_is_busy=True)
    assert "stop the session" in dialog.note.text()
    dialog.use_data("/pictures")
    dialog.samples.setValue(50)
    dialog.preset.choose("performance")
    asked = {"data": "/pictures", "samples": 50, "preset": "performance", "labels": None, "max_drop": None}
    assert dialog.fields() == asked and not dialog.max_drop.isEnabled()
    dialog.use_labels("/labelled")
    assert dialog.fields()["labels"] == "/labelled" and dialog.labels.currentText() == "Watched on labelled"
    assert dialog.max_drop.isEnabled() and dialog.max_drop.text() == "1.0 AP points" and dialog.fields()["max_drop"] == 0.01
    dialog.max_drop.setValue(0.3)
    assert dialog.fields()["max_drop"] == 0.003
    dialog.labels.setCurrentIndex(0)
    dialog.labels.activated.emit(0)
    assert dialog.fields()["labels"] is None and dialog.fields()["max_drop"] is None and not dialog.max_drop.isEnabled()
    assert dialog.note.isHidden()
    dialog.deleteLater()


def test_accuracy_is_watched_only_where_it_can_be_measured(page) -> None:
    for task, points, is_scored in (("classification", "top-1 points", True), ("raw", "AP points", False)):
        dialog = QuantizeDialog(page, msgspec.structs.replace(NANODET, task=task), "scene:road", source_is_busy=False)
        assert dialog.labels.isEnabled() is is_scored and dialog.max_drop.suffix().strip() == points
        dialog.deleteLater()


def test_three_numbers_or_one() -> None:
    assert numbers("1", "Mean") == (1.0, 1.0, 1.0)
    assert numbers("1, 2.5 ,3", "Mean") == (1.0, 2.5, 3.0)
    for text in ("", "1,2", "a", "nan, 1, 1", "inf"):
        with pytest.raises(ValueError, match="Mean takes"):
            numbers(text, "Mean")


def test_the_file_dialog_offers_what_can_be_read() -> None:
    assert "*.onnx" in FILE_FILTER and "*.xml" in FILE_FILTER
