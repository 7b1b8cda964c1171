"""Every point in numbers: what both plots show, and what they leave out. A click on a title sorts."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from edgeperf_gui.analysis.trade_off import answer_ms
from edgeperf_gui.domain.sweep import SweepPoint
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.trade_off_marks import draw_mark, stream_ranks
from edgeperf_gui.ui.trade_off_view import TradeOffView
from edgeperf_gui.ui.trade_off_words import COLUMNS, blocks

_ROW: Final = 24
_HEAD: Final = 26
_GAP: Final = 8
_MARK: Final = 24
_NO_VIEW: Final = TradeOffView()
Index = QModelIndex | QPersistentModelIndex
Value = float | str | None


def values(point: SweepPoint) -> tuple[Value, ...]:
    """What the columns hold, in their order; None for unknown."""
    latency = point.latency
    return (
        point.variant,
        point.batch,
        point.streams,
        point.requests,
        *((latency.median_ms, latency.p90_ms, latency.p99_ms) if latency else (None, None, None)),
        point.per_frame_ms,
        point.fps,
        point.batch_wait_ms,
        answer_ms(point),
        point.rss_mb,
        point.compile_ms,
        point.clean_blocks,
    )


def texts(point: SweepPoint) -> tuple[str, ...]:
    """The same as words."""
    shown = [_text(value) for value in values(point)]
    shown[2] = _given(point.streams_asked, point.streams)
    shown[3] = _given(point.requests_asked, point.requests)
    shown[-1] = "failed" if point.sentence else blocks(point)
    return tuple(shown)


class PointTable(QAbstractTableModel):
    """Rows in the order chosen last; `row_of` and `point_at` go between rows and points."""

    def __init__(self) -> None:
        super().__init__()
        self.view = _NO_VIEW
        self._order: list[int] = []
        self._sorting: tuple[int, Qt.SortOrder] | None = None

    def show(self, view: TradeOffView) -> None:
        """These points now."""
        is_same_size = len(view.points) == len(self.view.points)
        self.layoutAboutToBeChanged.emit() if is_same_size else self.beginResetModel()
        self.view = view
        self._order = self._sorted()
        self.layoutChanged.emit() if is_same_size else self.endResetModel()

    def point_at(self, row: int) -> int:
        """Which point stands in a row."""
        return self._order[row]

    def row_of(self, at: int) -> int:
        """In which row a point stands."""
        return self._order.index(at)

    def as_tsv(self) -> str:
        """For a spreadsheet, in the order it stands; empty where unknown."""
        lines = ["\t".join(title for title, _ in COLUMNS)]
        for at in self._order:
            lines.append("\t".join("" if value is None else str(value) for value in values(self.view.points[at])))
        return "\n".join(lines) + "\n"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as points."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as there are columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles and their definitions."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        title, meaning = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int((Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        return {Qt.ItemDataRole.DisplayRole: f"{title} " if section else title, Qt.ItemDataRole.ToolTipRole: meaning}.get(
            Qt.ItemDataRole(role)
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words of a cell, and what it means."""
        at = self._order[index.row()]
        point, column = self.view.points[at], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return "measuring" if at == self.view.under_way and column == len(COLUMNS) - 1 else texts(point)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return point.sentence or self._standing(at)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[column][0]} {texts(point)[column]}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Unknown values stand last either way; column -1 is the sweep's own order."""
        self._sorting = (column, order) if 0 <= column < len(COLUMNS) else None
        self.layoutAboutToBeChanged.emit()
        self._order = self._sorted()
        self.layoutChanged.emit()

    def _sorted(self) -> list[int]:
        points = self.view.points
        if self._sorting is None:
            return list(range(len(points)))
        column, order = self._sorting
        held = [values(point)[column] for point in points]
        known = [at for at, value in enumerate(held) if value is not None]
        unknown = [at for at, value in enumerate(held) if value is None]
        descending = order == Qt.SortOrder.DescendingOrder
        return sorted(known, key=lambda at: held[at], reverse=descending) + unknown  # type: ignore[arg-type,return-value]

    def _standing(self, at: int) -> str:
        if at == self.view.best_at:
            return "The best point for this deadline and rate."
        return "On the front: no other point answers sooner and does more." if at in self.view.front else ""


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PointTable)
        at = model.point_at(index.row())
        view, look, area = model.view, theme.tokens(), QRectF(option.rect)
        if option.state & option.state.State_Selected:
            painter.fillRect(area, theme.colour(look.hover))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), theme.colour(look.line))
        point, text = view.points[at], area.adjusted(1, 0, -4, -1)
        if index.column() == 0:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rank = stream_ranks(view.points).get(point.streams, 0)
            place = area.center()
            place.setX(area.left() + 10)
            draw_mark(painter, place, point.variant, rank, 4.5, faded=not view.meets(at))
            if at == view.best_at:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour(look.action), 2))
                painter.drawEllipse(place, 8, 8)
            text.setLeft(area.left() + _MARK)
        is_told = at in view.front or at == view.best_at
        painter.setFont(theme.font(theme.BODY, 600 if is_told else 400))
        painter.setPen(theme.colour(look.text if point.fps is not None else look.faint_text))
        side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(text, int(side | Qt.AlignmentFlag.AlignVCenter), str(index.data()))


class TradeOffTable(QTableView):
    """`picked` comes when the user picks another row."""

    picked = Signal(int)  # index of the point

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = PointTable()
        self._showing = False
        self.setModel(self.points)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("Points of the sweep; bold: on the front")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setFixedHeight(_HEAD)
        header.setFont(theme.font(theme.QUIET))
        header.setHighlightSections(False)
        header.setMinimumSectionSize(34)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def show_view(self, view: TradeOffView) -> None:
        """These points, with the chosen one's row selected."""
        self._showing = True
        self.points.show(view)
        if view.chosen is None:
            self.selectionModel().clear()
        else:
            index = self.points.index(self.points.row_of(view.chosen), 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self._showing = False
        self._place_columns()

    def sizeHint(self) -> QSize:
        """The size it likes to have."""
        return QSize(500, _HEAD + 8 * _ROW)

    def minimumSizeHint(self) -> QSize:
        """Four rows."""
        return QSize(300, _HEAD + 4 * _ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new width."""
        super().resizeEvent(event)
        self._place_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.points.as_tsv())
            return
        super().keyPressEvent(event)

    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and now.isValid():
            self.picked.emit(self.points.point_at(now.row()))

    def _place_columns(self) -> None:
        """Every column as wide as it needs, what is left shared out."""
        body, head = QFontMetricsF(theme.font(theme.BODY, 600)), QFontMetricsF(theme.font(theme.QUIET))
        rows = [texts(point) for point in self.points.view.points]
        widths = []
        for at, (title, _) in enumerate(COLUMNS):
            longest = max([head.horizontalAdvance(f"{title} "), *(body.horizontalAdvance(row[at]) for row in rows)])
            widths.append(round(longest) + _GAP)
        widths[0] += _MARK
        widths[-1] = max(widths[-1], round(body.horizontalAdvance("measuring")) + _GAP)
        share = max(0, self.viewport().width() - sum(widths)) // len(widths)
        for at, width in enumerate(widths):
            self.horizontalHeader().resizeSection(at, width + share)


def _text(value: Value) -> str:
    if isinstance(value, float):
        return figures.figure(value)
    return figures.UNKNOWN if value is None else str(value)


def _given(asked: int | None, got: int | None) -> str:
    if got is None:
        return figures.UNKNOWN if asked is None else str(asked)
    return str(got) if asked in (None, got) else f"{asked} → {got}"
