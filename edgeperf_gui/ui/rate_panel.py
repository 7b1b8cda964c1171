"""How many frames come out, and how old they are when they are seen."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from edgeperf_gui.analysis.batches import unheld_ns
from edgeperf_gui.analysis.stages import engine_latency_ms
from edgeperf_gui.domain.records import Records
from edgeperf_gui.live.paces import Paces
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui import definitions, figures, theme
from edgeperf_gui.ui.card import Card, Turn
from edgeperf_gui.ui.line_plot import Level, Line, LinePlot
from edgeperf_gui.ui.pace_words import can_differ, capacity_runs, explanation, inference_runs
from edgeperf_gui.ui.standing import empty_words, lull_s
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.timeline import timeline
from edgeperf_gui.ui.words import Role, Run, Words

RATE_SPAN_S: Final = 30.0
AGE_SPAN_S: Final = 8.0


class ThroughputPanel(Card):
    """Throughput against the source's own rate."""

    plot_turn: ClassVar[Turn] = Turn(every=2, at=1)
    """The two small plots take turns: five a second is as even to the eye at their size."""

    def __init__(self, store: SessionStore, steadiness: Steadiness, paces: Paces) -> None:
        super().__init__("throughput", "Throughput", "fps")
        self._store = store
        self._steadiness = steadiness
        self._paces = paces
        self.plot = LinePlot(None, "Throughput over time, frames per second; its newest value stands below", "fps", RATE_SPAN_S)
        self.plot.names_marks = False
        self._rate, self._drops, self._inference = _three_lines(self, self.plot)
        self._rate.setToolTip(definitions.THROUGHPUT)

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest half minute."""
        rates = self._store.rate_history()
        self.plot.empty_text = empty_words(self._store)
        if not len(rates):
            self.plot.clear()
            return
        source = self._store.source_info
        own = [Level(f"source {figures.rate(source.fps)}", theme.SOURCE_RATE, source.fps)] if source and source.fps else []
        line = Line("throughput", theme.THROUGHPUT, rates["t_ns"], rates["fps"])
        self.plot.show_lines(timeline(self._store, self._steadiness, now_ns), [line], own)

    def refresh_words(self, now_ns: int) -> None:
        """The newest rate in words."""
        fps, source_fps = newest_rates(self._store, now_ns)
        number = Run(figures.figure(fps), "text" if self._steadiness.is_steady else "quiet", 600)
        opened = self._store.opened
        if opened is None or lull_s(self._store, now_ns) is not None:
            self._rate.say([Run("throughput ", "faint_text"), number, Run("" if fps is None else " fps", "faint_text")])
        elif opened.is_saturated and not (opened.source and opened.source.live):
            self._rate.say([Run("capacity ", "faint_text"), number, Run(" fps, flat out", "faint_text")])
        else:
            is_live = opened.source is not None and opened.source.live
            word = "live " if is_live else "paced "
            if opened.source is not None and not is_live:
                source_fps = opened.source.fps  # known; what half a second counts wavers where frames are dropped
            own = "" if source_fps is None else f" of {figures.rate(round(source_fps, 1))}"
            self._rate.say([Run(word, "faint_text"), number, Run(f"{own} fps", "faint_text")])
        self._show_paces()

    def _show_paces(self) -> None:
        """Paced and saturated side by side, where the source can be fed both ways."""
        opened, asked = self._store.opened, self._store.asked
        if opened is None or not can_differ(opened):
            self._drops.say(self._dropped())
            self._drops.setToolTip(definitions.DROPS)
            self._inference.say([Run(" ")])
            self._inference.setToolTip("")
            return
        flat_out = opened.is_saturated
        self._drops.say([*self._dropped(), *([] if flat_out else capacity_runs(self._paces, asked))])
        self._inference.say(inference_runs(self._paces, asked, is_saturated=flat_out))
        told = explanation(self._paces, asked, is_saturated=flat_out)
        self._drops.setToolTip(definitions.DROPS if flat_out else f"{definitions.DROPS}\n{told}")
        self._inference.setToolTip(told)

    def _dropped(self) -> list[Run]:
        dropped = known_drops(self._store)
        if dropped is None:
            return [Run("drops ", "faint_text"), Run(figures.UNKNOWN, "quiet", 600)]
        share = ""
        if dropped:
            share = f" · {figures.figure(100 * dropped / (dropped + self._store.frames_completed))} %"
        return [Run("drops ", "faint_text"), Run(figures.thousands(dropped), "quiet", 600), Run(share, "faint_text")]


class AgePanel(Card):
    """How old a frame is when it is painted; flat out, when none is due, how long the engine takes for one."""

    plot_turn: ClassVar[Turn] = Turn(every=2, at=0)

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__("age", "Frame age", "due → shown")
        self._store = store
        self._steadiness = steadiness
        self.plot = LinePlot(None, "Age of frames over time, milliseconds; statistics in the stage table", "ms", AGE_SPAN_S)
        self.plot.names_marks = False
        self._median, self._tail, _ = _three_lines(self, self.plot)  # as high as its neighbour
        self._name()

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest seconds."""
        records = self._store.recent(AGE_SPAN_S + 1)
        self.plot.empty_text = empty_words(self._store)
        line = _latencies(records) if nothing_is_due(self._store) else _ages(records)
        if not line.times_ns.size:
            self.plot.clear()
            return
        self.plot.show_lines(timeline(self._store, self._steadiness, now_ns), [line])

    def refresh_words(self, now_ns: int) -> None:
        """Median and tail of this session."""
        flat_out = self._name()
        stats = self._store.latency_stats() if flat_out else self._store.stage_stats().get("age")
        role: Role = "text" if self._steadiness.is_steady else "quiet"
        if stats is None:
            self._median.say([Run("median ", "faint_text"), Run(figures.UNKNOWN, role, 600)])
            self._tail.say([Run(" ")])
            return
        number = Run(figures.figure(stats.median_ms), role, 600)
        tail = f"p95 {figures.figure(stats.p95_ms)} ms"
        if flat_out:
            self._median.say([Run("median ", "faint_text"), number, Run(f" · {tail}", "faint_text")])
            self._tail.say([Run("decode → objects known", "faint_text")])
            return
        self._median.say([Run("median ", "faint_text"), number, Run(" ms", "faint_text")])
        p99 = "" if stats.p99_ms is None else f" · p99 {figures.figure(stats.p99_ms)} ms"
        self._tail.say([Run(f"{tail}{p99}", "faint_text")])

    def _name(self) -> bool:
        """Title and definitions for what is shown; True when that is the engine's latency."""
        flat_out = nothing_is_due(self._store)
        self.say_title("Engine latency" if flat_out else "Frame age")
        self.say_note(Run("" if flat_out else "due → shown", "quiet"))
        for words in (self._median, self._tail):
            words.setToolTip(definitions.STAGES["latency" if flat_out else "age"])
        return flat_out


def nothing_is_due(store: SessionStore) -> bool:
    """Whether frames of this session have no moment at which they should come; before it is known: as the last ones had."""
    if store.opened is not None:
        return store.opened.is_saturated
    newest = store.recent(0.0)
    return len(newest) > 0 and not newest["due_ns"][-1]


def newest_rates(store: SessionStore, now_ns: int) -> tuple[float | None, float | None]:
    """Throughput and the source's rate in the last half second; None while unknown, and no throughput in a lull is 0."""
    if lull_s(store, now_ns) is not None:
        return 0.0, None
    rates = store.rate_history()
    if not len(rates):
        return None, None
    fps, source_fps = float(rates["fps"][-1]), float(rates["source_fps"][-1])
    return (None if np.isnan(fps) else fps), (None if np.isnan(source_fps) else source_fps)


def newest_age_ms(store: SessionStore, now_ns: int) -> float | None:
    """Median age in the last half second."""
    rates = store.rate_history()
    age = float(rates["age_ms"][-1]) if len(rates) and lull_s(store, now_ns) is None else float("nan")
    return None if np.isnan(age) else age


def known_drops(store: SessionStore) -> int | None:
    """Frames dropped in this session; None before it completed one."""
    return store.dropped if store.frames_completed else None


def readouts(store: SessionStore, now_ns: int) -> list[list[Run]]:
    """The chips over the picture."""
    fps, _ = newest_rates(store, now_ns)
    dropped = known_drops(store)
    chips = [[_loud(figures.figure(fps)), Run(" fps")]]
    if not nothing_is_due(store):
        age = newest_age_ms(store, now_ns)
        chips.append([Run("age "), _loud(figures.figure(age)), Run("" if age is None else " ms")])
    chips.append([Run("drops "), _loud(figures.UNKNOWN if dropped is None else figures.thousands(dropped))])
    return chips


def _loud(text: str) -> Run:
    return Run(text, weight=700, size=theme.READOUT)


def _ages(records: Records) -> Line:
    seen = records[(records["shown_ns"] > 0) & (records["due_ns"] > 0)]
    seen = seen[np.argsort(seen["shown_ns"], kind="stable")]
    return Line("age", theme.tokens().quiet, unheld_ns(seen, "shown_ns"), (seen["shown_ns"] - seen["due_ns"]) / 1e6)


def _latencies(records: Records) -> Line:
    return Line("engine latency", theme.tokens().quiet, unheld_ns(records), engine_latency_ms(records))


def _three_lines(card: Card, plot: LinePlot) -> tuple[Words, Words, Words]:
    """The plot, and below it quiet lines."""
    first, second = Words([Run(" ")], card, fills=True), Words([Run(" ")], card, fills=True)
    third = Words([Run(" ")], card, fills=True, size=theme.TINY)
    below = QVBoxLayout()
    below.setSpacing(0)
    for line in (first, second, third):
        below.addWidget(line)
    card.column.addWidget(plot, 1)
    card.column.addLayout(below)
    return first, second, third
