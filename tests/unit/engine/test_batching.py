"""Several pictures at once: widened, or refused with the layer that refuses."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as op

from edgeperf_gui.domain.card import InputCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.engine.batching import check_apart, set_batch
from edgeperf_gui.engine.runtime import embed_conversion
from edgeperf_gui.zoo.catalogue import find_model


def model_of(build) -> ov.Model:
    pixels = op.parameter([1, 3, 8, 8], np.float32, name="image")
    model = ov.Model([build(pixels)], [pixels])
    model.inputs[0].get_node().set_layout(ov.Layout("NCHW"))
    return model


def test_a_model_is_widened() -> None:
    model = model_of(lambda pixels: op.relu(pixels))
    set_batch(model, find_model("nanodet-g"), 4)
    assert list(model.outputs[0].shape) == [4, 3, 8, 8]


def test_outputs_that_fold_the_pictures_into_their_cells_are_whole() -> None:
    model = model_of(lambda pixels: op.reshape(pixels, op.constant(np.array([-1, 3])), False))
    set_batch(model, find_model("nanodet-g"), 4)
    assert list(model.outputs[0].shape) == [256, 3]


def test_the_layer_that_refuses_is_named() -> None:
    def joined(pixels):
        node = op.concat([pixels, op.constant(np.zeros((1, 3, 8, 8), np.float32))], 1)
        node.set_friendly_name("with_background")
        return node

    with pytest.raises(ModelError, match=r"cannot take 4 pictures at once: its layer with_background \(Concat\) refuses"):
        set_batch(model_of(joined), find_model("nanodet-g"), 4)


def test_an_output_that_stays_that_of_one_picture_is_refused() -> None:
    def averaged(pixels):
        return op.reduce_mean(pixels, op.constant(np.array([0, 2, 3])), True)

    with pytest.raises(ModelError, match="does not grow with them"):
        set_batch(model_of(averaged), find_model("nanodet-g"), 4)


def test_a_reshape_that_was_written_for_one_picture_takes_as_many_as_it_is_given() -> None:
    """As in many exports, the shipped model's among them: without this its answers would be mixed with each other."""
    model = model_of(lambda pixels: op.transpose(op.reshape(pixels, op.constant(np.array([1, 3, -1])), False), [0, 2, 1]))
    one = ov.Core().compile_model(model, "CPU")
    pixels = np.random.default_rng(1).normal(size=(4, 3, 8, 8)).astype(np.float32)
    alone = np.concatenate([one(picture[None])[0] for picture in pixels])
    set_batch(model, find_model("nanodet-g"), 4, apart=True)
    assert list(model.outputs[0].shape) == [4, 64, 3]
    assert np.array_equal(ov.Core().compile_model(model, "CPU")(pixels)[0], alone)


@pytest.mark.parametrize(
    "build",
    [
        lambda pixels: op.reshape(pixels, op.constant(np.array([-1, 3])), False),
        lambda pixels: op.transpose(pixels, [1, 0, 2, 3]),
        lambda pixels: op.non_zero(pixels),
    ],
    ids=["folded into the rows", "behind the channels", "of a size that depends on the picture"],
)
def test_outputs_without_the_pictures_in_front_cannot_be_told_apart(build) -> None:
    with pytest.raises(ModelError, match=r"its output \S+ has no dimension of its own for them in front"):
        set_batch(model_of(build), find_model("nanodet-g"), 4, apart=True)


def check(build) -> None:
    model = embed_conversion(model_of(build), InputCard(8, 8))
    set_batch(model, find_model("nanodet-g"), 4, apart=True)
    check_apart(ov.Core().compile_model(model, "CPU").create_infer_request(), find_model("nanodet-g"))


@pytest.mark.parametrize(
    "build",
    [
        lambda pixels: op.subtract(pixels, op.reduce_mean(pixels, op.constant([0]), True)),
        lambda pixels: op.reshape(op.transpose(pixels, [1, 0, 2, 3]), op.constant(np.array([-1, 3, 8, 8])), False),
    ],
    ids=["of their mean", "of their channels"],
)
def test_answers_that_are_mixed_with_each_other_are_found_out(build) -> None:
    with pytest.raises(ModelError, match="mixes their answers"):
        check(build)


def test_answers_that_are_apart_pass_even_where_both_are_the_same() -> None:
    check(lambda pixels: op.relu(pixels))
    check(lambda pixels: op.multiply(pixels, op.constant(np.float32(0))))
