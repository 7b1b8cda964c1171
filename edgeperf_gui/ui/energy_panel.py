"""The Energy dock: one kind at a time, which is written on every axis; what the other kinds need to be shown."""

from __future__ import annotations

from typing import ClassVar, Final, cast

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from edgeperf_gui.domain.energy import EnergyKind, MeterChoice, MeterInfo
from edgeperf_gui.domain.errors import EdgeperfError
from edgeperf_gui.domain.inventory import Inventory
from edgeperf_gui.live import typed_readings
from edgeperf_gui.live.energy_now import info_of
from edgeperf_gui.live.operator_count import OperatorCount
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.card import Card, Turn
from edgeperf_gui.ui.consequence_words import brief
from edgeperf_gui.ui.definitions import ENERGY
from edgeperf_gui.ui.energy_absent import EnergyAbsent
from edgeperf_gui.ui.energy_live import EnergyLive
from edgeperf_gui.ui.energy_theory import EnergyTheory
from edgeperf_gui.ui.energy_words import KINDS, chosen_kind, meter_words
from edgeperf_gui.ui.meter_form import MeterForm
from edgeperf_gui.ui.segmented import Segmented
from edgeperf_gui.ui.steadiness import Steadiness
from edgeperf_gui.ui.words import Run, Words

_METER: Final = "Meter…"


class EnergyPanel(Card):
    """`changeAsked` carries settings by name; `pageAsked` wants the page of consequences and devices."""

    plot_turn: ClassVar[Turn] = Turn(every=6, at=3)
    """A minute on a few hundred pixels moves by two of them in between."""

    changeAsked = Signal(dict)
    pageAsked = Signal()
    noticed = Signal(str, str)  # a sentence and its remedy

    def __init__(self, store: SessionStore, steadiness: Steadiness, count: OperatorCount) -> None:
        super().__init__("energy", "Energy")
        self._store, self._count = store, count
        self._settings = Settings()
        self._meters: tuple[MeterInfo, ...] = ()
        self._wanted: EnergyKind | None = None  # None: whatever is read
        self.kinds = Segmented("Kind of energy", KINDS, self)
        self.kinds.setToolTip(ENERGY["kinds"])
        self.meter_button = QPushButton(_METER, self)
        self.live, self.theory = EnergyLive(store, steadiness), EnergyTheory(count)
        self.absent, self.form = EnergyAbsent(), MeterForm()
        self._stack = QStackedWidget(self)
        self.brief = Words((), self, fills=True)
        self.page_button = QPushButton("Energy and devices…", self)
        self._build()
        self._connect()

    def _build(self) -> None:
        for widget in (self.live, self.theory, self.absent, self.form):
            self._stack.addWidget(widget)
        self.meter_button.setFont(theme.font(theme.QUIET, 600))
        self.meter_button.setCheckable(True)
        self.meter_button.setToolTip("Which meter is read, power range, external meter, idle power")
        self.page_button.setProperty("role", "link")
        self.page_button.setFont(theme.font(theme.QUIET, 600))
        self.page_button.setToolTip("Battery, bill and other devices (Ctrl+E)")
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(theme.INSIDE)
        top.addWidget(self.kinds, 1)
        top.addWidget(self.meter_button)
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(self.brief, 1)
        foot.addWidget(self.page_button)
        self.column.addLayout(top)
        self.column.addWidget(self._stack, 1)
        self.column.addLayout(foot)
        self.column.setContentsMargins(13, 4, 13, 8)
        self.kinds.chosen.connect(self._on_kind)

    def _connect(self) -> None:
        self.meter_button.clicked.connect(lambda _on: self.show_view())
        self.form.closed.connect(self._close_form)
        self.form.changed.connect(self._take)
        self.form.fileAsked.connect(self._use_typed_file)
        self.form.typed.connect(self._add_reading)
        self.absent.useAsked.connect(self._use)
        self.absent.openAsked.connect(self._open_form)
        self.page_button.clicked.connect(self.pageAsked)
        self.visibilityChanged.connect(self._on_visibility)

    # Showing ----------------------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> EnergyKind:
        """Which kind is shown: the one chosen, or else the one that is read."""
        return self._wanted or self._read_kind() or "estimated"

    def show_settings(self, settings: Settings, inventory: Inventory | None) -> None:
        """What is chosen, and which meters there are."""
        self._settings = settings
        self._meters = inventory.meters if inventory else ()
        self.form.show_choice(settings.meter, self._meters)
        self.show_view()

    def show_view(self) -> None:
        """The kind chosen, why there is none, or the form."""
        kind = self.kind
        self.kinds.choose(kind)
        shown: QWidget
        if self.meter_button.isChecked():
            shown = self.form
        elif kind == "theoretical":
            shown = self.theory
        elif kind == self._read_kind():
            shown = self.live
        else:
            self.absent.show_kind(kind, self._settings.meter, self._meters)
            shown = self.absent
        if self._stack.currentWidget() is not shown:
            self._stack.setCurrentWidget(shown)
        self._count.want(shown is self.theory and self.is_seen)
        newest = self._store.energy.newest
        told = ""
        if newest is not None and shown is self.live:
            choice = self._store.asked.meter if self._store.asked else self._settings.meter
            told = meter_words(info_of(newest, self._meters), choice)
        self.say_note(Run(told, "quiet"))

    def refresh_plot(self, now_ns: int) -> None:
        """Draw the newest minute."""
        if self._stack.currentWidget() is self.live:
            self.live.refresh_plot(now_ns, self.kind)

    def refresh_words(self, now_ns: int) -> None:
        """The newest numbers; nothing while nobody sees them."""
        if not self.is_seen:
            return
        self.show_view()
        if self._stack.currentWidget() is self.live:
            self.live.refresh_words(now_ns, self._meters, self._settings.meter.idle_watts)
        is_live, is_theory = (self._stack.currentWidget() is shown for shown in (self.live, self.theory))
        lower = [Run("a lower bound: no bill follows from it", "faint_text")]
        self.brief.say(lower if is_theory else brief(self.live.now if is_live else None, self._settings.upkeep))

    def text(self) -> str:
        """What stands there, in words."""
        shown = self._stack.currentWidget()
        return shown.text() if isinstance(shown, EnergyLive | EnergyTheory | EnergyAbsent | MeterForm) else ""

    def _read_kind(self) -> EnergyKind | None:
        """Of the readings there are, or of those that a session would give."""
        return self._store.energy.kind or chosen_kind(self._settings.meter, self._meters)

    # Doing ------------------------------------------------------------------------------------------------------------------

    def _on_kind(self, key: str) -> None:
        self._wanted = cast("EnergyKind", key)
        self.meter_button.setChecked(False)
        self.show_view()

    def _on_visibility(self, visible: bool) -> None:
        self._count.want(visible and self._stack.currentWidget() is self.theory)

    def _open_form(self) -> None:
        self.meter_button.setChecked(True)
        self.show_view()

    def _close_form(self) -> None:
        self.meter_button.setChecked(False)
        self.show_view()

    def _take(self, choice: MeterChoice) -> None:
        self._wanted = None  # whatever it reads is what one wants to see
        self.changeAsked.emit({"meter": choice})

    def _use(self, name: str) -> None:
        self._take(msgspec.structs.replace(self._settings.meter, name=name))

    def _use_typed_file(self) -> None:
        try:
            path = typed_readings.file()
        except EdgeperfError as error:
            self.noticed.emit(error.sentence, error.remedy)
            self.form.show_choice(self._settings.meter, self._meters)
            return
        self._take(msgspec.structs.replace(self._settings.meter, name="file", file=str(path)))

    def _add_reading(self, watts: float) -> None:
        try:
            typed_readings.add(watts, self._settings.meter.file)
        except EdgeperfError as error:
            self.noticed.emit(error.sentence, error.remedy)
