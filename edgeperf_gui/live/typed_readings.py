"""What an external meter shows, typed in by the user: lines of a file of our own, which the meter `file` reads."""

from __future__ import annotations

from pathlib import Path

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import SettingsError

_HEAD = "# Watts that an external meter showed, typed in while a session ran; one line a reading.\n"
_REMEDY = "Free some space or check the rights."


def file() -> Path:
    """Its path; made when there is none. Raises SettingsError."""
    path = places.typed_readings()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(_HEAD, "utf-8")
    except OSError as error:
        raise SettingsError(f"The file for readings {path} cannot be made ({error.strerror}).", _REMEDY) from error
    return path


def add(watts: float, chosen: str | None) -> None:
    """One reading at this moment. Raises SettingsError; also when the meter's file is somebody else's."""
    path = file()
    if chosen is None or Path(chosen) != path:
        raise SettingsError(
            f"Readings come from {chosen or 'no file'}, in which nothing is typed.",
            "Choose another meter and come back.",
        )
    try:
        with path.open("a", encoding="utf-8") as out:
            out.write(f"{watts:g}\n")
    except OSError as error:
        raise SettingsError(f"The reading could not be added to {path} ({error.strerror}).", _REMEDY) from error
