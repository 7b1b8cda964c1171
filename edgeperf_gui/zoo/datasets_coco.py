"""COCO's json: one file for all images, boxes as x, y, width and height in pixels."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
import numpy as np

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import (
    MOST_BOXES,
    MOST_IMAGES,
    Dataset,
    LabelledImage,
    files_in,
    folders_in,
    is_there,
    no_boxes,
    read_bytes,
)

_LARGEST: Final = 1024 * 1024 * 1024
_REMEDY: Final = "Name the right file with --labels."


class _Image(msgspec.Struct):
    id: int
    file_name: str
    width: int | None = None
    height: int | None = None


class _Annotation(msgspec.Struct):
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    iscrowd: int | bool = 0
    area: float | None = None


class _Category(msgspec.Struct):
    id: int
    name: str


class _Coco(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


def looks_like_coco(folder: Path) -> bool:
    """Whether there is a json file in `annotations/`, or in the folder and no other labels are."""
    candidates = _candidates(folder)
    return bool(candidates) and not (candidates[0].parent == folder and (folder / "labels").is_dir())


def read_coco(folder: Path, labels: Path | None) -> Dataset:
    """Read the json file `labels`, or the only one there is; the images lie in `folder` or a subfolder of it."""
    place = labels or _only(folder)
    try:
        content = msgspec.json.decode(read_bytes(place, _LARGEST), type=_Coco)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise DatasetError(f"{place} is not a COCO label file: {error}.", _REMEDY) from error
    numbers = {category.id: at for at, category in enumerate(content.categories)}
    by_image = _sorted(content, numbers, place)
    root = _root(folder, [image.file_name for image in content.images], place)
    images = []
    for image in sorted(content.images, key=lambda image: image.file_name):
        path = root / image.file_name
        if is_there(path):
            images.append(_labelled(path, image, by_image[image.id], numbers))
    absent = len(content.images) - len(images)
    notes = (f"{absent} of {len(content.images)} labelled images are not in the folder",) if absent else ()
    names = tuple(category.name for category in content.categories)
    return Dataset(f"COCO, {len(images)} images", "boxes", tuple(images), names, notes)


def _labelled(path: Path, image: _Image, annotations: list[_Annotation], numbers: dict[int, int]) -> LabelledImage:
    labels, corners = no_boxes()
    if annotations:
        boxes = np.array([annotation.bbox for annotation in annotations], np.float64)
        corners = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
        labels = np.array([numbers[annotation.category_id] for annotation in annotations], np.int64)
    sizes = [
        annotation.bbox[2] * annotation.bbox[3] if annotation.area is None else annotation.area for annotation in annotations
    ]
    extent = (float(image.width), float(image.height)) if image.width and image.height else None
    crowds = np.array([bool(annotation.iscrowd) for annotation in annotations], bool)
    return LabelledImage(path, labels, corners, extent, crowds, np.array(sizes, np.float64))


def _sorted(content: _Coco, numbers: dict[int, int], place: Path) -> defaultdict[int, list[_Annotation]]:
    """Annotations by image, each checked."""
    known = {image.id for image in content.images}
    if not content.images:
        raise DatasetError(f"{place.name} lists no images.", _REMEDY)
    if len(known) != len(content.images) or len(numbers) != len(content.categories):
        raise DatasetError(f"{place.name} gives one id to two images or categories.", _REMEDY)
    if len(known) > MOST_IMAGES * 10:
        raise DatasetError(f"{place.name} lists more than {MOST_IMAGES * 10} images.", _REMEDY)
    by_image: defaultdict[int, list[_Annotation]] = defaultdict(list)
    for at, annotation in enumerate(content.annotations):
        where = f"Annotation {at} of {place.name} cannot be used:"
        if annotation.image_id not in known:
            raise DatasetError(f"{where} there is no image {annotation.image_id}.", "The labels do not match the images.")
        if annotation.category_id not in numbers:
            raise DatasetError(f"{where} class {annotation.category_id} is out of range.", "Its categories do not list it.")
        numerical = (*annotation.bbox, annotation.area or 0.0)
        if not all(map(math.isfinite, numerical)) or min(annotation.bbox[2:]) < 0:
            raise DatasetError(f"{where} its box is {list(annotation.bbox)}.", "A box is x, y, width, height in pixels.")
        by_image[annotation.image_id].append(annotation)
    if max(map(len, by_image.values()), default=0) > MOST_BOXES:
        raise DatasetError(f"{place.name} puts more than {MOST_BOXES} objects into one image.", _REMEDY)
    return by_image


def _candidates(folder: Path) -> list[Path]:
    """Files that may hold the labels; those of `val2017/` lie in `annotations/instances_val2017.json` beside it."""
    beside = folder.parent / "annotations" / f"instances_{folder.name}.json"
    return files_in(folder / "annotations", (".json",)) or files_in(folder, (".json",)) or [beside] * is_there(beside)


def _only(folder: Path) -> Path:
    found = _candidates(folder)
    boxes = [path for path in found if path.name.startswith("instances_")] or found
    if len(boxes) != 1:
        listing = ", ".join(path.name for path in boxes[:5]) or "none"
        raise DatasetError(f"“{folder}” holds {len(boxes)} json files ({listing}).", _REMEDY)
    return boxes[0]


def _root(folder: Path, names: list[str], place: Path) -> Path:
    """The folder that the file names are relative to: the first in which one of them lies."""
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in name or "\0" in name or not parts.parts:
            raise DatasetError(f"{place.name} names the image {name[:80]!r}, which lies outside the folder.", _REMEDY)
    level = folders_in(folder)
    roots = [folder, *level, *(inner for outer in level if outer.name == "images" for inner in folders_in(outer))]
    for root in roots:
        if any(is_there(root / name) for name in names):
            return root
    raise DatasetError(
        f"The labels do not match the images: none of the {len(names)} images that {place.name} lists is in “{folder}”.",
        f"It should hold {names[0][:80]}, for one.",
    )
