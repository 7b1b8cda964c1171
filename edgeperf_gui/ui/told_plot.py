"""A plot that tells the values of its marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui.plot_frame import draw_focus


class ToldPlot(QWidget):
    """Tells the mark under the pointer; arrow keys go from mark to mark. Drawn alike on the screen and for files.

    A plot says which mark is where (`_under`) and in which order the arrows go through them (`_order`).
    """

    def __init__(self, name: str, least: tuple[int, int], parent: QWidget | None = None) -> None:
        """`name` says what it shows against what; `least` is a width and a height in pixels."""
        super().__init__(parent)
        self._at: int | None = None  # under the pointer
        self.empty_text = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*least)
        self.setAccessibleName(name)

    def draw(self, painter: QPainter) -> None:
        """Paint it, as on the screen; also for files."""
        raise NotImplementedError

    def _under(self, place: QPointF) -> int | None:
        raise NotImplementedError

    def _order(self) -> Sequence[int]:
        raise NotImplementedError

    def _now(self) -> int | None:
        """Where the arrows set out from."""
        return self._at

    def _go(self, at: int) -> None:
        """The arrows have come to this mark."""
        self._tell(at)

    def _tell(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the mark under the pointer."""
        self._tell(self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing under no pointer."""
        self._tell(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next mark."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        order, now = self._order(), self._now()
        if step is None or not order:
            super().keyPressEvent(event)
            return
        at = order.index(now) + step if now in order else 0
        self._go(order[min(max(at, 0), len(order) - 1)])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        self.draw(painter)
        draw_focus(painter, self)


class ChoicePlot(ToldPlot):
    """One of its marks can be chosen, by a click or by the arrow keys."""

    chosen = Signal(object)  # index of a mark, or None

    def __init__(self, name: str, least: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(name, least, parent)
        self._chosen: int | None = None

    @property
    def _shown(self) -> int | None:
        """The mark whose values are told: the one under the pointer, else the chosen one."""
        return self._chosen if self._at is None else self._at

    def choose(self, at: int | None) -> None:
        """Tell of this mark."""
        self._chosen = at
        self.update()

    def _now(self) -> int | None:
        return self._chosen

    def _go(self, at: int) -> None:
        self.chosen.emit(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a mark."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._under(event.position()))
