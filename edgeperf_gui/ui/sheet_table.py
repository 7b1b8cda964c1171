"""A sheet as a table: names to the left, numbers to the right, quiet intervals below them; sortable when asked for."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.ordered_rows import Columns, Index, OrderedRows, Value
from edgeperf_gui.ui.sheet import Cell, Sheet

_ROW: Final = 28
_TWO_LINES: Final = 40
_HEAD: Final = 26
_GAP: Final = 13
_NAME_LEAST: Final = 84
_EMPTY: Final = Sheet("", (), ())


class _Model(OrderedRows):
    """A sheet's rows."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = _EMPTY

    def show(self, sheet: Sheet) -> None:
        self.beginResetModel()
        if sheet.columns != self.sheet.columns:
            self._sorting = None
        self.sheet = sheet
        self._arrange()
        self.endResetModel()

    def columns(self) -> Columns:
        return self.sheet.columns

    def items(self) -> int:
        return len(self.sheet.rows)

    def held(self, column: int) -> list[Value]:
        return [row[column].value for row in self.sheet.rows]

    def cell(self, index: Index) -> Cell:
        return self.sheet.rows[self.item_at(index.row())][index.column()]

    def dot(self, index: Index) -> str | None:
        row = self.item_at(index.row())
        return self.sheet.dots[row] if index.column() == 0 and row < len(self.sheet.dots) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or self.sheet.columns[index.column()][1]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.sheet.columns[index.column()][0]} {cell.text} {cell.below}".strip()
        return None


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        look, cell, area = theme.tokens(), model.cell(index), QRectF(option.rect)
        if option.state & option.state.State_Selected:
            painter.fillRect(area, theme.colour(look.hover))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), theme.colour(look.line))
        if option.state & option.state.State_HasFocus:
            painter.setPen(QPen(theme.colour(look.action), 1))
            painter.drawRect(area.adjusted(0.5, 0.5, -1.5, -1.5))
        side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
        text = area.adjusted(2, 0, -4, -1)
        if dot := model.dot(index):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(dot))
            painter.drawEllipse(QPointF(area.left() + 6, area.center().y()), 4, 4)
            text.setLeft(area.left() + 16)
        weight = 600 if dot else 400
        if cell.below:
            upper, lower = QRectF(text), QRectF(text)
            upper.setBottom(area.center().y() + 4)
            lower.setTop(area.center().y() + 3)
            _write(painter, lower, cell.below, side, theme.TINY, 400, look.faint_text)
            text = upper
        _write(painter, text, cell.text, side, theme.BODY, weight, look.faint_text if cell.value is None else look.text)


def _write(painter: QPainter, area: QRectF, text: str, side: Qt.AlignmentFlag, size: int, weight: int, colour: str) -> None:
    painter.setFont(theme.font(size, weight))
    painter.setPen(theme.colour(colour))
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


class SheetTable(QTableView):
    """`grows`: as high as its rows; otherwise it scrolls, and a click on a title sorts."""

    def __init__(self, parent: QWidget | None = None, *, grows: bool = True) -> None:
        super().__init__(parent)
        self._grows = grows
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        header = self.horizontalHeader()
        header.setFixedHeight(_HEAD)
        header.setFont(theme.font(theme.QUIET))
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(not grows)
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            header.setSectionsClickable(False)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show this one."""
        if sheet == self._model.sheet:
            return
        is_other = sheet.columns != self._model.sheet.columns
        self._model.show(sheet)
        row = _TWO_LINES if any(cell.below for cells in sheet.rows for cell in cells) else _ROW
        self.verticalHeader().setDefaultSectionSize(row)
        if self._grows:
            self.setFixedHeight(_HEAD + row * len(sheet.rows) + 2)
        elif is_other:  # with every new number the order that somebody chose would go
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName(sheet.name)
        self.setAccessibleDescription("; ".join(", ".join(row) for row in sheet.as_rows()[:5]))
        self._place_columns()

    def text(self) -> str:
        """What stands there, in the order it stands."""
        columns = range(self._model.columnCount())
        rows = ([self._model.cell(self._model.index(row, at)) for at in columns] for row in range(self._model.rowCount()))
        return "\n".join(" ".join(f"{cell.text} {cell.below}".strip() for cell in row) for row in rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new width."""
        super().resizeEvent(event)
        self._place_columns()

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(300, self.maximumHeight() if self._grows else 150)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the table; numbers sort by its column."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._model.sheet.as_tsv())
            return
        digit = event.text()
        if not self._grows and digit.isdecimal() and 1 <= int(digit) <= self._model.columnCount():
            column, header = int(digit) - 1, self.horizontalHeader()
            again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            self.sortByColumn(column, Qt.SortOrder.AscendingOrder if again else Qt.SortOrder.DescendingOrder)
            return
        super().keyPressEvent(event)

    def _place_columns(self) -> None:
        """Every column as wide as it needs, the first with what is left."""
        sheet = self._model.sheet
        if not sheet.columns:
            return
        body, tiny, head = (QFontMetricsF(theme.font(size)) for size in (theme.BODY, theme.TINY, theme.QUIET))
        sign = 2 if not self._grows else 0
        widths = []
        for at, (title, _) in enumerate(sheet.columns):
            texts = [max(body.horizontalAdvance(row[at].text), tiny.horizontalAdvance(row[at].below)) for row in sheet.rows]
            widths.append(round(max([head.horizontalAdvance(title) + sign, *texts])) + _GAP)
        left = self.viewport().width() - sum(widths[1:])
        numbers = len(widths) - 1
        if self._grows and numbers:  # a wide gap after the names reads worse than wide columns
            share = max(0, left - max(widths[0], _NAME_LEAST)) // (numbers + 1)
            widths = [widths[0], *(width + share for width in widths[1:])]
            left = self.viewport().width() - sum(widths[1:])
        widths[0] = max(left, min(widths[0] + 16, _NAME_LEAST))
        for at, width in enumerate(widths):
            self.horizontalHeader().resizeSection(at, width)
