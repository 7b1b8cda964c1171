"""A box to choose one of several that may all be chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from edgeperf_gui.ui import theme

_TEXT_LEFT = 26


class TickBox(QCheckBox):
    """A kind of box may give its own colour."""

    def __init__(self, name: str, purpose: str, parent: QWidget | None = None) -> None:
        """`purpose`: what it is for, without sight of what stands around it."""
        super().__init__(name, parent)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setAccessibleName(purpose)

    def ink(self) -> str:
        """The box's colour."""
        return theme.tokens().action

    def sizeHint(self) -> QSize:
        """As wide as its name."""
        words = QFontMetricsF(theme.font(theme.BODY)).horizontalAdvance(self.text())
        return QSize(round(words) + _TEXT_LEFT + 2, theme.CONTROL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = theme.tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, shares = QRectF(2.5, self.height() / 2 - 8, 16, 16), 1.0 if self.isEnabled() else 0.35
        painter.setPen(QPen(theme.colour(self.ink(), shares), 1.4))
        painter.setBrush(theme.colour(self.ink(), shares) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            painter.setPen(QPen(theme.colour(theme.ON_BOX), 2))
            x, y = box.left(), box.top()
            painter.drawLine(round(x + 4), round(y + 8), round(x + 7), round(y + 11))
            painter.drawLine(round(x + 7), round(y + 11), round(x + 12), round(y + 5))
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(theme.colour(look.text if self.isEnabled() else look.faint))
        text = QRectF(_TEXT_LEFT, 0, self.width() - _TEXT_LEFT, self.height())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(look.action), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.7, 3.7, -0.7, -3.7), 6, 6)
