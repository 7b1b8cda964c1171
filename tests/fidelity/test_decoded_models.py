"""Tiny real models, made here, through the real runner: a classifier, a bare one, and one whose output changes its size."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from list_outbox import ListOutbox
from openvino import opset13 as ops

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine.runner import run

CARD = """
name = "tiny"
title = "Tiny"
task = "{task}"
licence = "Apache-2.0"
origin = "made by a test"
decoder = "{decoder}"
labels = "labels.txt"
[input]
width = 32
height = 32
keep_aspect = false
[decoder_options]
{options}
[variants.FP32]
xml = "tiny.xml"
stored = "FP32"
"""


def write(folder: Path, results: list, picture, *, task: str, decoder: str, options: str = "") -> str:
    """A model folder with a card; returns its path."""
    ov.save_model(ov.Model(results, [picture], "tiny"), folder / "tiny.xml", compress_to_fp16=False)
    (folder / "labels.txt").write_text("blue\ngreen\nred\n")
    (folder / "card.toml").write_text(CARD.format(task=task, decoder=decoder, options=options))
    return str(folder)


def colours():
    """The picture input, and the mean of each colour `[1, 3]`."""
    picture = ops.parameter([1, 3, 32, 32], np.float32, name="picture")
    return picture, ops.reduce_mean(picture, np.array([2, 3]), keep_dims=False)


def called(node, name: str):
    result = ops.result(node)
    result.get_output_tensor(0).set_names({name})
    return result


def ran(model: str) -> ListOutbox:
    outbox = ListOutbox((64, 64), paints=False)
    spec = SessionSpec(session_id="tiny", source="scene:road", model=model, precision="FP32", seconds=0.5, paced=False)
    run(spec, outbox, threading.Event())
    assert outbox.pictures
    return outbox


@pytest.mark.parametrize("softmax", [False, True])
def test_a_classifier_ranks_the_colours_of_the_road(tmp_path: Path, softmax: bool) -> None:
    picture, means = colours()
    logits = ops.multiply(means, np.float32(0.1))
    last = ops.softmax(logits, axis=1) if softmax else logits
    outbox = ran(write(tmp_path, [called(last, "scores")], picture, task="classification", decoder="classification"))
    for found in (picture.findings for picture in outbox.pictures):
        assert {label for label, _ in found.classes} == {0, 1, 2}
        assert sum(share for _, share in found.classes) == pytest.approx(1, abs=1e-3)
        assert len(found.boxes) == 0 and found.mask is None
    assert (outbox.records()["detections"] == 3).all()
    (opened,) = outbox.of(Opened)
    assert opened.labels == ("blue", "green", "red")


def test_a_model_that_nobody_has_a_decoder_for_still_runs(tmp_path: Path) -> None:
    picture, means = colours()
    results = [called(means, "means"), called(ops.reduce_max(means, np.array([1])), "brightest")]
    outbox = ran(write(tmp_path, results, picture, task="raw", decoder="raw", options='outputs = ["brightest", "means"]'))
    first, _, second, highest = outbox.pictures[-1].findings.values
    assert first.startswith("brightest  [1] float32  min ")
    assert second.startswith("means  [1, 3] float32  min ")
    assert highest.count(" at [0, ") == 3
    assert first.rpartition("max ")[2] == second.rpartition("max ")[2]


def test_an_output_whose_size_changes_and_one_without_a_name(tmp_path: Path) -> None:
    picture, means = colours()
    bright = ops.non_zero(ops.greater(ops.reduce_mean(picture, np.array([1])), np.float32(120)), output_type="i64")
    results = [ops.result(bright), called(means, "means")]
    outbox = ran(write(tmp_path, results, picture, task="raw", decoder="raw", options='outputs = ["#0", "means"]'))
    sizes = {line.split("]")[0] for picture in outbox.pictures for line in picture.findings.values if line.startswith("#0")}
    assert sizes and all(line.startswith("#0  [3, ") for line in sizes)
    assert all(int(line.rpartition(" ")[2]) > 0 for line in sizes), "the memory of before the first inference was read"


def test_all_outputs_in_the_models_order_when_the_card_names_none(tmp_path: Path) -> None:
    picture, means = colours()
    results = [called(means, "means"), called(ops.reduce_max(means, np.array([1])), "brightest")]
    outbox = ran(write(tmp_path, results, picture, task="raw", decoder="raw"))
    heads = [line for line in outbox.pictures[-1].findings.values if not line.startswith(" ")]
    assert [head.split(" float32")[0] for head in heads] == ["output 0  [1, 3]", "output 1  [1]"]


def test_a_name_that_the_model_does_not_have(tmp_path: Path) -> None:
    picture, means = colours()
    model = write(tmp_path, [called(means, "means")], picture, task="raw", decoder="classification", options='output = "mean"')
    with pytest.raises(ModelError, match="no output called 'mean'; it has means"):
        ran(model)


def test_a_decoder_that_does_not_fit_ends_the_run_with_a_sentence(tmp_path: Path) -> None:
    picture, means = colours()
    with pytest.raises(ModelError, match=r"shapes \[1, 3\] where \[1, rows, 6 or more\] was expected"):
        ran(write(tmp_path, [called(means, "means")], picture, task="detection", decoder="yolox"))
