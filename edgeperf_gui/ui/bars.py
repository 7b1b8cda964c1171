"""Lines of a name, a bar and a number, the bars drawn to one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui import theme

_BAR: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One line; without a value it says `note` in the place of bar and number."""

    name: str
    value: float | None
    number: str = ""
    unit: str = ""
    note: str = ""
    """Quiet words after the name."""
    colour: str | None = None
    """A dot before the name and the bar's colour; None: a plain bar."""


class Bars(QWidget):
    """As high as it has lines."""

    def __init__(self, name: str, name_width: int, parent: QWidget | None = None, *, line: int = 26) -> None:
        super().__init__(parent)
        self._title = name
        self._name_width = name_width
        self._line = line
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these, from the top."""
        self._bars = tuple(bars)
        self.setAccessibleName(f"{self._title}: {self.text()}")
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """All lines in words."""
        lines = (f"{bar.name} {bar.number} {bar.unit} {bar.note}" for bar in self._bars)
        return ", ".join(" ".join(line.split()) for line in lines)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(240, self._line * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        """The least it can do with."""
        return QSize(160, self._line * len(self._bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        largest = max((bar.value or 0.0 for bar in self._bars), default=0.0) or 1.0
        for row, bar in enumerate(self._bars):
            self._paint_bar(painter, bar, row * self._line, largest)

    def _paint_bar(self, painter: QPainter, bar: Bar, top: int, largest: float) -> None:
        look = theme.tokens()
        base, x = top + self._line / 2 + 4.5, 0.0
        if bar.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(bar.colour))
            painter.drawEllipse(QRectF(0, top + self._line / 2 - 4, 8, 8))
            x = 14.0
        if bar.value is None:
            painter.setOpacity(0.75)
        face = theme.font(theme.QUIET, 600 if bar.colour else 400)
        x = _say(painter, x, base, self._name_width - 6, bar.name, face, look.text if bar.colour else look.quiet)
        painter.setOpacity(1.0)
        note_room = self.width() if bar.value is None else self._name_width - 6
        _say(painter, x + 8, base, note_room, bar.note, theme.font(theme.TINY), look.faint_text)
        if bar.value is None:
            return
        number, unit = theme.font(theme.QUIET, 600), theme.font(theme.TINY)
        right = self._name_width + max(0.0, self.width() - self._name_width - 74)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(bar.colour or look.faint))
        width = max(2.0, (right - self._name_width) * bar.value / largest)
        painter.drawRoundedRect(QRectF(self._name_width, top + self._line / 2 - _BAR / 2, width, _BAR), 2, 2)
        after = _say(painter, right + 10, base, self.width(), bar.number, number, look.text)
        _say(painter, after + 3, base, self.width(), bar.unit, unit, look.faint_text)


def _say(painter: QPainter, left: float, base: float, right: float, text: str, face: object, code: str) -> float:
    painter.setFont(face)  # type: ignore[arg-type]
    painter.setPen(theme.colour(code))
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, right - left))
    painter.drawText(round(left), round(base), shown)
    return left + metrics.horizontalAdvance(shown)
