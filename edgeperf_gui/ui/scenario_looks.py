"""How often objects are seen, as bars: a bar a number of looks, those that are too few in the colour of failing."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.ui import theme

_FOOT: Final = 16
_HEAD: Final = 28
_WIDEST: Final = 30.0
_MOST_BARS: Final = 24
_TIP: Final = (
    "Of objects that come at any moment: how many get so many looks, from the intervals between the frames that were really"
    " processed. The dashed line is what is needed."
)


class LooksChart(QWidget):
    """As wide as it may be; the axis begins and ends where there are objects, and always shows the number needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: dict[int, float] = {}
        self._needed = 1
        self._why_empty = ""
        self.setToolTip(_TIP)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(66)

    def show_looks(self, looks: dict[int, float], needed: int, why_empty: str) -> None:
        """`looks`: number → share of the objects; `why_empty` is said where there are none."""
        if (looks, needed, why_empty) == (self._looks, self._needed, self._why_empty):
            return
        self._looks, self._needed, self._why_empty = dict(looks), needed, why_empty
        self.setAccessibleName(f"Looks per object: {self.text()}")
        self.update()

    def text(self) -> str:
        """The bars in words."""
        if not self._looks:
            return self._why_empty
        parts = ", ".join(f"{100 * share:.1f} % {first}×" for first, _, share in self._bars() if share >= 0.0005)
        return f"{parts}; needed {self._needed}"

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(240, 92)

    def _bars(self) -> list[tuple[int, int, float]]:
        """(first, last, share): neighbours go together where there are too many numbers for bars of their own."""
        low, high = min(self._looks), max(self._looks)
        first, last = (min(low, self._needed), max(high, self._needed)) if self._is_near() else (low, high)
        step = max(1, math.ceil((last - first + 1) / _MOST_BARS))
        return [
            (at, at + step - 1, sum(self._looks.get(number, 0.0) for number in range(at, at + step)))
            for at in range(first, last + 1, step)
        ]

    def _is_near(self) -> bool:
        """Whether the number needed fits beside the bars with a bar for each number."""
        low, high = min(self._looks), max(self._looks)
        return max(high, self._needed) - min(low, self._needed) < _MOST_BARS

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.TINY))
        if not self._looks:
            painter.setPen(theme.colour(look.faint_text))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), self._why_empty)
            return
        bars = self._bars()
        floor = self.height() - _FOOT
        painter.fillRect(QRectF(0, floor, self.width(), 1), theme.colour(look.line))
        near = self._is_near()
        margin = 0.0 if near else 92.0
        step = min(_WIDEST, (self.width() - margin) / max(len(bars), 4))
        start = margin + (self.width() - margin - step * len(bars)) / 2
        largest = max(share for _, _, share in bars)
        for place, (first, last, share) in enumerate(bars):
            self._paint_bar(painter, QRectF(start + place * step, _HEAD, step, floor - _HEAD), first, last, share / largest)
        self._name_shares(painter, bars, start, step, floor, largest)
        needed_at = start + (self._needed - bars[0][0]) * step if near else 1.0
        self._paint_needed(painter, needed_at, floor, f"needed: {self._needed}" + ("" if near else " ⋯"))

    def _paint_bar(self, painter: QPainter, room: QRectF, first: int, last: int, share: float) -> None:
        look = theme.tokens()
        code = look.failed if last < self._needed else theme.VARIANTS["FP16"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.filled(theme.colour(code)))
        height = max(1.5 if share > 0 else 0.0, room.height() * share)
        painter.drawRoundedRect(QRectF(room.left() + 1.5, room.bottom() - height, room.width() - 3, height), 2, 2)

    def _name_shares(
        self, painter: QPainter, bars: list[tuple[int, int, float]], start: float, step: float, floor: float, largest: float
    ) -> None:
        """The number below its bar, and of few bars the share above."""
        look, metrics = theme.tokens(), QFontMetricsF(painter.font())
        widest = max(metrics.horizontalAdvance(f"{first}×") for first, _, _ in bars)
        every = max(1, math.ceil((widest + 6) / step))
        for at, (first, _, share) in enumerate(bars):
            middle = start + (at + 0.5) * step
            painter.setPen(theme.colour(look.faint_text))
            if at % every == 0:
                words = f"{first}×"
                painter.drawText(QPointF(middle - metrics.horizontalAdvance(words) / 2, floor + 13), words)
            if len(bars) <= 8 and share >= 0.005 and step >= 28:
                words = f"{100 * share:.0f} %"
                top = floor - (floor - _HEAD) * share / largest
                painter.setPen(theme.colour(look.quiet))
                painter.drawText(QPointF(middle - metrics.horizontalAdvance(words) / 2, top - 3), words)

    def _paint_needed(self, painter: QPainter, x: float, floor: float, words: str) -> None:
        look, metrics = theme.tokens(), QFontMetricsF(painter.font())
        painter.setPen(QPen(theme.colour(look.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, 2), QPointF(x, floor))
        width = metrics.horizontalAdvance(words)
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(QPointF(x - 5 - width if x - 5 - width >= 0 else x + 5, 10), words)
