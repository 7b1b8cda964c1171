"""Scenario files: those that ship, and the user's own, which win where names meet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from edgeperf_gui.analysis.looks import in_view_s, metres_per_frame
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.domain.toml_lines import line_of
from edgeperf_gui.store.named_files import find_named, named_files
from edgeperf_gui.store.toml_file import parsed_toml, toml_text

_NOUN: Final = "a scenario"
_NEEDS: Final = (
    ("speed_km_h", ("visible_m",)),
    ("visible_m", ("speed_km_h",)),
    ("metres_per_frame", ("speed_km_h",)),
    ("battery_hours", ("battery_wh",)),
    ("cost_a_year", ("price_per_kwh",)),
    ("currency", ("price", "price_per_kwh")),
)
"""A key, and those of which it needs one."""
_ROUNDING: Final = 1e-9
_WORDS: Final = {"title": "Give it a name.", "why": "Say in two sentences why its numbers are what they are."}


def names() -> dict[str, Path]:
    """Every scenario's file by its name, the stem of the file."""
    return named_files(places.shipped("resources/scenarios"), places.scenarios())


def find(name: str) -> tuple[str, Scenario]:
    """A scenario by its name, or by the path of its file. Raises BadInput."""
    path = find_named(names(), name, "scenario")
    return path.stem, read(path)


def read(path: Path) -> Scenario:
    """One file. Raises BadInput, with the file, the line and what to do."""
    return parsed(toml_text(path, _NOUN), path.name)


def parsed(text: str, file_name: str) -> Scenario:
    """The scenario in a TOML text; `file_name` is how complaints call it. Raises BadInput."""
    scenario = parsed_toml(text, file_name, Scenario, _NOUN)
    for name in ("title", "why"):
        if not getattr(scenario, name).strip():
            raise BadInput(f"{file_name}: {name} is empty.", _WORDS[name])
    _check(file_name, text, scenario)
    return scenario


def _check(file_name: str, text: str, scenario: Scenario) -> None:
    """Keys that need or contradict each other, with the line of the later one."""
    given = {name for name in scenario.__struct_fields__ if getattr(scenario, name) is not None}
    for one, others in _NEEDS:
        if one in given and not given.intersection(others):
            missing = " or ".join(others)
            raise BadInput(f"{_where(file_name, text, one)}: {one} needs {missing}, too.", f"Add {missing}.")
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
    _check_way(file_name, text, scenario)
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


def _check_way(file_name: str, text: str, scenario: Scenario) -> None:
    """The longest way between two frames, held against the rates that are given."""
    limit = scenario.metres_per_frame
    if limit is None:
        return
    for key, rate in (("camera_fps", scenario.camera_fps), ("rate_fps", scenario.rate_fps)):
        way = None if rate is None else metres_per_frame(scenario, rate)
        if rate is not None and way is not None and way > limit * (1 + _ROUNDING):
            raise BadInput(
                f"{_where(file_name, text, 'metres_per_frame', key)}: {key} {rate:g} contradicts metres_per_frame {limit:g}: at"
                f" {scenario.speed_km_h:g} km/h {rate * way / limit:.2f} frames a second are needed.",
                f"Raise {key} or metres_per_frame.",
            )


def _where(file_name: str, text: str, *keys: str) -> str:
    """The file and the last line that gives one of these keys; a default has no line."""
    lines = [line for key in keys if (line := line_of(text, f"- at `$.{key}`")) is not None]
    return f"{file_name}, line {max(lines)}" if lines else file_name
