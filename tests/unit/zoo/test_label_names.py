"""Which class of the model a class of the set is."""

from __future__ import annotations

import pytest

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.label_names import match_labels

COCO = ("person", "bicycle", "car", "motorcycle", "airplane", "potted plant", "tv", "dining table")


def test_by_name_whatever_the_spelling() -> None:
    found = match_labels(["Car", "aeroplane", "pottedplant", "DINING_TABLE", "tvmonitor", "motor-cycle"], COCO, 5)
    assert found.to_model == (2, 4, 5, 7, 6, None)
    assert "1 classes are unknown to the model and left out: motor-cycle" in found.notes[0]
    assert "3 of the model's 8 classes are not labelled" in found.notes[1]
    assert match_labels(COCO, COCO, 7).notes == ()


def test_imagenet_folders() -> None:
    labels = ("n01440764 tench, Tinca tinca", "n01443537 goldfish")
    assert match_labels(["n01443537", "n01440764"], labels, 1).to_model == (1, 0)
    assert match_labels(["goldfish", "Tinca tinca"], labels, 1).to_model == (1, 0)
    by_order = match_labels(["n01440764", "n01443537"], ("tench", "goldfish"), 1)
    assert by_order.to_model == (0, 1)
    assert "WordNet" in by_order.notes[0]
    assert match_labels(["1", "0"], ("tench", "goldfish"), 1).to_model == (1, 0)


def test_numbers_where_one_side_has_no_names() -> None:
    assert match_labels((), COCO, 2).to_model == (0, 1, 2)
    assert match_labels(("a", "b"), (), 1).names == ("a", "b")
    bare = match_labels((), (), 3)
    assert bare.names == ("0", "1", "2", "3")
    assert "no class names" in bare.notes[0]


def test_what_does_not_fit() -> None:
    with pytest.raises(DatasetError, match=r"class 8 is out of range, it has 8 classes"):
        match_labels((), COCO, 8)
    with pytest.raises(DatasetError, match=r"knows none of the classes bolt, nut"):
        match_labels(("bolt", "nut"), COCO, 1)
    with pytest.raises(DatasetError, match="knows none"):
        match_labels(("7", "99"), COCO, 1)
