"""Every point in numbers: what both plots show, and what they leave out. A click on a title sorts."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from edgeperf_gui.analysis.trade_off import answer_ms
from edgeperf_gui.domain.sweep import SweepPoint
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.ordered_rows import Columns, Index, OrderedRows, Value
from edgeperf_gui.ui.trade_off_marks import draw_mark, stream_ranks
from edgeperf_gui.ui.trade_off_view import TradeOffView
from edgeperf_gui.ui.trade_off_words import COLUMNS, blocks

_ROW: Final = 24
_HEAD: Final = 26
_GAP: Final = 8
_MARK: Final = 24
_NO_VIEW: Final = TradeOffView()
_LEAST_GAP: Final = 5
_STREAMS, _REQUESTS, _THREADS, _HINT, _WAIT = (
    [title for title, _ in COLUMNS].index(name) for name in ("streams", "requests", "threads", "hint", "wait ms")
)


def values(point: SweepPoint) -> tuple[Value, ...]:
    """What the columns hold, in their order; None for unknown."""
    latency = point.latency
    return (
        point.variant,
        point.batch,
        point.streams,
        point.requests,
        point.threads,
        point.hint,
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
    shown[_STREAMS] = _given(point.streams_asked, point.streams)
    shown[_REQUESTS] = _given(point.requests_asked, point.requests)
    shown[_THREADS] = _given(point.threads_asked, point.threads)
    shown[-1] = "failed" if point.sentence else blocks(point)
    return tuple(shown)


class PointTable(OrderedRows):
    """The points of a view."""

    def __init__(self) -> None:
        super().__init__()
        self.view = _NO_VIEW

    def show(self, view: TradeOffView) -> None:
        """These points now."""
        is_same_size = len(view.points) == len(self.view.points)
        self.layoutAboutToBeChanged.emit() if is_same_size else self.beginResetModel()
        self.view = view
        self._arrange()
        self.layoutChanged.emit() if is_same_size else self.endResetModel()

    def columns(self) -> Columns:
        """Titles and their definitions."""
        return COLUMNS

    def items(self) -> int:
        """As many as points."""
        return len(self.view.points)

    def held(self, column: int) -> list[Value]:
        """What a column holds, point by point."""
        return [values(point)[column] for point in self.view.points]

    def as_tsv(self) -> str:
        """For a spreadsheet, in the order it stands; empty where unknown."""
        lines = ["\t".join(title for title, _ in COLUMNS)]
        for at in self.in_order():
            lines.append("\t".join("" if value is None else str(value) for value in values(self.view.points[at])))
        return "\n".join(lines) + "\n"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words of a cell, and what it means."""
        at = self.item_at(index.row())
        point, column = self.view.points[at], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return "measuring" if at == self.view.under_way and column == len(COLUMNS) - 1 else texts(point)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return point.sentence or self._standing(at)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[column][0]} {texts(point)[column]}"
        return None

    def _standing(self, at: int) -> str:
        if at == self.view.best_at:
            return "The best point for this deadline and rate."
        return "On the front: no other point answers sooner and does more." if at in self.view.front else ""


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, PointTable)
        at = model.item_at(index.row())
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
        told = {
            _THREADS: any(point.threads_asked is not None for point in view.points),
            _HINT: any(point.hint != "none" for point in view.points),
            _WAIT: any(point.batch_wait_ms is not None for point in view.points),
        }
        for column, is_told in told.items():
            self.setColumnHidden(column, not is_told)
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
            self.picked.emit(self.points.item_at(now.row()))

    def _place_columns(self) -> None:
        """Every column in sight as wide as it needs, what is left shared out; what lacks is taken from the gaps."""
        body, head = QFontMetricsF(theme.font(theme.BODY, 600)), QFontMetricsF(theme.font(theme.QUIET))
        rows = [texts(point) for point in self.points.view.points]
        widths = []
        for at, (title, _) in enumerate(COLUMNS):
            mark = 0 if at else _MARK  # beside the words, and below the title
            longest = max([head.horizontalAdvance(f"{title} "), *(mark + body.horizontalAdvance(row[at]) for row in rows)])
            widths.append(round(longest) + _GAP)
        if self.points.view.under_way is not None:
            widths[-1] = max(widths[-1], round(body.horizontalAdvance("measuring")) + _GAP)
        seen = [at for at in range(len(widths)) if not self.isColumnHidden(at)]
        left = self.viewport().width() - sum(widths[at] for at in seen)
        share = max(left // len(seen), _LEAST_GAP - _GAP)
        for at in seen:
            self.horizontalHeader().resizeSection(at, widths[at] + share)


def _text(value: Value) -> str:
    if isinstance(value, float):
        return figures.figure(value)
    return figures.UNKNOWN if value is None else str(value)


def _given(asked: int | None, got: int | None) -> str:
    if got is None:
        return figures.UNKNOWN if asked is None else str(asked)
    return str(got) if asked in (None, got) else f"{asked} → {got}"
