"""Model folders, good and bad, as real files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.catalogue import find_model, list_models, load_card, read_labels

CARD = """\
name = "toy"
title = "Toy"
task = "detection"
licence = "Apache-2.0"
origin = "made by hand"
decoder = "nanodet"
labels = "labels.txt"

[input]
width = 64
height = 32

[variants.FP16]
xml = "toy.xml"
stored = "FP16"
"""


def write_model(folder: Path, card: str = CARD) -> Path:
    folder.mkdir(parents=True)
    (folder / "card.toml").write_text(card, encoding="utf-8")
    (folder / "labels.txt").write_text("person\ntraffic light\n", encoding="utf-8")
    for name in ("toy.xml", "toy.bin"):
        (folder / name).write_bytes(b"content is not looked at")
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The user's own model folder; not there yet."""
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    return places.model_folders()[0]


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "toy")


def refused(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load_card(folder)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy
    return caught.value


def test_a_good_card(folder):
    card = load_card(folder)
    assert (card.name, card.input.width, card.variants["FP16"].stored) == ("toy", 64, "FP16")
    assert card.path("toy.xml").is_file()
    assert read_labels(card) == ("person", "traffic light")


def test_a_card_without_labels(tmp_path):
    assert read_labels(load_card(write_model(tmp_path / "toy", CARD.replace('labels = "labels.txt"\n', "")))) == ()


def test_a_relative_folder_stays_valid_when_the_working_directory_changes(folder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    card = load_card(Path("toy"))
    monkeypatch.chdir("/")
    assert card.path("toy.xml").is_file()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "toy"', 'name = "toy', "not valid TOML"),
        ('name = "toy"\n', "", "missing required field `name`"),
        ('task = "detection"', 'task = "juggling"', "juggling"),
        ("width = 64", 'width = "wide"', "input.width"),
        ("width = 64", "width = 0", "input.width"),
        ("width = 64", "width = 64\nscale = [1.0, 0.0, 1.0]", "scale"),
        ("width = 64", "width = 64\nmean = [nan, 0.0, 0.0]", "mean"),
        ("width = 64", "width = 64\ndepth = 3", "depth"),
        ("[variants.FP16]", "[variants.FP8]", "FP8"),
        ('[variants.FP16]\nxml = "toy.xml"\nstored = "FP16"', "[variants]", "no variants"),
        ("name =", "colour = 1\nname =", "colour"),
        ("name =", "x = " + "[" * 5000 + "]" * 5000 + "\nname =", "nested too deeply"),
        ("toy.xml", "other.xml", "lacks the file other.xml"),
        ("toy.xml", "toy.bin", "not an .xml file"),
        ("toy.xml", "../toy/toy.xml", "not a plain file name"),
        ("toy.xml", "/etc/passwd", "not a plain file name"),
        ("toy.xml", "C:toy.xml", "not a plain file name"),
        ("toy.xml", "..", "not a plain file name"),
        ("toy.xml", "", "not a plain file name"),
        ("toy.xml", "toy\\\\toy.xml", "not a plain file name"),
        ("toy.xml", "toy\\u0000.xml", "not a plain file name"),
        ("toy.xml", "x" * 300 + ".xml", "not a plain file name"),
        ("labels.txt", "../labels.txt", "not a plain file name"),
        ("labels.txt", "names.txt", "lacks the file names.txt"),
    ],
)
def test_a_bad_card(tmp_path, old, new, told):
    assert old in CARD
    assert told in str(refused(write_model(tmp_path / "toy", CARD.replace(old, new))))


def test_no_folder(tmp_path):
    assert "There is no" in refused(tmp_path / "absent").sentence


def test_a_folder_without_a_card(tmp_path):
    assert "card.toml" in refused(tmp_path).remedy


def test_weights_are_missing(folder):
    (folder / "toy.bin").unlink()
    assert "toy.bin" in refused(folder).sentence


def test_a_card_that_is_too_large(folder):
    with (folder / "card.toml").open("a", encoding="utf-8") as card:
        card.write("# " + "x" * 300_000)
    assert "larger than" in refused(folder).sentence


def test_a_card_that_is_not_text(folder):
    (folder / "card.toml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in refused(folder).sentence


def test_a_card_that_is_a_folder(folder):
    (folder / "card.toml").unlink()
    (folder / "card.toml").mkdir()
    assert "cannot be read" in refused(folder).sentence


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_out_of_the_folder(folder, tmp_path):
    (tmp_path / "elsewhere.xml").write_text("")
    (folder / "toy.xml").unlink()
    (folder / "toy.xml").symlink_to(tmp_path / "elsewhere.xml")
    assert "outside" in refused(folder).sentence


def test_labels_that_are_not_text(folder):
    card = load_card(folder)
    (folder / "labels.txt").write_bytes(b"\xff")
    with pytest.raises(ModelError, match="not UTF-8"):
        read_labels(card)


def test_what_ships_is_listed_and_found(home):
    cards, problems = list_models()
    assert "nanodet-g" in [card.name for card in cards]
    assert problems == ()
    card = find_model("nanodet-g")
    assert len(read_labels(card)) == 80
    assert set(card.variants) >= {"FP16", "FP32"}


def test_the_users_model_hides_the_one_that_ships(home):
    write_model(home / "mine", CARD.replace('name = "toy"', 'name = "nanodet-g"'))
    assert find_model("nanodet-g").title == "Toy"
    assert [card.name for card in list_models()[0]].count("nanodet-g") == 1


def test_a_broken_model_is_a_problem_and_the_others_stay(home):
    write_model(home / "broken", "name = 1")
    write_model(home / "toy")
    cards, problems = list_models()
    assert {"toy", "nanodet-g"} <= {card.name for card in cards}
    assert len(problems) == 1
    assert "broken" in problems[0]


def test_a_broken_model_asked_for_by_its_folders_name_says_what_is_wrong(home):
    write_model(home / "broken", "name = 1")
    with pytest.raises(ModelError, match="cannot be used"):
        find_model("broken")


def test_a_models_place_that_is_a_file(home):
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("")
    cards, problems = list_models()
    assert "nanodet-g" in [card.name for card in cards]
    assert "cannot be listed" in problems[0]


def test_a_path_is_a_model_folder(folder, monkeypatch):
    assert find_model(str(folder)).name == "toy"
    monkeypatch.chdir(folder.parent)
    assert find_model("toy").name == "toy"
    assert find_model("./toy").name == "toy"


@pytest.mark.parametrize("name", ["nanodet", "NanoDet-G", "nanodet-h"])
def test_a_misspelt_name(home, name):
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert "Did you mean nanodet-g?" in caught.value.remedy
    assert "known models are" in caught.value.remedy


@pytest.mark.parametrize("name", ["", "zzz", "no\0name", "a/b\0c", "/dev/null"])
def test_a_name_that_is_no_model(home, name):
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert caught.value.remedy
