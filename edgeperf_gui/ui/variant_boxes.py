"""A box a variant, to choose some of those that a model has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from edgeperf_gui.domain.card import ModelCard, Precision
from edgeperf_gui.ui import theme

_VARIANTS: Final = cast("tuple[Precision, ...]", tuple(theme.VARIANTS))
_LACKING: Final = "This model has no {} variant yet. The Models page makes INT8: Ctrl+M."


class VariantBox(QCheckBox):
    """A box in the variant's colour."""

    def __init__(self, name: Precision, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._name = name
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setAccessibleName(f"Measure {name}")

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(78, theme.CONTROL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = theme.tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, shares = QRectF(2.5, self.height() / 2 - 8, 16, 16), 1.0 if self.isEnabled() else 0.35
        painter.setPen(QPen(theme.colour(theme.VARIANTS[self._name], shares), 1.4))
        painter.setBrush(theme.colour(theme.VARIANTS[self._name], shares) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            painter.setPen(QPen(theme.colour(theme.ON_BOX), 2))
            x, y = box.left(), box.top()
            painter.drawLine(round(x + 4), round(y + 8), round(x + 7), round(y + 11))
            painter.drawLine(round(x + 7), round(y + 11), round(x + 12), round(y + 5))
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(theme.colour(look.text if self.isEnabled() else look.faint))
        painter.drawText(QRectF(26, 0, self.width() - 26, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(look.action), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.7, 3.7, -0.7, -3.7), 6, 6)


class VariantBoxes:
    """One of each, in the one order of variants; `changed` is called with every choice."""

    def __init__(self, parent: QWidget, changed: Callable[[], None]) -> None:
        self._card: ModelCard | None = None
        self._changed = changed
        self.boxes = {name: VariantBox(name, parent) for name in _VARIANTS}
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self._changed())

    def offer(self, card: ModelCard | None, *, fresh: bool) -> None:
        """Those of this model; with a `fresh` one all are chosen."""
        self._card = card
        for name, box in self.boxes.items():
            box.setEnabled(self._has(name))
            box.setToolTip("" if self._has(name) else _LACKING.format(name))
            if fresh or not self._has(name):
                box.setChecked(self._has(name))
        self._changed()

    def chosen(self) -> tuple[Precision, ...]:
        """The variants that are chosen."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked() and self._has(name))

    def lock(self, locked: bool) -> None:
        """Nothing can be chosen meanwhile."""
        for name, box in self.boxes.items():
            box.setEnabled(not locked and self._has(name))

    def _has(self, name: Precision) -> bool:
        return self._card is not None and name in self._card.variants
