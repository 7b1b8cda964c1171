"""Which class of a model a class of a data set is: by name, as names are spelled differently everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edgeperf_gui.domain.errors import DatasetError

_SYNONYMS: Final = {
    "aeroplane": "airplane",
    "motorbike": "motorcycle",
    "sofa": "couch",
    "tvmonitor": "tv",
    "tv monitor": "tv",
    "diningtable": "dining table",
    "pottedplant": "potted plant",
    "pedestrian": "person",
}
"""Pascal VOC's words for COCO's classes."""
_WNID: Final = re.compile(r"n\d{8}")
_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class LabelMap:
    """Where each class of the set went, and what a reader should know of it."""

    to_model: tuple[int | None, ...]
    """By the set's class number; None: the model does not know the class, its objects are left out."""
    names: tuple[str, ...]
    """The model's class names; numbers where it has none."""
    notes: tuple[str, ...]


def match_labels(of_set: Sequence[str], of_model: Sequence[str], highest: int) -> LabelMap:
    """Map the set's classes to the model's; `highest`: largest class number that occurs in the set, −1 when none does.

    Raises DatasetError when a number is out of range, or no name is known to the model.
    """
    if not of_set or not of_model:
        return _by_number(of_set, of_model, highest)
    known: dict[str, int] = {}
    for number, label in enumerate(of_model):
        for spelling in _spellings(label):
            known.setdefault(spelling, number)
    found = [next((known[spelling] for spelling in _spellings(name) if spelling in known), None) for name in of_set]
    if any(number is not None for number in found):
        return LabelMap(tuple(found), tuple(of_model), _left_out(of_set, found, len(of_model)))
    if len(of_set) == len(of_model) and all(map(_WNID.fullmatch, of_set)):
        note = "folders are WordNet numbers, taken in their order for the model's classes"
        return LabelMap(tuple(range(len(of_set))), tuple(of_model), (note,))
    if all(name.isdecimal() for name in of_set):
        numbers = [int(name) for name in of_set]
        if max(numbers) < len(of_model):
            return LabelMap(tuple(numbers), tuple(of_model), ("class names are numbers, taken for the model's",))
    raise DatasetError(
        f"The labels do not match the model: it knows none of the classes {_listing(of_set)}.",
        f"Its classes are {_listing(of_model)}.",
    )


def _by_number(of_set: Sequence[str], of_model: Sequence[str], highest: int) -> LabelMap:
    """One side has no names: class numbers are taken to mean the same on both."""
    if of_model and highest >= len(of_model):
        raise DatasetError(
            f"The labels do not match the model: class {highest} is out of range, it has {len(of_model)} classes.",
            "Put the names into data.yaml.",
        )
    names = tuple(of_model or of_set) or tuple(map(str, range(highest + 1)))
    count = max(len(of_set), highest + 1)
    side = "model" if of_set else "data set"
    return LabelMap(tuple(range(count)), names, (f"the {side} has no class names: numbers are taken to mean the same",))


def _left_out(of_set: Sequence[str], found: Sequence[int | None], classes: int) -> tuple[str, ...]:
    strangers = [name for name, number in zip(of_set, found, strict=True) if number is None]
    unlabelled = classes - len({number for number in found if number is not None})
    notes = []
    if strangers:
        notes.append(f"{len(strangers)} classes are unknown to the model and left out: {_listing(strangers)}")
    if unlabelled:
        notes.append(f"{unlabelled} of the model's {classes} classes are not labelled")
    return tuple(notes)


def _spellings(label: str) -> list[str]:
    """The ways in which a label may be written, the whole one first: `n01440764 tench, Tinca tinca`."""
    whole = _plain(label)
    parts = [_plain(part) for part in label.split(",")] if "," in label else []
    wnid = _WNID.match(label.strip())
    if wnid:
        rest = label.strip()[wnid.end() :]
        parts += [wnid.group(), *(_plain(part) for part in rest.split(","))]
    return [_SYNONYMS.get(spelling, spelling) for spelling in dict.fromkeys([whole, *parts]) if spelling]


def _plain(label: str) -> str:
    return " ".join(re.split(r"[\s_-]+", label.casefold())).strip()


def _listing(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(name[:40] for name in names[:_LISTED]) + more
