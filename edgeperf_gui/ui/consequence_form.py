"""What energy has to be paid from, and what a power draw comes to: battery, bill, a thousand frames."""

from __future__ import annotations

import itertools
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from edgeperf_gui.domain.energy import Banded, Consequences, RunEnergy
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.upkeep import Upkeep
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import titled
from edgeperf_gui.ui.consequence_words import counted
from edgeperf_gui.ui.definitions import UPKEEP
from edgeperf_gui.ui.energy_words import COVERS, joules, with_band
from edgeperf_gui.ui.number_line import Limits, NumberLine
from edgeperf_gui.ui.words import Rule, Run, Words

_NO_POWER: Final = "Run a session with a meter, or type in a power: then there is something to count with."
_ROWS: Final = (
    ("battery_hours", "Battery lasts", "h"),
    ("battery_needed_wh", "Battery needed", "Wh"),
    ("kwh_a_year", "Energy a year", "kWh"),
    ("cost_a_year", "Cost a year", ""),
    ("joules_per_1000_frames", "1000 frames", "J"),
)
_WHOLE: Final = ("machine", "board")
_COVERED: Final = ("Covers: {}.", "Covers: {}. The device draws more: type its power in where you know it.")
_NEEDS: Final = {
    "battery_hours": "needs a battery",
    "battery_needed_wh": "needs hours",
    "cost_a_year": "needs a price",
    "joules_per_1000_frames": "needs a session's frames",
}


class ConsequenceForm(QWidget):
    """`changed` carries an Upkeep when all that is typed in can be used."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._upkeep = Upkeep()
        self._now: RunEnergy | None = None
        self._newest = "newest"
        self._refused: BadInput | None = None
        self.power = NumberLine("Power, W", UPKEEP["power"], "session’s", Limits(most=100_000.0))
        self.battery = NumberLine("Battery, Wh", UPKEEP["battery"], "none", Limits(most=1e9))
        self.hours = NumberLine("Has to last, h", UPKEEP["hours"], "any", Limits(most=1e6))
        self.daily = NumberLine("Hours a day", UPKEEP["daily"], "24", Limits(most=24.0))
        self.price = NumberLine("Price of a kWh", UPKEEP["price"], "not known", Limits(most=1e6, with_least=True))
        self.currency = QLineEdit(self)
        self.about, self.lack, self.trouble = Words((), self, fills=True), QLabel(_NO_POWER, self), QLabel(self)
        self._rows = {key: Words((), self, fills=True, size=theme.BODY) for key, _, _ in _ROWS}
        self._build()
        for line in (self.battery, self.hours, self.daily, self.price):
            line.edit.editingFinished.connect(self._on_edit)
        self.currency.editingFinished.connect(self._on_edit)
        self.power.edit.textChanged.connect(lambda _text: self._show())
        self._show()

    def _build(self) -> None:
        for label, role in ((self.lack, "quiet"), (self.trouble, "failed")):
            label.setWordWrap(True)
            label.setProperty("role", role)
            label.setFont(theme.font(theme.QUIET))
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.currency.setMaxLength(8)
        self.currency.setAccessibleName("Currency")
        self.currency.setToolTip("What the price is in; only written, never converted")
        self.currency.setFixedHeight(theme.CONTROL_HEIGHT)
        grid = QGridLayout()
        grid.setSpacing(theme.INSIDE)
        for at, line in enumerate((self.power, self.battery, self.hours, self.daily, self.price)):
            grid.addWidget(line, at // 2, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(titled("Currency", self.currency), 2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addWidget(self.about)
        column.addWidget(self.lack)
        column.addLayout(grid)
        column.addWidget(self.trouble)
        for key, words in self._rows.items():
            column.addWidget(Rule(self))
            words.setToolTip(UPKEEP[key])
            column.addWidget(words)
        fields = [line.edit for line in (self.power, self.battery, self.hours, self.daily, self.price)]
        for before, after in itertools.pairwise([*fields, self.currency]):
            self.setTabOrder(before, after)

    def show_upkeep(self, upkeep: Upkeep) -> None:
        """What is kept in the settings."""
        self._upkeep = upkeep
        self.battery.show_number(upkeep.battery_wh)
        self.hours.show_number(upkeep.hours)
        self.daily.show_number(upkeep.hours_a_day)
        self.price.show_number(upkeep.price_per_kwh)
        if not self.currency.hasFocus():
            self.currency.setText(upkeep.currency)
        if self._refused is not None:
            self._read()
        self._show()

    def show_energy(self, now: RunEnergy | None, *, is_over: bool = False) -> None:
        """What the session takes, or took to its end; None while nothing is read."""
        self._now, self._newest = now, "last" if is_over else "newest"
        self._show()

    def text(self) -> str:
        """All lines in words."""
        lines = [self.about.text() or self.lack.text(), self.trouble.text(), *(words.text() for words in self._rows.values())]
        return "\n".join(filter(None, lines))

    def _on_edit(self) -> None:
        wanted = self._read()
        if wanted is None:
            self._show()
            return
        for line in (self.battery, self.hours, self.daily, self.price):
            line.edit.setModified(False)
        if wanted != self._upkeep:
            self.changed.emit(wanted)
        else:
            self._show()

    def _read(self) -> Upkeep | None:
        """What is typed in; None when it cannot be used, which stays told until it can."""
        self._refused = None
        try:
            return Upkeep(
                battery_wh=self.battery.number(),
                hours=self.hours.number(),
                hours_a_day=self.daily.number() or 24.0,
                price_per_kwh=self.price.number(),
                currency=self.currency.text().strip(),
            )
        except BadInput as error:
            self._refused = error
            return None

    def _say(self, error: BadInput | None) -> None:
        self.trouble.setText("" if error is None else f"{error.sentence} {error.remedy}".strip())
        self.trouble.setVisible(error is not None)

    def _show(self) -> None:
        found, typed = None, None
        try:
            typed = self.power.number()
            watts = Banded(typed, typed, typed) if typed is not None else self._now.watts if self._now else None
            if watts is not None:
                found = counted(watts, self._upkeep, self._now.joules_per_frame if self._now else None)
            self._say(self._refused)
        except BadInput as error:
            self._say(error)
        if found is None:
            self.about.say([])
        else:
            kind, covers = "typed in", ""
            if typed is None and self._now is not None:
                kind = f"{self._now.kind}, {self._newest} {self._now.seconds:.0f} s"
                covers = f"\n{_COVERED[self._now.covers not in _WHOLE].format(COVERS[self._now.covers])}"
            self.about.say([Run("At ", "quiet"), *with_band(found.watts, "W"), Run(f", {kind}", "quiet")])
            self.about.setToolTip(f"{self.about.text()}{covers}")
        self.about.setVisible(found is not None)
        self.lack.setVisible(found is None)
        for key, title, unit in _ROWS:
            self._rows[key].say([Run(f"{title}  ", "quiet"), *self._runs(key, found, unit)])

    def _runs(self, key: str, found: Consequences | None, unit: str) -> list[Run]:
        quantity: Banded | None = None if found is None else getattr(found, key)
        if quantity is None:
            needs = f"  {_NEEDS[key]}" if found is not None and key in _NEEDS else ""
            return [*with_band(None, ""), Run(needs, "faint_text")]
        if key == "joules_per_1000_frames":
            return joules(quantity)
        return with_band(quantity, unit or self._upkeep.currency)
