"""Text in runs of different weight and quietness, on one line: the number loud, its unit quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.inset import paint_inset

Role = Literal["text", "quiet", "faint_text", "action_text", "passed_text", "undecided_text", "failed_text"]
_DOT: Final = 8.0


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; with `dot`, a coloured dot stands before it."""

    text: str
    role: Role = "text"
    weight: int = 400
    size: int | None = None
    """Pixels; None: the widget's size."""
    dot: str | None = None


def plain(runs: Iterable[Run]) -> str:
    """What a screen reader says."""
    return "".join(run.text for run in runs).strip()


class Words(QWidget):
    """One line of runs, elided at its end when there is too little room; repaints only when the words change."""

    padding = 0

    def __init__(
        self,
        runs: Iterable[Run] = (),
        parent: QWidget | None = None,
        *,
        size: int = theme.QUIET,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        fills: bool = False,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._align = align
        self._runs: tuple[Run, ...] = ()
        self._fills = fills
        self._natural = 0
        policy = QSizePolicy.Policy.Ignored if fills else QSizePolicy.Policy.Preferred
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self.say(runs)

    def say(self, runs: Iterable[Run]) -> None:
        """Show these runs."""
        wanted = tuple(run for run in runs if run.text or run.dot)
        if wanted == self._runs:
            return
        self._runs = wanted
        self.setAccessibleName(plain(wanted))
        natural = round(sum(self._width(run) for run in wanted) + 0.499) + 2 * self.padding
        if natural != self._natural:
            self._natural = natural
            if not self._fills:
                self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words without their styles."""
        return plain(self._runs)

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(self._natural, self._height())

    def minimumSizeHint(self) -> QSize:
        """The least it can do with."""
        return QSize(0 if self._fills else min(self._natural, 40), self._height())

    def _height(self) -> int:
        return round(max([self._size, *(run.size or 0 for run in self._runs)]) * 1.5)

    def _metrics(self, run: Run) -> QFontMetricsF:
        return QFontMetricsF(theme.font(run.size or self._size, run.weight))

    def _width(self, run: Run) -> float:
        return self._metrics(run).horizontalAdvance(run.text) + (_DOT + 6 if run.dot else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(self.padding, 0, -self.padding, 0)
        self._paint_ground(painter)
        x = area.left()
        if self._align & Qt.AlignmentFlag.AlignRight:
            x = max(x, area.right() - (self._natural - 2 * self.padding))
        largest = max((run.size or self._size for run in self._runs), default=self._size)
        base = area.center().y() + largest * 0.36
        for run in self._runs:
            x = self._paint_run(painter, run, x, base, area.right())

    def _paint_run(self, painter: QPainter, run: Run, x: float, base: float, right: float) -> float:
        look = theme.tokens()
        if run.dot and x + _DOT <= right:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(run.dot))
            middle = base - (run.size or self._size) * 0.36
            painter.drawEllipse(QRectF(x, middle - _DOT / 2, _DOT, _DOT))
            x += _DOT + 6
        if x >= right:
            return x
        metrics = self._metrics(run)
        text, width = run.text, metrics.horizontalAdvance(run.text)
        if x + width > right + 0.5:
            text = metrics.elidedText(run.text, Qt.TextElideMode.ElideRight, right - x)
            width = right - x
        painter.setFont(theme.font(run.size or self._size, run.weight))
        painter.setPen(theme.colour(getattr(look, run.role)))
        painter.drawText(QPointF(x, base), text)
        return x + width

    def _paint_ground(self, painter: QPainter) -> None:
        """Nothing lies under plain words."""


class Chip(Words):
    """Words on a small rounded ground."""

    padding = 10

    def _height(self) -> int:
        return 28

    def _paint_ground(self, painter: QPainter) -> None:
        paint_inset(painter, self)


class Tile(QWidget):
    """A label above a number with its quiet unit; the tooltip says what the number means."""

    def __init__(self, label: str, definition: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._number = "–"
        self._unit = ""
        self.setToolTip(definition)
        self.setAccessibleDescription(definition)
        self.setFixedHeight(42)
        self.setMinimumWidth(56)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, number: str, unit: str = "", label: str | None = None) -> None:
        """Show this number; "–" for unknown."""
        wanted = (label or self._label, number, unit)
        if wanted != (self._label, self._number, self._unit):
            self._label, self._number, self._unit = wanted
            self.setAccessibleName(f"{self._label}: {number} {unit}".strip())
            self.update()

    def text(self) -> str:
        """Label, number and unit."""
        return f"{self._label}: {self._number} {self._unit}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setFont(theme.font(theme.QUIET))
        painter.setPen(theme.colour(look.quiet))
        label = painter.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(0, 14, label)
        painter.setFont(theme.font(theme.NUMBER, 600))
        painter.setPen(theme.colour(look.text if self._number != "–" else look.faint_text))
        number = painter.fontMetrics().elidedText(self._number, Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(0, 35, number)
        after = painter.fontMetrics().horizontalAdvance(number) + 4
        painter.setFont(theme.font(theme.TINY))
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(after, 35, self._unit)


class Rule(QWidget):
    """A line one pixel thick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.tokens().line))
