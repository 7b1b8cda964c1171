"""A table's rows in the order that was chosen last by a click on a title; unknown values stand last either way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Value = float | int | str | None
Columns = Sequence[tuple[str, str]]
"""Titles and their definitions."""


class OrderedRows(QAbstractTableModel):
    """A kind of table gives its columns, and the values of a column to sort by; rows are told from items by number."""

    def __init__(self) -> None:
        super().__init__()
        self._order: list[int] = []
        self._sorting: tuple[int, Qt.SortOrder] | None = None

    def columns(self) -> Columns:
        """What stands over them."""
        raise NotImplementedError

    def held(self, column: int) -> Sequence[Value]:
        """The values of a column in the items' own order; None for unknown."""
        raise NotImplementedError

    def items(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def item_at(self, row: int) -> int:
        """Which item stands in a row."""
        return self._order[row]

    def row_of(self, item: int) -> int:
        """In which row an item stands."""
        return self._order.index(item)

    def in_order(self) -> tuple[int, ...]:
        """The items from the first row on."""
        return tuple(self._order)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """A row an item."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as there are titles."""
        return 0 if parent.isValid() else len(self.columns())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles and their definitions."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        title, meaning = self.columns()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int((Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        return {Qt.ItemDataRole.DisplayRole: f"{title} " if section else title, Qt.ItemDataRole.ToolTipRole: meaning}.get(
            Qt.ItemDataRole(role)
        )

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column's values; one that does not exist stands for the items' own order."""
        self._sorting = (column, order) if 0 <= column < len(self.columns()) else None
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        """Put the items into the order chosen last; for those who change them, within a reset or a change of the layout."""
        if self._sorting is None:
            self._order = list(range(self.items()))
            return
        column, order = self._sorting
        held = self.held(column)
        known = [item for item, value in enumerate(held) if value is not None]
        unknown = [item for item, value in enumerate(held) if value is None]
        descending = order == Qt.SortOrder.DescendingOrder
        self._order = sorted(known, key=lambda item: _key(held[item]), reverse=descending) + unknown


def _key(value: Value) -> tuple[bool, float, str]:
    return (True, 0.0, value.casefold()) if isinstance(value, str) else (False, float(value or 0.0), "")
