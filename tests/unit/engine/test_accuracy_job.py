"""The accuracy job with the real runtime: labels, agreement, every end, and each way the labels may not fit."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import msgspec
import numpy as np
import openvino as ov
import openvino.opset13 as ops
import pytest
from list_outbox import ListOutbox

from edgeperf_gui.domain import places
from edgeperf_gui.domain.accuracy import AccuracyResult, ClassificationAccuracy, DetectionAccuracy
from edgeperf_gui.domain.errors import DatasetError, EdgeperfError, ModelError
from edgeperf_gui.domain.jobs import AccuracySpec, Answer, Progress
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.engine.jobs.accuracy import run

COLOURS = {"blue": (200, 20, 20), "green": (20, 200, 20), "red": (20, 20, 200)}
CARD = """\
name = "colours"
title = "Colours"
task = "{task}"
licence = "Apache-2.0"
origin = "made by a test"
decoder = "{decoder}"
labels = "labels.txt"
[input]
width = 16
height = 16
mean = [0.0, 0.0, 0.0]
scale = [25.0, 25.0, 25.0]
{variants}
"""
VARIANT = '[variants.{name}]\nxml = "colours.xml"\nstored = "FP32"\n'


class Listener(ListOutbox):
    """Can stop the job, and knows how it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.stop = threading.Event()

    @property
    def end(self) -> SessionStatus:
        last = self.messages[-1]
        assert isinstance(last, SessionStatus)
        assert last.state is RunState.FINISHED
        return last


class Impatient(threading.Event):
    """Is set from the n-th look on."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def is_set(self) -> bool:
        self._looks -= 1
        return self._looks < 0


def colour_model(task: str = "classification", decoder: str = "classification", variants: tuple[str, ...] = ("FP32", "FP16")):
    """A classifier: the channel that is brightest on average."""
    folder = places.model_folders()[0] / "colours"
    folder.mkdir(parents=True)
    image = ops.parameter([1, 3, 16, 16], np.float32, name="image")
    logits = ops.reduce_mean(image, np.array([2, 3]), keep_dims=False)
    logits.output(0).get_tensor().set_names({"logits"})
    ov.save_model(ov.Model([logits], [image], "colours"), folder / "colours.xml", compress_to_fp16=False)
    (folder / "labels.txt").write_text("\n".join(COLOURS))
    text = CARD.format(task=task, decoder=decoder, variants="".join(VARIANT.format(name=name) for name in variants))
    (folder / "card.toml").write_text(text)


def paint(place: Path, colour: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(place), np.full((12, 20, 3), COLOURS[colour], np.uint8))


def colour_folders(folder: Path) -> Path:
    """Four pictures a class; one of the red ones is green."""
    for name in COLOURS:
        for number in range(4):
            paint(folder / name / f"{number}.png", name)
    paint(folder / "red" / "0.png", "green")
    return folder


def look(data: Path, listener: Listener | None = None, **changes: object) -> AccuracyResult | None:
    listener = listener or Listener()
    spec = AccuracySpec(**({"session_id": "s", "model": "colours", "precision": "FP16", "data": str(data)} | changes))
    return run(spec, listener, listener.stop)


def refused(data: Path, kind: type[EdgeperfError] = DatasetError, **changes: object) -> str:
    listener = Listener()
    with pytest.raises(kind) as caught:
        look(data, listener, **changes)
    assert (listener.end.reason, listener.end.sentence) == (FinishReason.FAILED, caught.value.sentence)
    return caught.value.sentence


def test_a_classifier_against_folders(tmp_path: Path) -> None:
    colour_model()
    listener = Listener()
    found = look(colour_folders(tmp_path), listener)
    assert found is not None
    assert isinstance(found.accuracy, ClassificationAccuracy)
    assert (found.accuracy.top1.hits, found.accuracy.top1.n, found.accuracy.top5.hits) == (11, 12, 12)
    wrong = [cell for cell in found.accuracy.confusion if cell.label != cell.answer]
    assert [(cell.label, cell.answer, cell.count) for cell in wrong] == [("red", "green", 1)]
    assert found.agreement is not None
    assert found.agreement.top1 is not None
    assert (found.agreement.top1.value, found.agreement.ap, found.agreement.boxes) == (1.0, None, 0)
    assert found.against_fp32 is not None
    assert (found.against_fp32.figure, found.against_fp32.difference.value) == ("top1", 0.0)
    assert (found.complete, found.unreadable, found.schema) == (True, 0, "edgeperf.accuracy/1")
    assert listener.end.reason is FinishReason.COMPLETED
    (answer,) = listener.of(Answer)
    assert msgspec.json.decode(answer.data, type=AccuracyResult) == found


def test_damaged_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    colour_model()
    (colour_folders(tmp_path) / "blue" / "0.png").write_bytes(b"\x89PNG no")
    found = look(tmp_path)
    assert found is not None
    assert (found.accuracy.images, found.unreadable, found.complete) == (11, 1, True)


def test_stopped_half_way_it_tells_what_it_saw(tmp_path: Path) -> None:
    colour_model()
    listener = Listener()
    listener.stop = Impatient(7)
    found = look(colour_folders(tmp_path), listener)
    assert found is not None
    assert 1 <= found.accuracy.images < 12
    assert found.accuracy.images == found.agreement.images
    assert not found.complete
    assert listener.end.reason is FinishReason.STOPPED


def test_stopped_before_the_first_image(tmp_path: Path) -> None:
    colour_model()
    listener = Listener()
    listener.stop.set()
    assert look(colour_folders(tmp_path), listener) is None
    assert listener.end.reason is FinishReason.STOPPED
    assert not listener.of(Answer)


def test_without_labels_only_agreement(tmp_path: Path) -> None:
    colour_model()
    paint(tmp_path / "a.png", "red")
    found = look(tmp_path)
    assert found is not None
    assert (found.accuracy, found.against_fp32) == (None, None)
    assert found.agreement is not None and found.agreement.nmse == 0.0


def test_without_fp32_only_accuracy(tmp_path: Path) -> None:
    colour_model(variants=("FP16",))
    found = look(colour_folders(tmp_path / "labelled"))
    assert found is not None
    assert (found.agreement, found.against_fp32) == (None, None)
    paint(tmp_path / "bare" / "a.png", "red")
    assert "no labels" in refused(tmp_path / "bare")


def test_labels_that_do_not_fit_the_model(tmp_path: Path) -> None:
    colour_model()
    for name in ("bolt", "nut"):
        paint(tmp_path / "parts" / name / "a.png", "red")
    assert "knows none of the classes bolt, nut" in refused(tmp_path / "parts")
    paint(tmp_path / "boxes" / "images" / "a.png", "red")
    (tmp_path / "boxes" / "labels").mkdir()
    (tmp_path / "boxes" / "labels" / "a.txt").write_text("0 0.5 0.5 0.5 0.5")
    assert "needs one class a picture, the labels are boxes" in refused(tmp_path / "boxes")
    assert "needs boxes" in refused(colour_folders(tmp_path / "classes"), model="nanodet-g")
    (tmp_path / "boxes" / "labels" / "a.txt").write_text("80 0.5 0.5 0.5 0.5")
    assert "class 80 is out of range, it has 80 classes" in refused(tmp_path / "boxes", model="nanodet-g")


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    colour_model()
    assert "no INT8 variant" in refused(colour_folders(tmp_path), ModelError, precision="INT8")
    assert "no pictures" in refused(tmp_path / "blue" / "none") or "no folder" in refused(tmp_path / "blue" / "none")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "a.png").write_bytes(b"no picture")
    assert "None of the 1 pictures can be read" in refused(broken)


def test_accuracy_of_what_has_none(tmp_path: Path) -> None:
    colour_model(task="raw", decoder="raw")
    assert "Colours does raw" in refused(colour_folders(tmp_path))
    found = look(tmp_path / "blue")
    assert found is not None
    assert found.agreement is not None and found.agreement.cosine == 1.0


def test_label_files_that_are_all_empty_say_that_nothing_is_there(tmp_path: Path) -> None:
    for name in ("a", "b"):
        paint(tmp_path / "images" / f"{name}.png", "blue")
        (tmp_path / "labels").mkdir(exist_ok=True)
        (tmp_path / "labels" / f"{name}.txt").touch()
    found = look(tmp_path, model="nanodet-g", precision="FP32")
    assert found is not None
    assert isinstance(found.accuracy, DetectionAccuracy)
    assert (found.accuracy.images, found.accuracy.boxes, found.accuracy.ap, found.accuracy.recall.value) == (2, 0, None, None)
    assert (found.accuracy.curve, found.accuracy.classes, found.against_fp32) == ((), (), None)


@pytest.mark.parametrize(("wrong", "fits"), [(1, True), (5, False)])
def test_a_few_pictures_may_lie_on_their_side(tmp_path: Path, wrong: int, fits: bool) -> None:
    images = []
    for number in range(40):
        paint(tmp_path / f"{number}.png", "blue")
        width, height = (12, 20) if number < wrong else (20, 12)
        images.append({"id": number, "file_name": f"{number}.png", "width": width, "height": height})
    labels = [{"image_id": number, "category_id": 1, "bbox": [1, 1, 5, 5]} for number in range(40)]
    content = {"images": images, "annotations": labels, "categories": [{"id": 1, "name": "person"}]}
    (tmp_path / "labels.json").write_bytes(msgspec.json.encode(content))
    if not fits:
        assert "has 20×12 pixels, its labels were drawn on 12×20" in refused(tmp_path, model="nanodet-g", precision="FP32")
        return
    found = look(tmp_path, model="nanodet-g", precision="FP32")
    assert found is not None and found.accuracy is not None
    assert (found.accuracy.images, found.complete) == (39, True)
    assert "1 images have another shape" in found.notes[-1]


@pytest.fixture
def coco128(shared_data: Path) -> Path:
    folder = shared_data / "coco128"
    if not folder.is_dir():
        pytest.skip("the labelled images are not on this machine")
    return folder


def test_fp32_agrees_with_itself_exactly(coco128: Path) -> None:
    listener = Listener()
    found = look(coco128, listener, model="nanodet-g", precision="FP32", limit=12)
    assert found is not None
    assert isinstance(found.accuracy, DetectionAccuracy)
    agreement = found.agreement
    assert agreement is not None
    assert (agreement.ap, agreement.mean_iou, agreement.matched.value) == (1.0, 1.0, 1.0)
    assert (agreement.nmse, agreement.cosine) == (0.0, 1.0)
    assert (agreement.images, found.accuracy.images) == (12, 12)
    assert agreement.boxes > 10
    assert found.effective.executed_precision.keys() == {"f32"}
    assert found.against_fp32 is not None and found.against_fp32.difference.value == 0.0
    progress = listener.of(Progress)
    assert [message.done for message in progress] == sorted(message.done for message in progress)
    assert {message.total for message in progress} == {12}


def test_int8_is_close_to_fp32(coco128: Path) -> None:
    found = look(coco128, model="nanodet-g", precision="INT8", limit=12)
    assert found is not None and found.agreement is not None
    assert found.agreement.ap is not None and 0.8 < found.agreement.ap < 1.0
    assert found.agreement.nmse is not None and 0 < found.agreement.nmse < 0.05
    assert found.against_fp32 is not None and found.against_fp32.difference.contains(found.against_fp32.difference.value)


def test_several_variants_see_the_same_images(tmp_path: Path) -> None:
    colour_model()
    listener = Listener()
    found = look(colour_folders(tmp_path), listener, precision="FP16", also=("FP32", "FP16"), limit=9)
    assert found is not None
    assert [one.precision for one in found.each()] == ["FP16", "FP32"]
    alone = look(tmp_path, precision="FP16", limit=9)
    assert alone is not None
    fp16, fp32 = found.each()
    assert (fp16.accuracy, fp16.agreement, fp16.against_fp32) == (alone.accuracy, alone.agreement, alone.against_fp32)
    assert fp32.accuracy == fp16.accuracy and fp32.others == () and fp32.spec == fp16.spec
    assert fp32.against_fp32 is not None and fp32.against_fp32.difference.contains(0.0)
    assert fp32.agreement is not None and fp32.agreement.nmse == 0.0
    assert found.machine is not None and found.machine.logical_cpus >= 1
    assert [progress.total for progress in listener.of(Progress)][-1] == 9
    (answer,) = listener.of(Answer)
    assert msgspec.json.decode(answer.data, type=AccuracyResult) == found
    assert "INT8" in refused(tmp_path, ModelError, also=("INT8",))
