"""Devices to be weighed against each other: the sheets there are, with what each does, and the session that runs here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from edgeperf_gui.analysis.devices import system_metrics
from edgeperf_gui.domain import places
from edgeperf_gui.domain.device import DeviceSheet, Performance, SystemMetrics
from edgeperf_gui.domain.errors import BadInput, EdgeperfError
from edgeperf_gui.store import devices
from edgeperf_gui.store.run_format import SUFFIX

_LARGEST_RUN_FILE: Final = 8 << 20
"""Some 80 000 frames: summing them up takes a tenth of a second, in which the window stands still."""

_Known = tuple[Performance | None, str]
"""What a sheet's run says, and why it says nothing."""


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
        self._runs: dict[tuple[str, int, int], _Known] = {}  # by path, time of change and size: a run is read once

    def look(self) -> None:
        """Read all sheets anew, and those runs that changed."""
        found, troubles = [], []
        known, self._runs = self._runs, {}  # what no sheet names any more is forgotten
        for name, path in devices.names().items():
            try:
                found.append(self._device(name, path, known))
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

    def _device(self, name: str, path: Path, known: dict[tuple[str, int, int], _Known]) -> Device:
        sheet = devices.read(path)
        key = _key(devices.run_path(sheet, path.parent))
        done, trouble = known.get(key) or _performance(sheet, path.parent) if key else _performance(sheet, path.parent)
        if key:
            self._runs[key] = done, trouble
        return Device(name, sheet, path.parent == places.devices(), done, system_metrics(sheet, done), trouble)


def _key(path: Path | None) -> tuple[str, int, int] | None:
    """What tells one state of a run's file from another; None without one."""
    try:
        status = path.stat() if path is not None else None
    except (OSError, ValueError):
        return None
    return None if status is None else (str(path), status.st_mtime_ns, status.st_size)


def _performance(sheet: DeviceSheet, folder: Path) -> _Known:
    try:
        path = devices.run_path(sheet, folder)
        key = _key(path)
        if path is not None and key is not None and path.suffix == SUFFIX and key[2] > _LARGEST_RUN_FILE:
            raise BadInput(
                f"The run file {path.name} has {key[2] >> 20} MiB; to sum it up here would make the window stand still.",
                "Name what edgeperf bench --json FILE wrote instead.",
            )
        return devices.performance(sheet, folder), ""
    except EdgeperfError as error:
        return None, f"{error.sentence} {error.remedy}".strip()
