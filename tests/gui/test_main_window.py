from __future__ import annotations

import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest
import replay
from conftest import MakeWindow, destroy, refresh
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from shiboken6 import isValid

from edgeperf_gui import app
from edgeperf_gui.domain import places
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.actions import ACTIONS, DOCK_SHORTCUTS
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.dropped import address_in
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.words import Words

CARDS = ("session", "stages", "throughput", "age", "compare", "truth", "energy", "scene")

SCENE = "scene:highway"
"""The source that has every card."""


def places_of(window: MainWindow) -> dict[str, tuple[bool, bool, int, int]]:
    cards = {card.objectName(): card for card in window._cards}
    return {name: (cards[name].isVisible(), cards[name].isFloating(), *_place(cards[name])) for name in CARDS}


def _place(card: Card) -> tuple[int, int]:
    """Left edge and width; the card behind another one in the same tabs has neither."""
    return (card.x(), card.width()) if card.x() >= 0 else (-1, -1)


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_nothing_is_cut_off(
    make_window: MakeWindow, controller: Controller, dressed: theme.Switch, size: tuple[int, int], mode: theme.Mode
) -> None:
    dressed.choose(mode)
    controller.change(source=SCENE)
    window = make_window(size)
    replay.replay(controller.store)
    refresh(controller, window)
    assert (window.width(), window.height()) == size
    cut = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible() and not label.wordWrap() and label.width() < label.fontMetrics().horizontalAdvance(label.text())
    ]
    cut += [button.text() for button in window.findChildren(QAbstractButton) if button.isVisible() and _is_cut(button)]
    cut += [words.text() for words in window.findChildren(Words) if words.isVisible() and words.width() < words._natural]
    assert not cut
    for card in window._cards:
        card.raise_()
        QApplication.processEvents()
        assert card.isVisible()
        assert window.rect().contains(card.mapTo(window, QPoint(card.width() - 1, card.height() - 1)))


def _is_cut(button: QAbstractButton) -> bool:
    return button.width() < button.fontMetrics().horizontalAdvance(button.text())


def test_changing_numbers_move_nothing(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    before = places_of(window), window.video.geometry()
    replay.replay(controller.store, paced=False)
    refresh(controller, window)
    assert (places_of(window), window.video.geometry()) == before


def test_the_layout_comes_back(make_window: MakeWindow, controller: Controller) -> None:
    controller.change(source=SCENE)
    first = make_window()
    first.age.hide()
    first.docks.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.throughput)
    QApplication.processEvents()
    left = places_of(first)
    first.close()
    assert places.geometry_file().is_file()
    second = make_window()
    found = places_of(second)
    assert not found["age"][0]
    for name in set(CARDS) - {"age"}:
        assert found[name][:3] == left[name][:3], name
    second.commands.reset_layout()
    assert all(card.isVisible() and not card.isFloating() for card in second._cards)


@pytest.mark.parametrize(
    "damage",
    [b"\x00\xff\x00 nonsense", b"[window]\ndocks=@ByteArray(broken)\ngeometry=17\n", b"[window]\ndocks=@Variant(\\x0)\n", b""],
)
def test_a_damaged_layout_is_the_default_layout(make_window: MakeWindow, damage: bytes) -> None:
    whole = places_of(make_window())
    file = places.geometry_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(damage)
    assert places_of(make_window()) == whole


def test_a_card_can_float_hide_and_come_back(window: MainWindow, qtbot) -> None:
    window.stages.toggle_floating()
    assert window.stages.isFloating()
    window.stages.grab()
    window.stages.toggle_floating()
    assert not window.stages.isFloating()
    window.stages.close()
    assert not window.stages.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.stages.isVisible()


def test_a_shortcut_raises_a_card_behind_a_tab_and_hides_one_that_is_seen(window: MainWindow, qtbot) -> None:
    def press() -> None:
        qtbot.keyClick(window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()

    energy, compare = window.energy, window.compare
    asked = energy.toggleViewAction()
    assert compare.is_seen and energy.isVisible() and not energy.is_seen and not asked.isChecked()
    press()
    assert energy.is_seen and asked.isChecked() and not compare.is_seen and not compare.toggleViewAction().isChecked()
    press()
    assert energy.isHidden() and not asked.isChecked()
    assert compare.is_seen or window.truth.is_seen, "another of the tabs takes its place"
    press()
    assert energy.is_seen and asked.isChecked(), "and comes back to the front"
    energy.toggle_floating()
    QApplication.processEvents()
    assert energy.is_seen and asked.isChecked()
    asked.trigger()
    assert energy.isHidden() and not asked.isChecked()
    asked.trigger()
    QApplication.processEvents()
    assert energy.is_seen and energy.isFloating() and asked.isChecked()


def test_shortcuts_are_unique_valid_and_bound(window: MainWindow) -> None:
    shortcuts = [row.shortcut for row in ACTIONS] + list(DOCK_SHORTCUTS.values())
    assert len(shortcuts) == len(set(shortcuts))
    assert all(not QKeySequence(shortcut).isEmpty() for shortcut in shortcuts)
    assert len({row.key for row in ACTIONS}) == len(ACTIONS)
    assert all(callable(attrgetter(row.callback)(window.commands)) for row in ACTIONS)
    assert set(DOCK_SHORTCUTS) == set(CARDS)


def test_the_program_is_quit_from_a_page_too(window: MainWindow, qtbot) -> None:
    window.commands.doors.energy.open()
    QApplication.processEvents()
    page = QApplication.activeWindow()
    assert page is not None and page is not window
    closed: list[bool] = []
    window.closing.connect(lambda: closed.append(True))
    qtbot.keyClick(page, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert closed == [True] and not window.isVisible()
    page.close()


def test_space_starts_and_stops_and_still_presses_a_focused_button(
    window: MainWindow, controller: Controller, qtbot, monkeypatch
) -> None:
    pressed: list[str] = []
    monkeypatch.setattr(controller, "toggle", lambda: pressed.append("toggle"))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert pressed == ["toggle"]
    segment = window.session.feed._buttons["flat"]
    segment.setFocus()
    qtbot.keyClick(segment, Qt.Key.Key_Space)
    assert pressed == ["toggle"]
    assert controller.settings.paced is False
    controller.change(hint="none")
    count = window.session.counts["streams"]
    count.setFocus()
    qtbot.keyClick(count, Qt.Key.Key_Space)
    assert pressed == ["toggle", "toggle"], "a count has no use for the key"


def test_the_machine_is_asked_anew_by_key_and_by_opening_a_list(
    window: MainWindow, controller: Controller, qtbot, monkeypatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(controller, "refresh_inventory", lambda: asked.append("asked"))
    window.session.listOpening.emit()
    window.session.listOpening.emit()
    assert len(asked) == 1, "one look is enough for several lists in a row"
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert len(asked) == 2


def test_undo_and_redo_follow_the_settings(window: MainWindow, controller: Controller) -> None:
    assert not window._actions["undo"].isEnabled()
    window.session.changed.emit({"precision": "FP32"})
    assert window.header._variant.text() == "FP32"
    window._actions["undo"].trigger()
    assert controller.settings.precision == "FP16"
    assert window.session.variant.key() == "FP16"
    window._actions["redo"].trigger()
    assert controller.settings.precision == "FP32"


def test_a_refused_setting_is_told_and_taken_back(window: MainWindow, controller: Controller) -> None:
    window.session.changed.emit({"streams": 99999})
    assert controller.settings.streams is None
    assert window.toast.isVisible()


def test_copying_the_numbers(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    refresh(controller, window)
    window._actions["copy_numbers"].trigger()
    assert QGuiApplication.clipboard().text().startswith("stage\tmedian ms")


def test_theme_changes_at_once_and_is_kept(window: MainWindow, controller: Controller) -> None:
    window._actions["theme"].trigger()
    assert controller.settings.theme == "light"
    middle = window.age.grab().toImage().pixelColor(window.age.width() // 2, window.age.height() - 8)
    assert middle.name().upper() == theme.LIGHT.card


def test_the_shortcuts_page_lists_everything(window: MainWindow) -> None:
    window._actions["shortcuts"].trigger()
    page = window.commands._shortcuts
    assert page is not None
    listed = {label.text() for label in page.findChildren(QLabel)}
    assert {row.tip for row in ACTIONS} <= listed
    for card in window._cards:
        assert f"Show or hide the panel “{card.windowTitle()}”" in listed
    assert not any(button.icon().availableSizes() for button in page.findChildren(QAbstractButton))
    page.close()


def mime(text: str = "", url: QUrl | None = None) -> QMimeData:
    data = QMimeData()
    if text:
        data.setText(text)
    if url is not None:
        data.setUrls([url])
    return data


def test_what_can_be_dropped_or_pasted(tmp_path: Path) -> None:
    file = tmp_path / "a clip.mp4"
    file.touch()
    assert address_in(mime(url=QUrl.fromLocalFile(str(file)))) == str(file)
    assert address_in(mime(url=QUrl("rtsp://camera.local/live"))) == "rtsp://camera.local/live"
    assert address_in(mime(f' "{file}" ')) == str(file)
    assert address_in(mime("http://camera.local/video")) == "http://camera.local/video"
    assert address_in(mime(str(tmp_path))) == str(tmp_path)
    assert address_in(mime("two\nlines")) is None
    assert address_in(mime("just words")) is None
    assert address_in(mime("x" * 100_000)) is None
    assert address_in(None) is None


def test_dropping_a_file_uses_it(window: MainWindow, controller: Controller, tmp_path: Path, monkeypatch) -> None:
    used: list[str] = []
    monkeypatch.setattr(controller, "set_source", used.append)
    data = mime(url=QUrl.fromLocalFile(str(tmp_path)))
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert used == [str(tmp_path)]
    QGuiApplication.clipboard().setText("rtsp://camera.local/live")
    window._actions["paste"].trigger()
    assert used[-1] == "rtsp://camera.local/live"
    QGuiApplication.clipboard().setText("just words")
    window._actions["paste"].trigger()
    assert len(used) == 2
    assert window.toast.isVisible()


def test_everything_that_takes_the_focus_has_a_name(window: MainWindow, controller: Controller) -> None:
    controller.change(hint="none", source="camera:0")
    controller.store.ingest(replay.failed())
    nameless = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            interface = QAccessible.queryAccessibleInterface(widget)
            own_part = widget.objectName().startswith("qt_")
            if not own_part and (interface is None or not interface.text(QAccessible.Text.Name)):
                nameless.append(widget)
    assert not nameless


def test_the_keyboard_reaches_every_control(window: MainWindow) -> None:
    reached, widget = set(), window.nextInFocusChain()
    while widget is not window:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
        widget = widget.nextInFocusChain()
    bar = window.session
    assert {window.header._button, window.header.menu_button, bar.source, bar.model, bar.device} <= reached
    assert reached & set(bar.variant._buttons.values())


def test_an_unexpected_error_is_told_once_and_the_window_stays(
    window: MainWindow, controller: Controller, monkeypatch, capsys
) -> None:
    for _ in range(3):
        app._survive(window.commands.tell_error, ValueError, ValueError("odd"), None)
    assert [notice.sentence for notice in controller.store.notices] == ["Something in the window went wrong (ValueError: odd)."]
    assert window.toast.isVisible()
    assert "odd" in capsys.readouterr().err


def test_a_long_source_name_leaves_the_button_its_room(make_window: MakeWindow, controller: Controller) -> None:
    controller.change(source="rtsp://camera.local/" + "a-very-long-stream-name/" * 12)
    window = make_window((1280, 720))
    button = window.header._button
    assert button.geometry().right() <= window.width() - theme.EDGE + 1
    assert window.width() == 1280


def test_a_window_leaves_nothing(make_window: MakeWindow, controller: Controller) -> None:
    window = make_window()
    replay.replay(controller.store)
    refresh(controller, window)
    window.close()
    destroy(window)
    assert not isValid(window)


def test_importing_the_window_loads_neither_runtime_nor_opencv(root: Path) -> None:
    code = (
        "import sys, edgeperf_gui.app, edgeperf_gui.ui.main_window, edgeperf_gui.live.controller;"
        "print([n for n in ('openvino', 'cv2') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=150, cwd=root)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_childs_view_of_main_does_not_load_qt(root: Path) -> None:
    code = "import sys, edgeperf_gui.__main__; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=150, cwd=root)
    assert done.stdout.strip() == "False", done.stderr
