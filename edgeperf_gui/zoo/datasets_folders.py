"""One folder a class, as ImageNet's; and plain pictures without labels."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import MOST_CLASSES, MOST_IMAGES, Dataset, LabelledImage, folders_in, no_boxes, pictures_in

_SPLITS: Final = frozenset({"train", "val", "valid", "validation", "test"})
_PICTURES: Final = ("images", "Images", "JPEGImages")


def looks_like_classes(folder: Path) -> bool:
    """Whether subfolders hold pictures."""
    return any(pictures_in(inner) for inner in _classes(folder)) or bool(_splits(folder))


def read_classes(folder: Path, labels: Path | None) -> Dataset:
    """Read subfolders as classes; their names in alphabetical order are the class names."""
    if splits := _splits(folder):
        raise DatasetError(
            f"“{folder}” holds {' and '.join(path.name for path in splits)}.", f"Give one of them: {splits[-1]}, for one."
        )
    found = [(inner, pictures_in(inner, deep=True)) for inner in _classes(folder)]
    filled = [(inner, pictures) for inner, pictures in found if pictures]
    if len(filled) > MOST_CLASSES or sum(len(pictures) for _, pictures in filled) > MOST_IMAGES:
        raise DatasetError(f"“{folder}” holds more than {MOST_IMAGES} pictures.", "Give a part of them.")
    none = np.empty((0, 4))
    images = tuple(
        LabelledImage(picture, np.array([number], np.int64), none)
        for number, (_, pictures) in enumerate(filled)
        for picture in pictures
    )
    if not images:
        raise DatasetError(f"There are no pictures in the subfolders of “{folder}”.", "Put each class's pictures into a folder.")
    empty = len(found) - len(filled)
    notes = (f"{empty} folders hold no pictures and are left out",) if empty else ()
    names = tuple(inner.name for inner, _ in filled)
    return Dataset(f"one folder a class, {len(names)} classes, {len(images)} images", "classes", images, names, notes)


def looks_like_pictures(folder: Path) -> bool:
    """Whether there are pictures at all."""
    return bool(pictures_in(_place(folder)))


def read_pictures(folder: Path, labels: Path | None) -> Dataset:
    """Read pictures without labels."""
    pictures = pictures_in(_place(folder))
    return Dataset(
        f"{len(pictures)} images without labels",
        "unlabelled",
        tuple(LabelledImage(picture, *no_boxes()) for picture in pictures),
        (),
    )


def _place(folder: Path) -> Path:
    return next((folder / name for name in _PICTURES if (folder / name).is_dir()), folder)


def _classes(folder: Path) -> list[Path]:
    inner = folders_in(folder)
    return [] if any(path.name in _PICTURES for path in inner) else inner


def _splits(folder: Path) -> list[Path]:
    inner = folders_in(folder)
    return inner if inner and all(path.name.lower() in _SPLITS for path in inner) else []
