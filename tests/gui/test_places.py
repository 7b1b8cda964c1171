"""Where the window, floating cards and labels stand."""

from __future__ import annotations

import pytest
from conftest import MakeWindow
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.boxes import free_place
from edgeperf_gui.ui.dock_area import fitted

SMALL = QRect(0, 0, 1280, 720)
PICTURE = QRectF(0, 0, 400, 300)


@pytest.mark.parametrize(
    "wanted",
    [QRect(0, 0, 1600, 900), QRect(3000, 100, 1200, 700), QRect(-500, -300, 1280, 720), QRect(100, 600, 800, 400)],
)
def test_a_window_is_brought_onto_the_screen_there_is(wanted: QRect) -> None:
    found = fitted(wanted, SMALL)
    assert SMALL.contains(found)
    assert found.top() >= 32, "its title bar is in sight, too"


def test_a_window_that_fits_stays(qapp) -> None:
    for wanted in (QRect(0, 0, 1280, 720), QRect(100, 80, 900, 600)):
        assert fitted(wanted, SMALL) == wanted
    second = QRect(1280, 0, 1920, 1080)
    assert fitted(QRect(1300, 10, 1600, 900), second) == QRect(1300, 10, 1600, 900)


def test_without_a_size_it_asks_for_no_more_than_the_screen_has(make_window: MakeWindow) -> None:
    window = make_window(None)
    room = window.screen().availableGeometry()
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert window.width() <= max(room.width(), least.width())
    assert window.height() <= max(room.height(), least.height())


def test_a_floating_card_comes_back_before_its_window_with_an_edge_to_see_and_a_title_to_move_it_by(
    make_window: MakeWindow,
) -> None:
    first = make_window()
    first.age.setFloating(True)
    first.age.setGeometry(60, 60, 320, 240)
    QApplication.processEvents()
    first.close()
    second = make_window()
    card = second.age
    assert card.isFloating() and card.isVisible()
    assert card.windowHandle().transientParent() is second.windowHandle()
    QApplication.processEvents()
    edge = QColor(theme.tokens().faint)
    picture = card.grab().toImage()
    assert picture.pixelColor(0, picture.height() // 2) == edge
    assert picture.pixelColor(picture.width() // 2, picture.height() - 1) == edge
    before = card.pos()
    handle = QPoint(40, 18)
    QTest.mousePress(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle)
    QTest.mouseMove(card, handle + QPoint(30, 30))
    QTest.mouseMove(card, handle + QPoint(90, 70))
    QApplication.processEvents()
    assert card.pos() != before
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle)


def test_labels_that_would_cover_each_other_move_or_go() -> None:
    taken = []
    for box in (QRectF(50, 100, 80, 60), QRectF(55, 102, 80, 60), QRectF(52, 101, 80, 60), QRectF(51, 103, 80, 60)):
        place = free_place(box, 70, PICTURE, taken)
        if place is not None:
            assert not any(
                place[0] < other[2] and other[0] < place[2] and place[1] < other[3] and other[1] < place[3] for other in taken
            )
            taken.append(place)
    assert taken[0][1] == 84, "the best stands above its box"
    assert len(taken) == 3, "above, inside, below; then there is no place left"


def test_a_label_stays_in_the_picture() -> None:
    for box in (QRectF(-20, 0, 60, 40), QRectF(390, 0, 10, 290), QRectF(10, 290, 50, 10)):
        left, top, right, bottom = free_place(box, 70, PICTURE, [])
        assert left >= 0 and top >= 0 and right <= 400 and bottom <= 301
