"""Arithmetic and parameters against published numbers, on graphs nobody here wrote, and by hand on small ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx.backend.test
import openvino as ov
import openvino.opset13 as ops
import pytest
from model_files import classifier, write_ir

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo.graph_facts import graph_facts

LIGHT = Path(onnx.backend.test.__file__).parent / "data" / "light"


def light(name: str) -> ov.Model:
    return ov.Core().read_model(LIGHT / f"light_{name}.onnx")


@pytest.mark.parametrize(
    ("name", "gmac", "params"),
    [
        ("resnet50", 4.0892, 25_557_032),
        ("densenet121", 2.8342, 7_978_856),
        ("vgg19", 19.6321, 143_667_240),
        ("squeezenet", 0.3492, 1_235_496),
        ("bvlc_alexnet", 0.6546, 60_965_224),
        ("inception_v1", 1.4316, 6_998_552),
        ("inception_v2", 2.0189, 11_194_984),
        ("shufflenet", 0.1247, 1_393_320),
        ("zfnet512", 1.4817, 87_250_536),
    ],
)
def test_published_networks(name, gmac, params, tmp_path):
    facts = graph_facts(light(name))
    assert (round(facts.macs / 1e9, 4), facts.params) == (gmac, params)
    assert facts.flops == 2 * facts.macs
    assert facts.weight_bytes == 4 * params
    assert sum(layer.macs for layer in facts.layers) == facts.macs
    for half in (False, True):  # as written for FP32 and FP16
        ov.save_model(light(name), tmp_path / "saved.xml", compress_to_fp16=half)
        saved = graph_facts(ov.Core().read_model(tmp_path / "saved.xml"))
        assert (saved.macs, saved.params) == (facts.macs, facts.params)


def test_the_bundled_model_and_its_int8(root):
    core = ov.Core()
    folder = root / "models" / "nanodet-g"
    half = graph_facts(core.read_model(folder / "nanodet-g-fp16.xml"))
    assert (round(half.macs / 1e9, 4), half.params) == (2.0901, 3_786_068)
    assert half.weight_types == {"f16": 3_786_068}
    assert half.weight_bytes == 2 * 3_786_068
    assert half.histogram["Convolution"] == 34
    eight = graph_facts(core.read_model(folder / "nanodet-g-int8.xml"))
    assert (eight.macs, eight.params) == (half.macs, half.params)
    assert eight.weight_types["i8"] == 3_782_752
    assert eight.activation_bytes == half.activation_bytes


def test_a_small_one_by_hand():
    facts = graph_facts(classifier())
    assert facts.macs == 30 * 30 * 16 * 27 + 16 * 10
    assert facts.params == 16 * 27 + 16 + 160
    assert facts.weight_bytes == 4 * facts.params
    assert [(layer.type, layer.macs, layer.params) for layer in facts.layers] == [
        ("Convolution", 388_800, 432),
        ("Add", 0, 16),
        ("ReduceMean", 0, 0),
        ("MatMul", 160, 160),
    ]
    assert facts.activation_bytes == 4 * (2 * 16 * 30 * 30 + 16 + 10)
    assert [(port.name, port.shape, port.type) for port in (*facts.inputs, *facts.outputs)] == [
        ("image", (1, 3, 32, 32), "f32"),
        ("scores", (1, 10), "f32"),
    ]


def test_weights_behind_a_conversion_count_as_stored():
    facts = graph_facts(classifier(kind=np.float16))
    assert facts.weight_types == {"f16": 608}
    assert facts.weight_bytes == 1216


def test_transposed_and_grouped_convolutions():
    image = ops.parameter([1, 4, 8, 8], ov.Type.f32)
    plain = ops.convolution_backprop_data(image, ops.constant(np.ones((4, 6, 2, 2), np.float32)), strides=[2, 2])
    grouped = ops.group_convolution(image, ops.constant(np.ones((4, 1, 1, 3, 3), np.float32)), [1, 1], [1, 1], [1, 1], [1, 1])
    back = ops.group_convolution_backprop_data(image, ops.constant(np.ones((2, 2, 3, 2, 2), np.float32)), strides=[2, 2])
    facts = graph_facts(ov.Model([plain, grouped, back], [image]))
    assert {layer.type: layer.macs for layer in facts.layers} == {
        "ConvolutionBackpropData": 4 * 64 * 6 * 4,
        "GroupConvolution": 4 * 64 * 9,
        "GroupConvolutionBackpropData": 4 * 64 * 3 * 4,
    }


def test_products_of_two_tensors_have_arithmetic_and_no_parameters():
    image = ops.parameter([1, 7, 5], ov.Type.f32)
    facts = graph_facts(ov.Model([ops.matmul(image, image, True, False)], [image]))
    assert (facts.macs, facts.params) == (5 * 5 * 7, 0)


def test_weights_that_two_layers_share_count_once():
    image = ops.parameter([1, 3, 8, 8], ov.Type.f32)
    shared = ops.constant(np.ones((3, 3, 1, 1), np.float32))
    first = ops.convolution(image, shared, [1, 1], [0, 0], [0, 0], [1, 1])
    second = ops.convolution(first, shared, [1, 1], [0, 0], [0, 0], [1, 1])
    facts = graph_facts(ov.Model([second], [image]))
    assert facts.params == 9
    assert facts.macs == 2 * 64 * 9
    assert [layer.params for layer in facts.layers] == [9, 9]


def test_factors_are_no_parameters_but_the_bias_of_one_channel_is():
    image = ops.parameter([1, 3, 4, 4], ov.Type.f32)
    scaled = ops.multiply(image, ops.constant(np.float32(0.5)))
    one = ops.convolution(scaled, ops.constant(np.ones((1, 3, 1, 1), np.float32)), [1, 1], [0, 0], [0, 0], [1, 1])
    biased = ops.add(one, ops.constant(np.ones((1, 1, 1, 1), np.float32)))
    assert graph_facts(ov.Model([biased], [image])).params == 3 + 1


def test_sizes_that_only_a_run_decides_are_left_open():
    image = ops.parameter([1, 3, 4, 4], ov.Type.f32)
    found = ops.non_zero(image)
    facts = graph_facts(ov.Model([found], [image]))
    assert facts.outputs[0].shape == (4, None)
    assert facts.layers[-1].activation_bytes is None
    assert facts.undecided_layers == 1


def test_open_input_sizes_are_refused():
    model = classifier(shape=(1, 3, -1, -1))
    with pytest.raises(ModelError, match="fixed input sizes"):
        graph_facts(model)
    model.reshape([1, 3, 32, 32])
    assert graph_facts(model).params == 608


def test_a_file_read_back_counts_the_same(tmp_path):
    path = write_ir(tmp_path)
    assert graph_facts(ov.Core().read_model(path)).params == 608


def detector_with_a_grid(side: int) -> ov.Model:
    """A convolution without bias, whose boxes are moved by the places of its cells, as exports of open size compute them."""
    image = ops.parameter(ov.PartialShape([1, 3, side, side]), ov.Type.f32, name="image")
    cells = ops.convolution(image, np.ones((1, 3, 1, 1), np.float32), [1, 1], [0, 0], [0, 0], [1, 1])
    width = ops.squeeze(ops.gather(ops.shape_of(cells), [3], 0), [0])
    limits = ops.constant(np.float32(0)), ops.convert(width, "f32"), ops.constant(np.float32(1))
    places = ops.add(ops.range(*limits, "f32"), np.array([0.5], np.float32))
    strides = ops.broadcast(np.array([8], np.float32), ops.gather(ops.shape_of(cells), [3], 0))
    moved = ops.multiply(ops.add(cells, places), strides)
    return ov.Model([moved], [image], "grid")


@pytest.mark.parametrize("half", [False, True])
def test_the_grid_of_a_detectors_cells_is_no_weight(tmp_path, half):
    # in half precision its limits hide behind conversions, and its size is known only to a run
    for side in (32, 64):
        ov.save_model(detector_with_a_grid(side), tmp_path / "grid.xml", compress_to_fp16=half)
        facts = graph_facts(ov.Core().read_model(tmp_path / "grid.xml"))
        assert (facts.params, facts.macs) == (3, side * side * 3)
