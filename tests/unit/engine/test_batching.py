"""Several pictures at once: widened, or refused with the layer that refuses."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as op

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.engine.batching import set_batch
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
    model = model_of(lambda pixels: op.reshape(pixels, op.constant(np.array([1, -1, 3])), False))
    set_batch(model, find_model("nanodet-g"), 4)
    assert list(model.outputs[0].shape) == [1, 256, 3]


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
