"""Importing: what comes of good files, and that nothing comes of bad ones."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import openvino as ov
import openvino.opset13 as ops
import pytest
from model_files import classifier, onnx_model, write_ir, write_onnx

from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import EdgeperfError, ModelError, RunError
from edgeperf_gui.domain.graph import InfoSpec
from edgeperf_gui.domain.jobs import Answer, ImportSpec, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.jobs import import_model, model_info
from edgeperf_gui.zoo import staging
from edgeperf_gui.zoo.catalogue import find_model, list_models, load_card, read_labels
from edgeperf_gui.zoo.graph_facts import graph_facts
from edgeperf_gui.zoo.importing import STEPS


class Messages(list):
    """An outbox."""

    send = list.append


def bring(path: Path, stop: threading.Event | None = None, outbox: Messages | None = None, **asked):
    return import_model.run(
        ImportSpec("import", str(path), **asked), Messages() if outbox is None else outbox, stop or threading.Event()
    )


def left() -> list[str]:
    """Everything in the user's model folder, hidden or not."""
    folder = places.model_folders()[0]
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def refused(path: Path, kind: type[EdgeperfError] = ModelError, **asked) -> str:
    before = left()
    outbox = Messages()
    with pytest.raises(kind) as caught:
        bring(path, outbox=outbox, **asked)
    assert left() == before, "something half-written remains"
    assert isinstance(outbox[-1], SessionStatus)
    assert (outbox[-1].reason, outbox[-1].sentence) == (FinishReason.FAILED, caught.value.sentence)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy
    return str(caught.value)


def read_ir(card, precision) -> ov.Model:
    return ov.Core().read_model(card.path(card.variants[precision].xml))


def test_an_ir_becomes_two_variants_and_a_card(tmp_path):
    outbox = Messages()
    result = bring(write_ir(tmp_path), outbox=outbox)
    assert (result.name, result.decoder, result.format) == ("toy", "classification", "OpenVINO IR")
    assert (result.params, result.macs) == (608, 388_960)
    assert left() == ["toy"]
    card = find_model("toy")
    assert card == result.card
    assert (card.task, card.input.width, card.input.layout, card.gmac) == ("classification", 32, "NCHW", 0.0004)
    assert {name: variant.stored for name, variant in card.variants.items()} == {"FP16": "FP16", "FP32": "FP32"}
    assert graph_facts(read_ir(card, "FP32")).weight_types == {"f32": 608}
    assert graph_facts(read_ir(card, "FP16")).weight_types["f16"] >= 432
    weights = {name: card.path(variant.xml).with_suffix(".bin").stat().st_size for name, variant in card.variants.items()}
    assert weights["FP32"] - weights["FP16"] >= 2 * 432
    assert result.size_bytes["FP32"] == weights["FP32"] + card.path("toy-fp32.xml").stat().st_size
    assert [message.done for message in outbox if isinstance(message, Progress)] == list(range(STEPS))
    (answer,) = (message for message in outbox if isinstance(message, Answer))
    assert b'"schema":"edgeperf.import/1"' in answer.data


def test_the_numbers_of_both_variants_agree(tmp_path):
    card = bring(write_ir(tmp_path)).card
    picture = np.random.default_rng(2).normal(size=(1, 3, 32, 32)).astype(np.float32)
    (exact,), (half,) = (
        ov.compile_model(read_ir(card, precision), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([picture]).values()
        for precision in ("FP32", "FP16")
    )
    np.testing.assert_allclose(exact, half, rtol=1e-2)
    wanted = ov.compile_model(classifier(), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([picture])[0]
    np.testing.assert_allclose(exact, wanted, rtol=1e-5)


def test_an_onnx_is_named_after_its_stem(tmp_path):
    result = bring(write_onnx(tmp_path / "My best model (v2).onnx"))
    assert result.name == "My-best-model-v2"
    assert result.card.title == "My best model (v2)"
    assert find_model("My-best-model-v2").origin == "imported from My best model (v2).onnx (ONNX)"


def test_spaces_and_unicode(tmp_path):
    result = bring(write_ir(tmp_path / "mein ördner", "ein modéll 模型"))
    assert result.name == "ein-modéll-模型"
    assert read_ir(find_model("ein-modéll-模型"), "FP16")


def test_half_precision_weights_serve_both_variants(tmp_path):
    card = bring(write_ir(tmp_path, model=classifier(kind=np.float16))).card
    assert card.variants["FP32"] == card.variants["FP16"]
    assert card.variants["FP16"].stored == "FP16"
    assert len(list(Path(card.folder).glob("*.bin"))) == 1


def test_a_quantised_model_stays_what_it_is(root):
    result = bring(root / "models" / "nanodet-g" / "nanodet-g-int8.xml")
    assert list(result.card.variants) == ["INT8"]
    assert result.decoder == "nanodet"
    assert (result.params, round(result.macs / 1e9, 4)) == (3_786_068, 2.0901)


def test_channels_last(tmp_path):
    card = bring(write_ir(tmp_path, model=classifier(shape=(1, 24, 40, 3), axis=3))).card
    assert (card.input.layout, card.input.width, card.input.height) == ("NHWC", 40, 24)


@pytest.mark.parametrize(
    ("name", "asked", "size"),
    [
        ("toy", {}, (640, 640)),
        ("toy", {"width": 320, "height": 192}, (320, 192)),
        ("toy", {"width": 320}, (320, 320)),
        ("yolo_v8n_320", {}, (320, 320)),
        ("nanodet-m", {}, (416, 416)),
    ],
)
def test_open_sizes_get_one(tmp_path, name, asked, size):
    result = bring(write_onnx(tmp_path / f"{name}.onnx", onnx_model(("n", 3, "h", "w"))), **asked)
    assert (result.card.input.width, result.card.input.height) == size
    assert read_ir(result.card, "FP32").inputs[0].shape == ov.Shape([1, 3, size[1], size[0]])
    assert any("640×640 was taken" in note for note in result.notes) == (size == (640, 640))


def test_an_open_classifier_gets_224(tmp_path):
    assert bring(write_ir(tmp_path, model=classifier((1, 3, -1, -1)))).card.input.width == 224


def test_one_known_side_counts_more_than_habit(tmp_path):
    card = bring(write_onnx(tmp_path / "toy.onnx", onnx_model((1, 3, 96, "w")))).card
    assert (card.input.width, card.input.height) == (96, 96)


def test_a_batch_becomes_one(tmp_path):
    result = bring(write_ir(tmp_path, model=classifier((4, 3, 32, 32))))
    assert "The batch was 4; it is 1 now." in result.notes
    assert read_ir(result.card, "FP32").inputs[0].shape[0] == 1


def test_what_is_asked_for_is_taken(tmp_path):
    (tmp_path / "words.txt").write_text("one\ntwo\n", encoding="utf-8")
    card = bring(
        write_ir(tmp_path),
        name="mine",
        channels="BGR",
        mean=(1.0, 2.0, 3.0),
        scale=(4.0, 5.0, 6.0),
        decoder="raw",
        labels=str(tmp_path / "words.txt"),
        width=64,
        height=48,
    ).card
    assert (card.name, card.decoder, card.task) == ("mine", "raw", "raw")
    assert (card.input.channels, card.input.mean, card.input.scale) == ("BGR", (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    assert (card.input.width, card.input.height) == (64, 48)
    assert read_labels(card) == ("one", "two")


def test_an_unknown_decoder_is_refused_with_the_nearest(tmp_path):
    assert "Did you mean yolov8?" in refused(write_ir(tmp_path), decoder="yolo8")


def test_a_decoder_that_the_outputs_cannot_serve_is_refused(tmp_path):
    assert "decoder options" in refused(write_ir(tmp_path), decoder="nanodet")


@pytest.mark.parametrize("scale", [(0.0, 1.0, 1.0), (float("nan"), 1.0, 1.0)])
def test_a_scale_that_cannot_be(tmp_path, scale):
    assert "scale" in refused(write_ir(tmp_path), scale=scale)


def test_model_info_configures_the_card(tmp_path):
    model = classifier()
    for key, value in {
        "model_type": "Classification",
        "labels": "person traffic_light",
        "mean_values": [10.0, 20.0, 30.0],
        "scale_values": [2.0],
        "reverse_input_channels": False,
        "resize_type": "fit_to_window_letterbox",
    }.items():
        model.set_rt_info(value, ["model_info", key])
    result = bring(write_ir(tmp_path, model=model))
    pixels = result.card.input
    assert (pixels.mean, pixels.scale, pixels.channels) == ((10.0, 20.0, 30.0), (2.0, 2.0, 2.0), "BGR")
    assert pixels.keep_aspect
    assert read_labels(result.card) == ("person", "traffic light")
    assert "model_info" in result.reason


def test_what_an_onnx_file_says_of_itself(tmp_path):
    words = {"task": "detect", "stride": "32", "imgsz": "[96, 160]", "names": "{0: 'person', 2: 'traffic light'}"}
    result = bring(write_onnx(tmp_path / "toy.onnx", onnx_model(("n", 3, "h", "w"), metadata=words)))
    assert (result.card.input.width, result.card.input.height) == (160, 96)
    assert read_labels(result.card) == ("person", "", "traffic light")


@pytest.mark.parametrize(
    "names", ["__import__('os').getcwd()", "{0: 'a'", "(" * 5000, "{-1: 'a'}", "{999999999: 'a'}", "7", "{'a': 'b'}", ""]
)
def test_labels_that_make_no_sense_are_left_out(tmp_path, names):
    words = {"task": "detect", "stride": "32", "names": names}
    assert bring(write_onnx(tmp_path / "toy.onnx", onnx_model(metadata=words))).card.labels is None


def test_labels_beside_the_file(tmp_path):
    path = write_ir(tmp_path)
    path.with_suffix(".txt").write_text("cat\ndog\n", encoding="utf-8")
    result = bring(path)
    assert read_labels(result.card) == ("cat", "dog")
    assert "Its 2 labels come from toy.txt beside it." in result.notes
    path.with_suffix(".txt").write_bytes(b"\xff\xfe")
    assert bring(path).card.labels is None


def test_an_empty_labels_file_is_refused(tmp_path):
    (tmp_path / "words.txt").write_text("\n\n", encoding="utf-8")
    assert "holds no labels" in refused(write_ir(tmp_path), labels=str(tmp_path / "words.txt"))


# Inputs that are no single picture ----------------------------------------------------------------------------------------------


def test_two_inputs(tmp_path):
    told = refused(write_onnx(tmp_path / "two.onnx", onnx_model(operation="Add", more_inputs={"factor": (1, 1)})))
    assert "has 2 inputs (image 1×3×32×32 f32 and factor 1×1 f32)" in told
    assert "Supported is one image input" in told


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ((1, 16_000), "is no image: image 1×16000"),
        ((1, 3, 8, 32, 32), "is no image"),
        ((1, 1, 32, 32), "no picture in colour"),
        ((1, 4, 32, 32), "no picture in colour"),
        (None, "no fixed number of dimensions"),
    ],
)
def test_no_picture(tmp_path, shape, told):
    assert told in refused(write_onnx(tmp_path / "odd.onnx", onnx_model(shape, "Relu")))


def test_whole_numbers_are_no_pixels(tmp_path):
    image = ops.parameter([1, 3, 8, 8], ov.Type.i64)
    model = ov.Model([ops.convert(image, "f32")], [image])
    assert "does not take pixels" in refused(write_ir(tmp_path, model=model))


def test_no_input_at_all(tmp_path):
    assert "has no input" in refused(write_ir(tmp_path, model=ov.Model([ops.constant(np.ones(3, np.float32))], [])))


def test_a_size_the_model_cannot_take(tmp_path):
    image = ops.parameter([1, 3, 8, 8], ov.Type.f32)
    model = ov.Model([ops.add(image, ops.constant(np.ones((1, 3, 8, 8), np.float32)))], [image])
    assert "cannot take pictures of 16×16" in refused(write_ir(tmp_path, model=model), width=16, height=16)


def test_a_damaged_file_leaves_nothing(tmp_path):
    path = write_ir(tmp_path)
    os.truncate(path.with_suffix(".bin"), 100)
    refused(path)
    assert left() == []


# Names --------------------------------------------------------------------------------------------------------------------------


def test_a_second_file_of_that_name_gets_a_number(tmp_path):
    path = write_ir(tmp_path)
    assert [bring(path).name for _ in range(3)] == ["toy", "toy-2", "toy-3"]
    assert [card.name for card in list_models()[0] if card.name.startswith("toy")] == ["toy", "toy-2", "toy-3"]


def test_a_name_asked_for_that_is_taken_is_refused(tmp_path):
    path = write_ir(tmp_path)
    bring(path)
    assert "a model called toy already" in refused(path, name="toy")
    assert "a model called nanodet-g already" in refused(path, name="nanodet-g")


def test_what_ships_is_not_hidden_by_accident(root):
    assert bring(root / "models" / "nanodet-g" / "nanodet-g-fp16.xml", name=None).name == "nanodet-g-fp16"
    assert bring(write_onnx(places.model_folders()[0].parent / "nanodet-g.onnx")).name == "nanodet-g-2"


@pytest.mark.parametrize("name", ["../escaped", "/etc/model", "a/b", "..", ".", "", "a\\b", "a\0b", "con", "x" * 300, ".hidden"])
def test_names_that_lead_elsewhere(tmp_path, name):
    assert "cannot be a model's name" in refused(write_ir(tmp_path), name=name)
    assert not (places.model_folders()[0].parent / "escaped").exists()


def test_a_name_that_another_process_takes_meanwhile(tmp_path, monkeypatch):
    path = write_ir(tmp_path)
    publish = staging.publish

    def slower(folder, place):
        monkeypatch.setattr(staging, "publish", publish)
        place.mkdir()
        (place / "file").write_text("")
        return publish(folder, place)

    monkeypatch.setattr(staging, "publish", slower)
    assert bring(path).name == "toy-2"
    assert load_card(places.model_folders()[0] / "toy-2").name == "toy-2"


# Folders ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only to the superuser")
def test_a_read_only_model_folder(tmp_path):
    folder = places.model_folders()[0]
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    try:
        assert "cannot be written to" in refused(write_ir(tmp_path))
    finally:
        folder.chmod(0o700)


def test_a_model_folder_that_is_a_file(tmp_path):
    places.model_folders()[0].parent.mkdir(parents=True)
    places.model_folders()[0].write_text("")
    with pytest.raises(ModelError, match="cannot be written to"):
        bring(write_ir(tmp_path))


@pytest.mark.parametrize("phase", range(STEPS))
def test_cancelled_in_every_phase(tmp_path, phase):
    stop = threading.Event()

    class Impatient(Messages):
        def send(self, message):
            self.append(message)
            if isinstance(message, Progress) and message.done >= phase - 1:
                stop.set()

    outbox = Impatient()
    if phase == 0:
        stop.set()
    assert bring(write_ir(tmp_path), stop, outbox) is None
    assert left() == []
    assert outbox[-1].reason is FinishReason.STOPPED
    assert len([message for message in outbox if isinstance(message, Progress)]) == phase


def test_what_a_killed_import_left_is_swept(tmp_path):
    folder = places.model_folders()[0]
    abandoned = folder / f"{staging.PREFIX}999999999-aa"
    busy = folder / f"{staging.PREFIX}{os.getpid()}-bb"
    for place in (abandoned, busy):
        write_ir(place)
        (place / "card.toml").write_text("name = 1", encoding="utf-8")
    assert list_models()[1] == ()  # neither is a model
    bring(write_ir(tmp_path))
    assert left() == [busy.name, "toy"]


def test_a_writer_that_writes_half_is_noticed(tmp_path, monkeypatch):
    save = ov.save_model

    def half(model, path, **options):
        save(model, path, **options)
        os.truncate(path.with_suffix(".bin"), 100)

    path = write_ir(tmp_path)
    monkeypatch.setattr(ov, "save_model", half)
    assert "not written whole" in refused(path, RunError)


# Looking inside -----------------------------------------------------------------------------------------------------------------


def test_info_of_an_imported_model(tmp_path):
    bring(write_ir(tmp_path))
    outbox = Messages()
    info = model_info.run(InfoSpec("info", "toy"), outbox, threading.Event())
    assert (info.precision, info.params, info.macs, info.flops) == ("FP32", 608, 388_960, 777_920)
    assert set(info.size_bytes) == {"FP32", "FP16"}
    assert [layer.type for layer in info.layers] == ["Convolution", "Add", "ReduceMean", "MatMul"]
    assert info.inputs[0].shape == (1, 3, 32, 32)
    with pytest.raises(ModelError, match="no INT8 variant"):
        model_info.run(InfoSpec("info", "toy", "INT8"), outbox, threading.Event())
    with pytest.raises(ModelError, match="no model called"):
        model_info.run(InfoSpec("info", "toyy"), outbox, threading.Event())
