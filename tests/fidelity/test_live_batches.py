"""Frames that are answered together: each gets its own answer, its wait is told, none is lost, and painting one ages all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import openvino as ov
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from list_outbox import ListOutbox
from openvino import opset13 as op

from edgeperf_gui.analysis.stages import stage_durations_ms
from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import InputCard, ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.records import Records, stages_of
from edgeperf_gui.domain.results import Effective, ModelTimes
from edgeperf_gui.domain.session import FinishReason, SessionSpec, SessionStatus, SourceInfo
from edgeperf_gui.engine import pipeline as pipelines
from edgeperf_gui.engine import silence
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.runner import run
from edgeperf_gui.engine.runtime import Runtime, embed_conversion
from edgeperf_gui.engine.sources.source import Frame
from edgeperf_gui.run_report import rate_rows
from edgeperf_gui.store.run_file import read_run

CLIP = str(places.shipped("resources/clips/street.mp4"))
SIDE = 8
INPUT = InputCard(SIDE, SIDE)


def spec(**fields) -> SessionSpec:
    return SessionSpec(**({"session_id": "trial", "source": CLIP, "model": "nanodet-g", "batch": 4} | fields))


def groups(records: Records) -> list[Records]:
    return np.split(records, np.flatnonzero(np.diff(records["submit_ns"])) + 1)


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("runs") / "trial.edgeperf"
    outbox = ListOutbox((320, 320))
    result = run(spec(seconds=2.0, record_path=str(path)), outbox, threading.Event())
    return outbox, result, read_run(path).records


def test_a_camera_is_answered_four_frames_at_a_time(paced) -> None:
    outbox, result, _ = paced
    assert result.effective.batch == 4 and result.effective.requests == 2, "one is filled while the other is computed"
    assert " -b 4 " in result.openvino_command
    records = outbox.records()
    assert records["frame"].tolist() == list(range(result.throughput.completed))
    assert {len(group) for group in groups(records)} == {4}
    assert all(len(np.unique(group["complete_ns"])) == 1 and (np.diff(group["due_ns"]) > 0).all() for group in groups(records))
    assert tuple(result.stages) == stages_of(4)


def test_the_stages_of_every_frame_add_up_to_its_age_to_the_nanosecond(paced) -> None:
    _, result, records = paced
    durations = stage_durations_ms(records, result.effective.streams, 4)
    assert sum(durations[name] for name in stages_of(4)) == pytest.approx(durations["age"], abs=1e-6, nan_ok=True)
    assert np.isfinite(durations["age"]).sum() >= 20
    for group in groups(records):
        waits_ns = group["submit_ns"] - group["preprocess_end_ns"]
        assert waits_ns[-1] == 0 and (np.diff(waits_ns) < 0).all(), "who came first waits longest, and the last does not"


def test_painting_the_newest_ends_the_age_of_its_whole_batch(paced) -> None:
    _, result, records = paced
    painted = [group for group in groups(records) if (group["shown_ns"] > 0).any()]
    assert painted
    for group in painted:
        assert (group["shown_ns"] == group["postprocess_end_ns"][-1] + 3_000_000).all()
    assert result.age_ends == "shown" and result.age is not None
    durations = stage_durations_ms(records, result.effective.streams, 4)
    seen = np.isfinite(durations["age"])
    assert (durations["age"] > durations["batch wait"] + durations["inference"])[seen].all()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The clip's first 21 frames as a folder."""
    folder = tmp_path_factory.mktemp("pictures")
    clip = cv2.VideoCapture(CLIP)
    for number in range(21):
        cv2.imwrite(str(folder / f"{number:03}.bmp"), clip.read()[1])
    clip.release()
    return str(folder)


def test_every_frame_gets_the_answer_that_it_gets_alone(pictures: str) -> None:
    def found(batch: int) -> list[int]:
        outbox = ListOutbox((320, 320))
        asked = spec(source=pictures, precision="FP32", paced=False, loop=False, batch=batch)
        result = run(asked, outbox, threading.Event())
        assert outbox.messages[-1].reason is FinishReason.SOURCE_ENDED and result.throughput.dropped == 0
        assert result.throughput.completed == 21, "the last batch holds what is left"
        assert len(groups(outbox.records())) == -(-21 // batch)
        return outbox.records()["detections"].tolist()

    alone = found(1)
    assert sum(alone) > 0 and found(4) == found(8) == alone


def test_inference_only_counts_frames_and_not_batches() -> None:
    for requests in (1, 2):
        result = run(spec(inference_only=True, hint="none", requests=requests, seconds=0.6), ListOutbox(), threading.Event())
        assert set(result.stages) == {"inference"} and result.throughput.completed % 4 == 0
        latency, fps = result.openvino_latency, result.throughput.fps
        assert latency is not None and fps is not None
        # Little: so many frames are under way
        assert fps * latency.mean_ms / 1e3 == pytest.approx(4 * requests, rel=0.25)


def test_frames_that_come_by_chance_fill_batches_and_none_is_lost() -> None:
    outbox = ListOutbox((320, 320))
    result = run(spec(arrivals="poisson:60", seconds=1.5), outbox, threading.Event())
    assert result.throughput.dropped == 0 and result.age is not None
    assert {len(group) for group in groups(outbox.records())} == {4}


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[str]:
    """A model folder whose model has the batch of one written into a constant that it joins its input with."""
    pixels = op.parameter([1, 3, SIDE, SIDE], np.float32, name="image")
    joined = op.concat([pixels, op.constant(np.zeros((1, 3, SIDE, SIDE), np.float32))], 1)
    joined.set_friendly_name("with_background")
    folder = tmp_path_factory.mktemp("models") / "fixed"
    folder.mkdir()
    ov.save_model(ov.Model([joined], [pixels]), folder / "fixed.xml")
    card = {"name": "fixed", "title": "Fixed", "task": "raw", "licence": "none", "origin": "here", "decoder": "raw"}
    words = "\n".join(f'{name} = "{value}"' for name, value in card.items())
    picture = f'width = {SIDE}\nheight = {SIDE}\nlayout = "NCHW"\nchannels = "BGR"'
    (folder / "card.toml").write_text(f'{words}\n[input]\n{picture}\n[variants.FP32]\nxml = "fixed.xml"\nstored = "FP32"\n')
    return str(folder)


def test_a_model_that_cannot_take_the_batch_is_refused_with_its_layer(refusing: str) -> None:
    outbox = ListOutbox((320, 320))
    with pytest.raises(ModelError, match=r"Fixed cannot take 4 pictures at once: its layer with_background \(Concat\) refuses"):
        run(spec(model=refusing, precision="FP32"), outbox, threading.Event())
    last = outbox.messages[-1]
    assert isinstance(last, SessionStatus) and last.reason is FinishReason.FAILED and last.cause == "model"
    assert "Use batch 1" in last.remedy
    done = run(spec(model=refusing, precision="FP32", batch=1, seconds=0.2), ListOutbox(), threading.Event())
    assert done.throughput.completed > 0 and "batch wait" not in done.stages


# The hand-over itself, with a model so small that only the hand-over is left ---------------------------------------------------


class Counting:
    """A source whose frame n is of the grey n; `rest_s` between two frames. From frame `stuck_at` on none comes before a halt."""

    def __init__(self, frames: int, *, live: bool = False, rest_s: float = 0.0, stuck_at: int | None = None) -> None:
        self.info = SourceInfo("counting", SIDE, SIDE, 100.0, live=live)
        self.number_of: dict[int, int] = {}
        """By decode stamp."""
        self.buffers_made = 0
        self._frames, self._rest_s, self._stuck_at = frames, rest_s, stuck_at
        self._interrupted = threading.Event()

    def read(self, into: np.ndarray | None) -> Frame | None:
        number = len(self.number_of)
        if number == self._frames or (number == self._stuck_at and self._interrupted.wait(20)):
            return None
        time.sleep(self._rest_s)
        start_ns = time.perf_counter_ns()
        self.number_of[start_ns] = number
        if into is None:
            self.buffers_made += 1
            into = np.empty((SIDE, SIDE, 3), np.uint8)
        into[:] = number
        return Frame(into, start_ns, time.perf_counter_ns(), start_ns if self.info.live else 0)

    def rewind(self) -> None: ...
    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None: ...


def tiny(batch: int, requests: int) -> Runtime:
    """Answers each picture with the mean of its pixels."""
    pixels = op.parameter([1, 3, SIDE, SIDE], np.float32, name="image")
    model = embed_conversion(ov.Model([op.reduce_mean(pixels, op.constant([1, 2, 3]), False)], [pixels]), INPUT)
    ov.set_batch(model, batch)
    compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    effective = Effective("FP32", {"f32": 1}, ("CPU",), 1, requests, 1, "none", "f32", batch)
    return Runtime(compiled, effective, ModelTimes(0.0, 0.0, None, 0, "off"), "")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the decoder was given, in the order of the records."""
    seen: list[int] = []
    monkeypatch.setitem(
        pipelines.DECODERS,
        "grey",
        lambda card: ((), lambda outputs, box: (seen.append(round(float(outputs[0][0]))), Findings())[1]),
    )
    return seen


def a_pipeline(source: Counting, batch: int, requests: int, *, paced: bool = False) -> Pipeline:
    card = ModelCard("tiny", "Tiny", "raw", "none", "here", "grey", INPUT, {})
    pipeline = Pipeline(source, tiny(batch, requests), card, Recorder(), paced, loop=False)
    pipeline.start()
    return pipeline


def finish(pipeline: Pipeline) -> Records:
    deadline = time.monotonic() + 20
    while pipeline.alive() and time.monotonic() < deadline:
        time.sleep(0.002)
    assert pipeline.join(5) and pipeline.error is None
    return pipeline.recorder.since(0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.integers(1, 3), st.integers(0, 40))
def test_flat_out_each_frame_is_answered_once_with_its_own_answer(answers, batch: int, requests: int, frames: int) -> None:
    answers.clear()
    source = Counting(frames)
    pipeline = a_pipeline(source, batch, requests)
    records = finish(pipeline)
    assert pipeline.dropped == 0 and records["frame"].tolist() == list(range(frames))
    assert [source.number_of[stamp] for stamp in records["decode_start_ns"].tolist()] == answers
    assert sorted(answers) == list(range(frames))
    whole, rest = divmod(frames, batch)
    assert [len(group) for group in groups(records) if frames] == [batch] * whole + [rest] * bool(rest)
    assert source.buffers_made <= requests + 4, "however large the batch"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.integers(1, 2))
def test_a_live_source_loses_nothing_uncounted(answers, batch: int, requests: int) -> None:
    answers.clear()
    source = Counting(60, live=True, rest_s=0.0005)
    pipeline = a_pipeline(source, batch, requests)
    records = finish(pipeline)
    assert records.size + pipeline.dropped == 60
    assert [source.number_of[stamp] for stamp in records["decode_start_ns"].tolist()] == answers


def test_a_halt_in_the_middle_of_a_batch_begins_nothing_new(answers) -> None:
    source = Counting(200, live=True, stuck_at=4)
    pipeline = a_pipeline(source, 8, 2)
    while len(source.number_of) < 4:
        time.sleep(0.002)
    assert pipeline.join(5) and pipeline.error is None
    assert pipeline.recorder.count == 0 and not answers and not pipeline.ended


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.integers(1, 2), st.booleans(), st.integers(1, 25))
def test_what_a_halt_finds_half_done_is_counted_as_not_finished(answers, batch, requests, live, least) -> None:
    source = Counting(2000, live=live, rest_s=0.001)
    pipeline = a_pipeline(source, batch, requests)
    while len(source.number_of) < least:
        time.sleep(0.002)
    assert pipeline.join(5) and pipeline.error is None
    assert pipeline.recorder.count + pipeline.dropped + pipeline.unfinished == len(source.number_of)
    assert pipeline.unfinished <= batch * requests + 1 or live


def test_a_run_tells_how_many_frames_its_end_left_half_done(paced) -> None:
    _, result, _ = paced
    assert result.throughput.unfinished is not None and 0 <= result.throughput.unfinished <= 4 * 2 + 1
    ended = run(spec(source=CLIP, paced=False, seconds=0.5), ListOutbox((320, 320)), threading.Event())
    counted = [line for line in rate_rows(ended) if line[0] == "not finished"]
    assert bool(counted) == bool(ended.throughput.unfinished)
    assert run(spec(inference_only=True, seconds=0.3), ListOutbox(), threading.Event()).throughput.unfinished is None


def test_only_the_newest_of_a_batch_is_on_show(answers) -> None:
    pipeline = a_pipeline(Counting(7), 4, 1)
    finish(pipeline)
    exhibit = pipeline.showcase.take()
    assert exhibit is not None and (exhibit.number, int(exhibit.pixels[0, 0, 0])) == (6, 6)


def test_a_request_that_fails_with_its_batch_ends_the_run_with_a_sentence(answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "_SILENT_S", 0.1)
    monkeypatch.setattr(Pipeline, "_completed", lambda self, slot: None)  # the callback that never comes
    pipeline = a_pipeline(Counting(100, live=True, rest_s=0.005), 4, 2)
    while pipeline.error is None:
        time.sleep(0.02)
        pipeline.find_failed_request()
    assert "failed to infer" in str(pipeline.error) and pipeline.recorder.count == 0
    assert pipeline.join(5)


def test_a_spec_of_a_version_without_batches_is_read() -> None:
    told = msgspec.json.decode(msgspec.json.encode(spec()))
    del told["batch"]
    assert msgspec.convert(told, SessionSpec).batch == 1
