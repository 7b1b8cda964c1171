"""Pascal VOC's xml: a file an image, corners in pixels counted from 1."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

import numpy as np

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import MOST_BOXES, Dataset, LabelledImage, files_in, pictures_in, read_bytes

_LARGEST: Final = 4 * 1024 * 1024
_DEEPEST: Final = 20
_REMEDY: Final = "Pascal VOC labels have a size and objects with a name and a bndbox."
_LABEL_FOLDERS: Final = ("Annotations", "annotations", "xml", "labels")
_IMAGE_FOLDERS: Final = ("JPEGImages", "images", "Images")


@dataclass(slots=True)
class _Annotation:
    """What one file says: the texts of its leaves by path."""

    file: dict[str, str] = field(default_factory=dict)
    objects: list[dict[str, str]] = field(default_factory=list)


def looks_like_voc(folder: Path) -> bool:
    """Whether xml files lie in `Annotations/` or beside the pictures."""
    return _label_folder(folder) is not None


def read_voc(folder: Path, labels: Path | None) -> Dataset:
    """Read `JPEGImages/` and `Annotations/`, or pictures with their xml files beside them."""
    label_folder = labels or _label_folder(folder)
    if label_folder is None:
        raise DatasetError(f"There are no xml files in “{folder}”.", _REMEDY)
    image_folder = next((folder / name for name in _IMAGE_FOLDERS if (folder / name).is_dir()), folder)
    pictures = {picture.stem: picture for picture in pictures_in(image_folder)}
    files = files_in(label_folder, (".xml",))
    parsed = [(pictures[place.stem], _parse(place), place) for place in files if place.stem in pictures]
    if not parsed:
        raise DatasetError(
            f"The labels do not match the images: not one of the {len(files)} xml files in “{label_folder}” has its picture in"
            f" “{image_folder}”.",
            "Picture and xml file must have the same name.",
        )
    names = tuple(sorted({object_.get("name", "") for _, annotation, _ in parsed for object_ in annotation.objects}))
    images = tuple(_labelled(picture, annotation, names, place) for picture, annotation, place in parsed)
    counts = ((len(files) - len(images), "xml files have no picture"), (len(pictures) - len(images), "images have no xml file"))
    notes = tuple(f"{count} {what} and are left out" for count, what in counts if count)
    return Dataset(f"Pascal VOC, {len(images)} images", "boxes", images, names, notes)


def _label_folder(folder: Path) -> Path | None:
    candidates = [*(folder / name for name in _LABEL_FOLDERS), folder]
    return next((place for place in candidates if files_in(place, (".xml",))), None)


def _labelled(picture: Path, annotation: _Annotation, names: tuple[str, ...], place: Path) -> LabelledImage:
    corners = np.array([_corners(object_, place) for object_ in annotation.objects], np.float64).reshape(-1, 4)
    labels = np.array([names.index(object_["name"]) for object_ in annotation.objects], np.int64)
    difficult = np.array([object_.get("difficult", "0") == "1" for object_ in annotation.objects], bool)
    width, height = (_number(annotation.file, f"size/{side}", place, 0.0) for side in ("width", "height"))
    return LabelledImage(picture, labels, corners, (width, height) if width > 0 and height > 0 else None, difficult)


def _corners(object_: dict[str, str], place: Path) -> tuple[float, float, float, float]:
    if not object_.get("name"):
        raise DatasetError(f"{place} cannot be used: an object has no name.", _REMEDY)
    left, top, right, bottom = (_number(object_, f"bndbox/{key}", place) for key in ("xmin", "ymin", "xmax", "ymax"))
    if right < left or bottom < top:
        raise DatasetError(f"{place} cannot be used: the box of {object_['name']} is turned inside out.", _REMEDY)
    # Counted from 1, both ends inside the object.
    return left - 1, top - 1, right, bottom


def _number(texts: dict[str, str], path: str, place: Path, default: float | None = None) -> float:
    text = texts.get(path)
    try:
        value = float(text) if text is not None else default
    except ValueError:
        value = None
    if value is None or not math.isfinite(value):
        raise DatasetError(f"{place} cannot be used: {path} is {text!r}.", _REMEDY)
    return value


def _parse(place: Path) -> _Annotation:
    """Read the leaves of one file. A document type is refused, and with it every entity: xml from elsewhere may be a bomb."""
    found = _Annotation()
    path: list[str] = []
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        text.clear()
        if len(path) > _DEEPEST:
            raise DatasetError(f"{place} is nested too deeply.", _REMEDY)
        if path[1:] == ["object"]:
            found.objects.append({})
            if len(found.objects) > MOST_BOXES:
                raise DatasetError(f"{place} holds more than {MOST_BOXES} objects.", _REMEDY)

    def end(name: str) -> None:
        if path[1:2] == ["object"]:
            found.objects[-1].setdefault("/".join(path[2:]), "".join(text).strip())
        else:
            found.file.setdefault("/".join(path[1:]), "".join(text).strip())
        path.pop()
        text.clear()

    def refuse(*_: object) -> None:
        raise DatasetError(f"{place} declares a document type, which labels do not need.", "Remove its <!DOCTYPE …>.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(read_bytes(place, _LARGEST), True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: an encoding that expat does not know
        raise DatasetError(f"{place} is not xml: {error}.", _REMEDY) from error
    return found
