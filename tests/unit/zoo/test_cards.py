"""Writing, editing and removing: never outside the user's own folder, never half, and a mistake is told with its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import VariantCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.cards import check_name, edit_card, remove_model, safe_name, write_card
from edgeperf_gui.zoo.catalogue import find_model, list_models, load_card

CARD = """\
# by hand
name = "toy"
title = "Toy"
task = "detection"
licence = "Apache-2.0"
origin = "made by hand"
decoder = "nanodet"

[input]
width = 64
height = 32

[variants.FP16]
xml = "toy.xml"
stored = "FP16"
"""


@pytest.fixture
def mine() -> Path:
    folder = places.model_folders()[0]
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def toy(mine) -> Path:
    return put(mine / "toy")


def put(folder: Path, card: str = CARD) -> Path:
    folder.mkdir()
    for name in ("toy.xml", "toy.bin", "toy-int8.xml", "toy-int8.bin"):
        (folder / name).write_bytes(b"")
    (folder / "card.toml").write_text(card, encoding="utf-8")
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("yolov8n", "yolov8n"),
        ("resnet 50 (v1.5)", "resnet-50-v1.5"),
        ("größe_模型", "größe_模型"),
        ("../../escaped", "escaped"),
        ("..", "model"),
        ("", "model"),
        (".hidden", "hidden"),
        ("con", "model-con"),
        ("NUL.txt", "model-NUL.txt"),
        ("a/b\\c:d\0e\nf", "a-b-c-d-e-f"),
        ("ü" * 100, "ü" * 40),
    ],
)
def test_a_name_from_a_stem(stem, name):
    made = safe_name(stem)
    assert made == name
    assert check_name(made) == made
    assert Path(made).name == made


def test_a_card_comes_back_as_it_was_written(toy):
    card = load_card(toy)
    assert write_card(toy, card) == card
    assert load_card(toy) == card


def test_editing_merges_tables(toy):
    changes = {
        "input": {"width": 96, "mean": (1.0, 2.0, 3.0)},
        "variants": {"INT8": VariantCard("toy-int8.xml", "INT8")},
        "gmac": 1.5,
    }
    card = edit_card(toy, changes)
    assert (card.input.width, card.input.height, card.input.mean) == (96, 32, (1.0, 2.0, 3.0))
    assert set(card.variants) == {"FP16", "INT8"}
    assert load_card(toy) == card
    card = edit_card(toy, {"variants": {"INT8": None}, "gmac": None})
    assert (set(card.variants), card.gmac) == ({"FP16"}, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"input": {"width": -1}},
        {"input": {"widht": 64}},
        {"variants": {"FP16": None}},
        {"variants": {"FP16": {"xml": "../elsewhere.xml"}}},
        {"labels": "/etc/passwd"},
        {"labels": "absent.txt"},
        {"title": object},
        {"name": 7},
    ],
)
def test_an_edit_that_cannot_be_leaves_the_card(toy, changes):
    before = (toy / "card.toml").read_bytes()
    with pytest.raises((ModelError, NotImplementedError, TypeError)):
        edit_card(toy, changes)
    assert (toy / "card.toml").read_bytes() == before
    assert names_in(toy) == ["card.toml", "toy-int8.bin", "toy-int8.xml", "toy.bin", "toy.xml"]


def test_only_ones_own_models_can_be_edited(toy, tmp_path):
    elsewhere = put(tmp_path / "toy")
    for folder in (elsewhere, Path(find_model("nanodet-g").folder)):
        before = (folder / "card.toml").read_bytes()
        with pytest.raises(ModelError, match="not among your own models"):
            edit_card(folder, {"title": "Mine"})
        assert (folder / "card.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "toy"', 'name = "toy', 2),
        ("width = 64", "width = sixty", 10),
        ("width = 64", 'width = "wide"', 10),
        ("width = 64", "widht = 64", 10),
        ("height = 32", "height = 32\nmean = [1.0, 2.0]", 12),
        ('task = "detection"', 'task = "juggling"', 4),
        ("[variants.FP16]", "[variants.FP8]", 13),
        ('stored = "FP16"', 'stroed = "FP16"', 15),
        ("width = 64\n", "", 9),
        ("[input]", "[input", 9),
        ("# by hand", "colour = 1", 1),
        ('stored = "FP16"', 'stored = "FP8"', 15),
        ('"made by hand"', "7", 6),
    ],
)
def test_a_mistake_is_told_with_its_line(mine, old, new, line):
    folder = put(mine / "toy", CARD.replace(old, new))
    with pytest.raises(ModelError) as caught:
        load_card(folder)
    assert f"line {line}," in caught.value.sentence
    assert str(folder / "card.toml") in caught.value.sentence


def test_removing(toy, mine):
    assert remove_model("toy") == toy
    assert names_in(mine) == []
    with pytest.raises(ModelError, match="no model called"):
        remove_model("toy")


def test_removing_by_the_cards_name(mine):
    folder = put(mine / "some-folder", CARD.replace('name = "toy"', 'name = "other"'))
    assert remove_model("other") == folder
    assert list_models()[1] == ()


def test_a_broken_model_can_be_removed_by_its_folder(mine):
    put(mine / "broken", "name = 1")
    remove_model("broken")
    assert names_in(mine) == []


def test_what_ships_stays(mine):
    folder = Path(find_model("nanodet-g").folder)
    with pytest.raises(ModelError, match="ships with the program and stays"):
        remove_model("nanodet-g")
    assert (folder / "card.toml").is_file()


@pytest.mark.parametrize("name", ["", ".", "..", "../models", "../models/toy", "/etc", "a\0b", "absent"])
def test_removing_reaches_nothing_else(toy, mine, name):
    with pytest.raises(ModelError):
        remove_model(name)
    assert names_in(toy)[0] == "card.toml"
    assert mine.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_linked_folder_is_not_followed(mine, tmp_path):
    elsewhere = put(tmp_path / "precious")
    (mine / "toy").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(ModelError):
        remove_model("toy")
    assert (elsewhere / "toy.bin").is_file()
