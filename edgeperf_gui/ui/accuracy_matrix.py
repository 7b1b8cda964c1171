"""The confusion matrix of a few classes as a heat map: what it was down, what was answered across."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from edgeperf_gui.domain.accuracy import ClassificationAccuracy
from edgeperf_gui.ui import theme

_TOP: Final = 40
_LEAST_CELL: Final = 20
_MOST_CELL: Final = 56
_MOST_NAME: Final = 110


class ConfusionMatrix(QWidget):
    """A cell's strength is its share of the row, its number the images; hover or the arrow keys tell it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: dict[tuple[str, str], int] = {}
        self._at: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Confusion matrix")

    def show_matrix(self, accuracy: ClassificationAccuracy) -> None:
        """Draw this one."""
        self._names = classes_of(accuracy)
        self._counts = {(cell.label, cell.answer): cell.count for cell in accuracy.confusion}
        self._at = None
        wrong = [cell for cell in accuracy.confusion if cell.label != cell.answer]
        self.setAccessibleDescription("; ".join(f"{cell.label} taken for {cell.answer}: {cell.count}" for cell in wrong[:10]))
        self.setMinimumHeight(_TOP + _LEAST_CELL * len(self._names) + 4)
        self.update()

    def told(self) -> str:
        """The chosen cell in words."""
        if self._at is None:
            return ""
        label, answer = self._names[self._at[0]], self._names[self._at[1]]
        count, total = self._counts.get((label, answer), 0), self._total(label)
        answered = "answered right" if label == answer else f"answered “{answer}”"
        return f"{count} of {total} images of “{label}” {answered}"

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(360, 150)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the cell under the pointer."""
        left, cell_width, cell_height = self._measures()
        row, column = int((event.position().y() - _TOP) // cell_height), int((event.position().x() - left) // cell_width)
        inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        self._choose((row, column) if inside else None, event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from cell to cell."""
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step, last = steps.get(Qt.Key(event.key())), len(self._names) - 1
        if step is None or last < 0:
            super().keyPressEvent(event)
            return
        row, column = self._at or (0, 0)
        at = (min(max(row + step[0], 0), last), min(max(column + step[1], 0), last))
        left, width, height = self._measures()
        self._choose(at, self.mapToGlobal(QPoint(round(left + at[1] * width), round(_TOP + (at[0] + 1) * height))))
        self.setAccessibleDescription(self.told())

    def _choose(self, at: tuple[int, int] | None, place: QPoint) -> None:
        if at != self._at:
            self._at = at
            self.update()
            QToolTip.showText(place, self.told(), self)

    def _total(self, label: str) -> int:
        return sum(count for (of, _), count in self._counts.items() if of == label)

    def _measures(self) -> tuple[float, float, float]:
        """Left edge of the cells, and a cell's width and height."""
        metrics, n = QFontMetricsF(theme.font(theme.TINY)), max(len(self._names), 1)
        left = min(max((metrics.horizontalAdvance(name) for name in self._names), default=0.0), _MOST_NAME) + 10
        width, height = (self.width() - left - 4) / n, (self.height() - _TOP - 4) / n
        return left, min(max(width, _LEAST_CELL), _MOST_CELL * 1.6), min(max(height, _LEAST_CELL), _MOST_CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter, look = QPainter(self), theme.tokens()
        left, width, height = self._measures()
        painter.setFont(theme.font(theme.TINY))
        painter.setPen(theme.colour(look.quiet))
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRectF(left, 0, width * len(self._names), 16), int(Qt.AlignmentFlag.AlignLeft), "answered →")
        painter.drawText(QRectF(0, 0, left, 16), int(Qt.AlignmentFlag.AlignLeft), "is ↓")
        for row, label in enumerate(self._names):
            total = self._total(label)
            self._name(painter, QRectF(0, _TOP + row * height, left - 6, height), label, Qt.AlignmentFlag.AlignRight)
            self._name(painter, QRectF(left + row * width, 18, width - 3, 20), label, Qt.AlignmentFlag.AlignHCenter)
            for column, answer in enumerate(self._names):
                count = self._counts.get((label, answer), 0)
                place = QRectF(left + column * width, _TOP + row * height, width - 2, height - 2)
                share = count / total if total else 0.0
                painter.fillRect(place, theme.colour(look.inset))
                if count:
                    painter.fillRect(
                        place, theme.colour(look.passed if row == column else look.failed, round(0.12 + 0.6 * share, 2))
                    )
                    painter.setPen(theme.colour(look.text))
                    painter.drawText(place, centre, str(count))
                if self._at == (row, column):
                    painter.setPen(QPen(theme.colour(look.action), 2))
                    painter.drawRect(place.adjusted(1, 1, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(look.action), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _name(self, painter: QPainter, area: QRectF, text: str, side: Qt.AlignmentFlag) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.setPen(theme.colour(theme.tokens().quiet))
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def classes_of(accuracy: ClassificationAccuracy) -> tuple[str, ...]:
    """Classes that were labelled or answered, the labelled ones first."""
    answered = (cell.answer for cell in accuracy.confusion)
    return tuple(dict.fromkeys((*(row.name for row in accuracy.classes), *answered)))
