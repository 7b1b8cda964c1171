"""Quantisation of a model small enough to take a second: what is made, and that nothing is left when nothing is made."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError, RunError, SourceError
from edgeperf_gui.zoo.calibration import StoredFrames, calibration_frames
from edgeperf_gui.zoo.catalogue import find_model, list_models, load_card
from edgeperf_gui.zoo.model_lock import model_lock
from edgeperf_gui.zoo.quantize import AccuracyControl, Cancelled, Quantized, quantize
from edgeperf_gui.zoo.quantized_layers import after_last_layers, quantized_layers

CARD = """\
# written by hand
name = "tiny"
title = "Tiny"
task = "classification"
licence = "none"
origin = "a test"
decoder = "classification"

[input]
width = 32  # as small as it gets
height = 24
channels = "RGB"
scale = [255.0, 255.0, 255.0]

[variants.FP32]
xml = "tiny-fp32.xml"
stored = "FP32"
"""


def tiny_model() -> ov.Model:
    """Three convolutions, an average and a matrix product: [1, 3, 24, 32] to [1, 10]."""
    rng = np.random.default_rng(0)
    image = ops.parameter([1, 3, 24, 32], np.float32, name="image")
    node = image
    for before, after in ((3, 16), (16, 32), (32, 32)):
        weights = rng.normal(0, 0.2, (after, before, 3, 3)).astype(np.float32)
        node = ops.relu(ops.convolution(node, weights, [2, 2], [1, 1], [1, 1], [1, 1]))
    node = ops.squeeze(ops.reduce_mean(node, [2, 3], True), [2, 3])
    node = ops.matmul(node, rng.normal(0, 0.2, (32, 10)).astype(np.float32), False, False)
    model = ov.Model([node], [image], "tiny")
    model.inputs[0].get_tensor().set_names({"image"})
    return model


@pytest.fixture
def tiny() -> ModelCard:
    """The tiny model among the user's own."""
    folder = places.model_folders()[0] / "tiny"
    folder.mkdir(parents=True)
    ov.save_model(tiny_model(), folder / "tiny-fp32.xml", compress_to_fp16=False)
    (folder / "card.toml").write_text(CARD)
    return load_card(folder)


@pytest.fixture(scope="module")
def pictures() -> StoredFrames:
    rng = np.random.default_rng(1)
    return StoredFrames("noise", [rng.integers(0, 256, (30, 50, 3), np.uint8) for _ in range(12)])


def nothing(done: int, total: int | None, activity: str) -> None:
    pass


def make(card: ModelCard, frames: Any, **given: Any) -> Quantized:
    return quantize(card, frames, **{"preset": "mixed", "stop": threading.Event(), "progress": nothing, **given})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(card: ModelCard, precision: str, tensor: np.ndarray) -> np.ndarray:
    compiled = ov.Core().compile_model(card.path(card.variants[precision].xml), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled([tensor])[0]


def test_a_variant_is_made_beside_the_others(tiny, pictures):
    told: list[tuple[int, int | None, str]] = []
    made = make(tiny, pictures, progress=lambda *report: told.append(report))
    assert made.card == find_model("tiny")
    assert (made.samples, made.layers_quantized, made.layers_multiplying) == (12, 4, 4)
    assert made.card.variants["INT8"].stored == "INT8"
    assert set(contents(Path(tiny.folder))) == {
        "card.toml", "tiny-fp32.xml", "tiny-fp32.bin", "tiny-int8.xml", "tiny-int8.bin"
    }  # fmt: skip
    assert "# written by hand" in (Path(tiny.folder) / "card.toml").read_text()
    # int8 weights against float32 ones
    sizes = {name: made.card.path(f"tiny-{name}.bin").stat().st_size for name in ("int8", "fp32")}
    assert sizes["int8"] < 0.4 * sizes["fp32"]
    counted = [done for done, total, activity in told if total == 12 and done]
    assert counted == sorted(counted)
    assert counted[:12] == list(range(1, 13))
    tensor = np.random.default_rng(2).random((1, 3, 24, 32), np.float32)
    eight, full = run(made.card, "INT8", tensor), run(made.card, "FP32", tensor)
    assert np.square(eight - full).sum() < 0.01 * np.square(full).sum()


def test_a_second_one_takes_the_place_of_the_first(tiny, pictures):
    first = make(tiny, pictures)
    second = make(first.card, pictures, preset="performance")
    assert second.card.variants["INT8"].xml == "tiny-int8-2.xml"
    third = make(second.card, pictures)
    assert third.card.variants["INT8"].xml == "tiny-int8.xml"
    assert len(contents(Path(tiny.folder))) == 5
    assert "# as small as it gets" in (Path(tiny.folder) / "card.toml").read_text()


def test_a_shipped_model_is_copied_not_touched(tiny, pictures, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    shutil.copytree(tiny.folder, shipped / "tiny")
    shutil.rmtree(tiny.folder)
    (shipped / "tiny" / "LICENSE").write_text("do as you like")
    (shipped / "tiny" / "build.py").write_text("print()")
    monkeypatch.setattr(places, "shipped", lambda name: shipped if name == "models" else tmp_path / name)
    before = contents(shipped)
    made = make(find_model("tiny"), pictures)
    assert contents(shipped) == before
    own = places.model_folders()[0]
    assert made.card == find_model("tiny")
    assert made.card.folder == str(own / "tiny")
    assert set(made.card.variants) == {"FP32", "INT8"}
    assert set(contents(own / "tiny")) == {
        "card.toml", "LICENSE", "tiny-fp32.xml", "tiny-fp32.bin", "tiny-int8.xml", "tiny-int8.bin"
    }  # fmt: skip
    assert [path.name for path in own.iterdir()] == ["tiny"]


def test_a_folder_in_the_way_of_the_copy_is_not_overwritten(tiny, pictures, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    shutil.copytree(tiny.folder, shipped / "tiny")
    monkeypatch.setattr(places, "shipped", lambda name: shipped)
    own = Path(tiny.folder)
    (own / "card.toml").write_text("nonsense")
    before = contents(own)
    with pytest.raises(ModelError, match="in the way"):
        make(load_card(shipped / "tiny"), pictures)
    assert contents(own) == before


@pytest.mark.parametrize("activity", ["reading Tiny", "loading NNCF", "calibrating", "correcting", "writing"])
def test_cancelling_changes_nothing(tiny, pictures, activity):
    before = contents(Path(tiny.folder))
    stop = threading.Event()
    seen = []

    def progress(done: int, total: int | None, doing: str) -> None:
        if doing.startswith(activity):
            seen.append(doing)
            stop.set()

    with pytest.raises(Cancelled):
        make(tiny, pictures, stop=stop, progress=progress)
    assert seen
    assert contents(Path(tiny.folder)) == before
    wait_for_threads()


def wait_for_threads() -> None:
    """A thread that was left behind must not disturb the next test."""
    for thread in threading.enumerate():
        if thread.name == "quantise":
            thread.join(20)


def test_a_slow_step_is_left_behind(tiny, pictures):
    stop = threading.Event()
    released = threading.Event()

    class Stuck(StoredFrames):
        def __iter__(self):
            stop.set()
            released.wait(20)
            return iter(self.frames)

    start = time.monotonic()
    with pytest.raises(Cancelled):
        make(tiny, Stuck("stuck", pictures.frames), stop=stop)
    assert time.monotonic() - start < 15
    released.set()
    wait_for_threads()


def test_frames_that_all_turn_out_unreadable(tiny):
    with pytest.raises(SourceError, match="no picture that can be decoded"):
        make(tiny, StoredFrames("void", []))
    assert len(contents(Path(tiny.folder))) == 3


def test_only_one_at_a_time(tiny, pictures):
    folder = Path(tiny.folder)
    with model_lock(folder, folder.name, tiny.title), pytest.raises(RunError, match="another window or process"):
        make(tiny, pictures)
    assert make(tiny, pictures).card.variants["INT8"]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_what_a_killed_one_left_is_swept(tiny, pictures):
    folder = Path(tiny.folder)
    left = folder / ".writing-999999999-0badcafe"
    left.mkdir()
    (left / "tiny-int8.xml").write_text("half")
    (folder / ".tiny.lock").touch()
    # killed between the files and the card: named by nobody
    (folder / "tiny-int8.bin").write_bytes(b"half")
    make(tiny, pictures)
    assert set(contents(folder)) == {"card.toml", "tiny-fp32.xml", "tiny-fp32.bin", "tiny-int8-2.xml", "tiny-int8-2.bin"}


def test_a_place_that_cannot_be_written_to(pictures, monkeypatch, tmp_path):
    (tmp_path / "data").write_text("a file where the folder of folders should be")
    monkeypatch.setenv("EDGEPERF_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="cannot be written to"):
        make(load_card(places.shipped("models/nanodet-g")), pictures)


def test_what_cannot_be_quantised_says_so(tiny, pictures):
    made = make(tiny, pictures)
    folder = Path(tiny.folder)
    (folder / "card.toml").write_text(CARD.replace("tiny-fp32.xml", made.card.variants["INT8"].xml))
    with pytest.raises(ModelError, match="quantised already"):
        make(load_card(folder), pictures)
    (folder / "card.toml").write_text(CARD.replace("FP32", "INT8"))
    with pytest.raises(ModelError, match="neither an FP32 nor an FP16"):
        make(load_card(folder), pictures)
    (folder / "card.toml").write_text(CARD)
    (folder / "tiny-fp32.xml").write_text("<net>")
    with pytest.raises(ModelError, match="cannot be read as a model"):
        make(load_card(folder), pictures)


def test_a_dynamic_input_gets_the_card_s_size(tiny, pictures):
    model = tiny_model()
    model.reshape([-1, 3, -1, -1])
    ov.save_model(model, Path(tiny.folder) / "tiny-fp32.xml", compress_to_fp16=False)
    made = make(tiny, pictures)
    shape = ov.Core().read_model(made.card.path(made.card.variants["INT8"].xml)).inputs[0].shape
    assert list(shape) == [1, 3, 24, 32]


def eight_bit_layers(compiled: Any) -> int:
    """Layers that the CPU runs in 8 bits."""
    types = (op.get_rt_info()["primitiveType"].value for op in compiled.get_runtime_model().get_ordered_ops())
    return sum(str(each).lower().endswith(("i8", "u8")) for each in types)


def test_accuracy_is_watched(tiny, pictures):
    control = AccuracyControl(range(5), lambda compiled, items: 0.8 if list(items) else 0.0, 0.01)
    made = make(tiny, pictures, accuracy=control)
    assert (made.original_accuracy, made.accuracy) == (0.8, 0.8)
    assert made.layers_quantized == 4


def test_layers_are_put_back_until_little_enough_is_lost(tiny, pictures):
    made = make(tiny, pictures)
    every = eight_bit_layers(ov.Core().compile_model(made.card.path("tiny-int8.xml"), "CPU"))
    if not every:
        pytest.skip("this CPU runs nothing in 8 bits")

    def loses_with_each_layer(compiled: Any, items: Iterable[Any]) -> float:
        assert list(items)
        return 0.9 - 0.1 * eight_bit_layers(compiled) / every

    again = make(made.card, pictures, accuracy=AccuracyControl(range(3), loses_with_each_layer, 0.08))
    assert 0 < again.layers_quantized < 4
    assert again.accuracy is not None and again.accuracy >= 0.82 - 1e-9


def test_no_variant_is_made_when_too_much_is_lost(tiny, pictures):
    before = contents(Path(tiny.folder))
    calls = itertools.count()
    losing = AccuracyControl(range(2), lambda compiled, items: 0.9 - 0.02 * next(calls) * bool(list(items)), 0.01)
    with pytest.raises(RunError, match=r"more than allowed|No layer"):
        make(tiny, pictures, accuracy=losing)
    assert contents(Path(tiny.folder)) == before


def test_the_models_stay_listed_while_one_is_made(tiny, pictures):
    names = []

    def progress(done: int, total: int | None, activity: str) -> None:
        cards, problems = list_models()
        names.append(([card.name for card in cards if card.name == "tiny"], problems))

    make(tiny, pictures, progress=progress)
    assert all(found == (["tiny"], ()) for found in names)


def test_calibrating_with_a_folder(tiny, tmp_path):
    rng = np.random.default_rng(3)
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), rng.integers(0, 256, (20, 20, 3), np.uint8))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    made = make(tiny, calibration_frames(tmp_path, 10))
    assert made.samples == 3
    assert tomllib.loads((Path(tiny.folder) / "card.toml").read_text())["variants"]["INT8"]["xml"] == "tiny-int8.xml"
    assert quantized_layers(ov.Core().read_model(made.card.path("tiny-int8.xml"))) == (4, 4)


def head_of_its_own() -> ov.Model:
    """A convolution, then boxes in pixels beside scores below one, as YOLOv8 writes them into one table."""
    image = ops.parameter([1, 3, 24, 32], np.float32, name="image")
    weights = np.random.default_rng(0).normal(0, 0.2, (8, 3, 3, 3)).astype(np.float32)
    cells = ops.relu(ops.convolution(image, weights, [2, 2], [1, 1], [1, 1], [1, 1]))
    last = ops.convolution(cells, np.ones((8, 8, 1, 1), np.float32), [1, 1], [0, 0], [0, 0], [1, 1])
    boxes, scores = ops.split(last, 1, 2).outputs()
    table = ops.concat([ops.multiply(boxes, np.array([320], np.float32)), ops.sigmoid(scores)], 1)
    for node, name in ((cells, "cells"), (last, "last"), (table, "table")):
        node.set_friendly_name(name)
    return ov.Model([table], [image], "head")


def test_arithmetic_after_the_last_layer_stays_exact():
    model = head_of_its_own()
    after = after_last_layers(model)
    assert len(after) == 4  # split, multiply, sigmoid, concat
    assert "table" in after
    assert not {"cells", "last"} & set(after)
