"""Energy and devices: what the session's power comes to, and what another device would be worth."""

from __future__ import annotations

from typing import Final, cast

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from edgeperf_gui.analysis.devices import PACED, system_metrics
from edgeperf_gui.domain.device import DeviceSheet, Performance
from edgeperf_gui.domain.energy import RunEnergy
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import RunState
from edgeperf_gui.live.device_sheets import Device, DeviceSheets
from edgeperf_gui.live.energy_now import SECONDS, energy_now
from edgeperf_gui.live.rate_history import Rates
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.consequence_form import ConsequenceForm
from edgeperf_gui.ui.device_form import DeviceForm
from edgeperf_gui.ui.device_rows import device_sheet
from edgeperf_gui.ui.ordered_rows import OrderedRows
from edgeperf_gui.ui.panel import Panel
from edgeperf_gui.ui.plain_label import heading, label
from edgeperf_gui.ui.sheet_table import SheetTable
from edgeperf_gui.ui.side_page import SidePage

_SIZE: Final = (1300, 800)
_LEAST: Final = (1120, 600)
_FORM_WIDTH: Final = 300
_LOOK_MS: Final = 1000
_TWO_LINES: Final = 32
"""As long as its energy is about."""
HERE: Final = "This machine, now"
BEFORE: Final = "This machine, last session"
_HINT: Final = (
    "Choose a row to edit it. Every number of a sheet was typed in by somebody; a measured run brings throughput and energy of "
    "that very device: run edgeperf bench --json on it, and name the file here."
)
_DELETED: Final = "Deleted. Save keeps it after all."


class EnergyPage(SidePage):
    """`changeAsked` carries settings by name, `sheetChosen` the sheet that is edited or None."""

    changeAsked = Signal(dict)
    sheetChosen = Signal(object)

    def __init__(self, store: SessionStore, sheets: DeviceSheets, parent: QWidget | None = None) -> None:
        super().__init__("Energy and devices", _SIZE, _LEAST, parent)
        self._store, self._sheets = store, sheets
        self._chosen: str | None = None
        self._idle_watts: float | None = None
        self.consequences, self.table, self.form = ConsequenceForm(self), SheetTable(self, grows=False), DeviceForm(self)
        self.words = label("", theme.QUIET, "quiet")
        self.words.setMinimumHeight(_TWO_LINES)  # so that nothing moves between a short and a longer one
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        left, right = Panel(), Panel()
        left.setFixedWidth(_FORM_WIDTH)
        left.column.addWidget(heading("What it comes to"))
        left.column.addWidget(self.consequences)
        left.column.addStretch(1)
        right.column.addWidget(heading("Devices against each other"))
        right.column.addWidget(self.table, 1)
        right.column.addWidget(self.words)
        right.column.addWidget(self.form)
        self._lay_out(left, right)

    def _connect(self) -> None:
        self.consequences.changed.connect(lambda upkeep: self.changeAsked.emit({"upkeep": upkeep}))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_row(now.row()))
        self.form.saveAsked.connect(self._save)
        self.form.deleteAsked.connect(self._delete)
        self.form.newAsked.connect(lambda: self.choose(None))
        self.form.troubled.connect(self._tell)
        self._sheets.changed.connect(self.refresh)
        self._clock.timeout.connect(self._on_time)

    def open(self) -> None:
        """Show it, in front, with what the files say now."""
        self._sheets.look()
        super().open()
        self.consequences.battery.edit.setFocus()

    def show_settings(self, settings: Settings) -> None:
        """What they say of the upkeep, and of idle power."""
        self._idle_watts = settings.meter.idle_watts
        self.consequences.show_upkeep(settings.upkeep)

    def refresh(self) -> None:
        """Show what is known now."""
        now = self._now()
        self.consequences.show_energy(now, is_over=_is_over(self._store))
        self.table.show_sheet(device_sheet(self.devices(now)))
        self._select()
        chosen = self._sheets.device(self._chosen)
        self.sheetChosen.emit(chosen.sheet if chosen else None)  # its file may say something else by now
        self._say_of_sheets()

    def devices(self, now: RunEnergy | None) -> list[Device]:
        """The session that runs or last ran here first, where there is one."""
        here = _here(self._store, now)
        return [*([here] if here is not None else []), *self._sheets.devices]

    def choose(self, name: str | None) -> None:
        """Edit this sheet; None: a new one."""
        self._chosen = name
        device = self._sheets.device(name)
        self.form.show_sheet(device.sheet if device else None, is_own=device is not None and device.is_own)
        if device is not None and device.trouble:
            self._say(device.trouble, True)
        else:
            self._say_of_sheets()  # what was said of another one is over
        self._select()
        self.sheetChosen.emit(device.sheet if device else None)

    def _now(self) -> RunEnergy | None:
        return energy_now(self._store, idle_watts=self._idle_watts)

    # Doing ------------------------------------------------------------------------------------------------------------------

    def _on_row(self, row: int) -> None:
        rows = self._rows()
        devices = self.devices(self._now())
        if 0 <= row < rows.rowCount() and rows.item_at(row) < len(devices):
            name = devices[rows.item_at(row)].name
            if name != self._chosen:
                self.choose(name)

    def _rows(self) -> OrderedRows:
        return cast("OrderedRows", self.table.model())

    def _select(self) -> None:
        """The row of what is edited, however the table is sorted."""
        rows, selection = self._rows(), self.table.selectionModel()
        names = [one.name for one in self.devices(None)]
        flags = QItemSelectionModel.SelectionFlag
        selection.blockSignals(True)
        if self._chosen is not None and self._chosen in names and names.index(self._chosen) < rows.rowCount():
            row = rows.row_of(names.index(self._chosen))
            selection.setCurrentIndex(rows.index(row, 0), flags.ClearAndSelect | flags.Rows)
        else:
            selection.clear()
        selection.blockSignals(False)
        self.table.viewport().update()

    def _save(self, sheet: DeviceSheet) -> None:
        try:
            name = self._sheets.save(sheet, self._chosen)
        except BadInput as error:
            self._tell(error)
            return
        self.choose(name)
        device = self._sheets.device(name)
        if device is None or not device.trouble:
            self._say(f"Saved as {name}.toml.", False)

    def _delete(self) -> None:
        """The file goes; what is typed in stays until something else is chosen."""
        try:
            if self._chosen is not None:
                self._sheets.delete(self._chosen)
        except BadInput as error:
            self._tell(error)
            return
        self._chosen = None
        self.form.offer_delete(False)
        self._select()
        self.sheetChosen.emit(None)
        self._say(_DELETED, False)

    def _say_of_sheets(self) -> None:
        """What is wrong with the files, or else what to do."""
        troubles = self._sheets.troubles
        self._say(" ".join(troubles) or _HINT, bool(troubles))

    def _tell(self, error: BadInput) -> None:
        self._say(f"{error.sentence} {error.remedy}".strip(), True)

    def _say(self, text: str, is_trouble: bool) -> None:
        self.words.setText(text)
        self.words.setProperty("role", "failed" if is_trouble else "quiet")
        self.words.style().polish(self.words)

    # The window itself --------------------------------------------------------------------------------------------------------

    def _on_time(self) -> None:
        """The session's numbers go on; sheets do not, and what is said stays."""
        now = self._now()
        self.consequences.show_energy(now, is_over=_is_over(self._store))
        self.table.show_sheet(device_sheet(self.devices(now)))
        self._select()

    def showEvent(self, event: QShowEvent) -> None:
        """Now there is something to count for."""
        super().showEvent(event)
        self.refresh()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._clock.stop()


def _here(store: SessionStore, now: RunEnergy | None) -> Device | None:
    """The session that runs or last ran on this machine, as a device of which nothing is typed in."""
    fps = _newest_fps(store.rate_history())
    if store.opened is None or not fps > 0.0:
        return None
    asked = store.asked
    ran = " ".join(filter(None, (asked.model, asked.precision, asked.device))) if asked else store.opened.machine.cpu
    done = Performance(
        fps=fps,
        is_typed=False,
        joules_per_frame=now.joules_per_frame if now else None,
        kind=now.kind if now and now.joules_per_frame else None,
        covers=now.covers if now else None,
        busy_watts=now.watts if now else None,
        about=f"{ran}{'' if store.opened.is_saturated else PACED}",
    )
    title = BEFORE if _is_over(store) else HERE
    sheet = DeviceSheet(title=title, source=store.opened.machine.cpu)
    return Device("", sheet, False, done, system_metrics(sheet, done))


def _newest_fps(rates: Rates) -> float:
    """Mean of this session's newest seconds, a stall among them; NaN before its first."""
    breaks = np.flatnonzero(np.isnan(rates["fps"]))
    own = rates[breaks[-1] + 1 :] if breaks.size else rates
    if len(own) < 2:
        return float(own["fps"].mean()) if len(own) else float("nan")
    # a row is about the time since the one before, which in a stall is long
    is_newest = own["t_ns"][1:] > own["t_ns"][-1] - SECONDS * 1e9
    return float(np.average(own["fps"][1:][is_newest], weights=np.diff(own["t_ns"])[is_newest]))


def _is_over(store: SessionStore) -> bool:
    return store.status.state is RunState.FINISHED
