"""Scenario files: those that ship, and the user's own, which win where names meet."""

from __future__ import annotations

import difflib
import re
import stat
from pathlib import Path
from typing import Final

import msgspec

from edgeperf_gui.analysis.looks import in_view_s
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.toml_lines import line_of

_LARGEST: Final = 100_000
_NEEDS: Final = (
    ("speed_km_h", "visible_m"),
    ("visible_m", "speed_km_h"),
    ("metres_per_frame", "speed_km_h"),
    ("battery_hours", "battery_wh"),
)
_WORDS: Final = {"title": "Give it a name.", "why": "Say in two sentences why its numbers are what they are."}


def names() -> dict[str, Path]:
    """Every scenario's file by its name, the stem of the file."""
    folders = (places.shipped("resources/scenarios"), places.scenarios())
    return {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))}


def find(name: str) -> tuple[str, Scenario]:
    """A scenario by its name, or by the path of its file. Raises BadInput."""
    known = names()
    path = known.get(name) or (Path(name) if name.endswith(".toml") else None)
    if path is None:
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
        raise BadInput(f"There is no scenario called “{name}”.", remedy)
    return path.stem, read(path)


def read(path: Path) -> Scenario:
    """One file. Raises BadInput, with the file, the line and what to do."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise BadInput(f"{path} is not a file.", "Give a TOML file of a few lines.")
        if status.st_size > _LARGEST:
            raise BadInput(f"{path} is too large for a scenario.", "Give a TOML file of a few lines.")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from error
    return parsed(text, path.name)


def parsed(text: str, file_name: str) -> Scenario:
    """The scenario in a TOML text; `file_name` is how complaints call it. Raises BadInput."""
    try:
        scenario = msgspec.toml.decode(text, type=Scenario)
    except msgspec.MsgspecError as error:
        raise _refusal(file_name, text, str(error)) from error
    except RecursionError as error:
        raise BadInput(f"{file_name} is nested too deeply.", "A scenario has one key a line and no tables.") from error
    except ValueError as error:  # the TOML itself
        raise BadInput(f"{file_name}: {error}.", "Correct this line.") from error
    for name in ("title", "why"):
        if not getattr(scenario, name).strip():
            raise BadInput(f"{file_name}: {name} is empty.", _WORDS[name])
    _check(file_name, text, scenario)
    return scenario


def _refusal(file_name: str, text: str, complaint: str) -> BadInput:
    line = line_of(text, complaint)
    where = f"{file_name}, line {line}" if line else file_name
    unknown = re.search(r"unknown field `([^`]+)`", complaint)
    if unknown is None:
        return BadInput(f"{where}: {complaint}.", "Correct this value.")
    key = unknown.group(1)
    known = Scenario.__struct_fields__
    # a unit left out is the commonest slip: `speed` for `speed_km_h`
    near = [field for field in known if field.startswith(f"{key}_")] or difflib.get_close_matches(key, known, 1)
    return BadInput(
        f"{where}: “{key}” is no key of a scenario.",
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}.",
    )


def _check(file_name: str, text: str, scenario: Scenario) -> None:
    """Keys that need or contradict each other, with the line of the later one."""
    given = {name for name in scenario.__struct_fields__ if getattr(scenario, name) is not None}
    for one, other in _NEEDS:
        if one in given and other not in given:
            raise BadInput(f"{_where(file_name, text, one)}: {one} needs {other}, too.", f"Add {other}.")
    if {"dwell_s", "speed_km_h"} <= given:
        where = _where(file_name, text, "dwell_s", "speed_km_h")
        raise BadInput(f"{where}: dwell_s and speed_km_h both say how long an object is in view.", "Keep one of them.")
    _check_rates(file_name, text, scenario)


def _check_rates(file_name: str, text: str, scenario: Scenario) -> None:
    """What is asked of a camera, held against itself and against what the camera gives."""
    if scenario.rate_fps is not None and scenario.rate_fps > scenario.camera_fps:
        raise BadInput(
            f"{_where(file_name, text, 'rate_fps', 'camera_fps')}: rate_fps {scenario.rate_fps:g} is more than camera_fps"
            f" {scenario.camera_fps:g} delivers.",
            "Raise camera_fps or lower rate_fps.",
        )
    seconds = in_view_s(scenario)
    if seconds is None:
        return
    needed = scenario.looks / seconds
    because = f"an object is in view for {seconds:.2f} s, so {needed:.2f} frames a second are needed."
    if needed > scenario.camera_fps:
        raise BadInput(
            f"{_where(file_name, text, 'looks', 'camera_fps')}: looks {scenario.looks} is more than camera_fps"
            f" {scenario.camera_fps:g} delivers: {because}",
            "Raise camera_fps or lower looks.",
        )
    if scenario.rate_fps is not None and scenario.rate_fps < needed:
        raise BadInput(
            f"{_where(file_name, text, 'rate_fps', 'looks')}: rate_fps {scenario.rate_fps:g} contradicts looks"
            f" {scenario.looks}: {because}",
            "Raise rate_fps or lower looks.",
        )


def _where(file_name: str, text: str, *keys: str) -> str:
    """The file and the last line that gives one of these keys; a default has no line."""
    lines = [line for key in keys if (line := line_of(text, f"- at `$.{key}`")) is not None]
    return f"{file_name}, line {max(lines)}" if lines else file_name
