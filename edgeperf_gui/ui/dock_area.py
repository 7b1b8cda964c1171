"""The docks around the picture: their default places, and where the user left them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget, QWidget

from edgeperf_gui.domain import places
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.card import Card

LAYOUT_VERSION: Final = 4
"""Raise it when a card is added or renamed: an older layout is then not restored."""

_GEOMETRY, _LAYOUT, _ABSENT = "window/geometry", "window/docks", "window/absent"
_FRAME: Final = QMargins(0, 32, 0, 0)
"""A title bar of the system, of which Qt knows nothing before the window is shown."""
_LEFT: Final = 254
_RIGHT_SHARE: Final = 0.345
_RIGHT_LEAST: Final = 380
_LOW: Final = 700
_STAGES_SHARE: Final = {False: 0.545, True: 0.57}
_COMPARE_SHARE: Final = {False: 0.625, True: 0.665}
"""Shares of the height, by whether there is little of it."""


class DockArea(QMainWindow):
    """Movable, floatable, hideable cards; the picture stays in the middle."""

    def __init__(self, centre: QWidget, cards: Sequence[Card]) -> None:
        super().__init__()
        self._cards = {card.objectName(): card for card in cards}
        self._restored = False
        self._size_given = False
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setContentsMargins(theme.BETWEEN, theme.BETWEEN, theme.BETWEEN, theme.BETWEEN)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setCentralWidget(centre)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        areas = Qt.DockWidgetArea
        self.setCorner(Qt.Corner.TopLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.TopRightCorner, areas.RightDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        self._place()
        for card in self._cards.values():
            # where a tab names the card, its own title would say it twice
            card.visibilityChanged.connect(self._name_once)
            card.topLevelChanged.connect(self._name_once)

    def reset(self) -> None:
        """All cards back to their default places."""
        for card in self._cards.values():
            card.setFloating(False)
            self.removeDockWidget(card)
        self._place()
        self._share_out()

    def keep_size(self) -> None:
        """The window's size was asked for: only the docks are restored."""
        self._size_given = True

    def restore_geometry(self, window: QWidget) -> None:
        """Before the first show: where the window stood, as far as the screens of today have room for it."""
        geometry = _kept().value(_GEOMETRY)
        if isinstance(geometry, QByteArray) and not self._size_given:
            window.restoreGeometry(geometry)
        if not self._size_given and not window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            window.setGeometry(fitted(window.geometry(), window.screen().availableGeometry()))

    def restore_once(self) -> None:
        """At the first show: the docks as they were left, or the defaults when that cannot be read."""
        if self._restored:
            return
        self._restored = True
        layout = _kept().value(_LAYOUT)
        self._share_out()
        if isinstance(layout, QByteArray) and not self.restoreState(layout, LAYOUT_VERSION):
            self.reset()
        for key in _words(_kept().value(_ABSENT)):
            if key in self._cards:  # nobody hid it: there was no such card when the layout was kept
                self._cards[key].show()
        for card in self._cards.values():
            if card.isFloating():
                self._keep_in_sight(card)

    def _keep_in_sight(self, card: Card) -> None:
        """A card that floats belongs to the window: in front of it, and on a screen that exists."""
        screen = QGuiApplication.screenAt(card.geometry().center()) or self.screen()
        card.setGeometry(fitted(card.geometry(), screen.availableGeometry(), frame=QMargins()))
        own, windows = card.windowHandle(), self.window().windowHandle()
        if own is not None and windows is not None:
            own.setTransientParent(windows)
        card.raise_()

    def save(self, window: QWidget) -> None:
        """Remember both. A file that cannot be written costs only the memory."""
        kept = _kept()
        kept.setValue(_GEOMETRY, window.saveGeometry())
        kept.setValue(_LAYOUT, self.saveState(LAYOUT_VERSION))
        kept.setValue(_ABSENT, " ".join(key for key, card in self._cards.items() if not card.is_offered))
        kept.sync()

    def _place(self) -> None:
        areas, cards = Qt.DockWidgetArea, self._cards
        self.addDockWidget(areas.LeftDockWidgetArea, cards["session"])
        self.addDockWidget(areas.BottomDockWidgetArea, cards["stages"])
        self.addDockWidget(areas.RightDockWidgetArea, cards["compare"])
        self.splitDockWidget(cards["compare"], cards["throughput"], Qt.Orientation.Vertical)
        self.splitDockWidget(cards["throughput"], cards["age"], Qt.Orientation.Horizontal)
        self.tabifyDockWidget(cards["compare"], cards["truth"])
        self.tabifyDockWidget(cards["truth"], cards["energy"])
        self.tabifyDockWidget(cards["energy"], cards["scene"])
        for card in cards.values():
            card.show()
        cards["compare"].raise_()

    def _name_once(self, *_: object) -> None:
        for card in self._cards.values():
            card.show_title(card.isFloating() or not self.tabifiedDockWidgets(card))
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setFont(theme.font(theme.QUIET, 600))
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setDrawBase(False)

    def _share_out(self) -> None:
        """The default sizes for the room there is."""
        cards, room = self._cards, self._room()
        low = room.height() < _LOW
        right = max(_RIGHT_LEAST, round(room.width() * _RIGHT_SHARE))
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([cards["session"], cards["compare"]], [_LEFT, right], across)
        self.resizeDocks([cards["throughput"], cards["age"]], [right // 2, right // 2], across)
        self.resizeDocks([cards["stages"]], [round(room.height() * _STAGES_SHARE[low])], down)
        compare = round(room.height() * _COMPARE_SHARE[low])
        self.resizeDocks([cards["compare"], cards["throughput"]], [compare, room.height() - compare - theme.BETWEEN], down)

    def _room(self) -> QSize:
        return self.contentsRect().size()


def fitted(wanted: QRect, room: QRect, frame: QMargins = _FRAME) -> QRect:
    """The rectangle made as small and moved as far as it must be to stand in the room; where it must, with its frame."""
    if room.isEmpty() or room.contains(wanted):
        return wanted
    inner = room.marginsRemoved(frame)
    size = wanted.size().boundedTo(inner.size())
    left = min(max(wanted.left(), inner.left()), inner.right() - size.width() + 1)
    top = min(max(wanted.top(), inner.top()), inner.bottom() - size.height() + 1)
    return QRect(QPoint(left, top), size)


def _words(value: object) -> list[str]:
    """What a file may have instead is none."""
    return value.split() if isinstance(value, str) else []


def _kept() -> QSettings:
    file = places.geometry_file()
    # without a folder nothing is kept, which is no reason to fail
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    return QSettings(str(file), QSettings.Format.IniFormat)
