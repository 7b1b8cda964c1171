"""`scenario evaluate --accuracy --agreement`: what the two verbs wrote is held against the limits, and nothing else is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import msgspec
import pytest

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.cli import main
from edgeperf_gui.domain.accuracy import Agreement
from edgeperf_gui.domain.compare import Blocks, CompareResult, VariantResult
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import Machine, RunResult
from edgeperf_gui.store.quality_json import read_accuracy, read_agreement
from edgeperf_gui.store.run_json import read_result

MACHINE = Machine("box", "Linux", "3.11", "2026.4", "5.0", "CPU", 2, None, None)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, street_clip: Path) -> tuple[str, str]:
    """What `bench` and `accuracy` really write, about two labelled pictures."""
    folder = tmp_path_factory.mktemp("quality")
    capture = cv2.VideoCapture(str(street_clip))
    for kind in ("images", "labels"):
        (folder / "two" / kind).mkdir(parents=True)
    for name in ("a", "b"):
        cv2.imwrite(str(folder / "two" / "images" / f"{name}.png"), capture.read()[1])
        (folder / "two" / "labels" / f"{name}.txt").write_text("1 0.5 0.5 0.2 0.2\n0 0.3 0.3 0.1 0.2\n")
    capture.release()
    (folder / "two" / "names.yaml").write_text("names: [car, person]\n")
    run, accuracy = folder / "run.json", folder / "accuracy.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDGEPERF_HOME", str(folder))
        assert main(["bench", "--seconds", "1", "--json", str(run)]) == 0
        assert main(["accuracy", "--data", str(folder / "two"), "--precision", "FP16", "--json", str(accuracy)]) == 0
    return run.read_text(), accuracy.read_text()


@pytest.fixture
def run(written: tuple[str, str], tmp_path: Path) -> RunResult:
    (tmp_path / "run.json").write_text(written[0])
    return read_result(tmp_path / "run.json")


@pytest.fixture
def measured(written: tuple[str, str]) -> dict[str, Any]:
    """Whole, to be changed."""
    return json.loads(written[1])


def put(folder: Path, content: object) -> Path:
    path = folder / "measured.json"
    path.write_bytes(msgspec.json.encode(content))
    return path


def test_what_the_verb_writes_is_held_against_the_limits(run, measured, tmp_path: Path, capsys) -> None:
    assert read_accuracy(put(tmp_path, measured), run.spec).data == "two"
    measured["accuracy"] |= {"ap": 0.4, "images": 500}
    measured["agreement"] |= {"ap": 0.95, "images": 500}
    path, scenario = str(put(tmp_path, measured)), tmp_path / "mine.toml"
    words = ["scenario", "evaluate", str(scenario), "--run", str(tmp_path / "run.json")]
    for accuracy, agreement, code in ((0.3, 0.9, 0), (0.3, 0.99, 1), (0.4, 0.9, 2)):
        scenario.write_text(f'title = "T"\nwhy = "So. So."\nmin_accuracy = {accuracy}\nmin_agreement = {agreement}\n')
        assert main([*words, "--accuracy", path, "--agreement", path, "--json", str(tmp_path / "out.json")]) == code
    found = json.loads((tmp_path / "out.json").read_text())["requirements"]
    assert [(one["name"], one["value"], one["n"]) for one in found] == [("accuracy", 0.4, 500), ("agreement", 0.95, 500)]
    assert "AP on 500 pictures of two" in capsys.readouterr().out
    assert main(words) == 2, "without them nothing is decided"


def test_a_comparison_knows_the_agreement_and_with_labels_the_accuracy(run: RunResult, tmp_path: Path) -> None:
    agreed = Agreement(48, 99, 0.4, 0.97, 0.98, proportion(97, 99), None, 0.001, 0.999, ())
    variant = VariantResult(1, 1, 1, 1, "FP16", {}, 1.0, 1.0, None, None, None, None, None, None, agreed, None)
    spec = CompareSpec("s", "/clips/street.mp4", run.spec.model)
    result = CompareResult(spec, MACHINE, "FP32", {"FP16": variant}, {}, (), {}, Blocks(6, 0), 48, True)
    path = put(tmp_path, result)
    found = read_agreement(path, run.spec)
    assert (found.name, found.value, found.low, found.n, found.data) == ("AP", 0.97, None, 48, "street.mp4")
    with pytest.raises(BadInput, match=r"holds no agreement of FP16. Measure a model with an FP32 variant"):
        read_agreement(put(tmp_path, msgspec.structs.replace(result, baseline="FP16")), run.spec)
    with pytest.raises(BadInput, match=r"measured.json holds no accuracy of FP16. Measure it on labelled pictures"):
        read_accuracy(path, run.spec)


def test_one_of_several_variants_is_taken(run: RunResult, measured: dict[str, Any], tmp_path: Path) -> None:
    other = {**measured, "precision": "FP32", "accuracy": None}
    path = put(tmp_path, {**other, "others": [measured]})
    assert read_accuracy(path, run.spec).value == measured["accuracy"]["ap"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "edgeperf.accuracy/9"}, r"another version of edgeperf-gui \(edgeperf.accuracy/9\). .*measure it again"),
        ({"schema": "edgeperf.run/1"}, "is of the kind 'edgeperf.run/1', not 'edgeperf.accuracy/1' or 'edgeperf.compare/1'"),
        ({"schema": ["x"]}, "is of the kind"),
        ({"precision": "INT8"}, "is about INT8, the run about FP16"),
        ({"accuracy": None}, "holds no accuracy of FP16"),
        ({"accuracy": 3}, "is not a measurement of accuracy or agreement"),
    ],
)
def test_what_is_about_something_else_is_refused_with_both_names(change, said, run, measured, tmp_path: Path) -> None:
    path = put(tmp_path, measured | change)
    with pytest.raises(BadInput, match=f"measured.json .*{said}") as caught:
        read_accuracy(path, run.spec)
    assert caught.value.remedy


@pytest.mark.parametrize(("key", "value"), [("model", "yolo"), ("device", "GPU")])
def test_another_model_or_device_is_refused_with_both_names(key: str, value: str, run, measured, tmp_path: Path) -> None:
    measured["spec"][key] = value
    own = getattr(run.spec, key)
    with pytest.raises(BadInput, match=f"is about {key} {value}, the run about {key} {own}. Measure what ran"):
        read_agreement(put(tmp_path, measured), run.spec)


@pytest.mark.parametrize("change", [{"ap": 1.5}, {"ap": -0.1}, {"images": 0}, {"images": -5}])
def test_numbers_that_nobody_can_have_measured_are_refused(change, run, measured, tmp_path: Path) -> None:
    measured["agreement"] |= {"ap": 0.5} | change
    with pytest.raises(BadInput, match=r"is no measurement: AP .* cannot be"):
        read_agreement(put(tmp_path, measured), run.spec)


def test_garbage_is_a_sentence(run: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    for content in (b"{", b"[]", b"\xff", b"[" * 100_000, b'{"schema": "edgeperf.compare/1"}'):
        path.write_bytes(content)
        with pytest.raises(BadInput, match="is not a measurement"):
            read_agreement(path, run.spec)
    with pytest.raises(BadInput, match="cannot be read"):
        read_agreement(tmp_path / "none.json", run.spec)
