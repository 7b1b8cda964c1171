"""Labelled images from a folder: which format it is, and the reader of that format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import REMEDY, Dataset, files_in, is_there
from edgeperf_gui.zoo.datasets_coco import looks_like_coco, read_coco
from edgeperf_gui.zoo.datasets_folders import looks_like_classes, looks_like_pictures, read_classes, read_pictures
from edgeperf_gui.zoo.datasets_voc import looks_like_voc, read_voc
from edgeperf_gui.zoo.datasets_yolo import looks_like_yolo, read_yolo

Reader = Callable[[Path, Path | None], Dataset]

_READERS: Final[tuple[tuple[Callable[[Path], bool], Reader], ...]] = (
    (looks_like_coco, read_coco),
    (looks_like_voc, read_voc),
    (looks_like_yolo, read_yolo),
    (looks_like_classes, read_classes),
    (looks_like_pictures, read_pictures),
)
"""The first whose sign is there reads the folder; the most telling signs come first."""

_BY_LABELS: Final[dict[str, Reader]] = {".xml": read_voc, ".txt": read_yolo}
"""By what a folder of labels holds."""


def read_dataset(folder: str | Path, labels: str | Path | None = None) -> Dataset:
    """The images in `folder`, with the labels found in or beside it, or at `labels` (COCO's json, or a folder of files).

    Raises DatasetError with a sentence for everything that does not fit. A folder of bare pictures is an unlabelled set.
    """
    place = Path(folder).expanduser()
    if not is_there(place, Path.is_dir):
        raise DatasetError(f"There is no folder “{place}”.", REMEDY)
    if labels is not None:
        label_place = Path(labels).expanduser()
        return _nonempty(_reader_for(label_place)(place, label_place), place)
    for is_one, read in _READERS:
        if is_one(place):
            return _nonempty(read(place, None), place)
    raise DatasetError(f"There are no pictures in “{place}”.", REMEDY)


def _reader_for(labels: Path) -> Reader:
    if is_there(labels):
        if labels.suffix.lower() == ".json":
            return read_coco
        raise DatasetError(f"{labels.name} is not a json file.", "Labels in a single file are COCO's json.")
    if not is_there(labels, Path.is_dir):
        raise DatasetError(f"There is no “{labels}”.", "Give a json file, or a folder of txt or xml files, as --labels.")
    for suffix, read in _BY_LABELS.items():
        if files_in(labels, (suffix,)):
            return read
    if any(labels.rglob("*.txt")):
        return read_yolo
    raise DatasetError(f"There are no labels in “{labels}”.", "Give a json file, or a folder of txt or xml files, as --labels.")


def _nonempty(dataset: Dataset, place: Path) -> Dataset:
    if not dataset.images:
        raise DatasetError(f"There are no pictures in “{place}”.", REMEDY)
    return dataset
