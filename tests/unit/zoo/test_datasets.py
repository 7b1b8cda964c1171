"""The readers of labelled images: each format as it is written in the wild, and a sentence for each way to get it wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.datasets import read_dataset

WIDTH, HEIGHT = 40, 20


def picture(place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(place), np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    return place


def write(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def refusal(*arguments: object) -> str:
    with pytest.raises(DatasetError) as caught:
        read_dataset(*arguments)
    assert caught.value.remedy
    return caught.value.sentence


# YOLO


def yolo(folder: Path, lines: str = "1 0.5 0.5 0.5 1\n") -> Path:
    picture(folder / "images" / "a.jpg")
    picture(folder / "images" / "b.png")
    write(folder / "labels" / "a.txt", lines)
    write(folder / "labels" / "b.txt", "")
    write(folder / "data.yaml", "nc: 2\nnames: [cat, dog]\n")
    return folder


def test_yolo(tmp_path: Path) -> None:
    found = read_dataset(yolo(tmp_path / "ä set"))
    assert (found.kind, found.names, found.notes) == ("boxes", ("cat", "dog"), ())
    first, second = found.images
    assert first.labels.tolist() == [1]
    assert first.corners_in(WIDTH, HEIGHT).tolist() == [[10, 0, 30, 20]]
    assert first.corners_in(2 * WIDTH, HEIGHT).tolist() == [[20, 0, 60, 20]]  # shares fit a picture of any size
    assert len(second.labels) == 0  # an empty file says that nothing is there


@pytest.mark.parametrize("given", ["images", "images/val", ".", "flat"])
def test_yolo_layouts(tmp_path: Path, given: str) -> None:
    splits = {"images": ("images", "labels"), "images/val": ("images/val", "labels/val"), ".": ("images/val", "labels/val")}
    images, labels = splits.get(given, ("flat", "flat"))
    picture(tmp_path / images / "a.jpg")
    write(tmp_path / labels / "a.txt", "0 0.5 0.5 0.1 0.1")
    write(tmp_path / "names.yaml", "names:\n  0: cat\n")
    found = read_dataset(tmp_path / given)
    assert [len(image.labels) for image in found.images] == [1]
    assert found.names == ("cat",)


def test_yolo_outlines_and_missing_files_and_bare_numbers(tmp_path: Path) -> None:
    yolo(tmp_path, "0 0.1 0.2 0.5 0.2 0.5 0.6\n")
    (tmp_path / "labels" / "b.txt").unlink()
    (tmp_path / "data.yaml").unlink()
    found = read_dataset(tmp_path)
    assert found.names == ()
    assert found.images[0].corners.tolist() == [[0.1, 0.2, 0.5, 0.6]]
    assert "1 images have no label file" in found.notes[0]


def test_yolo_labels_elsewhere(tmp_path: Path) -> None:
    picture(tmp_path / "pictures" / "a.jpg")
    write(tmp_path / "elsewhere" / "a.txt", "0 0.5 0.5 0.5 0.5")
    assert len(read_dataset(tmp_path / "pictures", tmp_path / "elsewhere").images[0].labels) == 1


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("2 0.5 0.5 0.1 0.1", "class 2 is out of range"),
        ("-1 0.5 0.5 0.1 0.1", "no class number"),
        ("cat 0.5 0.5 0.1 0.1", "no class number"),
        ("0 0.5 0.5 0.1", "4 values"),
        ("0 0.5 0.5 0.1 0.1 0.9", "6 values"),
        ("0 20 10 5 5", "outside 0…1"),
        ("0 nan 0.5 0.1 0.1", "outside 0…1"),
        ("0 0.5 0.5 x 0.1", "number was expected"),
        ("0 0.5 0.5 -0.005 0.1", "negative"),
        ("0 0.5 0.5 0.1 0.1\n" * 10_001, "more than 10000"),
    ],
)
def test_yolo_lines_that_are_wrong(tmp_path: Path, lines: str, word: str) -> None:
    sentence = refusal(yolo(tmp_path, lines))
    assert "a.txt" in sentence
    assert "Line " in sentence
    assert word in sentence


def test_yolo_beside_some_other_json(tmp_path: Path) -> None:
    yolo(tmp_path)
    write(tmp_path / "results.json", "{}")
    assert len(read_dataset(tmp_path).images) == 2


def test_yolo_labels_of_other_images(tmp_path: Path) -> None:
    yolo(tmp_path)
    for name in ("a", "b"):
        (tmp_path / "labels" / f"{name}.txt").rename(tmp_path / "labels" / f"other-{name}.txt")
    assert "labels do not match the images" in refusal(tmp_path)


# COCO


def coco(folder: Path, **changes: object) -> Path:
    picture(folder / "val2017" / "a.jpg")
    picture(folder / "val2017" / "b.jpg")
    content = {
        "info": {"year": 2026},
        "images": [
            {"id": 7, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT, "license": 1},
            {"id": 9, "file_name": "b.jpg"},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 18, "bbox": [10, 0, 20, 20], "area": 300.5, "iscrowd": 0, "segmentation": []},
            {"id": 2, "image_id": 7, "category_id": 1, "bbox": [0, 0, 5, 5.5], "iscrowd": 1},
        ],
        "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog", "supercategory": "animal"}],
    }
    write(folder / "annotations" / "instances_val2017.json", json.dumps(content | changes))
    write(folder / "annotations" / "captions_val2017.json", "{}")
    return folder


def test_coco(tmp_path: Path) -> None:
    found = read_dataset(coco(tmp_path))
    first, second = found.images
    assert (found.kind, found.names) == ("boxes", ("person", "dog"))
    assert first.labels.tolist() == [1, 0]
    assert first.corners.tolist() == [[10, 0, 30, 20], [0, 0, 5, 5.5]]
    assert first.ignored is not None and first.ignored.tolist() == [False, True]
    assert first.areas is not None and first.areas.tolist() == [300.5, 27.5]
    assert first.corners_in(2 * WIDTH, 2 * HEIGHT).tolist()[0] == [20, 0, 60, 40]
    assert len(second.labels) == 0


def test_coco_json_elsewhere_and_images_that_are_missing(tmp_path: Path) -> None:
    coco(tmp_path)
    (tmp_path / "val2017" / "b.jpg").unlink()
    found = read_dataset(tmp_path / "val2017", tmp_path / "annotations" / "instances_val2017.json")
    assert len(found.images) == 1
    assert found.notes == ("1 of 2 labelled images are not in the folder",)
    assert len(read_dataset(tmp_path / "val2017").images) == 1  # found beside the folder


def box(**changes: object) -> dict[str, object]:
    return {"annotations": [{"image_id": 7, "category_id": 1, "bbox": [0, 0, 5, 5]} | changes]}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        (box(category_id=2), "class 2 is out of range"),
        (box(image_id=8), "no image 8"),
        (box(bbox=[0, 0, -5, 5]), "its box is"),
        (box(bbox=[0, 0, 5]), "not a COCO label file"),
        (box(bbox=[0, 0, 5, 1e400]), "not a COCO label file"),
        ({"images": []}, "lists no images"),
        ({"images": [{"id": 7, "file_name": "c.jpg"}], "annotations": []}, "labels do not match the images"),
        ({"images": [{"id": 7, "file_name": "../a.jpg"}], "annotations": []}, "outside the folder"),
        ({"images": [{"id": 7, "file_name": "/etc/a.jpg"}], "annotations": []}, "outside the folder"),
        ({"images": [{"id": 7, "file_name": "x" * 5000}], "annotations": []}, "labels do not match the images"),
        ({"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 7, "file_name": "b.jpg"}]}, "one id to two"),
        ({"categories": None}, "not a COCO label file"),
    ],
)
def test_coco_that_is_wrong(tmp_path: Path, changes: dict[str, object], word: str) -> None:
    assert word in refusal(coco(tmp_path, **changes))


def test_coco_files_that_are_none(tmp_path: Path) -> None:
    coco(tmp_path)
    place = tmp_path / "annotations" / "instances_val2017.json"
    for content in (b"", b"[1]", b"\xff\xfe", b"[" * 100_000, place.read_bytes()[:-20]):
        place.write_bytes(content)
        assert "not a COCO label file" in refusal(tmp_path)
    write(tmp_path / "annotations" / "instances_train2017.json", "{}")
    assert "holds 2 json files" in refusal(tmp_path)


def test_labels_drawn_on_another_picture(tmp_path: Path) -> None:
    image = read_dataset(coco(tmp_path)).images[0]
    with pytest.raises(DatasetError, match=r"a\.jpg has 20×40 pixels, its labels were drawn on 40×20"):
        image.corners_in(HEIGHT, WIDTH)


# Pascal VOC

CORNERS = "<xmin>{x}</xmin><ymin>1</ymin><xmax>30</xmax><ymax>20</ymax>"
OBJECT = f"<object><name>{{name}}</name><difficult>{{hard}}</difficult><bndbox>{CORNERS}</bndbox></object>"


def annotation(name: str = "dog", hard: int = 0, x: object = 11, size: str = "<width>40</width><height>20</height>") -> str:
    return f"<annotation><size>{size}</size>{OBJECT.format(name=name, hard=hard, x=x)}</annotation>"


def voc(folder: Path, text: str, second: str = "<annotation/>") -> Path:
    picture(folder / "JPEGImages" / "a.jpg")
    picture(folder / "JPEGImages" / "b.jpg")
    write(folder / "Annotations" / "a.xml", text)
    write(folder / "Annotations" / "b.xml", second)
    return folder


def test_voc(tmp_path: Path) -> None:
    found = read_dataset(voc(tmp_path, annotation(), annotation("cat", hard=1)))
    first, second = found.images
    assert (found.kind, found.names) == ("boxes", ("cat", "dog"))
    assert (first.labels.tolist(), first.corners.tolist(), first.extent) == ([1], [[10, 0, 30, 20]], (40, 20))
    assert second.ignored is not None and second.ignored.tolist() == [True]


def test_voc_beside_the_pictures_and_without_objects(tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg")
    picture(tmp_path / "c.jpg")
    write(tmp_path / "a.xml", "<annotation/>")
    found = read_dataset(tmp_path)
    assert [len(image.labels) for image in found.images] == [0]
    assert found.images[0].extent is None
    assert found.notes == ("1 images have no xml file and are left out",)


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><annotation><folder>&y;</folder></annotation>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><annotation><folder>&x;</folder></annotation>'


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        ("<annotation>", "not xml"),
        ("", "not xml"),
        ("{}", "not xml"),
        ("<a>" * 40, "nested too deeply"),
        ('<?xml version="1.0" encoding="klingon"?><annotation/>', "not xml"),
        (annotation(name=""), "has no name"),
        (annotation(x="left"), "bndbox/xmin is 'left'"),
        (annotation(x="inf"), "bndbox/xmin is 'inf'"),
        (annotation(x=31), "inside out"),
        (annotation(size="<width>wide</width>"), "size/width"),
        ("<annotation><object><name>dog</name></object></annotation>", "bndbox/xmin is None"),
    ],
)
def test_voc_that_is_wrong(tmp_path: Path, text: str, word: str) -> None:
    sentence = refusal(voc(tmp_path, text))
    assert "a.xml" in sentence
    assert word in sentence


def test_voc_in_a_sixteen_bit_encoding_cannot_hide_its_entities(tmp_path: Path) -> None:
    voc(tmp_path, "")
    (tmp_path / "Annotations" / "a.xml").write_bytes(BOMB.encode("utf-16"))
    assert "document type" in refusal(tmp_path)


def test_voc_of_other_images(tmp_path: Path) -> None:
    picture(tmp_path / "JPEGImages" / "z.jpg")
    write(tmp_path / "Annotations" / "a.xml", annotation())
    assert "labels do not match the images" in refusal(tmp_path)


# one folder a class, and no labels


def test_folders(tmp_path: Path) -> None:
    for name in ("dog/1.jpg", "dog/10.jpg", "dog/2.jpg", "cat/sub/1.png", ".cache/1.jpg"):
        picture(tmp_path / name)
    (tmp_path / "cow").mkdir()
    found = read_dataset(tmp_path)
    assert (found.kind, found.names) == ("classes", ("cat", "dog"))
    assert [(image.path.name, image.labels.tolist()) for image in found.images] == [
        ("1.png", [0]),
        ("1.jpg", [1]),
        ("2.jpg", [1]),
        ("10.jpg", [1]),
    ]
    assert found.notes == ("1 folders hold no pictures and are left out",)


def test_folders_of_splits(tmp_path: Path) -> None:
    picture(tmp_path / "train" / "dog" / "1.jpg")
    picture(tmp_path / "val" / "dog" / "1.jpg")
    assert "holds train and val" in refusal(tmp_path)
    assert read_dataset(tmp_path / "val").names == ("dog",)


def test_pictures_without_labels(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.jpg")
    found = read_dataset(tmp_path)
    assert (found.kind, found.names, len(found.images)) == ("unlabelled", (), 1)
    assert read_dataset(tmp_path / "images").kind == "unlabelled"


# anything


@pytest.mark.parametrize(
    ("make", "labels", "word"),
    [
        (lambda folder: folder, None, "no pictures"),
        (lambda folder: folder / "none", None, "There is no folder"),
        (lambda folder: write(folder / "file.jpg", "x"), None, "There is no folder"),
        (lambda folder: folder / ("x" * 5000), None, "There is no folder"),
        (lambda folder: "a\0b", None, "There is no folder"),
        (lambda folder: folder, "none", "There is no “none”"),
        (lambda folder: folder, __file__, "not a json file"),
    ],
)
def test_what_is_no_data_set(tmp_path: Path, make: Callable[[Path], object], labels: str | None, word: str) -> None:
    assert word in refusal(make(tmp_path), labels)


def test_a_choice_is_fixed_and_fair(tmp_path: Path) -> None:
    for label in range(5):
        for number in range(20):
            picture(tmp_path / str(label) / f"{number}.png")
    found = read_dataset(tmp_path)
    chosen = found.choose(25)
    assert [image.path for image in chosen.images] == [image.path for image in found.choose(25).images]
    assert len({int(image.labels[0]) for image in chosen.images}) == 5
    assert len(found.choose(None).images) == len(found.choose(1000).images) == 100
