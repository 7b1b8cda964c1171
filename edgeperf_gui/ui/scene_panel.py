"""The card “Scene’s truth”: what really happened in a drawn scene, beside what was seen of it. Only scenes have it."""

from __future__ import annotations

import time
from typing import ClassVar, Final

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from edgeperf_gui.analysis.true_findings import vehicle_classes
from edgeperf_gui.domain.proportion import Proportion
from edgeperf_gui.domain.scene import is_scene
from edgeperf_gui.domain.session import RunState
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.ui import figures, theme
from edgeperf_gui.ui.card import Card, Turn
from edgeperf_gui.ui.definitions import SCENE
from edgeperf_gui.ui.line_plot import Line, LinePlot
from edgeperf_gui.ui.standing import empty_words
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.timeline import timeline
from edgeperf_gui.ui.words import Role, Rule, Run, Words

SPAN_S: Final = 120.0
_MOST_LOOKS: Final = 99
_FIRST_LOOKS: Final = 3
_AT_ONCE: Final = 4
"""Frames held against the truth in one turn: 8 ms, twice a second: twice as many as come."""
_AT_END: Final = 40
_NAMES: Final = ("precision", "recall")
_WAITS: Final = "The scene waits for its frames here, so nobody is missed: run it Paced"
_NO_VEHICLES: Final = "This model knows no vehicles: take another, or an oracle under Boxes"
_FIRST_STRETCH: Final = "The first five seconds are being counted"


class ScenePanel(Card):
    """True looks, and precision and recall over time, of the scene that is looked at."""

    plot_turn: ClassVar[Turn] = Turn(every=10, at=7)
    """A point comes every five seconds."""

    def __init__(self, store: SessionStore, steadiness: Steadiness) -> None:
        super().__init__("scene", "Scene’s truth")
        self._store, self._steadiness = store, steadiness
        self.offer(False)
        self.looks = QSpinBox(self)
        self._share, self._range = Words((), self, size=theme.NUMBER, fills=True), Words((), self, fills=True)
        self._by = Words((), self, fills=True)
        self._right = {name: Words((), self, fills=True) for name in _NAMES}
        self.plot = LinePlot(None, "Precision and recall over time, percent, with their 95 % intervals", "%", SPAN_S)
        self.plot.names_marks = False
        self._build()
        self._refresh()
        self.looks.valueChanged.connect(lambda _value: self._show_looks())
        self.visibilityChanged.connect(self._on_visibility)

    def _build(self) -> None:
        self.looks.setRange(1, _MOST_LOOKS)
        self.looks.setValue(_FIRST_LOOKS)
        self.looks.setFixedSize(52, theme.CONTROL_HEIGHT)
        self.looks.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.looks.lineEdit().setTextMargins(6, 0, 0, 0)
        self.looks.setAccessibleName("Looks a vehicle needs")
        needed = QLabel("Looks a vehicle needs")
        needed.setProperty("role", "quiet")
        needed.setFont(theme.font(theme.QUIET))
        needed.setBuddy(self.looks)
        top = QHBoxLayout()
        top.addWidget(needed)
        top.addWidget(self.looks)
        top.addStretch(1)
        for widget, key in (
            *((self.looks, "needed"), (needed, "needed"), (self._share, "looks"), (self._range, "looks"), (self._by, "by")),
            *((self._right[name], name) for name in _NAMES),
        ):
            widget.setToolTip(SCENE[key])
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for words in (self._by, *self._right.values()):
            lines.addWidget(words)
        self.column.addLayout(top)
        self.column.addWidget(self._share)
        self.column.addWidget(self._range)
        self.column.addWidget(Rule(self))
        self.column.addLayout(lines)
        self.column.addWidget(self.plot, 1)

    def show_source(self, address: str) -> None:
        """Offer the card for a drawn scene only."""
        self.offer(is_scene(address))

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest two minutes."""
        rows = self._store.scene.points()
        self.plot.empty_text = self._why_nothing() or _FIRST_STRETCH
        if not np.isfinite(rows["recall"]).any():
            self.plot.clear()
            return
        lines = []
        for name in _NAMES:
            value, low, high = (100 * rows[f"{name}{end}"] for end in ("", "_low", "_high"))
            lines.append(Line(name, theme.RIGHT[name], rows["t_ns"], value, band=(low, high)))
        self.plot.show_lines(timeline(self._store, self._steadiness, now_ns), lines)

    def refresh_words(self, now_ns: int) -> None:
        """The newest numbers; nothing is worked out while nobody sees them."""
        if self.is_seen:
            self._refresh()

    def _refresh(self) -> None:
        self._store.scene.judge(_AT_END if self._store.status.state is RunState.FINISHED else _AT_ONCE)
        self._show_looks()
        self._show_right()

    def text(self) -> str:
        """What stands there, in words."""
        return "\n".join(words.text() for words in (self._share, self._range, self._by, *self._right.values()))

    def _show_looks(self) -> None:
        needed = self.looks.value()
        found = self._store.scene.looks(needed)
        if found is None or found.share is None:
            why = self._why_nothing(looks_only=True) or "No vehicle came and went yet"
            self._share.say([Run(figures.UNKNOWN, "faint_text", 600)])
            self._range.say([Run(why, "quiet")])
            return
        self._share.say(_share(found, self._role()))
        low, high, mean = (figures.UNKNOWN if one is None else f"{one:.1f}" for one in _percent(found))
        self._range.say([Run(f"95 % interval {low}–{high} % · {mean} looks on average", "quiet")])

    def _show_right(self) -> None:
        scene, asked = self._store.scene, self._store.asked
        oracle = asked.oracle if asked else None
        model = " ".join((asked.model, asked.precision)) if asked else "the model"
        by = f"an oracle missing {oracle:g} %, not the model" if oracle is not None else model
        many = f" · {figures.count(scene.frames_judged, 'frame')}" if scene.frames_judged else ""
        self._by.say([Run(f"Found by {by}", "text"), Run(many, "faint_text")])
        self.say_note(Run("oracle" if oracle is not None else "", "quiet"))
        for name, share in zip(_NAMES, (scene.precision(), scene.recall()), strict=True):
            self._right[name].say(_right(name, share, self._role()))

    def _role(self) -> Role:
        return "text" if self._steadiness.is_steady else "quiet"

    def _why_nothing(self, *, looks_only: bool = False) -> str:
        """Why there is nothing to show, and what to do; empty where something will come by itself."""
        store = self._store
        if store.asked is not None and is_scene(store.asked.source) and not store.scene.is_known:
            return _WAITS
        if not looks_only and store.opened is not None and not vehicle_classes(store.labels).size:
            return _NO_VEHICLES
        return "" if store.scene.looks(1) is not None else empty_words(store)

    def _on_visibility(self, visible: bool) -> None:
        if visible:
            self.refresh_plot(time.perf_counter_ns())
            self._refresh()


def _share(found: TrueLooks, role: Role) -> list[Run]:
    assert found.share is not None
    times = "look" if found.k == 1 else "looks"
    return [
        Run(f"{100 * found.share:.1f}", role, 600),
        Run(f" % of {figures.thousands(found.vehicles)} vehicles got {found.k} {times} or more", "faint_text", size=theme.QUIET),
    ]


def _percent(found: TrueLooks) -> tuple[float | None, float | None, float | None]:
    low, high = (None if one is None else 100 * one for one in (found.low, found.high))
    return low, high, found.mean


def _right(name: str, share: Proportion, role: Role) -> list[Run]:
    head = Run(f"{name} ", "faint_text", dot=theme.RIGHT[name])
    if share.value is None or share.low is None or share.high is None:
        return [head, Run(figures.UNKNOWN, "quiet", 600)]
    range_ = f" % ({100 * share.low:.1f}–{100 * share.high:.1f}), n {figures.thousands(share.n)}"
    return [head, Run(f"{100 * share.value:.1f}", role, 600), Run(range_, "faint_text")]
