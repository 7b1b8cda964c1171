"""A small TOML file somebody else may have written: read whole, or refused with the file, the line and what to do."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.toml_lines import line_of
from edgeperf_gui.store.given_file import read_given

T = TypeVar("T", bound=msgspec.Struct)

_LARGEST: Final = 100_000
_REMEDY: Final = "Give a TOML file of a few lines."
_CORRECT: Final = "Correct this value."
_KINDS: Final = {
    "float": "a number, without a unit or quotes",
    "int": "a whole number, without a unit or quotes",
    "str": "words in quotes",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table",
}
"""What msgspec calls a kind of value, as a person does."""
_BOUNDS: Final = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}


def read_toml(path: Path, kind: type[T], noun: str) -> T:
    """The file as `kind`; `noun` names what it is in sentences ("a table of processors"). Raises BadInput."""
    return parsed_toml(toml_text(path, noun), path.name, kind, noun)


def toml_text(path: Path, noun: str) -> str:
    """What stands in the file. Raises BadInput."""
    try:
        return read_given(path, noun, _LARGEST, _REMEDY).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from error


def parsed_toml(text: str, file_name: str, kind: type[T], noun: str) -> T:
    """The text as `kind`; `file_name` is how complaints call it. Raises BadInput."""
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        raise _refusal(file_name, text, str(error), kind, noun) from error
    except RecursionError as error:
        raise BadInput(f"{file_name} is nested too deeply for {noun}.", _REMEDY) from error
    except ValueError as error:  # the TOML itself
        raise BadInput(f"{file_name}: {error}.", "Correct this line.") from error


def _refusal(file_name: str, text: str, complaint: str, kind: type[msgspec.Struct], noun: str) -> BadInput:
    # of a table whose keys are free, msgspec does not say which: then the table's head
    line = line_of(text, complaint) or line_of(text, complaint.replace("[...]`", "`"))
    where = f"{file_name}, line {line}" if line else file_name
    if missing := re.search(r"missing required field `([^`]+)`", complaint):
        key = missing.group(1)
        is_table = get_origin(_type_of(kind, key)) is dict
        return BadInput(f"{where}: {key} is missing.", f"Add a table: [{key}]" if is_table else f"Add a line: {key} = …")
    unknown = re.search(r"unknown field `([^`]+)`", complaint)
    if unknown is None:
        return BadInput(f"{where}: {_plain(complaint, kind)}.", _CORRECT)
    key, known = unknown.group(1), kind.__struct_fields__
    # a unit left out is the commonest slip: `speed` for `speed_km_h`
    near = [field for field in known if field.startswith(f"{key}_")] or difflib.get_close_matches(key, known, 1)
    return BadInput(
        f"{where}: “{key}” is no key of {noun}.", f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
    )


def _plain(complaint: str, kind: type[msgspec.Struct]) -> str:
    """What msgspec says about a value, in words; its own where there are none."""
    place = re.search(r"(`key` in )?`\$\.?([^`]*)`$", complaint)
    if place is None:
        return complaint
    key = place.group(2).partition("[")[0]
    subject = f"each key of {key}" if place.group(1) else f"each value of {key}" if "[" in place.group(2) else key
    if found := re.match(r"Expected `(?:float|int)` ([<>]=?) (\S+)", complaint):
        return f"{subject} must be {_BOUNDS[found.group(1)]} {float(found.group(2)):.12g}"
    if found := re.match(r"Expected `str` of length ([<>]=?) (\d+)", complaint):
        return f"{subject} must have {_BOUNDS[found.group(1)]} {found.group(2)} character{'s'[: found.group(2) != '1']}"
    if found := re.match(r"Expected `array` of length (\d+), got (\d+)", complaint):
        return f"{subject} must have {found.group(1)} values, not {found.group(2)}"
    if found := re.match(r"Expected `(\w+)(?: \| null)?`, got ", complaint):
        return f"{subject} must be {_KINDS.get(found.group(1), found.group(1))}"
    choices = _type_of(kind, key)
    if (found := re.match(r"Invalid enum value '(.*)' - at", complaint)) and get_origin(choices) is Literal:
        *others, last = map(str, get_args(choices))
        return f"{subject} must be {', '.join(others)} or {last}, not “{found.group(1)}”"
    return complaint


def _type_of(kind: type[msgspec.Struct], key: str) -> Any:
    return next((field.type for field in msgspec.structs.fields(kind) if field.name == key), None)
