"""A small TOML file somebody else may have written: read whole, or refused with the file, the line and what to do."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.toml_lines import line_of
from edgeperf_gui.store.given_file import read_given

T = TypeVar("T", bound=msgspec.Struct)

_LARGEST: Final = 100_000
_REMEDY: Final = "Give a TOML file of a few lines."


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
    unknown = re.search(r"unknown field `([^`]+)`", complaint)
    if unknown is None:
        return BadInput(f"{where}: {complaint}.", "Correct this value.")
    key, known = unknown.group(1), kind.__struct_fields__
    # a unit left out is the commonest slip: `speed` for `speed_km_h`
    near = [field for field in known if field.startswith(f"{key}_")] or difflib.get_close_matches(key, known, 1)
    return BadInput(
        f"{where}: “{key}” is no key of {noun}.", f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
    )
