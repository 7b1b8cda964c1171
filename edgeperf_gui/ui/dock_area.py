"""The docks around the picture: their default places, and where the user left them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from edgeperf_gui.domain import places
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.card import Card

LAYOUT_VERSION: Final = 1
"""Raise it when a card is added or renamed: an older layout is then not restored."""

_GEOMETRY, _LAYOUT = "window/geometry", "window/docks"
_LEFT: Final = 254
_RIGHT_SHARE: Final = 0.345
_RIGHT_LEAST: Final = 380
_LOW: Final = 700
_STAGES_SHARE: Final = {False: 0.545, True: 0.60}
_TRUTH_SHARE: Final = {False: 0.555, True: 0.675}
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
        areas = Qt.DockWidgetArea
        self.setCorner(Qt.Corner.TopLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.TopRightCorner, areas.RightDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        self._place()

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

    def restore_once(self, window: QWidget) -> None:
        """At the first show: the window's size and the docks as they were left, or the defaults when that cannot be read."""
        if self._restored:
            return
        self._restored = True
        kept = _kept()
        geometry, layout = kept.value(_GEOMETRY), kept.value(_LAYOUT)
        if isinstance(geometry, QByteArray) and not self._size_given:
            window.restoreGeometry(geometry)
        self._share_out()
        if isinstance(layout, QByteArray) and not self.restoreState(layout, LAYOUT_VERSION):
            self.reset()

    def save(self, window: QWidget) -> None:
        """Remember both. A file that cannot be written costs only the memory."""
        kept = _kept()
        kept.setValue(_GEOMETRY, window.saveGeometry())
        kept.setValue(_LAYOUT, self.saveState(LAYOUT_VERSION))
        kept.sync()

    def _place(self) -> None:
        areas, cards = Qt.DockWidgetArea, self._cards
        self.addDockWidget(areas.LeftDockWidgetArea, cards["session"])
        self.addDockWidget(areas.BottomDockWidgetArea, cards["stages"])
        self.addDockWidget(areas.RightDockWidgetArea, cards["truth"])
        self.splitDockWidget(cards["truth"], cards["throughput"], Qt.Orientation.Vertical)
        self.splitDockWidget(cards["throughput"], cards["age"], Qt.Orientation.Horizontal)
        for card in cards.values():
            card.show()

    def _share_out(self) -> None:
        """The default sizes for the room there is."""
        cards, room = self._cards, self._room()
        low = room.height() < _LOW
        right = max(_RIGHT_LEAST, round(room.width() * _RIGHT_SHARE))
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([cards["session"], cards["truth"]], [_LEFT, right], across)
        self.resizeDocks([cards["throughput"], cards["age"]], [right // 2, right // 2], across)
        self.resizeDocks([cards["stages"]], [round(room.height() * _STAGES_SHARE[low])], down)
        truth = round(room.height() * _TRUTH_SHARE[low])
        self.resizeDocks([cards["truth"], cards["throughput"]], [truth, room.height() - truth - theme.BETWEEN], down)

    def _room(self) -> QSize:
        return self.contentsRect().size()


def _kept() -> QSettings:
    file = places.geometry_file()
    # without a folder nothing is kept, which is no reason to fail
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    return QSettings(str(file), QSettings.Format.IniFormat)
