"""What an import says and chooses: beside a decoder that was asked for, for pixels, licences, labels, and files it refuses."""

from __future__ import annotations

import threading
from pathlib import Path

import openvino as ov
import openvino.opset13 as ops
import pytest
from list_outbox import ListOutbox
from model_files import classifier, onnx_model, write_ir, write_onnx

from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.jobs import ImportSpec
from edgeperf_gui.engine.jobs import import_model
from edgeperf_gui.zoo import formats
from edgeperf_gui.zoo.catalogue import read_labels
from edgeperf_gui.zoo.image_input import ImageInput, input_card

ULTRALYTICS = {"task": "detect", "stride": "32", "names": "{0: 'cat', 1: 'dog'}", "imgsz": "[96, 64]"}


def bring(path: Path, **asked):
    return import_model.run(ImportSpec("import", str(path), **asked), ListOutbox(), threading.Event())


def one_map(name: str = "sigmoid_0.tmp_0") -> ov.Model:
    """A text detector's output: one map of the picture."""
    image = ops.parameter([1, 3, 64, 96], ov.Type.f32, name="image")
    chances = ops.sigmoid(ops.reduce_mean(image, [1], keep_dims=True))
    chances.output(0).set_names({name})
    return ov.Model([chances], [image], "map")


def test_another_decoder_than_the_outputs_look_like_is_taken_with_a_word_of_doubt(tmp_path):
    result = bring(write_ir(tmp_path, model=one_map()), decoder="segmentation")
    assert result.reason.startswith("As asked; the outputs look more like db_text: ")
    assert (result.decoder, result.card.task) == ("segmentation", "segmentation")
    assert result.card.decoder_options == {"output": "sigmoid_0.tmp_0", "kind": "probability"}


def test_a_decoder_that_was_asked_for_brings_its_own_pixels(tmp_path):
    # not named as text detectors name it, so it is taken for segmentation; as text it wants BGR, and its proportion kept
    card = bring(write_ir(tmp_path, model=one_map("out")), decoder="db_text").card
    assert (card.input.channels, card.input.keep_aspect, card.decoder_options) == ("BGR", True, {"output": "out"})


def test_raw_is_taken_without_a_word(tmp_path):
    assert bring(write_ir(tmp_path), decoder="raw").reason == "As asked."


def test_pixels_that_nobody_knows_are_not_called_usual(tmp_path):
    (note,) = bring(write_ir(tmp_path), decoder="raw").notes
    assert note == "It is given RGB, minus 0, 0, 0, over 1, 1, 1; the file does not say."


@pytest.mark.parametrize(
    ("file_format", "task", "scale"),
    [
        ("TFLite", "raw", 127.5),
        ("TensorFlow SavedModel", "classification", 127.5),
        ("TFLite", "detection", 1.0),
        ("TorchScript", "classification", 1.0),
        ("ONNX", "classification", 1.0),
    ],
)
def test_tensorflow_takes_minus_one_to_one(file_format, task, scale):
    found = ImageInput("NHWC", 64, 64, "f32", ())
    assert input_card(found, ImportSpec("import", "x"), {}, {}, task, file_format).scale == (scale,) * 3


def test_the_licence_is_the_files_own(tmp_path):
    said = {"license": 'AGPL-3.0 License (https://example.org/license)"\n[input]'}
    card = bring(write_onnx(tmp_path / "toy.onnx", onnx_model(metadata=said))).card
    assert card.licence == "AGPL-3.0 License (https://example.org/license) input"
    assert bring(write_ir(tmp_path)).card.licence == "not stated"


def test_labels_as_paddle_writes_them(tmp_path):
    result = bring(write_onnx(tmp_path / "toy.onnx", onnx_model(metadata={"character": "0\n90\n180\n270"})))
    assert read_labels(result.card) == ("0", "90", "180", "270")
    assert "Its 4 labels come from the file itself." in result.notes


def test_a_side_after_the_other(tmp_path):
    result = bring(write_onnx(tmp_path / "toy.onnx", onnx_model((1, 3, 48, "w"))))
    assert "The file leaves its input size open; 48×48 was taken, after the side that is known." in result.notes


def test_a_refused_size_recalls_the_files_own(tmp_path):
    with pytest.raises(ModelError) as caught:
        bring(write_onnx(tmp_path / "toy.onnx", onnx_model((1, 3, 64, 64), metadata=ULTRALYTICS)), width=2, height=2)
    assert caught.value.remedy == "Give the width and height it was made for (64×64); detectors take multiples of 32."
    with pytest.raises(ModelError, match=r"made for \(64×96\)"):
        bring(write_onnx(tmp_path / "open.onnx", onnx_model((1, 3, "h", "w"), metadata=ULTRALYTICS)), width=2, height=2)
    with pytest.raises(ModelError, match="made for; detectors"):
        bring(write_onnx(tmp_path / "wide.onnx", onnx_model((1, 3, "h", "w"))), width=2, height=2)


def test_operations_that_cannot_be_converted_are_named(tmp_path):
    # as the runtime says it, for a speech model with branches and for a TFLite file with an operation of its own
    file = formats.recognise(write_onnx(tmp_path / "voice.onnx"))
    said = "FrontEnd API failed with OpConversionFailure:\nSummary:\n-- Conversion is failed for: Conv-16, ReduceMean-16\n\n"
    assert formats._explained(file, RuntimeError(said)).sentence == (
        "voice.onnx cannot be read as ONNX: OpenVINO could not convert its operations Conv-16, ReduceMean-16."
    )
    said = "FrontEnd API failed with OpConversionFailure:\nNo translator found for Convolution2DTransposeBias node.\n\n"
    assert "OpenVINO knows no operation Convolution2DTransposeBias." in formats._explained(file, RuntimeError(said)).sentence


def test_the_classifier_is_still_one(tmp_path):
    assert bring(write_ir(tmp_path, model=classifier()), decoder="classification").reason == "scores is one row of 10 scores."


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("PaddlePaddle *.pdiparams format weight file doesn't exist!", "its weights are missing. Put the .pdiparams beside it."),
        ("File containing constant with name conv2d_138.w_0 wasn't successfully read.", "the .pdiparams ends too early"),
    ],
)
def test_the_weights_of_paddle(tmp_path, said, told):
    assert told in str(formats._explained(formats.recognise(write_onnx(tmp_path / "toy.onnx")), RuntimeError(said)))
