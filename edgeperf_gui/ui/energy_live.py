"""What a session's meter shows: power and energy a frame over time, their numbers, and the split by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from edgeperf_gui.domain.energy import EnergyKind, MeterInfo, RunEnergy
from edgeperf_gui.domain.records import STAGES
from edgeperf_gui.live.energy_history import Points
from edgeperf_gui.live.energy_now import energy_now, silence_s
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.definitions import ENERGY
from edgeperf_gui.ui.energy_words import frame_line, in_joules, power_line, total_line
from edgeperf_gui.ui.line_plot import Level, Line, LinePlot
from edgeperf_gui.ui.split_bar import Part, SplitBar
from edgeperf_gui.ui.standing import empty_words
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.timeline import timeline
from edgeperf_gui.ui.words import Role, Run, Words

SPAN_S: Final = 60.0
_NO_READING: Final = "The first reading of the meter comes within seconds"
_GONE: Final = "the meter may be gone"
_NEXT_LINE: Final = "counted up to there, until the next"
_NO_SPLIT: Final = "by stage: comes with the first frames between two readings"
_UNITS: Final = {"mJ": 1e3, "J": 1.0}
_INFERENCE: Final = theme.STAGES["inference"]
_LEGEND: Final = (
    Run("Energy of a  ", "quiet"),
    Run("frame  ", "quiet", dot=theme.ENERGY),
    Run("inference", "quiet", dot=_INFERENCE),
)
_LARGE_J: Final = 10.0
"""From here on a frame's energy is drawn in joules."""


class EnergyLive(QWidget):
    """`now` is what the words say, for whoever counts on with it."""

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__()
        self._store, self._steadiness = store, steadiness
        self.now: RunEnergy | None = None
        self._told: tuple[object, ...] = ()
        self.power = LinePlot(None, "Power over time, watts, with the range it may lie in", "W", SPAN_S)
        self.frame = LinePlot(None, "Energy of a frame and of its inference over time, with their ranges", "mJ", SPAN_S)
        self.power.names_marks = self.frame.names_marks = False
        self._lines = [Words((), self, fills=True) for _ in range(3)]
        for words, key in zip(self._lines, ("power", "frame", "total"), strict=True):
            words.setToolTip(ENERGY[key])
        self.split = SplitBar("Energy of a frame by stage, shared out by CPU time", self)
        self.split.empty_text = _NO_SPLIT
        self._build()

    def _build(self) -> None:
        plots = QHBoxLayout()
        plots.setSpacing(theme.BETWEEN)
        for title, plot in (([Run("Power", "quiet")], self.power), (_LEGEND, self.frame)):
            half = QVBoxLayout()
            half.setSpacing(0)
            half.addWidget(Words(title, self, size=theme.TINY, fills=True))
            half.addWidget(plot, 1)
            plots.addLayout(half, 1)
        below = QVBoxLayout()
        below.setSpacing(0)
        for words in self._lines:
            below.addWidget(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(plots, 1)
        column.addLayout(below)
        column.addWidget(self.split)

    def refresh_plot(self, now_ns: int, kind: EnergyKind) -> None:
        """Draw the newest minute."""
        store = self._store
        store.energy.fill(store.recent(SPAN_S)["complete_ns"])
        rows = store.energy.points()
        self.power.kind = self.frame.kind = f"· {kind}"
        self.power.empty_text = self.frame.empty_text = empty_words(store) if not len(store.recent(0.0)) else _NO_READING
        if not np.isfinite(rows["watts"]).any():
            self.power.clear()
            self.frame.clear()
            return
        time = timeline(store, self._steadiness, now_ns)
        idle = self.now.idle_watts if self.now else None
        levels = [] if idle is None else [Level(f"idle {figures.figure(idle)}", theme.tokens().quiet, idle)]
        self.power.show_lines(time, [_line(rows, "power", ("watts", "watts_low", "watts_high"), 1.0)], levels)
        known = rows["frame_j"][np.isfinite(rows["frame_j"])]
        self.frame.unit = "J" if known.size and float(np.median(known)) >= _LARGE_J else "mJ"
        columns, factor = ("frame_j", "frame_low_j", "frame_high_j"), _UNITS[self.frame.unit]
        lines = [_line(rows, "frame", columns, factor)]
        self.frame.show_lines(time, [*lines, _line(rows, "inference", columns, factor * rows["inference_share"], _INFERENCE)])

    def refresh_words(self, now_ns: int, meters: Sequence[MeterInfo], idle_watts: float | None) -> None:
        """The newest numbers in words."""
        store, newest = self._store, self._store.energy.newest
        role: Role = "text" if self._steadiness.is_steady else "quiet"
        silence = silence_s(store, now_ns, meters)
        told = (newest, _frames_until_ns(store), store.start_ns, store.opened, tuple(meters), idle_watts, role, silence)
        if told == self._told:  # a meter tells once a second, and writing more often costs the session
            return
        self._told = told
        self.now = energy_now(store, meters, idle_watts)
        if self.now is not None and self.now.joules_per_frame is not None and self.now.joules_per_inference is not None:
            store.energy.split(self.now.joules_per_inference.value / self.now.joules_per_frame.value, store.start_ns)
        idle = self.now.idle_watts if self.now else None
        power = power_line(self.now, newest, role)
        if silence is not None:
            cause = _NEXT_LINE if newest is not None and newest.meter == "file" else _GONE
            power = [Run(f"no reading for {silence:.0f} s: {cause}", "undecided_text")]
        for words, runs in zip(
            self._lines, (power, frame_line(self.now, role), total_line(newest, store.energy.seconds, idle, role)), strict=True
        ):
            words.say(runs)
        self.split.show_parts(_parts(self.now))

    def text(self) -> str:
        """The lines in words."""
        return "\n".join([*(words.text() for words in self._lines), self.split.text()])


def _frames_until_ns(store: SessionStore) -> int:
    """Up to when frames have come that the newest reading is about."""
    newest, frames = store.energy.newest, store.recent(0.0)
    return min(int(frames["complete_ns"][-1]), newest.stamp_ns) if newest is not None and len(frames) else 0


def _line(
    rows: Points, name: str, columns: tuple[str, str, str], factor: float | NDArray[np.float64], colour: str = theme.ENERGY
) -> Line:
    value, low, high = (rows[column] * factor for column in columns)
    return Line(name, colour, rows["t_ns"], value, band=(low, high))


def _parts(now: RunEnergy | None) -> list[Part]:
    if now is None or not now.stage_joules_per_frame:
        return []
    split = now.stage_joules_per_frame
    factor, unit = in_joules(sum(split.values()))
    return [
        Part(name, split[name], f"{figures.figure(split[name] * factor)} {unit}", theme.STAGES.get(name, theme.OTHER_EXECUTED))
        for name in STAGES
        if split.get(name)
    ]
