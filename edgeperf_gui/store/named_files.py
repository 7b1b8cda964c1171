"""Files that are called by their names: those that ship, and the user's own, which win where names meet."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edgeperf_gui.domain.errors import BadInput

_LONGEST_NAME: Final = 60


def named_files(*folders: Path) -> dict[str, Path]:
    """Every TOML file by its name, the stem of the file; a later folder wins."""
    return {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))}


def find_named(known: Mapping[str, Path], name: str, noun: str, *, is_path_too: bool = True) -> Path:
    """The file of this name, or of this path when it ends in .toml. Raises BadInput; `noun` is what it is, "scenario"."""
    path = known.get(name) or (Path(name) if is_path_too and name.endswith(".toml") else None)
    if path is not None:
        return path
    near = difflib.get_close_matches(name, known, 1)
    remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
    raise BadInput(f"There is no {noun} called “{name}”.", remedy)


def name_of(title: str) -> str:
    """The name of a file for this title: "City crossing, wet" → city-crossing-wet; empty where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_NAME].rstrip("-")
