"""Where the time of a frame goes: the stacked chart, and the table that says the same in numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from edgeperf_gui.analysis.batches import unheld_ns
from edgeperf_gui.domain.records import BATCH_WAIT, STAGES, stages_of
from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.live.session_store import FIRST_FRAMES, STATISTICS_FRAMES, SessionStore
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.stacked_plot import StackedPlot
from edgeperf_gui.ui.standing import empty_words
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.timeline import timeline
from edgeperf_gui.ui.words import Run

SPAN_S: Final = 8.0
ROWS: Final = (*STAGES, "age")
"""As long as no frames are answered together."""
_COLUMNS: Final = ("stage", "median", "p90", "p95", "p99", "max", "n")
_ROW_HEIGHT: Final = 23
_ROW_HEIGHTS: Final = ((390, _ROW_HEIGHT), (330, 20), (0, 18))
"""Least height of the panel for rows of such a height."""
_LOWEST_ROW: Final = 18
_NAME_WIDTHS: Final = (122, 96)
_P99_WIDTHS: Final = (88, 56)
"""With room, and in a narrow dock."""
_NUMBER_WIDTH: Final = 51
_NARROW: Final = 310
_SHORT_TITLE: Final = "Stages, ms per frame"
"""Where the whole one would run into the note beside it."""
_DROPPED: Final = ("p90", "p95", "n", "max", "p99")
"""Columns that go first when there is too little room."""
_TOO_SMALL: Final = ("n too small", "n < 299")
Index = QModelIndex | QPersistentModelIndex


def cell(stats: StageStats | None, column: str, *, is_narrow: bool = False) -> str:
    """A number of the table as text; the words that stand in for a p99 are shorter where it `is_narrow`."""
    if stats is None:
        return figures.UNKNOWN
    if column == "n":
        return figures.thousands(stats.n)
    if column == "p99" and stats.p99_ms is None:
        return _TOO_SMALL[is_narrow]
    return figures.milliseconds(getattr(stats, f"{column}_ms"))


class StageTable(QAbstractTableModel):
    """Stages down, statistics across; milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[str, ...] = ROWS
        self._stats: dict[str, StageStats | None] = {}
        self._is_steady = True
        self._interval = ""
        self.is_narrow = False
        """Short words are asked for."""

    def show(self, stats: dict[str, StageStats | None], is_steady: bool, interval: str = "") -> None:
        """New numbers, and which frames of the session they are about."""
        if interval != self._interval:
            self._interval = interval
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        rows = (*stages_of(2 if BATCH_WAIT in stats else 1), "age")
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        self._stats, self._is_steady = dict(stats), is_steady
        self.dataChanged.emit(self.index(0, 1), self.index(len(rows) - 1, len(_COLUMNS) - 1))

    def as_tsv(self) -> str:
        """The table for a spreadsheet, milliseconds, empty where unknown."""
        lines = ["\t".join(("stage", *(f"{name} ms" for name in _COLUMNS[1:-1]), "n"))]
        for row in self.rows:
            stats = self._stats.get(row)
            values = [None if stats is None else getattr(stats, f"{name}_ms") for name in _COLUMNS[1:-1]]
            cells = ["" if value is None else f"{value:.3f}" for value in values]
            lines.append("\t".join((row, *cells, str(stats.n) if stats else "")))
        return "\n".join(lines) + "\n"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a stage, and the age."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Name and statistics."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        name = _COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            is_told = self._interval and not self.is_narrow
            words = {"max": "max ms", "stage": f"stage, {self._interval}" if is_told else name}
            return words.get(name, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return definitions.COLUMNS[name]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int((Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row, column = self.rows[index.row()], _COLUMNS[index.column()]
        stats = self._stats.get(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return row if column == "stage" else cell(stats, column, is_narrow=self.is_narrow)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == "p99" and stats and stats.p99_ms is None:
                return definitions.P99_TOO_SMALL
            # it comes in steps, of which a rank tells only one
            mean = f" Mean {figures.milliseconds(stats.mean_ms)} ms." if row == BATCH_WAIT and stats else ""
            return f"{definitions.STAGES[row]}{mean}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == "stage" else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(stats, column)
        return None

    def _ink(self, stats: StageStats | None, column: str) -> QColor:
        look = theme.tokens()
        if column == "stage":
            return theme.colour(look.text)
        if stats is None or column == "n" or (column == "p99" and stats.p99_ms is None):
            return theme.colour(look.faint_text)
        return theme.colour(look.text if self._is_steady else look.quiet)


class _Cells(QStyledItemDelegate):
    """Plain painting: the style's own item drawing costs ten times as much, and this table changes twice a second."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.tokens()
        area: QRect = option.rect
        if option.state & option.state.State_Selected:
            painter.fillRect(area, theme.colour(look.hover))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour(look.line))
        text = area
        if index.column() == 0:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            name = index.data(Qt.ItemDataRole.DisplayRole)
            painter.setBrush(theme.colour(theme.STAGES.get(name, look.quiet)))
            mark = QRect(area.left(), area.center().y() - 4, 9, 9)
            if name == "age":
                painter.drawEllipse(mark)
            else:
                painter.drawRoundedRect(mark, 2, 2)
            painter.restore()
            text = area.adjusted(16, 0, 0, 0)
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        painter.drawText(text, index.data(Qt.ItemDataRole.TextAlignmentRole), index.data(Qt.ItemDataRole.DisplayRole))


class _Table(QTableView):
    """As high as its rows; no scroll bars, no grid."""

    def __init__(self, model: StageTable) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("Stages: median, percentiles, maximum in milliseconds, and number of frames")
        self.setShowGrid(False)
        self.setFont(theme.font(theme.BODY))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(_LOWEST_ROW)
        header = self.horizontalHeader()
        header.setFixedHeight(24)
        header.setFont(theme.font(theme.QUIET))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for section in (0, _COLUMNS.index("p99")):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.give_rows(_ROW_HEIGHT)

    def give_rows(self, height: int) -> None:
        """Rows this high."""
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedHeight(24 + self.model().rowCount() * height + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns and shorten words rather than cut them."""
        super().resizeEvent(event)
        self._place_columns()

    def _place_columns(self) -> None:
        model, width = self.model(), self.viewport().width()
        assert isinstance(model, StageTable)
        roomy = _NAME_WIDTHS[0] + _P99_WIDTHS[0] + 3 * _NUMBER_WIDTH  # with median, max and n
        model.is_narrow = width < roomy
        name, p99 = _NAME_WIDTHS[model.is_narrow], _P99_WIDTHS[model.is_narrow]
        needed = {"stage": name, "p99": p99} | {column: _NUMBER_WIDTH for column in _COLUMNS if column not in ("stage", "p99")}
        for column in _DROPPED:
            is_dropped = sum(needed.values()) > width
            self.setColumnHidden(_COLUMNS.index(column), is_dropped)
            if is_dropped:
                del needed[column]
        for column, wide in (("stage", name), ("p99", p99)):
            self.horizontalHeader().resizeSection(_COLUMNS.index(column), wide)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAME_WIDTHS[1] + 2 * _NUMBER_WIDTH, self.maximumHeight())


class StagesPanel(Card):
    """The dock."""

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__("stages", "Stages, milliseconds per frame", f"last {SPAN_S:g} s")
        self._store = store
        self._steadiness = steadiness
        self._draws_present = True
        self.plot = StackedPlot(span_s=SPAN_S)
        self.plot.empty_text = "Press Start: Space"
        self.plot.setToolTip("")
        self.table = StageTable()
        self._table_view = _Table(self.table)
        self.table.modelReset.connect(self._fit_rows)
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(self._table_view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        self._fit_rows()
        self.say_title(_SHORT_TITLE if self.width() < _NARROW else self.windowTitle())

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest seconds."""
        records = self._store.recent(SPAN_S + 1)
        if len(records) == 0:
            self.plot.empty_text = empty_words(self._store)
            self.plot.clear()
            return
        durations = self._store.durations_ms(records)
        self._judge_present(durations["present"])
        stages = {name: values for name, values in durations.items() if name != "present" or self._draws_present}
        del stages["age"]
        self.plot.show_stages(timeline(self._store, self._steadiness, now_ns), unheld_ns(records), stages)

    def refresh_words(self, now_ns: int) -> None:
        """The numbers of this session."""
        is_whole = self._store.frames_completed <= STATISTICS_FRAMES + FIRST_FRAMES
        interval = "since start" if is_whole else f"newest {figures.thousands(STATISTICS_FRAMES)}"
        self.table.show(self._store.stage_stats(), self._steadiness.is_steady, interval)
        self.say_note(Run(f"last {SPAN_S:g} s" if self._draws_present else f"without present · last {SPAN_S:g} s", "quiet"))

    def _fit_rows(self) -> None:
        # in a low panel the plot needs the room more than the rows do
        self._table_view.give_rows(next(row for least, row in _ROW_HEIGHTS if self.height() >= least))

    def _judge_present(self, present_ms: NDArray[np.float64]) -> None:
        """Flat out most frames are never painted; drawing the stage for the few that are would make a comb of the chart."""
        share = float(np.isfinite(present_ms).mean())
        self._draws_present = share > (0.5 if self._draws_present else 0.8)
