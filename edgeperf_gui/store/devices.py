"""Device sheets: those that ship as examples, and the user's own, which win where names meet; and the runs they name."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Final

import tomli_w

from edgeperf_gui.analysis.devices import performance_of
from edgeperf_gui.domain import places
from edgeperf_gui.domain.device import DeviceSheet, Performance
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.named_files import find_named, name_of, named_files
from edgeperf_gui.store.run_json import read_result
from edgeperf_gui.store.toml_file import read_toml
from edgeperf_gui.store.whole_file import write_whole

MOST: Final = 200
"""Sheets that are looked at."""


def names() -> dict[str, Path]:
    """Every sheet's file by its name, the stem of the file."""
    found = named_files(places.shipped("resources/devices"), places.devices())
    return dict(list(found.items())[:MOST])


def find(name: str) -> DeviceSheet:
    """A sheet by its name, or by the path of its file. Raises BadInput."""
    return read(find_named(names(), name, "device sheet"))


def is_own(name: str) -> bool:
    """Whether it is a file of the user's."""
    return (places.devices() / f"{name}.toml").is_file()


def read(path: Path) -> DeviceSheet:
    """One file. Raises BadInput with the file, the line and what to do."""
    sheet = read_toml(path, DeviceSheet, "a device sheet")
    _check(path.name, sheet)
    return sheet


def run_path(sheet: DeviceSheet, folder: Path) -> Path | None:
    """The file of its run, from the sheet's own folder on; None where it names none."""
    return None if sheet.run is None else folder / os.path.expanduser(sheet.run)  # noqa: PTH111 (never raises)


def performance(sheet: DeviceSheet, folder: Path) -> Performance | None:
    """What it does: measured in the run that it names, else as typed in; None when neither is given. Raises BadInput."""
    path = run_path(sheet, folder)
    if path is not None:
        done = performance_of(read_result(path))
        if done is None:
            raise BadInput(f"{sheet.run} has no throughput.", "Name a run that went on for some seconds.")
        return done
    return None if sheet.fps is None else Performance(sheet.fps, is_typed=True)


def save(sheet: DeviceSheet, name: str | None = None) -> str:
    """Write it whole or not at all to the user's folder; returns its name, made from the title where none is given.

    A shipped example that is saved becomes the user's own of the same name. Raises BadInput.
    """
    name = name or _free_name(sheet.title)
    path = places.devices() / f"{name}.toml"
    _check(path.name, sheet)
    values = {key: value for key in sheet.__struct_fields__ if (value := getattr(sheet, key)) not in (None, "")}
    values["currency"] = sheet.currency  # none is not the usual one
    try:
        write_whole(path, tomli_w.dumps(values).encode())
    except (OSError, UnicodeEncodeError) as error:
        cause = getattr(error, "strerror", None) or error
        sentence = f"The device sheet could not be saved to {path} ({cause})."
        raise BadInput(sentence, "Free some space or check the rights.") from error
    return name


def delete(name: str) -> None:
    """Remove the user's sheet; an example of the same name is seen again. Raises BadInput."""
    path = places.devices() / f"{name}.toml"
    if not path.is_file():
        raise BadInput(f"“{name}” comes with the program and stays.", "Only sheets of your own can be deleted.")
    try:
        path.unlink()
    except OSError as error:
        raise BadInput(f"{path} cannot be deleted ({error.strerror or error}).", "Check the rights.") from error


def _check(where: str, sheet: DeviceSheet) -> None:
    """Numbers that contradict each other, both named."""
    if not sheet.title.strip():
        raise BadInput(f"{where}: a device sheet needs a title.", 'Write title = "…" in its first line.')
    if sheet.idle_w is not None and sheet.busy_w is not None and sheet.idle_w > sheet.busy_w:
        raise BadInput(
            f"{where}: idle_w {sheet.idle_w:g} is more than busy_w {sheet.busy_w:g}.", "A device draws more when it works."
        )


def _free_name(title: str) -> str:
    name = name_of(title) or "device"
    taken = names()  # more of one's own may lie there than are looked at
    tried = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(one for one in tried if one not in taken and not is_own(one))
