"""Which meter is read, and what it has to be told: a power range, a file, what an external meter shows, idle watts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.energy import AUTOMATIC, NO_METER, MeterChoice, MeterInfo
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.live.energy_now import title_of
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import caption
from edgeperf_gui.ui.definitions import ENERGY
from edgeperf_gui.ui.energy_words import KINDS, is_available, meter_words, why_not
from edgeperf_gui.ui.number_line import Limits, NumberLine
from edgeperf_gui.ui.picker import Picker

_WATTS: Final = Limits(most=100_000.0)
_SHOWN: Final = Limits(most=100_000.0, with_least=True)
_LATER: Final = "Energy is counted between two readings: type in what the meter shows now and then, while the session runs."
_AUTOMATIC: Final = "The best meter that can be read here: measured before estimated."
_NOTHING: Final = "No energy is measured. Everything that needs it says so."


class MeterForm(QWidget):
    """`changed` carries a MeterChoice when something usable was typed in; `typed` a reading in watts; `closed`: back."""

    changed = Signal(object)
    typed = Signal(float)
    fileAsked = Signal()  # an external meter was chosen, and there is no file yet
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = MeterChoice(AUTOMATIC)
        self._meters: Sequence[MeterInfo] = ()
        self.meter = Picker("Energy meter", self)
        self.low = NumberLine("Busy, least W", ENERGY["range"], "by processor", _WATTS)
        self.high = NumberLine("Busy, most W", ENERGY["range"], "by processor", _WATTS)
        self.idle = NumberLine("Idle, W", ENERGY["idle"], "not known", _WATTS)
        self.reading = NumberLine("External meter shows, W", ENERGY["reading"], "", _SHOWN)
        self.add_button, self.file_button, self.done_button = (QPushButton(text) for text in ("Add", "File…", "Done"))
        self.words = QLabel(self)
        self._prepare()
        self._build()

    def _prepare(self) -> None:
        self.words.setWordWrap(True)
        self.words.setProperty("role", "quiet")
        self.words.setFont(theme.font(theme.QUIET))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.meter.activated.connect(lambda _row: self._on_meter())
        for line in (self.low, self.high, self.idle):
            line.edit.editingFinished.connect(self._on_numbers)
        self.reading.edit.returnPressed.connect(self._on_reading)
        self.add_button.clicked.connect(self._on_reading)
        self.file_button.clicked.connect(self._ask_file)
        self.done_button.clicked.connect(self.closed)
        self.add_button.setToolTip("Add this reading at this moment (Enter)")
        self.file_button.setToolTip("A text file to which the meter, or a script, adds a line for each reading")
        for button in (self.add_button, self.file_button, self.done_button):
            button.setFont(theme.font(theme.QUIET, 600))
            button.setFixedHeight(theme.CONTROL_HEIGHT)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.INSIDE)
        top.addWidget(caption("Meter", self.meter))
        top.addWidget(self.meter, 1)
        top.addWidget(self.done_button)
        numbers, external = QHBoxLayout(), QHBoxLayout()
        for row, lines in ((numbers, (self.low, self.high, self.idle)), (external, (self.reading,))):
            row.setSpacing(theme.INSIDE)
            for line in lines:
                row.addWidget(line, 1)
        for button in (self.add_button, self.file_button):
            external.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(top)
        column.addLayout(numbers)
        column.addLayout(external)
        column.addWidget(self.words)
        column.addStretch(1)

    # Showing ----------------------------------------------------------------------------------------------------------------

    def show_choice(self, choice: MeterChoice, meters: Sequence[MeterInfo]) -> None:
        """What is chosen, and what there is."""
        self._choice, self._meters = choice, tuple(meters)
        titles = dict(KINDS)
        rows: list[tuple[str, Any, str] | None] = [("Automatic", AUTOMATIC, _AUTOMATIC)]
        for info in meters:
            able = is_available(info, choice)
            rows.append(
                (f"{title_of(info, choice)}{'' if able else ', not here'}", info.name, f"{titles[info.kind]}. {info.note}")
            )
        if choice.name not in (AUTOMATIC, NO_METER, *(info.name for info in meters)):
            rows.append((choice.name, choice.name, ""))
        self.meter.offer([*rows, None, ("None", NO_METER, _NOTHING)])
        self.meter.select(choice.name)
        self.low.show_number(choice.tdp_low_watts)
        self.high.show_number(choice.tdp_high_watts)
        self.idle.show_number(choice.idle_watts)
        is_file = choice.name == "file"
        for widget in (self.reading, self.add_button, self.file_button):
            widget.setEnabled(is_file)
        self.file_button.setToolTip(choice.file or "A text file to which the meter, or a script, adds a line for each reading")
        self._say(self._about())

    def text(self) -> str:
        """The sentences below."""
        return self.words.text()

    def _say(self, sentence: str, *, is_trouble: bool = False) -> None:
        self.words.setText(sentence)
        self.words.setProperty("role", "failed" if is_trouble else "quiet")
        self.words.style().polish(self.words)

    def tell(self, error: BadInput) -> None:
        """What was typed in cannot be used."""
        self._say(f"{error.sentence} {error.remedy}".strip(), is_trouble=True)

    def _about(self) -> str:
        choice = self._choice
        info = next((one for one in self._meters if one.name == choice.name), None)
        if choice.name == NO_METER:
            return _NOTHING
        if info is None:
            best = next((one for one in self._meters if is_available(one, choice) and one.covers != "gpu"), None)
            found = (
                "Nothing can be read here yet: type in a power range." if best is None else f"Here: {meter_words(best, choice)}."
            )
            return f"{_AUTOMATIC} {found}"
        if not is_available(info, choice):
            return " ".join(filter(None, why_not(info)))
        parts = [f"{meter_words(info, choice)}.", info.note, _LATER if info.name == "file" else ""]
        return " ".join(filter(None, [*parts, f"File: {choice.file}" if info.name == "file" else ""]))

    # Choosing ---------------------------------------------------------------------------------------------------------------

    def _on_meter(self) -> None:
        name = str(self.meter.currentData())
        if name == "file" and not self._choice.file:
            self.fileAsked.emit()
        elif name != self._choice.name:
            self.changed.emit(msgspec.structs.replace(self._choice, name=name))

    def _on_numbers(self) -> None:
        try:
            low, high, idle = self.low.number(), self.high.number(), self.idle.number()
            if low is not None and high is not None and low > high:
                raise BadInput(f"A range from {low:g} to {high:g} W cannot be.", "Write the lower number first.")
        except BadInput as error:
            self.tell(error)
            return
        for line in (self.low, self.high, self.idle):
            line.edit.setModified(False)
        wanted = msgspec.structs.replace(self._choice, tdp_low_watts=low, tdp_high_watts=high, idle_watts=idle)
        if wanted != self._choice:
            self.changed.emit(wanted)
        else:
            self._say(self._about())

    def _on_reading(self) -> None:
        try:
            watts = self.reading.number()
        except BadInput as error:
            self.tell(error)
            return
        if watts is not None:
            self.reading.edit.clear()
            self._say(f"Added: {watts:g} W. {_LATER}")
            self.typed.emit(watts)

    def _ask_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = "Text (*.csv *.txt *.log);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self, "The external meter's file", folder, kinds)
        if path:
            self.changed.emit(msgspec.structs.replace(self._choice, name="file", file=path))
