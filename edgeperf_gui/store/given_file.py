"""A file that somebody gave: read whole and bounded, or refused with a sentence and what to do."""

from __future__ import annotations

import stat
from pathlib import Path

from edgeperf_gui.domain.errors import BadInput


def read_given(path: Path, noun: str, largest: int, remedy: str) -> bytes:
    """All of it; `noun` is what it should be, in sentences ("a scenario"), `largest` in bytes. Raises BadInput."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise BadInput(f"{path} is not a file.", remedy)
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is no OSError
        raise BadInput(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.", "Check its name.") from error
    if len(data) > largest:
        raise BadInput(f"{path} is too large for {noun}.", remedy)
    return data
