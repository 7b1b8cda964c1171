from __future__ import annotations

import msgspec
import pytest
import replay
from PySide6.QtCore import Qt

from edgeperf_gui.domain.inventory import Camera
from edgeperf_gui.domain.session import LARGEST_COUNT, CameraMode, SourceInfo
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui.session_bar import SessionBar


@pytest.fixture
def bar(qtbot) -> SessionBar:
    made = SessionBar()
    qtbot.addWidget(made)
    made.show_inventory(replay.INVENTORY)
    made.show()
    return made


def texts(picker) -> list[str]:
    return [picker.itemText(row) for row in range(picker.count())]


def test_it_offers_what_there_is(bar: SessionBar) -> None:
    assert texts(bar.source)[:2] == ["street.mp4", "Integrated Webcam"]
    assert texts(bar.source)[-3:] == ["Open file…", "Open folder…", "Open address…"]
    assert texts(bar.device) == ["CPU · AMD EPYC 7B13", "AUTO"]
    assert texts(bar.model) == ["NanoDet-g 416 (COCO)", "", "Models…"]


def test_a_variant_the_model_lacks_is_refused_with_its_reason(bar: SessionBar) -> None:
    assert not bar.variant._buttons["INT8"].isEnabled()
    assert "INT8" in bar.variant._buttons["INT8"].toolTip()
    assert bar.variant._buttons["FP32"].isEnabled()


def test_a_hint_is_called_the_same_on_every_page(bar: SessionBar) -> None:
    assert [button.text() for button in bar.hint._buttons.values()] == ["Latency", "Throughput", "None"]


def test_choices_become_settings(bar: SessionBar, qtbot) -> None:
    for click, fields in (
        (bar.variant._buttons["FP32"].click, {"precision": "FP32"}),
        (bar.hint._buttons["throughput"].click, {"hint": "throughput", "streams": None, "requests": None, "threads": None}),
        (bar.feed._buttons["flat"].click, {"paced": False}),
    ):
        with qtbot.waitSignal(bar.changed) as changed:
            click()
        assert changed.args == [fields]


def test_showing_settings_changes_nothing(bar: SessionBar, qtbot) -> None:
    with qtbot.assertNotEmitted(bar.changed), qtbot.assertNotEmitted(bar.sourceChosen):
        bar.show_settings(Settings(precision="FP32", device="AUTO", hint="none", streams=2, paced=False, source="camera:0"))
    assert bar.variant.key() == "FP32"
    assert bar.device.currentData() == "AUTO"
    assert bar.counts["streams"].value() == 2
    assert bar.feed.key() == "flat"
    assert bar.source.currentData() == "camera:0"


def test_custom_reveals_the_counts(bar: SessionBar, qtbot) -> None:
    assert not bar._counts_box.isVisible()
    bar.show_settings(Settings(hint="none"))
    assert bar._counts_box.isVisible()
    assert bar.counts["threads"].text() == "auto"
    assert bar.counts["threads"].lineEdit().width() > 30, "there is room for the words"
    with qtbot.waitSignal(bar.changed) as changed:
        qtbot.keyClick(bar.counts["threads"], Qt.Key.Key_Up)
    assert changed.args == [{"threads": 1}]
    with qtbot.waitSignal(bar.changed) as changed:
        qtbot.keyClick(bar.counts["threads"], Qt.Key.Key_Down)
    assert changed.args == [{"threads": None}]


def test_a_camera_brings_its_modes(bar: SessionBar, qtbot) -> None:
    assert not bar._camera_box.isVisible()
    bar.show_settings(Settings(source="camera:0", camera=CameraMode(1280, 720, 30.0)))
    assert bar._camera_box.isVisible()
    assert bar.camera_size.currentText() == "1280×720"
    assert bar.camera_rate.currentText() == "30 fps"
    with qtbot.waitSignal(bar.changed) as changed:
        bar.camera_size.setCurrentIndex(1)
        bar.camera_size.activated.emit(1)
    assert changed.args == [{"camera": CameraMode(640, 480, 30.0)}]


def test_openers_leave_the_choice_as_it_was(bar: SessionBar, qtbot) -> None:
    with qtbot.waitSignal(bar.openUrl):
        bar.source.setCurrentIndex(bar.source.count() - 1)
        bar.source.activated.emit(bar.source.count() - 1)
    assert bar.source.currentText() == "street.mp4"


def test_recent_sources_and_unknown_models_are_listed(bar: SessionBar) -> None:
    chosen = msgspec.structs.replace(Settings(source="/videos/crossing.mkv"), model="my-model", device="NPU")
    bar.show_settings(chosen)
    assert bar.source.currentText() == "crossing.mkv"
    assert bar.model.currentText() == "my-model"
    assert bar.device.currentText() == "NPU"


def test_the_own_rate_is_part_of_the_words(bar: SessionBar) -> None:
    bar.show_source(SourceInfo("street.mp4", 640, 272, 29.97, False))
    assert bar.feed._buttons["paced"].text() == "Paced 30 fps"
    bar.show_settings(Settings(paced=False))
    assert bar.feed._buttons["paced"].text() == "Paced 30 fps", "the same source keeps its rate"
    bar.show_settings(Settings(source="/videos/crossing.mkv"))
    assert bar.feed._buttons["paced"].text() == "Paced", "the rate of another source is not known yet"


def test_a_live_source_sets_its_own_pace(bar: SessionBar) -> None:
    bar.show_source(SourceInfo("a camera", 640, 480, 30.0, True))
    for button in bar.feed._buttons.values():
        assert not button.isEnabled()
        assert button.toolTip() == "a live source sets its own pace"
    bar.show_source(SourceInfo("street.mp4", 640, 272, 25.0, False))
    assert all(button.isEnabled() and not button.toolTip() for button in bar.feed._buttons.values())
    bar.show_settings(Settings(source="camera:0"))
    assert not bar.feed._buttons["flat"].isEnabled(), "a camera is live before it is open"


def test_passwords_are_in_no_text_and_no_tooltip(bar: SessionBar) -> None:
    secret = "rtsp://me:hunter2@camera.local/live?token=hunter2"
    bar.show_settings(Settings(source=secret, recent_sources=(secret.replace("live", "other"),)))
    told = [bar.source.toolTip()]
    for row in range(bar.source.count()):
        told += [bar.source.itemText(row), bar.source.itemData(row, Qt.ItemDataRole.ToolTipRole) or ""]
    assert any("camera.local" in text for text in told)
    assert not any("hunter2" in text for text in told)


@pytest.mark.parametrize("count", [65, 200, LARGEST_COUNT])
def test_a_count_is_shown_as_it_is_and_not_rewritten(bar: SessionBar, qtbot, count: int) -> None:
    bar.show_settings(Settings(hint="none", streams=count))
    assert bar.counts["streams"].value() == count
    with qtbot.assertNotEmitted(bar.changed):
        bar.counts["streams"].editingFinished.emit()


def test_what_is_being_typed_survives_a_look_at_the_settings(bar: SessionBar, qtbot) -> None:
    bar.show_settings(Settings(hint="none", streams=2))
    box = bar.counts["streams"]
    box.setFocus()
    box.lineEdit().setText("12")
    bar.show_settings(Settings(hint="none", streams=2, paced=False))
    assert box.lineEdit().text() == "12"


def test_opening_a_list_asks_anew_and_an_open_list_takes_the_answer(bar: SessionBar, qtbot) -> None:
    for picker in (bar.source, bar.model, bar.device):
        with qtbot.waitSignal(bar.listOpening):
            picker.showPopup()
        picker.hidePopup()
    bar.source.showPopup()
    bar.show_inventory(replay.INVENTORY)
    assert bar.source.view().isVisible(), "the same answer leaves the list alone"
    more = (*replay.INVENTORY.cameras, Camera("camera:7", "Endoscope"))
    with qtbot.assertNotEmitted(bar.listOpening):
        bar.show_inventory(msgspec.structs.replace(replay.INVENTORY, cameras=more))
    assert bar.source.view().isVisible()
    assert "Endoscope" in texts(bar.source)
    bar.source.hidePopup()


def test_the_last_row_opens_the_models_and_chooses_nothing(bar: SessionBar, qtbot) -> None:
    bar.model.setCurrentIndex(bar.model.count() - 1)
    with qtbot.waitSignal(bar.openModels), qtbot.assertNotEmitted(bar.changed):
        bar.model.activated.emit(bar.model.currentIndex())
    assert bar.model.currentData() == "nanodet-g"
