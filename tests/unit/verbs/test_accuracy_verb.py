"""`edgeperf accuracy`: the report a person reads, the JSON a machine reads, and errors as sentences."""

from __future__ import annotations

import json
from pathlib import Path

import click
import cv2
import numpy as np
import pytest

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import (
    AccuracyDifference,
    AccuracyResult,
    Agreement,
    ClassCount,
    ClassificationAccuracy,
    Confusion,
)
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.jobs import AccuracySpec
from edgeperf_gui.domain.results import Effective
from edgeperf_gui.verbs.accuracy import command
from edgeperf_gui.verbs.accuracy_report import report


def call(*arguments: str) -> int:
    return command.main(list(arguments), prog_name="edgeperf accuracy", standalone_mode=False)


@pytest.fixture
def labelled(tmp_path: Path, street_clip: Path) -> Path:
    """Two frames of the bundled clip; the labels are made up."""
    capture = cv2.VideoCapture(str(street_clip))
    for name in ("a", "b"):
        place = tmp_path / "set" / "images" / f"{name}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(place), capture.read()[1])
    capture.release()
    labels = tmp_path / "set" / "labels"
    labels.mkdir()
    (labels / "a.txt").write_text("1 0.5 0.5 0.2 0.2\n0 0.3 0.3 0.1 0.2\n")
    (labels / "b.txt").write_text("")
    (tmp_path / "set" / "names.yaml").write_text("names: [car, person, unicorn]\n")
    return tmp_path / "set"


def test_tables_and_json(labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.json"
    assert call("--data", str(labelled), "--precision", "fp32", "--threshold", "0.05", "--json", str(target)) == 0
    told = capsys.readouterr().out
    for words in ("nanodet-g FP32 on CPU · YOLO, 2 images", "executed", "2 images, 2 labelled objects", "AP50 / AP75", "recall"):
        assert words in told
    assert "AP against FP32's boxes  1.000" in told
    assert "1 classes are unknown to the model and left out: unicorn" in told
    content = json.loads(target.read_text())
    assert content["schema"] == "edgeperf.accuracy/1"
    assert {"ap", "ap50", "ap75", "ar100", "images", "boxes"} <= content["accuracy"].keys()
    assert (content["accuracy"]["images"], content["accuracy"]["boxes"]) == (2, 2)
    assert content["agreement"]["ap"] == 1.0
    assert {"boxes", "threshold", "nmse", "cosine", "mean_iou"} <= content["agreement"].keys()


def test_only_json_on_standard_output(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--data", str(labelled / "images"), "--labels", str(labelled / "labels"), "--limit", "1", "--json", "-") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["accuracy"]["images"] == 1
    assert content["spec"]["limit"] == 1


def test_what_is_wrong_is_a_sentence(labelled: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no folder"):
        call("--data", str(tmp_path / "none"))
    (labelled / "labels" / "a.txt").write_text("3 0.5 0.5 0.2 0.2")
    with pytest.raises(BadInput, match="class 3 is out of range"):
        call("--data", str(labelled))
    with pytest.raises(click.UsageError):
        call("--data", str(labelled), "--threshold", "1.5")
    with pytest.raises(click.UsageError):
        call()


EFFECTIVE = Effective("INT8", {"i8": 3}, ("CPU",), 1, 1, 1, "latency", "f32")


def result(**changes: object) -> AccuracyResult:
    spec = AccuracySpec(session_id="s", model="m", precision="INT8", data="d")
    fields = {"accuracy": None, "agreement": None, "against_fp32": None, "complete": True}
    return AccuracyResult(spec=spec, precision="INT8", effective=EFFECTIVE, dataset="4 images", **(fields | changes))


@pytest.mark.parametrize(
    ("interval", "sentence"),
    [
        (
            Interval(-0.006, -0.019, 0.005),
            "loses 0.6 AP points against FP32, 95 % interval −1.9 … +0.5: no difference shown.",
        ),
        (Interval(-0.03, -0.05, -0.01), "loses 3.0 AP points against FP32, 95 % interval −5.0 … −1.0."),
        (Interval(0.02, 0.01, 0.03), "gains 2.0 AP points against FP32, 95 % interval +1.0 … +3.0."),
        (Interval(0.0), "neither loses nor gains against FP32 (too few images for an interval)."),
    ],
)
def test_the_loss_in_words(interval: Interval, sentence: str) -> None:
    assert f"INT8 {sentence}" in report(result(against_fp32=AccuracyDifference("ap", interval)))


def test_a_classifier_in_words() -> None:
    classes = tuple(ClassCount(f"class {number}", proportion(1, 2), proportion(2, 2)) for number in range(25))
    accuracy = ClassificationAccuracy(50, proportion(25, 50), proportion(50, 50), classes, (Confusion("cat", "dog", 7),))
    agreement = Agreement(50, 0, 0.4, None, None, proportion(0, 0), proportion(49, 50), None, None, ())
    told = report(result(accuracy=accuracy, agreement=agreement, unreadable=1, complete=False))
    for words in (
        "top-1  0.500  (25 of 50",
        "… and 5 more",
        "cat taken for dog",
        "same first class",
        "fair sample",
        "1 pictures",
    ):
        assert words in told
    assert "AP" not in told


def test_nothing_labelled_in_words() -> None:
    told = report(result())
    assert "nothing is said about accuracy" in told
    assert "no FP32 variant" in told
    assert np.char.count(told, "None") == 0


def test_several_variants_are_told_one_after_the_other(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.json"
    asked = ("--data", str(labelled), "--precision", "FP32", "--also", "fp16", "--also", "INT8", "--json", str(target))
    assert call(*asked) == 0
    told = capsys.readouterr().out
    titles = [told.index(f"nanodet-g {name} on CPU") for name in ("FP32", "FP16", "INT8")]
    assert titles == sorted(titles)
    assert [one["precision"] for one in json.loads(target.read_text())["others"]] == ["FP16", "INT8"]
