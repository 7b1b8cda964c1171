from __future__ import annotations

import pytest
import watch_samples as samples
from conftest import MakeWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from edgeperf_gui.domain.messages import Notice
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.watch import Apart, Tally, WatchedVariant
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.watching import Watching
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.main_window import MainWindow
from edgeperf_gui.ui.watch_boxes import part_names
from edgeperf_gui.ui.watch_page import WatchPage
from edgeperf_gui.ui.watch_words import NOTHING_KEPT, NOTHING_YET, ON_ITS_WAY, agreement, described, place, rule, who
from edgeperf_gui.ui.words import plain


@pytest.fixture
def watching(controller: Controller) -> Watching:
    made = Watching(controller)
    made.asked = []
    return made


@pytest.fixture
def page(watching: Watching, qtbot) -> WatchPage:
    made = WatchPage(watching)
    qtbot.addWidget(made)
    made.resize(1240, 760)
    made.open()
    QApplication.processEvents()
    yield made
    watching._running = False
    made.close()


def rows(page: WatchPage) -> list[str]:
    model = page.strip.model()
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {QColor(image.pixel(x, y)).name().upper() for x in range(image.width()) for y in range(0, image.height(), 3)}


def test_empty_it_says_what_to_do(page: WatchPage) -> None:
    assert "See where the variants disagree" in page.view.text() and "live session waits" in page.view.text()
    assert page.button.text() == "Watch" and page.button.isEnabled()
    assert not page.back.isVisible() and rows(page) == []


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("size", [(1240, 760), (1200, 640), (860, 480)])
def test_boxes_of_all_variants_are_seen_in_their_colours(page: WatchPage, watching, dressed, mode, size) -> None:
    dressed.choose(mode)
    page.resize(*size)
    samples.replay_watch(watching)
    QApplication.processEvents()
    assert set(theme.VARIANTS.values()) <= {colour.upper() for colour in colours(page.view)}
    for entry in page.legend.entries.values():
        assert entry.isVisible() and page.rect().contains(entry.geometry().translated(page.legend.pos()))
    assert page.strip.geometry().right() <= page.width() and page.view.geometry().bottom() < page.note.geometry().top()
    assert page.button.text() == "Stop"


def test_the_tally_in_words(page: WatchPage, watching) -> None:
    samples.replay_watch(watching)
    assert page.summary.text() == "Agree on 412 of 430 frames (95.8 %) · only INT8 differs, in 18"
    assert page.legend.entries["FP32"].text() == "FP32 executed f32: 2 boxes · the reference"
    assert page.legend.entries["FP16"].text() == "FP16 executed bf16: 2 boxes · never differs"
    assert page.legend.entries["INT8"].text() == "INT8 executed i8 + bf16: 1 box · differs in 18 (4.2 %)"
    assert "36 %" in page.summary.toolTip() and "34 %" in page.summary.toolTip() and "IoU" in page.summary.toolTip()
    assert page.kept_title.text() == "Disagreements · 4"


def test_a_variant_that_the_model_lacks_is_not_there(page: WatchPage, watching) -> None:
    samples.replay_watch(watching, precisions=("FP32", "INT8"))
    assert [name for name, entry in page.legend.entries.items() if entry.isVisible()] == ["FP32", "INT8"]
    assert "middle" in page.legend.entries["INT8"].toolTip()


def test_thumbnails_say_who_and_when_and_open_large(page: WatchPage, watching, qtbot) -> None:
    samples.replay_watch(watching)
    QApplication.processEvents()
    assert rows(page)[1] == "INT8: 1 box, at 1.6 s"
    model = page.strip.model()
    assert "FP32 found car 47 %, INT8 did not" in model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    qtbot.mouseClick(page.strip.viewport(), Qt.MouseButton.LeftButton, pos=page.strip.visualRect(model.index(1, 0)).center())
    assert page.view.still is watching.kept[1] and page.back.isVisible()
    assert page.note.text() == "Frame at 1.6 s: FP32 found car 47 %, INT8 did not"
    samples.replay_watch(watching, kept=0)  # frames go on coming behind it
    assert page.view.still is watching.kept[1]


def test_the_keyboard_goes_through_them(page: WatchPage, watching, qtbot) -> None:
    samples.replay_watch(watching)
    page.button.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Down)
    assert page.strip.currentIndex().row() == 0 and page.view.still is None
    qtbot.keyClick(page.strip, Qt.Key.Key_Return)
    assert page.view.still is watching.kept[0]
    qtbot.keyClick(page.strip, Qt.Key.Key_Right)
    assert page.view.still is watching.kept[1]
    qtbot.keyClick(page.strip, Qt.Key.Key_Left)
    assert page.view.still is watching.kept[0]
    qtbot.keyClick(page.strip, Qt.Key.Key_Escape)
    assert page.view.still is None and page.isVisible() and not page.back.isVisible()
    qtbot.keyClick(page.strip, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_the_large_frame_draws_what_differs_bold_and_the_rest_faint(page: WatchPage, watching) -> None:
    samples.replay_watch(watching)
    page.open_kept(watching.kept[0])
    QApplication.processEvents()
    seen = {colour.upper() for colour in colours(page.view)}
    assert theme.VARIANTS["FP32"] in seen  # the box that INT8 lacks
    assert theme.VARIANTS["INT8"] not in seen and theme.VARIANTS["FP16"] not in seen


def test_a_thumbnail_stays_while_others_come_and_go(page: WatchPage, watching) -> None:
    samples.replay_watch(watching, kept=0)
    for number in range(24):
        watching._on_told(samples.disagreement(number, apart=(*samples.LACKING, Apart("FP16", 1, "FP32"))))
    page.strip.setCurrentIndex(page.strip.model().index(3, 0))
    chosen = watching.kept[3]
    watching._on_told(samples.disagreement(30, apart=(*samples.LACKING, Apart("FP16", 1, "FP32"))))
    assert len(rows(page)) == 24 and chosen in watching.kept
    assert page.strip.currentIndex().row() == 2  # the oldest above it has gone


def test_a_damaged_picture_is_a_sentence(page: WatchPage, watching) -> None:
    samples.replay_watch(watching, kept=0)
    watching._on_told(samples.disagreement(1, jpeg=b"no picture"))
    page.open_kept(watching.kept[0])
    page.grab()
    assert page.view.still is watching.kept[0]


def test_stopped_the_pictures_stay(page: WatchPage, watching) -> None:
    samples.replay_watch(watching)
    watching.is_cancelled = True
    samples.end(watching)
    assert page.button.text() == "Watch again" and page.view.text() == "stopped"
    assert len(rows(page)) == 4
    watching.is_cancelled = False
    page.refresh()
    assert page.view.text() == "the source ended"


def test_a_bad_end_says_what_to_do(page: WatchPage, watching) -> None:
    watching._running = True
    watching._on_end(
        SessionStatus("w", RunState.FINISHED, FinishReason.FAILED, sentence="It has only FP16.", remedy="Make another variant.")
    )
    assert page.view.text() == "It has only FP16. Make another variant."
    assert page.button.isEnabled() and page.button.text() == "Watch"


def test_a_crash_takes_the_place_of_the_picture_and_a_kept_frame_stays(page: WatchPage, watching) -> None:
    samples.replay_watch(watching)
    page.open_kept(watching.kept[0])
    watching._on_end(
        SessionStatus(
            "w", RunState.FINISHED, FinishReason.CRASHED, sentence="The engine crashed (SIGSEGV).", remedy="Run it again."
        )
    )
    assert page.view.still is watching.kept[0] and len(rows(page)) == 4
    page.reject()
    assert page.view.text() == "The engine crashed (SIGSEGV). Run it again." and not page.view.has_picture
    assert page.button.text() == "Watch again"


def test_minimised_no_picture_is_made(page: WatchPage, watching, qtbot) -> None:
    sizes: list[tuple[int, int]] = []
    page.view.viewResized.connect(lambda *size: sizes.append(size))
    page.showMinimized()
    QApplication.processEvents()
    assert sizes[-1] == (0, 0)
    page.showNormal()
    qtbot.waitUntil(lambda: sizes[-1][0] > 0)


def test_while_something_else_runs_it_says_so(page: WatchPage, watching, controller) -> None:
    other = object()
    controller.turn.take(other, "A comparison")
    assert "A comparison runs" in page.view.text() and not page.button.isEnabled()
    page.toggle()
    assert not watching.is_running
    controller.turn.leave(other)
    assert page.button.isEnabled()


def test_a_stream_that_is_called_again_is_told_over_the_picture(page: WatchPage, watching) -> None:
    samples.replay_watch(watching)
    watching._on_told(Notice("w", "The stream was lost; calling again."))
    assert page.view.text() == "The stream was lost; calling again."
    watching._on_told(samples.watched(172))
    assert page.view.text() == ""


def test_a_classifier_shows_the_first_class_of_each(page: WatchPage, watching) -> None:
    samples.replay_watch(watching, kept=0, precisions=("FP32", "INT8"), threshold=None)
    parts = (Apart("FP32", -1, "INT8"), Apart("INT8", -1, "FP32"))
    watching._on_told(samples.disagreement(1, answers=samples.CLASSES, apart=parts))
    page.open_kept(watching.kept[0])
    QApplication.processEvents()
    assert rows(page) == ["INT8: another class, at 0.0 s"]
    assert page.note.text() == "Frame at 0.0 s: FP32 says bicycle 90 %; INT8 says car 70 %"
    assert "another class first" in rule(watching.began)
    assert {theme.VARIANTS["FP32"], theme.VARIANTS["INT8"]} <= {colour.upper() for colour in colours(page.view)}


VARIANTS = tuple(WatchedVariant(name, {}) for name in ("FP32", "FP16", "INT8"))


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), ""),
        (Tally(5, 5, {"FP16": 0, "INT8": 0}), "Agree on 5 of 5 frames (100 %) · no variant differs"),
        (Tally(90_000, 89_999, {"FP16": 0, "INT8": 1}), "Agree on 89999 of 90000 frames (99.9 %) · only INT8 differs, in 1"),
        (Tally(10, 5, {"FP16": 2, "INT8": 4}), "Agree on 5 of 10 frames (50.0 %) · INT8 differs most, in 4"),
        (Tally(10, 5, {"FP16": 3, "INT8": 3}), "Agree on 5 of 10 frames (50.0 %) · FP16 and INT8 differ as often, in 3 each"),
    ],
)
def test_agreement_in_words(tally: Tally, words: str) -> None:
    assert plain(agreement(tally, VARIANTS)) == words


def test_an_empty_list_does_not_contradict_the_count(page: WatchPage, watching) -> None:
    assert page.strip._empty_text == NOTHING_KEPT
    samples.replay_watch(watching, kept=0)
    assert "only INT8 differs" in page.summary.text() and page.strip._empty_text == ON_ITS_WAY
    page._said_s = 0.0
    watching._on_told(samples.watched(172, differing=0))
    assert "no variant differs" in page.summary.text() and page.strip._empty_text == NOTHING_YET
    samples.end(watching)
    assert page.strip._empty_text == NOTHING_KEPT


def test_where_and_who_in_words() -> None:
    assert place(samples.disagreement(4, 71.25)) == "at 1 min 11.2 s"
    both = samples.disagreement(4, apart=(Apart("FP32", 1, "FP16"), Apart("FP32", 1, "INT8")))
    assert who(both) == "FP16 and INT8: 1 box"
    lines = described(both, part_names(both.answers, both.apart, ("person", "bicycle", "car")))
    assert lines == "FP32 found car 47 %, FP16 did not\nFP32 found car 47 %, INT8 did not"


# The window --------------------------------------------------------------------------------------------------------------


def watch_button(window: MainWindow) -> QPushButton:
    return next(found for found in window.compare.findChildren(QPushButton) if found.text() == "Watch" and found.isVisible())


@pytest.mark.parametrize("size", [(1600, 900), (1280, 720)])
def test_button_and_shortcut_open_the_page_and_begin(make_window: MakeWindow, qtbot, monkeypatch, size) -> None:
    calls: list[str] = []
    monkeypatch.setattr(Watching, "start", lambda self: calls.append("start"))
    window = make_window(size)
    qtbot.mouseClick(watch_button(window), Qt.MouseButton.LeftButton)
    page = window.commands.doors.watching.page
    assert calls == ["start"] and page.isVisible()
    assert page.width() <= window.width() and page.height() <= window.height()
    page.close()
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert calls == ["start", "start"] and page.isVisible()


def test_while_it_watches_the_window_says_so(window: MainWindow) -> None:
    watching = window.commands.doors.watching.job
    watching._running = True
    watching.runningChanged.emit(True)
    assert window.header._steady.text() == "watching the variants"
    watching._running = False
    watching.runningChanged.emit(False)
    assert window.header._steady.text() != "watching the variants"


def test_closing_the_window_closes_the_page(window: MainWindow, monkeypatch) -> None:
    monkeypatch.setattr(Watching, "start", lambda self: None)
    window.commands.doors.watching.open()
    page = window.commands.doors.watching.page
    assert page.isVisible()
    window.close()
    assert not page.isVisible()
