"""What a sweep has found: both plots, the best point in words, the table of all points, and ways to take it along."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.session import LARGEST_BATCH
from edgeperf_gui.domain.sweep import SweepResult
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.picker import Picker
from edgeperf_gui.ui.plain_label import label
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.take_along import Kind, ResultsFoot
from edgeperf_gui.ui.trade_off_batches import BatchPlot
from edgeperf_gui.ui.trade_off_export import as_csv, as_shown
from edgeperf_gui.ui.trade_off_scatter import TradeOffScatter
from edgeperf_gui.ui.trade_off_table import TradeOffTable
from edgeperf_gui.ui.trade_off_view import TradeOffView, view_of
from edgeperf_gui.ui.trade_off_words import BATCH_LIVE, told
from edgeperf_gui.ui.upper_lower import UpperLower

_PERCENTILES: Final = (("50", "p50"), ("90", "p90"), ("99", "p99"))
_SCALES: Final = (("linear", "Linear"), ("log", "Log"))
_THIRDS: Final = (
    ("Size: batch", "batch", "The larger a mark, the more frames are answered together"),
    ("Size: energy", "energy size", "The larger a mark, the more energy a frame takes"),
    (
        "Colour: energy",
        "energy colour",
        "The more colour a mark has, the more energy a frame takes; its size tells the batch",
    ),
)
_FIRST: Final = "The first point appears in a few seconds."
_SECOND: Final = "Appears with the second batch of settings that are otherwise the same."
_ONE: Final = "Choose several batches, such as 1,2,4,8, to see what a larger batch buys."
_UNUSABLE: Final = "No point was measured whose settings could be used."
_KIND: Final = Kind("sweep", "points", "plots", "sweep", as_csv)


class TradeOffResults(QWidget):
    """`useAsked` carries settings of the live session by name."""

    useAsked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SweepResult | None = None
        self._running = False
        self._wanted: tuple[float | None, float | None] = (None, None)
        self._chosen: int | None = None
        self.view = TradeOffView()
        self.scatter, self.batches, self.table = TradeOffScatter(self), BatchPlot(self), TradeOffTable(self)
        self.percentile, self.scale = Segmented("Latency", _PERCENTILES), Segmented("Scale of the latency", _SCALES)
        self.third = Picker("Third axis", self)
        self.best, self.picked = label("", theme.NUMBER, weight=600), label("", theme.QUIET, "quiet")
        self.batch_title, self.knee = label("", theme.QUIET, "quiet"), label("", theme.QUIET, "quiet")
        self.foot = ResultsFoot(_KIND, self._shown, lambda _result: self.table.points.as_tsv(), (self.scatter, self.batches))
        self.use_button = QPushButton("Use these settings")
        self._prepare()
        self._build()
        self.use_button.clicked.connect(self._use)
        self.percentile.chosen.connect(lambda _key: self._show())
        self.scale.chosen.connect(lambda _key: self._show())
        self.third.activated.connect(lambda _row: self._show())
        self.scatter.chosen.connect(self.choose)
        self.table.picked.connect(self.choose)

    def _prepare(self) -> None:
        self.percentile.choose("99")
        self.percentile.setToolTip(
            "Percentile of the latency that the plot shows. The deadline is always held against p99, or p95 with too few samples"
        )
        self.percentile.setFixedWidth(118)
        self.third.offer(_THIRDS)
        self.third.setToolTip(
            "What the marks tell besides: their size the batch, or the energy of a frame by size or by colour. The kind is named"
        )
        self.third.setFixedWidth(128)
        self.scale.choose("linear")
        self.scale.setFixedWidth(108)
        self.batch_title.setFixedHeight(theme.CONTROL_HEIGHT)
        self.batch_title.setWordWrap(False)
        self.use_button.setAutoDefault(False)
        self.use_button.setFont(theme.font(theme.QUIET, 600))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(UpperLower(self._upper(), self._lower()), 1)
        column.addWidget(self.foot)

    def _upper(self) -> QWidget:
        upper = QWidget()
        halves = QHBoxLayout(upper)
        halves.setContentsMargins(0, 0, 0, 4)
        halves.setSpacing(theme.EDGE)
        switches = QHBoxLayout()
        switches.setSpacing(theme.INSIDE)
        switches.addWidget(self.percentile)
        switches.addWidget(self.scale)
        switches.addWidget(self.third)
        switches.addStretch(1)
        left, right = QVBoxLayout(), QVBoxLayout()
        for half in (left, right):
            half.setSpacing(2)
        left.addLayout(switches)
        left.addWidget(self.scatter, 1)
        right.addWidget(self.batch_title)
        right.addWidget(self.batches, 1)
        right.addWidget(self.knee)
        halves.addLayout(left, 5)
        halves.addLayout(right, 4)
        return upper

    def _lower(self) -> QWidget:
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 4, 0, 0)
        below.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.best)
        words.addWidget(self.picked)
        verdict = QHBoxLayout()
        verdict.setSpacing(theme.BETWEEN)
        verdict.addLayout(words, 1)
        verdict.addWidget(self.use_button, 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(verdict)
        below.addWidget(self.table, 1)
        return lower

    # Showing ------------------------------------------------------------------------------------------------------------------

    def show_result(self, result: SweepResult | None, *, running: bool) -> None:
        """Show these points; a chosen one stays chosen while the sweep has the same points."""
        if result is self._result and running == self._running:
            return
        before, now = (one.points if one is not None else () for one in (self._result, result))
        if [point.settings for point in before] != [point.settings for point in now]:
            self._chosen = None
        self._result, self._running = result, running
        self._show()

    def want(self, deadline_ms: float | None, rate: float | None) -> None:
        """What is to be met; moves the best point, measures nothing."""
        self._wanted = (deadline_ms, rate)
        self._show()

    def choose(self, at: int | None) -> None:
        """Choose this point; None for the best."""
        self._chosen = at
        self._show()

    def _show(self) -> None:
        result = self._result
        self.view = view = view_of(
            result.points if result else (),
            *self._wanted,
            percentile=int(self.percentile.key() or 99),
            is_log=self.scale.key() == "log",
            chosen=self._chosen,
            third=self.third.currentData(),
            under_way=result.under_way if result is not None and self._running else None,
        )
        self.scatter.empty_text = _FIRST if self._running else _UNUSABLE
        self.batches.empty_text = _SECOND if self._running else _ONE if view.measured else _UNUSABLE
        for shown in (self.scatter, self.batches, self.table):
            shown.show_view(view)
        self.best.setText(view.best.sentence if view.measured else "")
        self.batch_title.setText(self.batches.title())
        self.knee.setText(self.batches.knee_words().capitalize())
        self._show_use()

    def _show_use(self) -> None:
        picked = self.view.picked
        is_measured = picked is not None and picked.fps is not None
        chosen = "" if self._chosen is None else f"Chosen: {' · '.join(told(self.view.points[self._chosen])[:3])}"
        which = "chosen" if self._chosen is not None else "best"
        given = "variant, batch, hint, streams, requests and threads"
        tip = f"Give the live session the {given} of the {which} point. Ctrl+Z undoes it"
        if picked is None or not is_measured:
            tip = _UNUSABLE
        elif picked.batch > LARGEST_BATCH:
            tip = BATCH_LIVE
            chosen = chosen or tip
        self.picked.setText(chosen)
        self.use_button.setEnabled(picked is not None and is_measured and picked.batch <= LARGEST_BATCH)
        self.use_button.setToolTip(tip)

    def _shown(self) -> SweepResult | None:
        return None if self._result is None else as_shown(self._result, self.view)

    # Taking along -------------------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        picked, result = self.view.picked, self._result
        if picked is None or result is None:
            return
        fields: dict[str, Any] = {"model": result.spec.model, "device": result.spec.device, "precision": picked.variant}
        fields |= {name: getattr(picked, name) for name in ("batch", "hint", "requests")}
        fields["streams"] = picked.streams if picked.hint == "none" else None  # a number would override the hint
        fields["threads"] = picked.threads_asked  # also none: those that the session was given are not the point's
        self.useAsked.emit(fields)
