"""Where the time of a frame goes: the stacked chart, and the table that says the same in numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from edgeperf_gui.domain.records import STAGES
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
_COLUMNS: Final = ("stage", "median", "p90", "p95", "p99", "max", "n")
_ROW_HEIGHT: Final = 23
_ROW_HEIGHTS: Final = ((390, _ROW_HEIGHT), (330, 20), (0, 18))
"""Least height of the panel for rows of such a height."""
_LOWEST_ROW: Final = 18
_NAME_WIDTH: Final = 122
_P99_WIDTH: Final = 88
_NUMBER_WIDTH: Final = 51
_DROPPED: Final = ("p90", "p95")
"""Columns that go first when there is too little room."""
Index = QModelIndex | QPersistentModelIndex


def cell(stats: StageStats | None, column: str) -> str:
    """A number of the table as text."""
    if stats is None:
        return figures.UNKNOWN
    if column == "n":
        return figures.thousands(stats.n)
    if column == "p99" and stats.p99_ms is None:
        return "n too small"
    return figures.milliseconds(getattr(stats, f"{column}_ms"))


class StageTable(QAbstractTableModel):
    """Stages down, statistics across; milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._stats: dict[str, StageStats | None] = {}
        self._is_steady = True
        self._interval = ""

    def show(self, stats: dict[str, StageStats | None], is_steady: bool, interval: str = "") -> None:
        """New numbers, and which frames of the session they are about."""
        if interval != self._interval:
            self._interval = interval
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self._stats, self._is_steady = dict(stats), is_steady
        self.dataChanged.emit(self.index(0, 1), self.index(len(ROWS) - 1, len(_COLUMNS) - 1))

    def as_tsv(self) -> str:
        """The table for a spreadsheet, milliseconds, empty where unknown."""
        lines = ["\t".join(("stage", *(f"{name} ms" for name in _COLUMNS[1:-1]), "n"))]
        for row in ROWS:
            stats = self._stats.get(row)
            values = [None if stats is None else getattr(stats, f"{name}_ms") for name in _COLUMNS[1:-1]]
            cells = ["" if value is None else f"{value:.3f}" for value in values]
            lines.append("\t".join((row, *cells, str(stats.n) if stats else "")))
        return "\n".join(lines) + "\n"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One a stage, and the age."""
        return 0 if parent.isValid() else len(ROWS)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Name and statistics."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        name = _COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            words = {"max": "max ms", "stage": f"stage, {self._interval}" if self._interval else name}
            return words.get(name, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return definitions.COLUMNS[name]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int((Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        row, column = ROWS[index.row()], _COLUMNS[index.column()]
        stats = self._stats.get(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return row if column == "stage" else cell(stats, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return definitions.P99_TOO_SMALL if column == "p99" and stats and stats.p99_ms is None else definitions.STAGES[row]
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
            painter.setBrush(theme.colour(theme.STAGES.get(ROWS[index.row()], look.quiet)))
            mark = QRect(area.left(), area.center().y() - 4, 9, 9)
            if ROWS[index.row()] == "age":
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
        for section, width in ((0, _NAME_WIDTH), (_COLUMNS.index("p99"), _P99_WIDTH)):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(section, width)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.give_rows(_ROW_HEIGHT)

    def give_rows(self, height: int) -> None:
        """Rows this high."""
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedHeight(24 + len(ROWS) * height + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns rather than cut them."""
        super().resizeEvent(event)
        numbers = (self.viewport().width() - _NAME_WIDTH - _P99_WIDTH) // _NUMBER_WIDTH
        too_many = len(_COLUMNS) - 2 - numbers
        for at, name in enumerate(_DROPPED):
            self.setColumnHidden(_COLUMNS.index(name), at < too_many)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAME_WIDTH + _P99_WIDTH + 3 * _NUMBER_WIDTH, self.maximumHeight())


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
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(self._table_view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new size."""
        super().resizeEvent(event)
        # in a low panel the plot needs the room more than the rows do
        self._table_view.give_rows(next(row for least, row in _ROW_HEIGHTS if self.height() >= least))

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest seconds."""
        records = self._store.recent(SPAN_S + 1)
        if len(records) == 0:
            self.plot.empty_text = empty_words(self._store)
            self.plot.clear()
            return
        durations = self._store.durations_ms(records)
        self._judge_present(durations["present"])
        stages = {name: durations[name] for name in STAGES if name != "present" or self._draws_present}
        self.plot.show_stages(timeline(self._store, self._steadiness, now_ns), records["complete_ns"], stages)

    def refresh_table(self) -> None:
        """The numbers of this session."""
        is_whole = self._store.frames_completed <= STATISTICS_FRAMES + FIRST_FRAMES
        interval = "since start" if is_whole else f"newest {figures.thousands(STATISTICS_FRAMES)}"
        self.table.show(self._store.stage_stats(), self._steadiness.is_steady, interval)
        self.say_note(Run(f"last {SPAN_S:g} s" if self._draws_present else f"without present · last {SPAN_S:g} s", "quiet"))

    def _judge_present(self, present_ms: NDArray[np.float64]) -> None:
        """Flat out most frames are never painted; drawing the stage for the few that are would make a comb of the chart."""
        share = float(np.isfinite(present_ms).mean())
        self._draws_present = share > (0.5 if self._draws_present else 0.8)
