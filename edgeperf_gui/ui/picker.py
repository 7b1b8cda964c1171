"""A drop-down list whose text is cut with "…" instead of running under the arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionComboBox, QStylePainter, QWidget

from edgeperf_gui.ui import theme


class Picker(QComboBox):
    """Fixed height, any width; the wheel scrolls the panel and never changes a setting by accident."""

    opening = Signal()  # the list is about to be looked at

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._offered: Sequence[tuple[str, Any, str] | None] = ()
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        # the style sheet reaches the rows only through this kind of delegate
        self.setItemDelegate(QStyledItemDelegate(self))

    def minimumSizeHint(self) -> QSize:
        """The least it can do with."""
        return QSize(64, theme.CONTROL_HEIGHT)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel around it."""
        event.ignore()

    def offer(self, items: Sequence[tuple[str, Any, str] | None]) -> None:
        """(text, data, tooltip) a row, None for a line between them. The same again changes nothing, not even an open list."""
        if items == self._offered:
            return
        self._offered = list(items)
        was_open = self.view().isVisible()
        if was_open:
            self.hidePopup()
        self.clear()
        for item in items:
            if item is None:
                self.insertSeparator(self.count())
                continue
            text, data, tip = item
            self.addItem(text, data)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        if was_open:
            self._drop_down()

    def select(self, data: Any) -> None:
        """Show the row with this data, or the first."""
        # findData compares QVariants, which tuples and None do not survive
        self.setCurrentIndex(next((row for row in range(self.count()) if self.itemData(row) == data), 0))

    def showPopup(self) -> None:
        """Open the list."""
        self.opening.emit()
        self._drop_down()

    def _drop_down(self) -> None:
        # long device and file names need more room than the control has
        self.view().setMinimumWidth(max(self.width(), min(self.view().sizeHintForColumn(0) + 48, 480)))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        look = theme.tokens()
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = QRect(10, 0, self.width() - 36, self.height())
        painter.setPen(theme.colour(look.text if self.isEnabled() else look.faint))
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.quiet), 1.4))
        x, y = self.width() - 18.0, self.height() / 2.0
        painter.drawPolyline([QPointF(x - 3.5, y - 1.5), QPointF(x, y + 2), QPointF(x + 3.5, y - 1.5)])
