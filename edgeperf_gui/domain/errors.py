"""The error tree: what went wrong as a sentence, and what to do about it.

EdgeperfError
├── BadInput          a path, name or value the user gave (exit code 2)
│   ├── SourceError   a source that cannot be opened or read
│   ├── ModelError    a model folder, file or variant that cannot be used
│   ├── DeviceError   a device that is not there or cannot compile the model
│   ├── MeterError    an energy meter that is not there, or cannot be read any more
│   ├── DatasetError  a folder of labelled images that cannot be used
│   ├── SettingsError a settings file that cannot be used
│   └── StoreError    a run file that cannot be written or read
└── RunError          a run that started and could not go on (exit code 1)
    ├── SourceLost    a live source that stopped delivering
    └── Hung          a driver or decoder that does not come back
"""

from __future__ import annotations

from typing import ClassVar, Literal


class EdgeperfError(Exception):
    """An error a user can act on: `sentence` says what happened, `remedy` what to do."""

    cause: ClassVar[Literal["", "source", "model", "device"]] = ""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(f"{sentence} {remedy}".strip())
        self.sentence = sentence
        self.remedy = remedy


class BadInput(EdgeperfError):
    """The user asked for something that cannot be done as asked."""


class SourceError(BadInput):
    """A source that cannot be opened, or holds nothing to show."""

    cause = "source"


class ModelError(BadInput):
    """A model that is missing, damaged, or lacks the variant asked for."""

    cause = "model"


class DeviceError(BadInput):
    """A device that does not exist or refuses the model."""

    cause = "device"


class MeterError(BadInput):
    """An energy meter that is not there, may not be read, or is gone."""


class DatasetError(BadInput):
    """Labelled images that are missing, damaged, or do not fit each other or the model."""


class SettingsError(BadInput):
    """A settings file that cannot be read or written."""


class StoreError(BadInput):
    """A run file that cannot be written or read."""


class RunError(EdgeperfError):
    """A run that began and could not go on."""


class SourceLost(RunError):
    """A live source that stopped delivering frames."""

    cause = "source"


class Hung(RunError):
    """A thread inside a driver or decoder does not come back; only leaving the process at once ends it."""
