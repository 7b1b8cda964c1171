"""Devices to be weighed against each other: the sheets there are, with what each does, and the session that runs here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.devices import system_metrics
from edgeperf_gui.domain import places
from edgeperf_gui.domain.device import DeviceSheet, Performance, SystemMetrics
from edgeperf_gui.domain.errors import BadInput, EdgeperfError
from edgeperf_gui.store import devices


@dataclass(frozen=True, slots=True)
class Device:
    """One sheet, read."""

    name: str
    sheet: DeviceSheet
    is_own: bool
    performance: Performance | None
    metrics: SystemMetrics
    trouble: str = ""
    """Why its run cannot be read."""


class DeviceSheets(QObject):
    """Reads the files when asked to, and says what is wrong with those that cannot be read."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.devices: tuple[Device, ...] = ()
        self.troubles: tuple[str, ...] = ()
        """A sentence for each sheet that cannot be read."""

    def look(self) -> None:
        """Read all there are anew."""
        found, troubles = [], []
        for name, path in devices.names().items():
            try:
                found.append(_device(name, path))
            except BadInput as error:
                troubles.append(f"{error.sentence} {error.remedy}".strip())
        self.devices, self.troubles = tuple(found), tuple(troubles)
        self.changed.emit()

    def device(self, name: str | None) -> Device | None:
        """The one of that name."""
        return next((one for one in self.devices if one.name == name), None)

    def save(self, sheet: DeviceSheet, name: str | None = None) -> str:
        """Write it to the user's folder; a run is kept by its whole path. Returns its name; raises BadInput."""
        if sheet.run is not None:
            sheet = msgspec.structs.replace(sheet, run=os.path.expanduser(sheet.run))  # noqa: PTH111 (never raises)
        done = devices.save(sheet, name)
        self.look()
        return done

    def delete(self, name: str) -> None:
        """Remove a sheet of the user's own; raises BadInput."""
        devices.delete(name)
        self.look()


def _device(name: str, path: Path) -> Device:
    sheet, trouble = devices.read(path), ""
    done: Performance | None = None
    try:
        done = devices.performance(sheet, path.parent)
    except EdgeperfError as error:
        trouble = f"{error.sentence} {error.remedy}".strip()
    return Device(name, sheet, path.parent == places.devices(), done, system_metrics(sheet, done), trouble)
