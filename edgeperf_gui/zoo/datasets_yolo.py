"""YOLO's text format: a file an image, a line an object: class, centre and size as shares of the image."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import (
    MOST_BOXES,
    Dataset,
    Floats,
    LabelledImage,
    Numbers,
    files_in,
    no_boxes,
    pictures_in,
    read_text,
)
from edgeperf_gui.zoo.names_yaml import read_names

_LARGEST_LABELS: Final = 4 * 1024 * 1024
_LARGEST_NAMES: Final = 1024 * 1024
_SLACK: Final = 0.01
"""How far beyond the picture a box may reach; writers round."""
_NOT_LABELS: Final = frozenset({"classes.txt", "labels.txt", "obj.names", "readme.txt", "notes.txt", "license.txt"})
_YAML: Final = (".yaml", ".yml")
_USUAL: Final = ("data", "names", "dataset")
_LINE: Final = "A line is: class, centre x, centre y, width, height, all but the class as shares of the image."


def looks_like_yolo(folder: Path) -> bool:
    """Whether text labels lie in `labels/`, in a sibling of that name, or beside the pictures."""
    return _places(folder) is not None


def read_yolo(folder: Path, labels: Path | None) -> Dataset:
    """Read `images/` and `labels/`, or `folder` itself being `images/`; `labels`: the folder of the text files."""
    places = _places(folder) if labels is None else (_images_of(folder), labels)
    if places is None:
        raise DatasetError(f"There are no YOLO labels in “{folder}”.", "Put the text files into labels/ beside images/.")
    image_folder, label_folder = places
    names = _names(folder, image_folder, label_folder)
    images: list[LabelledImage] = []
    without = 0
    for picture in pictures_in(image_folder, deep=True):
        place = label_folder / picture.relative_to(image_folder).with_suffix(".txt")
        there = place.is_file()
        without += not there
        found, corners = _read(place, len(names)) if there else no_boxes()
        images.append(LabelledImage(picture, found, corners, (1.0, 1.0)))
    if not images:
        raise DatasetError(f"There are no pictures in “{image_folder}”.", "Put JPEG, PNG, BMP or WebP pictures there.")
    if without == len(images):
        raise DatasetError(
            f"The labels do not match the images: not one of the {len(images)} pictures in “{image_folder}” has its text file in"
            f" “{label_folder}”.",
            f"{images[0].path.name} needs {images[0].path.with_suffix('.txt').name}.",
        )
    notes = (f"{without} images have no label file and count as images without objects",) if without else ()
    return Dataset(f"YOLO, {len(images)} images", "boxes", tuple(images), names, notes)


def _places(folder: Path) -> tuple[Path, Path] | None:
    """Where the pictures and where the text files are."""
    beside = folder.parent / "labels"
    if (folder / "images").is_dir() and (folder / "labels").is_dir():
        return folder / "images", folder / "labels"
    if folder.name == "images" and beside.is_dir():
        return folder, beside
    if folder.parent.name == "images" and (split := folder.parent.parent / "labels" / folder.name).is_dir():
        return folder, split
    pictures = {picture.stem for picture in pictures_in(folder)}
    if any(text.stem in pictures for text in files_in(folder, (".txt",)) if text.name.lower() not in _NOT_LABELS):
        return folder, folder
    return None


def _images_of(folder: Path) -> Path:
    return folder / "images" if (folder / "images").is_dir() else folder


def _names(*folders: Path) -> tuple[str, ...]:
    """Names from the first YAML file that has any (those with the usual names before others), or from `classes.txt`.

    Above the folders themselves only the usual names are looked at: what else lies there is none of our business.
    """
    above = [folder.parent for folder in folders]
    above += [place.parent for place in above if place.name in ("images", "labels")]
    for folder in dict.fromkeys([*folders, *above]):
        files = [place for place in files_in(folder, _YAML) if folder in folders or place.stem in _USUAL]
        for place in sorted(files, key=lambda path: (path.stem not in _USUAL, path.name)):
            names = read_names(read_text(place, _LARGEST_NAMES), place.name)
            if names is not None:
                return names
        if (listing := folder / "classes.txt").is_file():
            return tuple(line.strip() for line in read_text(listing, _LARGEST_NAMES).split("\n") if line.strip())
    return ()


def _read(place: Path, classes: int) -> tuple[Numbers, Floats]:
    """Labels and corners of one file; an empty file means that nothing is in the picture."""
    labels: list[int] = []
    corners: list[tuple[float, float, float, float]] = []
    for number, line in enumerate(read_text(place, _LARGEST_LABELS).splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if not (words[0].isdecimal() and words[0].isascii()) or len(words[0]) > 6:
            raise _refused(place, number, f"{words[0][:20]!r} is no class number")
        label = int(words[0])
        if classes and label >= classes:
            raise _refused(place, number, f"class {label} is out of range, there are names for {classes}")
        corners.append(_corners(words[1:], place, number))
        labels.append(label)
        if len(labels) > MOST_BOXES:
            raise _refused(place, number, f"more than {MOST_BOXES} objects in one image")
    return np.array(labels, np.int64), np.array(corners, np.float64).reshape(-1, 4)


def _corners(words: list[str], place: Path, number: int) -> tuple[float, float, float, float]:
    """Corners of a box, or of the box round an outline (x y x y …, three points and more)."""
    try:
        values = [float(word) for word in words]
    except ValueError as error:
        raise _refused(place, number, "a number was expected") from error
    if not all(math.isfinite(value) and -_SLACK <= value <= 1 + _SLACK for value in values):
        raise _refused(place, number, "a value lies outside 0…1; pixels are not shares")
    if len(values) == 4:
        x, y, width, height = values
        if width < 0 or height < 0:
            raise _refused(place, number, "a size is negative")
        return x - width / 2, y - height / 2, x + width / 2, y + height / 2
    if len(values) >= 6 and len(values) % 2 == 0:
        return min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])
    raise _refused(place, number, f"it has {len(words) + 1} values")


def _refused(place: Path, line: int, why: str) -> DatasetError:
    return DatasetError(f"Line {line} of {place} cannot be used: {why}.", _LINE)
