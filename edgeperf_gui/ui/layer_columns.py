"""A column a layer, in the order of execution, each of three parts: where the theoretical energy goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from edgeperf_gui.domain.energy import LayerEnergy
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.axis import round_up

_HEAD: Final = 17
_FOOT: Final = 16
_WIDEST: Final = 18.0
_PARTS: Final = (("arithmetic", "arithmetic_mj"), ("weights", "weights_mj"), ("activations", "activations_mj"))


class LayerColumns(QWidget):
    """Hover tells a layer; arrow keys go from one to the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[LayerEnergy, ...] = ()
        self._top = 1.0
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 70)
        self.setAccessibleName("Theoretical energy of each layer, millijoules")

    def show_layers(self, layers: Sequence[LayerEnergy]) -> None:
        """Draw these."""
        if tuple(layers) == self._layers:
            return
        self._layers, self._at = tuple(layers), None
        self._top = round_up(max((layer.energy.total_mj for layer in layers), default=0.0))
        most = sorted(self._layers, key=lambda layer: -layer.energy.total_mj)[:5]
        self.setAccessibleDescription("Most: " + "; ".join(f"{one.name} {_mj(one.energy.total_mj)}" for one in most))
        self.update()

    def told(self) -> str:
        """The layer under the pointer, in words; empty for none."""
        if self._at is None or self._at >= len(self._layers):
            return ""
        layer = self._layers[self._at]
        parts = " · ".join(f"{name} {_mj(getattr(layer.energy, key))}" for name, key in _PARTS)
        return f"{layer.name} ({layer.type}, {layer.precision}): {_mj(layer.energy.total_mj)} = {parts}"

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(300, 130)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the layer there."""
        step = self._step()
        at = int(event.position().x() / step) if step else -1
        self._choose(at if 0 <= at < len(self._layers) else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing under no pointer."""
        self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The next layer."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None or not self._layers:
            super().keyPressEvent(event)
            return
        at = 0 if self._at is None else self._at + step
        self._choose(min(max(at, 0), len(self._layers) - 1))

    def _choose(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self.setToolTip(self.told())
            self.update()

    def _step(self) -> float:
        return min(self.width() / len(self._layers), _WIDEST) if self._layers else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        painter.setFont(theme.font(theme.TINY))
        floor, high = self.height() - _FOOT, self.height() - _FOOT - _HEAD
        painter.setPen(QPen(theme.colour(look.line), 1))
        for share in (0.0, 0.5, 1.0):
            y = round(floor - high * share) + 0.5
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        painter.setPen(Qt.PenStyle.NoPen)
        step = self._step()
        for at, layer in enumerate(self._layers):
            base = float(floor)
            for name, key in _PARTS:
                part = high * getattr(layer.energy, key) / self._top
                painter.setBrush(theme.filled(theme.colour(theme.OPERATORS[name])))
                painter.drawRect(QRectF(at * step, base - part, max(step - 1, 1.0), part))
                base -= part
        if self._at is not None:
            painter.fillRect(QRectF(self._at * step, _HEAD, max(step - 1, 1.0), high), theme.colour(look.text, 0.14))
        painter.setPen(theme.colour(look.faint_text))
        painter.drawText(QPointF(0, 12), f"{self._top:g} mJ · theoretical")
        self._paint_foot(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(look.action), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_foot(self, painter: QPainter) -> None:
        foot = QRectF(0, self.height() - _FOOT + 2, self.width(), _FOOT - 2)
        words = self.told() or f"{len(self._layers)} layers in the order of execution"
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def _mj(value: float) -> str:
    return f"{figures.figure(value)} mJ" if value >= 0.1 else f"{figures.figure(value * 1e3)} µJ"
