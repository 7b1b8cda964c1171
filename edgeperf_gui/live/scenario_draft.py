"""A scenario while it is edited: the texts of its fields and the TOML they make, checked as a file would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
import tomli_w

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scenario import Scenario
from edgeperf_gui.store.own_scenarios import as_toml
from edgeperf_gui.store.scenarios import parsed

WORDS: Final = ("title", "why", "percentile", "currency")
"""Keys whose values are words; all others are numbers."""


def texts_of(scenario: Scenario) -> dict[str, str]:
    """What stands in each field; empty for what is not given."""
    values = {name: getattr(scenario, name) for name in scenario.__struct_fields__}
    return {
        name: "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
        for name, value in values.items()
    }


def toml_of(texts: Mapping[str, str], units: Mapping[str, str]) -> str:
    """The TOML that these fields make, a key a line; what is no number stays words, and is complained about as in a file.

    `units`: may stand behind a number, "130 km/h".
    """
    lines: dict[str, object] = {}
    for key, text in texts.items():
        words = text.strip()
        if key in WORDS:
            lines[key] = words
        elif words:
            lines[key] = _number(words.removesuffix(units.get(key, "")).strip() or words)
    return tomli_w.dumps({key: value for key, value in lines.items() if value != "" or key in ("title", "why")})


def draft_of(text: str, file_name: str) -> Scenario:
    """The scenario in a TOML text. Raises BadInput with file, line and remedy."""
    return parsed(text, file_name)


def text_of(scenario: Scenario) -> str:
    """The scenario as the TOML that would be saved."""
    return as_toml(scenario)


def copy_of(scenario: Scenario) -> Scenario:
    """The same under a title of its own."""
    return msgspec.structs.replace(scenario, title=f"{scenario.title}, my own")


def trouble_with(scenario: Scenario) -> str:
    """What in it contradicts itself, as a sentence and its remedy; empty for nothing."""
    try:
        parsed(as_toml(scenario), "The scenario")
    except BadInput as error:
        return str(error)
    return ""


def _number(words: str) -> int | float | str:
    plain = words.replace(",", ".")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return words
