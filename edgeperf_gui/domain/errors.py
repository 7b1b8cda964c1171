"""The error tree: what went wrong as a sentence, and what to do about it.

EdgeperfError
├── BadInput          a path, name or value the user gave (exit code 2)
│   ├── SourceError   a source that cannot be opened or read
│   ├── ModelError    a model folder, file or variant that cannot be used
│   ├── DeviceError   a device that is not there or cannot compile the model
│   ├── SettingsError a settings file that cannot be used
│   └── StoreError    a run file that cannot be written or read
└── RunError          a run that started and could not go on (exit code 1)
    ├── SourceLost    a live source that stopped delivering
    └── Hung          a driver or decoder that does not come back
"""

from __future__ import annotations


class EdgeperfError(Exception):
    """An error a user can act on: `sentence` says what happened, `remedy` what to do."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(f"{sentence} {remedy}".strip())
        self.sentence = sentence
        self.remedy = remedy


class BadInput(EdgeperfError):
    """The user asked for something that cannot be done as asked."""


class SourceError(BadInput):
    """A source that cannot be opened, or holds nothing to show."""


class ModelError(BadInput):
    """A model that is missing, damaged, or lacks the variant asked for."""


class DeviceError(BadInput):
    """A device that does not exist or refuses the model."""


class SettingsError(BadInput):
    """A settings file that cannot be read or written."""


class StoreError(BadInput):
    """A run file that cannot be written or read."""


class RunError(EdgeperfError):
    """A run that began and could not go on."""


class SourceLost(RunError):
    """A live source that stopped delivering frames."""


class Hung(RunError):
    """A thread inside a driver or decoder does not come back; only leaving the process at once ends it."""
