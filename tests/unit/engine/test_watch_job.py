"""The watching of the bundled model on the bundled clip, in this process."""

from __future__ import annotations

import shutil
import threading

import cv2
import msgspec
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError, SourceError
from edgeperf_gui.domain.jobs import ImportSpec, JobSpec, Progress
from edgeperf_gui.domain.messages import FromEngine
from edgeperf_gui.domain.records import DETECTION
from edgeperf_gui.domain.session import FinishReason, RunState, SessionStatus
from edgeperf_gui.domain.watch import Disagreement, WatchBegan, Watched, WatchSpec
from edgeperf_gui.engine.jobs import import_model, watch
from edgeperf_gui.engine.sources.opening import open_source
from edgeperf_gui.zoo.catalogue import find_model

ORDER = ("FP32", "FP16", "INT8")


class Box:
    """An outbox that keeps everything, and stops the job after so many frames."""

    def __init__(self, stop: threading.Event, frames: int, view: tuple[int, int] | None = (320, 200)) -> None:
        self.messages: list[FromEngine] = []
        self.published: list[tuple[int, tuple[int, int], int]] = []
        self.canvas = np.empty(0)
        self._stop, self._frames, self._view = stop, frames, view

    def send(self, message: FromEngine) -> None:
        # as it goes through the pipe
        self.messages.append(msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=FromEngine))
        if len(self.of(Watched)) >= self._frames:
            self._stop.set()

    def preview_size(self):
        return self._view

    def preview(self, width: int, height: int) -> np.ndarray:
        self.canvas = np.zeros((height, width, 4), np.uint8)
        return self.canvas

    def publish(self, frame, post_end_ns, source_size, findings) -> None:
        assert isinstance(self.messages[-1], Watched) and self.messages[-1].frame == frame  # the answers go before the picture
        self.published.append((frame, source_size, len(findings.boxes)))

    def shown(self):
        return []

    def of(self, kind):
        return [message for message in self.messages if isinstance(message, kind)]


def spec(**fields) -> WatchSpec:
    return WatchSpec(**{"session_id": "a", "source": "resources/clips/street.mp4", "model": "nanodet-g", **fields})


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture(autouse=True)
def in_the_project(root, monkeypatch) -> None:
    monkeypatch.chdir(root)


def test_the_spec_is_a_job() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(spec()), type=JobSpec) == spec()


def test_every_frame_goes_through_every_variant(stop) -> None:
    box = Box(stop, frames=60)
    tally = watch.run(spec(), box, stop)
    (began,) = box.of(WatchBegan)
    assert [variant.precision for variant in began.variants] == list(ORDER)
    assert set(began.variants[0].executed) == {"f32"} and "i8" in began.variants[2].executed
    assert began.threshold == 0.35 and began.labels[0] == "person" and began.source.fps == 25
    watched = box.of(Watched)
    assert tally == watched[-1].tally and tally.frames == len(watched) == 60
    assert [message.frame for message in watched] == list(range(60))
    assert tally.agreed + sum(bool(message.apart) for message in watched) == 60
    for message in watched:
        assert tuple(answer.precision for answer in message.answers) == ORDER
        rows = {answer.precision: np.frombuffer(answer.boxes, DETECTION) for answer in message.answers}
        assert all((found["score"] >= 0.34 - 1e-6).all() for found in rows.values())
        assert all(0 <= part.box < len(rows[part.of]) and "FP32" in (part.of, part.missing_in) for part in message.apart)
    assert max(len(answer.boxes) for message in watched for answer in message.answers) > 0
    assert [frame for frame, _, _ in box.published] == list(range(60))
    assert box.canvas.shape == (136, 320, 4) and box.canvas[..., :3].any()
    assert any(progress.activity.startswith("compiling") and "INT8" in progress.activity for progress in box.of(Progress))
    assert box.of(SessionStatus)[-1].reason is FinishReason.STOPPED


def test_disagreements_come_with_their_pictures(stop, monkeypatch) -> None:
    """INT8 and FP32 differ somewhere in the bundled clip; each half second of it is kept once at most."""
    monkeypatch.setattr(watch, "BETWEEN_PICTURES_S", 0.0)
    box = Box(stop, frames=130)
    watch.run(spec(precisions=("FP32", "INT8")), box, stop)
    kept = box.of(Disagreement)
    assert kept
    assert len({int(one.at_s * 2) for one in kept}) == len(kept)
    by_frame = {message.frame: message for message in box.of(Watched)}
    for one in kept:
        assert one.apart == by_frame[one.frame].apart and one.weight > 0 and one.differing() == ("INT8",)
        picture = cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture.shape == (272, 640, 3) and one.source_size == (640, 272)


def test_a_source_that_is_lost_takes_no_disagreement_with_it(stop, monkeypatch) -> None:
    """The bundled clip, lost at a frame on which the variants differ, before the half second is over."""
    monkeypatch.setattr(watch, "BETWEEN_PICTURES_S", 1e9)
    box = Box(stop, frames=1000, view=None)
    opened = []

    def losing(*asked):
        source = open_source(*asked)
        opened.append(source)
        read = source.read

        def lost(*args):
            if any(message.apart for message in box.of(Watched)):
                raise SourceError("The camera was unplugged.", "Plug it in.")
            return read(*args)

        monkeypatch.setattr(source, "read", lost)
        return source

    monkeypatch.setattr(watch, "open_source", losing)
    with pytest.raises(SourceError, match="unplugged"):
        watch.run(spec(precisions=("FP32", "INT8")), box, stop)
    assert len(box.of(Disagreement)) == 1 and box.messages[-1].reason is FinishReason.FAILED


def test_a_variant_against_itself_agrees_everywhere(stop, tmp_path) -> None:
    """A model whose two variants are one file, executed the same way."""
    original = find_model("nanodet-g")
    text = original.path("card.toml").read_text().replace('name = "nanodet-g"', 'name = "twin"').partition("[variants.FP16]")[0]
    for name in ("FP16", "INT8"):
        text += f'\n[variants.{name}]\nxml = "nanodet-g-int8.xml"\nstored = "INT8"\n'
    folder = tmp_path / "twin"
    folder.mkdir()
    (folder / "card.toml").write_text(text)
    for name in ("nanodet-g-int8.xml", "nanodet-g-int8.bin", "labels.txt"):
        shutil.copy(original.path(name), folder)
    box = Box(stop, frames=40, view=None)
    tally = watch.run(spec(model=str(folder)), box, stop)
    assert tally.agreed == tally.frames == 40 and tally.differing == {"INT8": 0}
    assert not box.of(Disagreement) and not box.published  # nobody looks


def test_large_pictures_are_made_smaller() -> None:
    data = watch.jpeg(np.zeros((1080, 1920, 3), np.uint8))
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape == (540, 960, 3)


def test_a_folder_of_pictures_is_gone_through_again_and_again(stop, tmp_path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((90, 120, 3), 60 * number, np.uint8))
    box = Box(stop, frames=7)
    assert watch.run(spec(source=str(tmp_path)), box, stop).frames == 7


@pytest.mark.parametrize(
    ("fields", "error", "words"),
    [
        ({"source": "nowhere.mp4"}, SourceError, "nowhere.mp4"),
        ({"model": "nothing"}, ModelError, "no model called"),
        ({"precisions": ("FP16",)}, ModelError, "has only FP16"),
        ({"device": "TPU"}, Exception, "TPU is not on this machine"),
    ],
)
def test_what_cannot_be_watched_is_a_sentence(stop, fields, error, words) -> None:
    box = Box(stop, frames=1)
    with pytest.raises(error, match=words):
        watch.run(spec(**fields), box, stop)
    end = box.messages[-1]
    assert end.state is RunState.FINISHED and end.reason is FinishReason.FAILED and words in end.sentence and end.remedy


@pytest.mark.parametrize("task", ["segmentation", "raw"])
def test_other_tasks_are_refused_with_a_way_out(task) -> None:
    card: ModelCard = msgspec.structs.replace(find_model("nanodet-g"), task=task)
    with pytest.raises(ModelError, match="needs a detector or a classifier") as caught:
        watch._names(card, spec())
    assert task in caught.value.sentence and "Compare" in caught.value.remedy


def test_a_classifier_is_watched_by_its_first_class(stop, tmp_path) -> None:
    """FP32 against FP16 of a small graph whose ten scores are ten colours' worth apart."""
    path = tmp_path / "toy.onnx"
    weights = np.linspace(-1, 1, 30, dtype=np.float32).reshape(10, 3, 1, 1)
    nodes = [
        helper.make_node("Conv", ["image", "weights"], ["maps"], kernel_shape=[1, 1]),
        helper.make_node("GlobalAveragePool", ["maps"], ["means"]),
        helper.make_node("Flatten", ["means"], ["scores"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 10])
    graph = helper.make_graph(nodes, "toy", [image], [scores], [numpy_helper.from_array(weights, "weights")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    import_model.run(ImportSpec("i", str(path)), Box(stop, 1), threading.Event())
    box = Box(stop, frames=10)
    tally = watch.run(spec(model="toy"), box, stop)
    assert tally.frames == tally.agreed == 10 and tally.differing == {"FP16": 0}
    assert box.of(WatchBegan)[0].threshold is None
    assert all(len(answer.classes) == 3 and not answer.boxes for answer in box.of(Watched)[0].answers)


def test_the_threshold_is_the_cards_or_the_decoders() -> None:
    card = find_model("nanodet-g")
    assert watch.threshold_of(card) == 0.35
    assert watch.threshold_of(msgspec.structs.replace(card, decoder_options={"score_threshold": 0.5})) == 0.5
    assert watch.threshold_of(msgspec.structs.replace(card, decoder_options={}, decoder="db_text")) == 0.6
    assert watch.threshold_of(msgspec.structs.replace(card, task="classification")) is None


def test_stopped_before_it_began(stop) -> None:
    stop.set()
    box = Box(stop, frames=1)
    assert watch.run(spec(), box, stop) is None
    assert not box.of(WatchBegan) and box.messages[-1].reason is FinishReason.STOPPED
