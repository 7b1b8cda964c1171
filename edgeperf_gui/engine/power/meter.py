"""What every meter is, and where it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from edgeperf_gui.analysis.energy import Sample
from edgeperf_gui.domain import places
from edgeperf_gui.domain.energy import MeterChoice, MeterInfo
from edgeperf_gui.domain.errors import MeterError
from edgeperf_gui.engine.machine import cpu_name

ROOT_ONLY: Final = "may only be read by root"
_LARGEST_NUMBER: Final = 64
"""Bytes of a number's file; the kernel writes at most 20 digits."""


@dataclass(frozen=True, slots=True)
class Site:
    """The machine a meter looks for itself on, and what the user said about it."""

    sysfs: Path
    processor: str
    choice: MeterChoice
    companion_pids: tuple[int, ...] = ()
    """Other processes of ours, whose busy time is ours too."""


class Meter(Protocol):
    """Making one looks whether it can be read here; it opens nothing that has to be closed before the first `read`."""

    info: MeterInfo

    @property
    def trouble(self) -> str:
        """What was wrong with what it read so far and is left out, as a sentence; empty when nothing was."""

    def read(self) -> Sequence[Sample]:
        """What came since the last call, oldest first: one sample, of a file any number. Raises MeterError when it is gone."""

    def close(self) -> None:
        """Give back what `read` opened."""


class Sensor:
    """A meter of the kernel's: what it shows is right or an error, and there is nothing to close."""

    trouble = ""

    def close(self) -> None:
        """Files are opened for each reading."""


def read_number(path: Path, meter: str) -> int:
    """The whole number in a file of the kernel's. Raises MeterError when it cannot be read or is none."""
    try:
        with path.open("rb") as file:
            return int(file.read(_LARGEST_NUMBER))
    except ValueError as error:
        raise MeterError(f"{meter}: {path} holds no number.", "Choose another meter.") from error
    except OSError as error:
        cause = error.strerror or str(error)
        raise MeterError(f"{meter} cannot be read any more: {path} ({cause}).", "Plug it in again, or choose another.") from error


def read_text(path: Path) -> str:
    """A short text of the kernel's without its line end; empty when there is none."""
    try:
        with path.open("rb") as file:
            return file.read(4096).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def refusal(path: Path) -> str:
    """Why this user cannot read it; empty when it can be. Opening is asked, since rights alone do not tell of a sandbox."""
    try:
        with path.open("rb"):
            return ""
    except PermissionError:
        return ROOT_ONLY
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"


def here(choice: MeterChoice | None = None, companion_pids: tuple[int, ...] = ()) -> Site:
    """The site of the machine it runs on."""
    return Site(places.sysfs(), cpu_name(), choice or MeterChoice(), companion_pids)
