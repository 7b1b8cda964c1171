"""How many frames come out, and how old they are when they are seen."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from edgeperf_gui.domain.results import StageStats
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.card import Card
from edgeperf_gui.ui.line_plot import Level, Line, LinePlot
from edgeperf_gui.ui.live_plot import Mark
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.words import Role, Run, Words

RATE_SPAN_S: Final = 30.0
AGE_SPAN_S: Final = 8.0


class ThroughputPanel(Card):
    """Throughput against the source's own rate."""

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__("throughput", "Throughput", "fps")
        self._store = store
        self._steadiness = steadiness
        self.plot = LinePlot(None, "Throughput over time, frames per second; its newest value stands below", "fps", RATE_SPAN_S)
        self.plot.empty_text = "Press Start: Space"
        self._rate, self._drops = _two_lines(self, self.plot)
        self._rate.setToolTip(definitions.THROUGHPUT)
        self._drops.setToolTip(definitions.DROPS)

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest half minute."""
        rates = self._store.rate_history()
        if not len(rates):
            self.plot.clear()
            return
        source = self._store.source_info
        own = [Level(f"source {figures.rate(source.fps)}", theme.SOURCE_RATE, source.fps)] if source and source.fps else []
        line = Line("throughput", theme.THROUGHPUT, rates["t_ns"], rates["fps"])
        self.plot.show_lines(now_ns, [line], own, _marks(self._store), self._steadiness.grey_from_ns)

    def refresh_words(self, paced: bool) -> None:
        """The newest rate in words."""
        fps, source_fps = newest_rates(self._store)
        number = Run(figures.figure(fps), "text" if self._steadiness.is_steady else "quiet", 600)
        if paced:
            own = "" if source_fps is None else f" of {figures.rate(round(source_fps, 1))}"
            self._rate.say([Run("paced ", "faint_text"), number, Run(f"{own} fps", "faint_text")])
        else:
            self._rate.say([Run("capacity ", "faint_text"), number, Run(" fps, flat out", "faint_text")])
        share = ""
        total = self._store.dropped + self._store.frames_completed
        if self._store.dropped and total:
            share = f" · {figures.figure(100 * self._store.dropped / total)} %"
        dropped = Run(figures.thousands(self._store.dropped), "quiet", 600)
        self._drops.say([Run("drops ", "faint_text"), dropped, Run(share, "faint_text")])


class AgePanel(Card):
    """How old a frame is when it is painted."""

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__("age", "Frame age", "due → shown")
        self._store = store
        self._steadiness = steadiness
        self.plot = LinePlot(None, "Age of frames over time, milliseconds; statistics in the stage table", "ms", AGE_SPAN_S)
        self.plot.empty_text = "Press Start: Space"
        self._median, self._tail = _two_lines(self, self.plot)
        for words in (self._median, self._tail):
            words.setToolTip(definitions.STAGES["age"])

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest seconds."""
        records = self._store.recent(AGE_SPAN_S + 1)
        seen = records[(records["shown_ns"] > 0) & (records["due_ns"] > 0)]
        if not len(seen):
            self.plot.empty_text = "No frame is due\nwhen read flat out" if len(records) else "Press Start: Space"
            self.plot.clear()
            return
        ages = (seen["shown_ns"] - seen["due_ns"]) / 1e6
        order = np.argsort(seen["shown_ns"], kind="stable")
        line = Line("age", theme.tokens().quiet, seen["shown_ns"][order], ages[order])
        self.plot.show_lines(now_ns, [line], (), _marks(self._store), self._steadiness.grey_from_ns)

    def refresh_words(self, age: StageStats | None) -> None:
        """Median and tail of this session."""
        role: Role = "text" if self._steadiness.is_steady else "quiet"
        if age is None:
            self._median.say([Run("age unknown", "faint_text")])
            self._tail.say([Run(" ")])
            return
        self._median.say([Run("median ", "faint_text"), Run(figures.figure(age.median_ms), role, 600), Run(" ms", "faint_text")])
        p99 = "n too small" if age.p99_ms is None else f"{figures.figure(age.p99_ms)} ms"
        self._tail.say([Run(f"p95 {figures.figure(age.p95_ms)} ms · p99 {p99}", "faint_text")])


def newest_rates(store: SessionStore) -> tuple[float | None, float | None]:
    """Throughput and the source's rate in the last half second; None while unknown."""
    rates = store.rate_history()
    if not len(rates):
        return None, None
    fps, source_fps = float(rates["fps"][-1]), float(rates["source_fps"][-1])
    return (None if np.isnan(fps) else fps), (None if np.isnan(source_fps) else source_fps)


def newest_age_ms(store: SessionStore) -> float | None:
    """Median age in the last half second."""
    rates = store.rate_history()
    age = float(rates["age_ms"][-1]) if len(rates) else float("nan")
    return None if np.isnan(age) else age


def _marks(store: SessionStore) -> list[Mark]:
    return [Mark(mark.at_ns, "") for mark in store.markers]


def _two_lines(card: Card, plot: LinePlot) -> tuple[Words, Words]:
    """The plot, and below it two quiet lines."""
    first, second = Words((), card, fills=True), Words((), card, fills=True)
    below = QVBoxLayout()
    below.setSpacing(0)
    below.addWidget(first)
    below.addWidget(second)
    card.column.addWidget(plot, 1)
    card.column.addLayout(below)
    return first, second
