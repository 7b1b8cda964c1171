"""A labelled set of images, whatever format it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.picture_file import PICTURES, natural_key

MOST_IMAGES: Final = 100_000
MOST_BOXES: Final = 10_000
"""Of one image."""
MOST_CLASSES: Final = 100_000
REMEDY: Final = (
    "Give a folder in one of the layouts COCO (json), YOLO (images/ and labels/), Pascal VOC (xml) or one folder a class."
)
_EXTENT_TOLERANCE: Final = 0.02

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImage:
    """One picture and what is said to be in it."""

    path: Path
    labels: Numbers
    """`[n]`, indices into the set's names; for a classification set exactly one."""
    corners: Floats
    """`[n, 4]`: x1, y1, x2, y2 in units of `extent`; `[0, 4]` for a classification set."""
    extent: tuple[float, float] | None = None
    """The picture's width and height as the labels see it: (1, 1) for shares, pixels otherwise; None: pixels, size unknown."""
    ignored: Flags | None = None
    """`[n]`: crowds and difficult objects, which count neither as missed nor as wrong."""
    areas: Floats | None = None
    """`[n]` in units², where the labels state an outline's."""

    def scale(self, width: int, height: int) -> tuple[float, float]:
        """Pixels per unit of the decoded picture. Raises DatasetError when the labels were drawn on another shape."""
        if self.extent is None:
            return 1.0, 1.0
        x, y = width / self.extent[0], height / self.extent[1]
        if self.extent != (1.0, 1.0) and not abs(x / y - 1) <= _EXTENT_TOLERANCE:
            raise DatasetError(
                f"The labels do not match the images: {self.path.name} has {width}×{height} pixels, its labels were drawn on"
                f" {self.extent[0]:g}×{self.extent[1]:g}.",
                "Use the images that the labels were made for.",
            )
        return x, y

    def corners_in(self, width: int, height: int) -> Floats:
        """`[n, 4]` in pixels of the decoded picture."""
        x, y = self.scale(width, height)
        return self.corners * (x, y, x, y)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images with labels of one kind."""

    title: str
    """Format and size, for a person."""
    kind: Literal["boxes", "classes", "unlabelled"]
    images: tuple[LabelledImage, ...]
    names: tuple[str, ...]
    """Class names; empty when the labels are bare numbers."""
    notes: tuple[str, ...] = ()
    """What a reader should know: labelled images that are not there, images without labels."""

    def choose(self, limit: int | None) -> Dataset:
        """The same set in a fixed random order, at most `limit` images: the first k of it are a fair sample at any time."""
        order = np.random.default_rng(0).permutation(len(self.images))[:limit]
        chosen = tuple(self.images[at] for at in order)
        return Dataset(self.title, self.kind, chosen, self.names, self.notes)


def no_boxes() -> tuple[Numbers, Floats]:
    """Labels and corners of a picture without objects."""
    return np.empty(0, np.int64), np.empty((0, 4))


def pictures_in(folder: Path, *, deep: bool = False) -> list[Path]:
    """Pictures of a folder in the natural order of their names; `deep`: of its subfolders too."""
    try:
        entries = folder.rglob("*") if deep else folder.iterdir()
        found = [entry for entry in entries if entry.suffix.lower() in PICTURES and entry.is_file()]
    except OSError as error:
        raise DatasetError(f"“{folder}” cannot be read: {error.strerror or error}.", "Check its permissions.") from error
    if len(found) > MOST_IMAGES:
        raise DatasetError(f"“{folder}” holds more than {MOST_IMAGES} pictures.", "Give a part of them.")
    return sorted(found, key=lambda path: (str(path.parent), natural_key(path.name)))


def folders_in(folder: Path) -> list[Path]:
    """Subfolders in the order of their names; hidden ones left out."""
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError as error:
        raise DatasetError(f"“{folder}” cannot be read: {error.strerror or error}.", "Check its permissions.") from error


def files_in(folder: Path, suffixes: Iterable[str]) -> list[Path]:
    """Files of a folder that end so, in the order of their names; none when there is no such folder."""
    wanted = frozenset(suffixes)
    try:
        return sorted(entry for entry in folder.iterdir() if entry.suffix.lower() in wanted and entry.is_file())
    except OSError:
        return []


def is_there(place: Path, kind: Callable[[Path], bool] = Path.is_file) -> bool:
    """Whether it exists as that kind; False for what cannot be a path at all (a name too long, a null character)."""
    try:
        return kind(place)
    except (OSError, ValueError):
        return False


def read_bytes(place: Path, largest: int) -> bytes:
    """The whole of a label file. Raises DatasetError when it cannot be read or is larger than `largest`."""
    try:
        with place.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{place} cannot be read: {getattr(error, 'strerror', error)}.", "Check its permissions.") from error
    if len(data) > largest:
        raise DatasetError(f"{place} is larger than {largest >> 10} KiB.", "It is probably not the label file it should be.")
    return data


def read_text(place: Path, largest: int) -> str:
    """The same as UTF-8 text."""
    try:
        return read_bytes(place, largest).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{place} is not UTF-8 text.", "Save it as UTF-8.") from error
