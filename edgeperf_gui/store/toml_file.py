"""A small TOML file somebody else may have written: read whole, or refused with the file, the line and what to do."""

from __future__ import annotations

import difflib
import re
import stat
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.toml_lines import line_of

T = TypeVar("T", bound=msgspec.Struct)

_LARGEST: Final = 100_000


def read_toml(path: Path, kind: type[T], noun: str) -> T:
    """The file as `kind`; `noun` names what it is in sentences ("a table of processors"). Raises BadInput."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise BadInput(f"{path} is not a file.", "Give a TOML file of a few lines.")
        if status.st_size > _LARGEST:
            raise BadInput(f"{path} is too large for {noun}.", "Give a TOML file of a few lines.")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from error
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        raise _refusal(path, text, str(error), kind, noun) from error
    except RecursionError as error:
        raise BadInput(f"{path.name} is nested too deeply for {noun}.", "Give a TOML file of a few lines.") from error
    except ValueError as error:  # the TOML itself
        raise BadInput(f"{path.name}: {error}.", "Correct this line.") from error


def _refusal(path: Path, text: str, complaint: str, kind: type[msgspec.Struct], noun: str) -> BadInput:
    # of a table whose keys are free, msgspec does not say which: then the table's head
    line = line_of(text, complaint) or line_of(text, complaint.replace("[...]`", "`"))
    where = f"{path.name}, line {line}" if line else path.name
    unknown = re.search(r"unknown field `([^`]+)`", complaint)
    if unknown is None:
        return BadInput(f"{where}: {complaint}.", "Correct this value.")
    known = kind.__struct_fields__
    near = difflib.get_close_matches(unknown.group(1), known, 1)
    return BadInput(
        f"{where}: “{unknown.group(1)}” is no key of {noun}.",
        f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}.",
    )
