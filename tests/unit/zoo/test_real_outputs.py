"""8-bit codes at the end of a graph, as quantised TFLite and ONNX files have them."""

from __future__ import annotations

import threading

import numpy as np
import openvino as ov
import openvino.opset13 as ops
import pytest
from model_files import classifier, write_ir

from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.engine.answers import Answers
from edgeperf_gui.engine.jobs import import_model
from edgeperf_gui.zoo.catalogue import find_model
from edgeperf_gui.zoo.real_outputs import decode_quantized_outputs

SCORES = np.array([[1.0, 3.0, 1.0, 1.0]], np.float32)
SHARES = np.exp(SCORES[0]) / np.exp(SCORES[0]).sum()


def coded(kind: str = "u8", zero: int = 0, scale: float = 1 / 256, ranges: tuple[int, ...] = ()) -> ov.Model:
    """Softmax, then what OpenVINO makes of a quantised output: onto the codes, then to their type."""
    given = ops.parameter([1, 4], ov.Type.f32, name="in")
    shares = ops.softmax(given, 1)
    first = {"u8": 0, "i8": -128}[kind]
    ends = [(first - zero) * scale, (first + 255 - zero) * scale, first, first + 255]
    constants = [ops.constant(np.full(ranges, end, np.float32)) for end in ends]
    codes = ops.convert(ops.fake_quantize(shares, *constants, 256), kind)
    codes.output(0).set_names({"classes"})
    return ov.Model([codes], [given], "coded")


def run(model: ov.Model) -> np.ndarray:
    return ov.Core().compile_model(model, "CPU")([SCORES])[0]


@pytest.mark.parametrize(("kind", "zero"), [("u8", 0), ("i8", -128)])
def test_codes_become_the_numbers_they_stand_for(kind: str, zero: int) -> None:
    model = coded(kind, zero)
    assert run(model).argmax() == 1 and run(model).dtype.kind in "iu"
    (note,) = decode_quantized_outputs(model)
    assert note.startswith("Its output is in 8-bit codes in the file")
    assert model.outputs[0].get_names() == {"classes"} and model.outputs[0].get_element_type() == ov.Type.f32
    np.testing.assert_allclose(run(model)[0], SHARES, atol=0.5 / 256 + 1e-6)
    assert decode_quantized_outputs(model) == ()


def test_other_outputs_stay_as_they_are() -> None:
    given = ops.parameter([1, 4], ov.Type.f32)
    numbers = ops.convert(ops.topk(given, ops.constant(1), 1, "max", "value").output(1), "u8")
    assert decode_quantized_outputs(ov.Model([given, numbers], [given])) == ()
    assert decode_quantized_outputs(coded(ranges=(1, 4))) == (), "one range a class: no decoder has been seen to need it"
    assert decode_quantized_outputs(classifier()) == ()


def test_a_quantised_classifier_is_imported_and_answers_with_probabilities(tmp_path) -> None:
    image = ops.parameter([1, 8, 8, 3], ov.Type.u8, name="image")
    means = ops.reduce_mean(ops.convert(image, "f32"), [1, 2], keep_dims=False)
    shares = ops.softmax(ops.multiply(means, ops.constant(np.float32(0.02))), 1)
    ends = [ops.constant(np.float32(end)) for end in (0.0, 255 / 256, 0.0, 255.0)]
    codes = ops.convert(ops.fake_quantize(shares, *ends, 256), "u8")
    image.output(0).set_names({"image"})
    codes.output(0).set_names({"classes"})
    path = write_ir(tmp_path, "quantised", ov.Model([codes], [image], "quantised"))
    spec = ImportSpec("import", str(path), decoder="classification")
    result = import_model.run(spec, type("Silent", (), {"send": lambda *_: None})(), threading.Event())
    assert any("8-bit codes" in note for note in result.notes)
    card = find_model("quantised")
    xml = card.path(next(iter(card.variants.values())).xml)
    compiled = ov.Core().compile_model(str(xml), "CPU")
    assert compiled.outputs[0].get_element_type() == ov.Type.f32
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[...] = (10, 60, 110)
    best, *_ = Answers(compiled, card)(picture).classes
    raw = np.exp(np.array([10, 60, 110]) * 0.02)
    assert best[1] == pytest.approx(raw.max() / raw.sum(), abs=0.01), "a share of one, not what a softmax makes of 0…255"
