"""One device sheet to be typed in: what it costs, how large it is, what it draws, and its measured run."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from edgeperf_gui.domain.device import DeviceSheet
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.ui import theme
from edgeperf_gui.ui.caption import titled
from edgeperf_gui.ui.definitions import DEVICES
from edgeperf_gui.ui.number_line import NumberLine

_NUMBERS: Final = (
    ("price", "Price"),
    ("volume_l", "Volume, litres"),
    ("mass_kg", "Mass, kg"),
    ("idle_w", "Idle, W"),
    ("busy_w", "Busy, W"),
    ("thermal_limit_c", "Thermal limit, °C"),
    ("fps", "fps, typed in"),
)
_TEXTS: Final = (("title", "Name", 80), ("currency", "Currency", 8), ("source", "Where the numbers are from", 400))
_COLUMNS: Final = 4
_FILTER: Final = "Runs (*.json *.edgeperf);;All files (*)"


class DeviceForm(QWidget):
    """`saveAsked` carries a DeviceSheet, `troubled` a BadInput."""

    saveAsked = Signal(object)
    troubled = Signal(object)
    deleteAsked = Signal()
    newAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = {key: NumberLine(title, DEVICES[key], "not known") for key, title in _NUMBERS}
        self.texts = {key: QLineEdit(self) for key, _, _ in _TEXTS}
        self._run: str | None = None
        self.run_words = QLabel(self)
        texts = ("Measured run…", "Without run", "New", "Save", "Delete")
        self.run_button, self.no_run_button, self.new_button, self.save_button, self.delete_button = map(QPushButton, texts)
        self._build()
        self.run_button.clicked.connect(self._ask_run)
        self.no_run_button.clicked.connect(lambda: self.use_run(None))
        self.new_button.clicked.connect(self.newAsked)
        self.save_button.clicked.connect(self._save)
        self.delete_button.clicked.connect(self.deleteAsked)
        self.show_sheet(None, is_own=False)

    def _build(self) -> None:
        self.run_words.setProperty("role", "quiet")
        self.run_words.setFont(theme.font(theme.QUIET))
        self.run_button.setToolTip(DEVICES["run"])
        self.save_button.setToolTip("Write it to your own folder; an example becomes yours")
        grid, foot = QGridLayout(), QHBoxLayout()
        grid.setSpacing(theme.INSIDE)
        fields: list[QWidget] = []
        for key, title, most in _TEXTS:
            self.texts[key].setMaxLength(most)
            self.texts[key].setAccessibleName(title)
            self.texts[key].setFixedHeight(theme.CONTROL_HEIGHT)
            fields.append(titled(title, self.texts[key]))
        grid.addWidget(fields[0], 0, 0, 1, 2)
        grid.addWidget(fields[1], 0, 2)
        grid.addWidget(self.numbers["price"], 0, 3)
        for at, key in enumerate(list(self.numbers)[1:]):
            grid.addWidget(self.numbers[key], 1 + at // _COLUMNS, at % _COLUMNS)
        grid.addWidget(fields[2], 2, 2, 1, 2)
        for at in range(_COLUMNS):
            grid.setColumnStretch(at, 1)
        foot.setSpacing(theme.INSIDE)
        foot.addWidget(self.run_button)
        foot.addWidget(self.no_run_button)
        foot.addWidget(self.run_words, 1)
        for button in (self.new_button, self.delete_button, self.save_button):
            foot.addWidget(button)
        for button in (self.run_button, self.no_run_button, self.new_button, self.delete_button, self.save_button):
            button.setAutoDefault(False)
            button.setFont(theme.font(theme.QUIET, 600))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        column.addLayout(grid)
        column.addLayout(foot)
        numbers = [line.edit for line in self.numbers.values()]
        for before, after in itertools.pairwise((self.texts["title"], self.texts["currency"], *numbers, self.texts["source"])):
            self.setTabOrder(before, after)

    def show_sheet(self, sheet: DeviceSheet | None, *, is_own: bool) -> None:
        """Fill all fields; None: a new one."""
        for key, line in self.numbers.items():
            line.edit.setModified(False)
            line.show_number(None if sheet is None else getattr(sheet, key))
        for key, edit in self.texts.items():
            edit.setText("€" if sheet is None and key == "currency" else "" if sheet is None else getattr(sheet, key))
            edit.setCursorPosition(0)
        self.offer_delete(is_own)
        self.use_run(None if sheet is None else sheet.run)

    def offer_delete(self, is_own: bool) -> None:
        """Whether there is a file of the user's own to be removed."""
        self.delete_button.setEnabled(is_own)
        self.delete_button.setToolTip("Remove this sheet" if is_own else "Only sheets of your own can be deleted")

    def use_run(self, path: str | None) -> None:
        """Take the performance from this run; None: from what is typed in."""
        self._run = path
        self.run_words.setText("No measured run: the fps are as typed in" if path is None else f"Measured run: {Path(path).name}")
        self.run_words.setToolTip(path or "")
        self.no_run_button.setVisible(path is not None)
        self.numbers["fps"].setEnabled(path is None)

    def sheet(self) -> DeviceSheet:
        """What is typed in. Raises BadInput."""
        values: dict[str, Any] = {key: line.number() for key, line in self.numbers.items()}
        values |= {key: edit.text().strip() for key, edit in self.texts.items()}
        if not values["title"]:
            raise BadInput("The device has no name.", "Write one into the first field.")
        made = DeviceSheet(**values, run=self._run)
        try:
            return msgspec.convert(msgspec.to_builtins(made), DeviceSheet)
        except msgspec.ValidationError as error:
            raise BadInput(f"That cannot be used: {error}.", "Correct this value.") from error

    def _save(self) -> None:
        try:
            self.saveAsked.emit(self.sheet())
        except BadInput as error:
            self.troubled.emit(error)

    def _ask_run(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getOpenFileName(self, "A run that was measured on this device", folder, _FILTER)
        if path:
            self.use_run(path)
