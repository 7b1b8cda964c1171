"""A folder of pictures, or a single one."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter_ns
from typing import Final

import numpy as np

from edgeperf_gui.domain.errors import SourceError
from edgeperf_gui.domain.session import SourceInfo
from edgeperf_gui.engine.sources.source import Frame, Pixels
from edgeperf_gui.zoo.picture_file import MAX_FILE_BYTES, PICTURES, decode_picture, natural_key

MAX_PICTURES: Final = 100_000

_REMEDY: Final = "Give a folder with JPEG, PNG, BMP or WebP pictures."


def is_picture_name(path: Path) -> bool:
    """Whether the name ends like a picture that this source reads."""
    return path.suffix.lower() in PICTURES


class Images:
    """Pictures one after the other in the natural order of their names, each at its own size. Unreadable ones are skipped."""

    info: SourceInfo

    def __init__(self, path: Path) -> None:
        """Find the pictures and decode the first readable one, to be sure there is one."""
        self._title = path.name or str(path)
        self._paths, self._left_out = _find(path)
        self._unreadable = 0
        self._next = 0
        first = self.read(None)
        if first is None:
            raise SourceError(f"No picture in “{self._title}” can be read.", _REMEDY)
        self._height, self._width = first.pixels.shape[:2]
        self._tell()
        self.rewind()

    def read(self, into: Pixels | None) -> Frame | None:
        """The next picture that can be read; its decode stamps enclose reading the file and decoding. None after the last."""
        while self._next < len(self._paths):
            start_ns = perf_counter_ns()
            pixels = decode_picture(self._paths[self._next])
            if pixels is None:
                self._forget()
                continue
            self._next += 1
            if into is not None and into.shape == pixels.shape:
                np.copyto(into, pixels)
                pixels = into
            return Frame(pixels, start_ns, perf_counter_ns(), due_ns=0)
        return None

    def rewind(self) -> None:
        """Back to the first picture."""
        self._next = 0

    def interrupt(self) -> None:
        """Nothing to do: pictures do not wait."""

    def close(self) -> None:
        """End: nothing is kept open."""
        self._paths = []

    def _forget(self) -> None:
        del self._paths[self._next]
        self._unreadable += 1
        if hasattr(self, "info"):
            self._tell()

    def _tell(self) -> None:
        """Say what is known now; unreadable pictures are only found when their turn comes."""
        notes = (
            (self._unreadable, "cannot be read and are skipped"),
            (self._left_out, "are left out: too large a file, or more than fit the limit"),
        )
        self.info = SourceInfo(
            title=self._title,
            width=self._width,
            height=self._height,
            fps=None,
            live=False,
            frames=len(self._paths),
            note=" ".join(f"{count} pictures {fate}." for count, fate in notes if count),
        )


def _find(path: Path) -> tuple[list[Path], int]:
    """Pictures of a folder (or the one given) in natural order, and how many were left out by the limits."""
    try:
        entries = [path] if path.is_file() else path.iterdir()
        candidates = [entry for entry in entries if is_picture_name(entry) and entry.is_file()]
        fitting = [entry for entry in candidates if 0 < entry.stat().st_size <= MAX_FILE_BYTES]
    except (OSError, ValueError) as error:
        raise SourceError(f"“{path}” cannot be read: {getattr(error, 'strerror', error)}.", "Check its permissions.") from error
    if not candidates:
        raise SourceError(f"There are no pictures in “{path}”.", _REMEDY)
    kept = sorted(fitting, key=lambda path: natural_key(path.name))[:MAX_PICTURES]
    return kept, len(candidates) - len(kept)
