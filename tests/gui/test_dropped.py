from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeWindow
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel

from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui.address_dialog import AddressDialog
from edgeperf_gui.ui.dropped import FORMS, address_in, address_of, refusal
from edgeperf_gui.ui.main_window import MainWindow


def mime(text: str = "", *urls: QUrl) -> QMimeData:
    data = QMimeData()
    if text:
        data.setText(text)
    if urls:
        data.setUrls(list(urls))
    return data


def drop(window: MainWindow, data: QMimeData) -> None:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.mark.parametrize("text", ["~nosuchuser/x", "x" * 300, "/" + "y" * 300, "a\0b", "bad\udcff.mp4", "mailto:me@host", ""])
def test_odd_texts_are_no_source_and_no_error(text: str) -> None:
    assert address_of(text) is None
    assert address_in(mime(text)) is None
    sentence, remedy = refusal(mime(text))
    assert sentence.endswith(".") and remedy.endswith(".")


def test_of_several_files_the_first_that_exists_is_used(tmp_path: Path) -> None:
    file = tmp_path / "b.mp4"
    file.touch()
    gone, there = QUrl.fromLocalFile(str(tmp_path / "a.mp4")), QUrl.fromLocalFile(str(file))
    assert address_in(mime("", gone, there)) == str(file)
    assert address_in(mime("", gone)) is None
    assert "a.mp4" in refusal(mime("", gone))[0]


def test_an_address_keeps_its_spelling() -> None:
    url = QUrl("rtsp://me:p%40ss%2Fword@camera.local/live%20view?x=%26")
    assert address_in(mime("", url)) == "rtsp://me:p%40ss%2Fword@camera.local/live%20view?x=%26"


def test_what_cannot_be_opened_is_told_with_its_text(make_window: MakeWindow, controller: Controller) -> None:
    window = make_window()
    drop(window, mime("", QUrl("mailto:me@host")))
    (notice,) = controller.store.notices
    assert notice.sentence == "mailto:me@host is not an address of a video."
    drop(window, mime("", QUrl("ftp://me:hunter2@host/clip.mp4")))
    assert "ftp://host/clip.mp4" in controller.store.notices[-1].sentence
    assert controller.engine_pid is None


def test_the_dialog_explains_and_agrees_only_to_what_can_be_tried(qtbot) -> None:
    dialog = AddressDialog(None)
    qtbot.addWidget(dialog)
    listed = {label.text() for label in dialog.findChildren(QLabel)}
    assert {form for form, _ in FORMS} <= listed
    dialog._line.setText("gopher://host")
    assert not dialog._open.isEnabled() and dialog._trouble.text()
    for form in ("rtsp://192.168.1.20:554/stream1", "camera:0", "scene:road", "udp://:5000", " http://host/x "):
        dialog._line.setText(form)
        assert dialog._open.isEnabled() and not dialog._trouble.text()
        assert dialog.address() == form.strip()
    assert all(button.icon().isNull() for button in dialog._buttons.buttons())
