from __future__ import annotations

import compare_samples as samples
import pytest
import replay
from conftest import MakeWindow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabBar

from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.quantize_dialog import QuantizeDialog


def is_in_sight(window: MainWindow, card: object) -> bool:
    return card.isVisible() and window.rect().contains(card.mapTo(window, QPoint(card.width() // 2, 20)))


def tabs(window: MainWindow) -> QTabBar:
    return next(bar for bar in window.docks.findChildren(QTabBar) if bar.isVisible())


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("size", [(1600, 900), (1280, 720), (1100, 640)])
def test_the_comparison_stands_at_the_right_top_before_the_truth(
    make_window: MakeWindow, dressed: theme.Switch, size: tuple[int, int], mode: theme.Mode
) -> None:
    dressed.choose(mode)
    window = make_window(size)
    samples.show(window.comparison, samples.result(samples.spec_of(window.comparison)))
    QApplication.processEvents()
    assert is_in_sight(window, window.compare) and not is_in_sight(window, window.truth)
    place = window.compare.mapTo(window, QPoint(0, 0))
    assert place.x() > window.video.mapTo(window, QPoint(0, 0)).x() + window.video.width()
    assert place.y() < window.throughput.mapTo(window, QPoint(0, 0)).y()
    bar = tabs(window)
    assert [bar.tabText(at) for at in range(bar.count())] == ["FP32 · FP16 · INT8", "What really ran", "Energy"]
    assert all(bar.tabRect(at).width() >= bar.fontMetrics().horizontalAdvance(bar.tabText(at)) for at in range(bar.count()))
    assert len([line for line in window.compare.table.rows if not line.visibleRegion().isEmpty()]) >= 3


def test_a_title_is_said_once(window: MainWindow) -> None:
    window.energy.close()  # then the comparison is alone when the truth floats
    assert not window.compare._title.words.isVisible() and window.throughput._title.words.isVisible()
    tabs(window).setCurrentIndex(1)
    QApplication.processEvents()
    assert is_in_sight(window, window.truth) and not is_in_sight(window, window.compare)
    window.truth.toggle_floating()
    QApplication.processEvents()
    assert window.truth._title.words.isVisible() and window.compare._title.words.isVisible()
    window.commands.reset_layout()
    QApplication.processEvents()
    assert is_in_sight(window, window.compare) and not window.compare._title.words.isVisible()


def test_button_and_shortcut_bring_it_to_the_front_and_start_it(window: MainWindow, qtbot, monkeypatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(Comparison, "start", lambda self: calls.append("start"))
    button = next(found for found in window.header.findChildren(QPushButton) if found.text() == "Compare")
    window.compare.close()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert calls == ["start"] and is_in_sight(window, window.compare)
    tabs(window).setCurrentIndex(1)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    QApplication.processEvents()
    assert calls == ["start", "start"] and is_in_sight(window, window.compare)


def test_while_it_measures_the_window_says_so(window: MainWindow, controller: Controller) -> None:
    replay.replay(controller.store)
    window.comparison._running = True
    window.comparison.runningChanged.emit(True)
    assert window.header._steady.text() == "comparing the variants"
    assert "comparing the variants" in window.video.accessibleDescription()
    window.comparison._running = False
    window.comparison.runningChanged.emit(False)
    assert window.header._steady.text() != "comparing the variants"
    assert "comparing" not in window.video.accessibleDescription()


def test_closing_the_window_ends_it(window: MainWindow, monkeypatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(window.comparison._runner, "shutdown", lambda: calls.append("close"))
    window.comparison._running = True
    window.close()
    assert calls == ["close"] and not window.comparison.is_running


def test_make_int8_opens_the_dialog_with_the_model_and_the_present_source(
    window: MainWindow, controller: Controller, monkeypatch
) -> None:
    asked: list[QuantizeDialog] = []
    monkeypatch.setattr(controller, "refresh_inventory", lambda: None)
    monkeypatch.setattr(QuantizeDialog, "exec", lambda self: asked.append(self) or QDialog.DialogCode.Rejected)
    window.compare._blank.int8_button.click()
    assert "NanoDet-g" in asked[0].windowTitle() and asked[0].fields()["data"] == controller.settings.source_address()
    door = window.commands.doors.models
    assert door.page is None and door.shelf.work is None and window.compare._shelf is door.shelf
    other = object()
    controller.turn.take(other, "A comparison")
    with_notice: list[str] = []
    controller.store.noticeAdded.connect(lambda notice: with_notice.append(notice.sentence))
    door.make_int8()
    controller.turn.leave(other)
    assert len(asked) == 1 and with_notice[0].startswith("A comparison runs")


def test_a_labelled_folder_chosen_in_the_panel_is_kept_in_the_settings(window: MainWindow, controller: Controller) -> None:
    window.compare.table.labels.chosen.emit("/pictures/labelled")
    assert controller.settings.labels == "/pictures/labelled"
    assert window.compare._blank.labels.text() == "Accuracy on labelled"
    window.commands.undo_setting()
    assert controller.settings.labels is None
