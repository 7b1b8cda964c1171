"""Which decoder is guessed for the outputs that well-known exports have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.engine.decoders import DECODERS
from edgeperf_gui.engine.decoders.guess import Guess, guess
from edgeperf_gui.engine.decoders.output_clues import cell_count, image_size


def picture(width=640, height=640, kind="f32"):
    return [(["images"], [1, 3, height, width], kind)]


def out(name, *shape, kind="f32"):
    return ([name], list(shape), kind)


def named(outputs, inputs=None, info=None) -> Guess:
    return guess(outputs, picture() if inputs is None else inputs, info or {})


def card_for(made: Guess) -> ModelCard:
    return ModelCard(
        name="toy",
        title="Toy",
        task=made.task,
        licence="unknown",
        origin="made by hand",
        decoder=made.decoder,
        input=InputCard(width=640, height=640, **made.input),
        variants={"FP32": VariantCard("toy.xml", "FP32")},
        decoder_options=made.options,
    )


KNOWN = [
    ("yolox", [out("output", 1, 8400, 85)], {"output": "output", "strides": [8, 16, 32]}),
    ("yolox", [out("output", 1, 8500, 25)], {"output": "output", "strides": [8, 16, 32, 64]}),
    ("yolov5", [out("output0", 1, 25200, 85)], {"outputs": ["output0"]}),
    (
        "yolov5",
        [out("b", 1, 255, 40, 40), out("c", 1, 255, 20, 20), out("a", 1, 255, 80, 80)],
        {"head": "raw", "outputs": ["a", "b", "c"]},
    ),
    (
        "yolov5",
        [out("a", 1, 3, 80, 80, 85), out("b", 1, 3, 40, 40, 85), out("c", 1, 3, 20, 20, 85)],
        {"head": "raw", "outputs": ["a", "b", "c"]},
    ),
    ("yolov8", [out("output0", 1, 84, 8400)], {"output": "output0"}),
    ("yolov8", [out("output0", 1, 5, 8400)], {"output": "output0"}),
    ("yolov8", [out("output0", 1, 84, -1)], {"output": "output0"}),
    ("yolov8", [out("output0", 1, 8400, 84)], {"output": "output0", "cells": "first"}),
    ("yolov8", [out("output0", 1, 116, 8400), out("output1", 1, 32, 160, 160)], {"output": "output0", "classes": 80}),
    ("yolo_nms", [out("output0", 1, 300, 6)], {"output": "output0"}),
    ("yolo_nms", [out("output0", -1, 6)], {"output": "output0"}),
    (
        "yolo_nms",
        [out("output", None, 7)],
        {"output": "output", "columns": ["image", "x1", "y1", "x2", "y2", "label", "score"]},
    ),
    ("ssd", [out("detection_out", 1, 1, 200, 7)], {"output": "detection_out"}),
    ("ssd", [out("boxes", 100, 5), out("labels", 100, kind="i64")], {"boxes": "boxes", "labels": "labels"}),
    ("ssd", [out("labels", 1, None, kind="i64"), out("boxes", 1, None, 5)], {"boxes": "boxes", "labels": "labels"}),
    ("classification", [out("prob", 1, 1000)], {"output": "prob"}),
    ("classification", [out("prob", 1, 1000, 1, 1)], {"output": "prob"}),
    ("classification", [out("prob", 1, 6)], {"output": "prob"}),
    ("segmentation", [out("logits", 1, 21, 640, 640)], {"output": "logits"}),
    ("segmentation", [out("logits", 1, 19, 80, 80)], {"output": "logits"}),
    ("segmentation", [out("logits", 1, 640, 640, 4)], {"output": "logits", "layout": "NHWC"}),
    ("segmentation", [out("map", 1, 640, 640, kind="i64")], {"output": "map", "kind": "labels"}),
    ("segmentation", [out("map", 1, 1, 640, 640, kind="i32")], {"output": "map", "kind": "labels"}),
    ("segmentation", [out("d0", 1, 1, 640, 640)], {"output": "d0", "kind": "probability"}),
    ("db_text", [out("sigmoid_0.tmp_0", 1, 1, 640, 640)], {"output": "sigmoid_0.tmp_0"}),
    ("db_text", [out("fetch_name_0", 1, 1, None, None)], {"output": "fetch_name_0"}),
    ("raw", [out("a", 1, 19, 80, 80), out("b", 1, 38, 80, 80)], {}),  # key points
    ("raw", [out("a", 1, 255, 13, 13)], {}),
    ("raw", [out("a", 1, 128), out("b", 1, 2)], {}),
    ("raw", [(["a"], None, "f32")], {}),
    ("raw", [], {}),
]


@pytest.mark.parametrize(("decoder", "outputs", "options"), KNOWN)
def test_well_known_exports(decoder, outputs, options):
    made = named(outputs)
    assert (made.decoder, made.options) == (decoder, options)
    assert made.reason.endswith((".", ".)")) and len(made.reason) < 250


@pytest.mark.parametrize(("decoder", "outputs", "options"), KNOWN)
def test_the_guess_makes_a_card_that_works(decoder, outputs, options):
    names, decode = DECODERS[decoder](card_for(named(outputs)))
    assert callable(decode)
    assert set(names) <= {output[0][0] for output in outputs}


def test_nanodet_by_its_six_outputs():
    sizes = [(52 * 52, 8), (26 * 26, 16), (13 * 13, 32)]
    outputs = [out(f"dis{stride}", 1, cells, 44) for cells, stride in sizes]
    outputs += [out(f"cls{stride}", 1, cells, 80) for cells, stride in sizes]
    made = named(outputs, picture(416, 416))
    assert made.decoder == "nanodet"
    assert made.options["scores"] == ["cls8", "cls16", "cls32"]
    assert made.options["boxes"] == ["dis8", "dis16", "dis32"]
    assert made.options["bins"] == 11


def test_an_output_without_a_name_is_called_by_its_place():
    assert named([([], [1, 84, 8400], "f32")]).options == {"output": "#0"}
    assert named([(["long_name", "out"], [1, 84, 8400], "f32")]).options == {"output": "out"}


def test_the_models_own_word_decides_between_what_its_outputs_allow():
    outputs = [out("output", 1, 8400, 84)]
    assert named(outputs).decoder == "yolov8"
    made = named(outputs, info={"model_type": "YOLOX"})
    assert made.decoder == "yolox"
    assert "'YOLOX'" in made.reason


def test_a_word_that_the_outputs_do_not_bear_out_counts_for_nothing():
    assert named([out("prob", 1, 1000)], info={"model_type": "ssd"}).decoder == "classification"


@pytest.mark.parametrize("decoder", [name for name in DECODERS if name != "nanodet"])
@pytest.mark.parametrize("outputs", [case[1] for case in KNOWN])
def test_a_decoder_that_was_asked_for_gets_options_that_work(decoder, outputs):
    made = guess(outputs, picture(), {}, decoder=decoder)
    assert made.decoder == decoder
    assert made.reason.startswith("As asked")
    names, _ = DECODERS[decoder](card_for(made))
    assert set(names) <= {output[0][0] for output in outputs}


def test_an_export_that_decoded_its_boxes_itself():
    outputs = [out("output", 1, 8400, 85)]
    assert named(outputs).decoder == "yolox"
    assert guess(outputs, picture(), {}, decoder="yolov5").options == {"outputs": ["output"]}
    assert named(outputs, info={"model_type": "YOLOv6"}).options == {"outputs": ["output"]}


@pytest.mark.parametrize(
    ("decoder", "output"),
    [
        ("classification", out("prob", None, 1000)),
        ("db_text", out("sigmoid_0.tmp_0", None, 1, None, None)),
        ("yolov8", out("output0", -1, 84, 8400)),
        ("yolo_nms", out("output", None, 6)),
    ],
)
def test_an_open_number_of_pictures_is_taken_as_one(decoder, output):
    assert named([output], [(["x"], [None, 3, 640, 640], "f32")]).decoder == decoder


def test_model_info_configures_thresholds_labels_and_pixels():
    info = {
        "model_type": "YOLO",
        "confidence_threshold": "0.25",
        "iou_threshold": "0.7",
        "labels": "person traffic_light car",
        "reverse_input_channels": "True",
        "scale_values": "255.0",
        "resize_type": "fit_to_window_letterbox",
    }
    made = named([out("x", 1, 7, 8400)], info=info)
    assert made.decoder == "yolov8"
    assert made.options == {"output": "x", "score_threshold": 0.25, "iou_threshold": 0.7}
    assert made.labels == ("person", "traffic light", "car")
    assert made.input == {"channels": "RGB", "scale": (255.0, 255.0, 255.0), "keep_aspect": True}


def test_labels_say_how_many_of_the_values_are_classes():
    info = {"model_type": "yolov8_pose", "labels": "person"}
    assert named([out("x", 1, 56, 8400)], info=info).options["classes"] == 1  # the rest are key points


@pytest.mark.parametrize("value", ["", "high", "1.5", "-0.1", "0.2 0.3", "nan"])
def test_thresholds_that_cannot_be_true_are_left_out(value):
    assert "score_threshold" not in named([out("x", 1, 84, 8400)], info={"confidence_threshold": value}).options


def test_pixels_are_left_alone_where_the_model_prepares_them_itself():
    assert named([out("prob", 1, 1000)]).input["channels"] == "RGB"
    assert named([out("prob", 1, 1000)], [(["x"], [1, 224, 224, 3], "u8")], {"mean_values": "1 2 3"}).input == {}
    embedded = named([out("prob", 1, 1000)], info={"embedded_processing": "True", "scale_values": "9"})
    assert embedded.input["scale"] == (1.0, 1.0, 1.0)


def test_cells_and_sizes():
    assert cell_count((640, 480), [8, 16, 32]) == 80 * 60 + 40 * 30 + 20 * 15
    assert cell_count((100, 50), [32], up=True) == 4 * 2
    assert image_size([1, 3, 480, 640]) == (640, 480)
    assert image_size([1, 480, 640, 3]) == (640, 480)
    assert image_size([1, 17, 480, 640]) is None
    assert image_size([1, 3, None, 640]) is None


sizes = st.one_of(
    st.none(), st.integers(-1, 9), st.sampled_from([1, 3, 5, 6, 7, 8, 20, 40, 80, 84, 85, 300, 640, 8400, 25200, 10**9])
)
ports = st.tuples(
    st.lists(st.text(max_size=8), max_size=2),
    st.one_of(st.none(), st.lists(sizes, max_size=5)),
    st.sampled_from(["f32", "f16", "i64", "u8", "bf16", "string", ""]),
)
infos = st.dictionaries(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["model_type", "labels", "confidence_threshold", "iou_threshold", "mean_values", "scale_values"]),
    ),
    st.one_of(st.text(max_size=30), st.sampled_from(["YOLO", "ssd", "0.5", "1 2 3", "1e99", "0 0 0"])),
    max_size=6,
)


@given(st.lists(ports, max_size=6), st.one_of(st.lists(ports, max_size=2), st.just(picture())), infos)
def test_whatever_the_model_a_usable_decoder_is_named(outputs, inputs, info):
    made = guess(outputs, inputs, info)
    assert made.reason
    names, _ = DECODERS[made.decoder](card_for(made))
    assert len(names) <= len(outputs)
    for decoder in DECODERS:
        assert guess(outputs, inputs, info, decoder=decoder).decoder == decoder
