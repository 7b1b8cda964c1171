"""The user's own scenario files: written, copied and deleted. What ships is never touched."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import tomli_w

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.store.named_files import name_of
from edgeperf_gui.store.scenarios import names, parsed
from edgeperf_gui.store.whole_file import write_whole

_DEFAULTS: Final = {field.name: field.default for field in msgspec.structs.fields(Scenario)}


def is_own(name: str) -> bool:
    """Whether the scenario of this name is a file of the user's."""
    path = names().get(name)
    return path is not None and path.parent == places.scenarios()


def ships(name: str) -> bool:
    """Whether a scenario of this name comes with the program."""
    return places.shipped(f"resources/scenarios/{name}.toml").is_file()


def as_toml(scenario: Scenario) -> str:
    """A line a key, in the order of the documentation; what is not given is left out."""
    values = {name: getattr(scenario, name) for name in scenario.__struct_fields__}
    return tomli_w.dumps(
        {name: _plain(value) for name, value in values.items() if value is not None and value != _DEFAULTS[name]}
    )


def _plain(value: object) -> object:
    """3.0 as 3: that is how a person writes it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def name_for(title: str) -> str:
    """The name of a file for this title: "City crossing, wet" → city-crossing-wet. Raises BadInput where nothing is left."""
    name = name_of(title)
    if not name:
        raise BadInput(f"“{title}” gives no name for a file.", "Use letters or digits in the title.")
    return name


def free_name(title: str) -> str:
    """The same, with a number where a scenario of that name is there already."""
    name, taken = name_for(title), names()
    return next(one for number in range(1, len(taken) + 3) if (one := name if number == 1 else f"{name}-{number}") not in taken)


def save(name: str, text: str) -> Path:
    """Write a user's scenario whole or not at all, checked as it will be read. Raises BadInput."""
    path = places.scenarios() / f"{name}.toml"
    if name != name_for(name):
        raise BadInput(f"“{name}” is no name for a file.", "Use small letters, digits and hyphens.")
    if ships(name) and not path.exists():
        raise BadInput(f"“{name}” comes with the program and stays as it is.", "Save yours under another title.")
    parsed(text, path.name)
    try:
        write_whole(path, text.encode())
    except (OSError, UnicodeEncodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"The scenario could not be saved to {path} ({why}).", "Free some space or check the rights.") from error
    return path


def delete(name: str) -> None:
    """Remove a user's scenario. Raises BadInput."""
    if not is_own(name):
        raise BadInput(f"“{name}” comes with the program and stays.", "Copy it to change it.")
    path = places.scenarios() / f"{name}.toml"
    try:
        path.unlink()
    except OSError as error:
        raise BadInput(f"{path} cannot be deleted ({error.strerror or error}).", "Check the rights.") from error
