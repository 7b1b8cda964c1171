from __future__ import annotations

import msgspec
import pytest
import replay
from PySide6.QtCore import Qt

from edgeperf_gui.domain.session import CameraMode
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
    assert texts(bar.model) == ["NanoDet-g 416 (COCO)"]


def test_a_variant_the_model_lacks_is_refused_with_its_reason(bar: SessionBar) -> None:
    assert not bar.variant._buttons["INT8"].isEnabled()
    assert "INT8" in bar.variant._buttons["INT8"].toolTip()
    assert bar.variant._buttons["FP32"].isEnabled()


def test_choices_become_settings(bar: SessionBar, qtbot) -> None:
    for click, fields in (
        (bar.variant._buttons["FP32"].click, {"precision": "FP32"}),
        (bar.goal._buttons["throughput"].click, {"hint": "throughput", "streams": None, "requests": None, "threads": None}),
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
    chosen = msgspec.structs.replace(Settings().with_source("/videos/crossing.mkv"), model="my-model", device="NPU")
    bar.show_settings(chosen)
    assert bar.source.currentText() == "crossing.mkv"
    assert bar.model.currentText() == "my-model"
    assert bar.device.currentText() == "NPU"


def test_the_own_rate_is_part_of_the_words(bar: SessionBar) -> None:
    bar.show_source_rate(29.97)
    assert bar.feed._buttons["paced"].text() == "Paced 30 fps"
    bar.show_source_rate(None)
    assert bar.feed._buttons["paced"].text() == "Paced"
