"""Writing labels in COCO's form, as `datasets_coco` reads them: of a drawn scene, whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from edgeperf_gui.domain.scene import SceneSpec
from edgeperf_gui.domain.truth import COCO_NAMES, TrueObject, VehicleKind

LEAST_VISIBILITY: Final = 0.3
"""Below it a vehicle is marked as one that is neither missed nor wrong when found."""
_NOTHING_SEEN: Final = 0.02
_CATEGORIES: Final = {name: number for number, name in enumerate(dict.fromkeys(COCO_NAMES.values()), 1)}


class _Attributes(msgspec.Struct, frozen=True):
    track_id: int
    kind: VehicleKind
    plate: str
    visibility: float
    in_view_s: float | None


class _Annotation(msgspec.Struct, frozen=True):
    id: int
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    area: float
    iscrowd: int
    attributes: _Attributes


class _Image(msgspec.Struct, frozen=True):
    id: int
    file_name: str
    width: int
    height: int
    frame_number: int


class _Category(msgspec.Struct, frozen=True):
    id: int
    name: str
    supercategory: str = "vehicle"


class _Info(msgspec.Struct, frozen=True):
    description: str
    scene: str
    fps: float


class _Labels(msgspec.Struct, frozen=True):
    info: _Info
    images: tuple[_Image, ...]
    annotations: tuple[_Annotation, ...]
    categories: tuple[_Category, ...]


def picture_name(stem: str, frame: int) -> str:
    """What the picture of a frame is called."""
    return f"{stem}_{frame:06d}.jpg"


def as_coco(spec: SceneSpec, stem: str, frames: Iterable[tuple[int, tuple[TrueObject, ...]]]) -> bytes:
    """The labels of some frames `(number, truth)` of a scene as JSON; `stem` begins the pictures' names."""
    images: list[_Image] = []
    annotations: list[_Annotation] = []
    for number, objects in frames:
        image = _Image(len(images) + 1, picture_name(stem, number), spec.width, spec.height, number)
        images.append(image)
        for one in objects:
            if one.visibility >= _NOTHING_SEEN:
                annotations.append(_annotation(len(annotations) + 1, image.id, one))
    info = _Info("drawn scene with truth; iscrowd marks vehicles that are mostly hidden", spec.address, spec.fps)
    categories = tuple(_Category(number, name) for name, number in _CATEGORIES.items())
    return msgspec.json.encode(_Labels(info, tuple(images), tuple(annotations), categories))


def _annotation(number: int, image: int, one: TrueObject) -> _Annotation:
    wide, tall = round(one.x2 - one.x1, 2), round(one.y2 - one.y1, 2)
    return _Annotation(
        number,
        image,
        _CATEGORIES[COCO_NAMES[one.kind]],
        (one.x1, one.y1, wide, tall),
        round(wide * tall, 2),
        int(one.visibility < LEAST_VISIBILITY),
        _Attributes(one.id, one.kind, one.plate, one.visibility, one.in_view_s),
    )
