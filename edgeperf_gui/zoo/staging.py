"""Folders that appear whole or not at all: written beside their place under a hidden name, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil

from edgeperf_gui.domain.errors import ModelError, RunError

PREFIX: Final = ".writing-"
_STALE_S: Final = 24 * 3600.0
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TAKEN: Final = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)


@contextlib.contextmanager
def staged_folder(parent: Path) -> Iterator[Path]:
    """A fresh hidden folder inside `parent` (made when missing) to write into; whatever is not published is removed.

    Raises ModelError when `parent` cannot be written to, and RunError when the disk is full.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        sweep(parent)
        folder = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
    except OSError as error:
        raise refusal(error, parent) from error
    try:
        yield folder
    except OSError as error:
        raise refusal(error, parent) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, place: Path) -> bool:
    """Give a finished folder its name; False when something of that name is there already, which is never overwritten."""
    if os.path.lexists(place):
        return False
    try:
        folder.rename(place)
    except OSError as error:
        if error.errno in _TAKEN:  # another window was faster
            return False
        raise
    return True


def replace_text(place: Path, text: str) -> None:
    """Write a small text file so that a reader sees the old or the new one, never half of it."""
    fresh = place.with_name(f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(place)
    except OSError as error:
        raise refusal(error, place.parent) from error
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def sweep(parent: Path) -> None:
    """Remove what writers left that were killed before they could tidy up."""
    with contextlib.suppress(OSError):
        for folder in parent.glob(PREFIX + "*"):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def refusal(error: OSError, parent: Path) -> ModelError | RunError:
    """An operating system's error while writing, as a sentence."""
    if error.errno in _NO_ROOM:
        return RunError(f"There is no room left in {parent}.", "Free some space and try again; nothing half-written was left.")
    return ModelError(
        f"{parent} cannot be written to: {error.strerror or type(error).__name__}.",
        "Check its permissions; EDGEPERF_HOME puts the model folder elsewhere.",
    )


def _is_abandoned(folder: Path) -> bool:
    writer = folder.name.removeprefix(PREFIX).partition("-")[0]
    if not writer.isdecimal() or not psutil.pid_exists(int(writer)):
        return True
    # the number may belong to another program by now
    return time.time() - folder.stat().st_mtime > _STALE_S
