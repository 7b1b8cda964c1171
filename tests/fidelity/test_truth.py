"""Planted times must be reported: a decoder that sleeps, a preprocessor that sleeps, a source with a known rate."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from edgeperf_gui.analysis.stages import stage_durations_ms
from edgeperf_gui.analysis.summary import Summary, summarise
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.session import SessionSpec, SourceInfo
from edgeperf_gui.engine import pipeline as pipelines
from edgeperf_gui.engine import runtime, silence
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.preprocess import Preprocessor
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.sources.source import Frame
from edgeperf_gui.zoo.catalogue import find_model

PLANTED_MS = 7.0


class Ticking:
    """A source that takes `PLANTED_MS` to decode, and says itself how long it really took."""

    def __init__(self, fps: float, frames: int, decode_ms: float = 0.0, *, live: bool = False, loops: int = 0) -> None:
        self.info = SourceInfo("ticking", 64, 48, fps, live=live)
        self.took_ms: list[float] = []
        self._left = self._frames = frames
        self._loops = loops
        self._decode_ms = decode_ms
        self._next_ns = time.perf_counter_ns()

    def read(self, into: np.ndarray | None) -> Frame | None:
        if self._left == 0:
            return None
        self._left -= 1
        due_ns = 0
        if self.info.live:
            self._next_ns += round(1e9 / (self.info.fps or 1))
            time.sleep(max(0, self._next_ns - time.perf_counter_ns()) / 1e9)
            due_ns = time.perf_counter_ns()
        start = time.perf_counter_ns()
        slept_ms = slept(self._decode_ms)
        self.took_ms.append(slept_ms)
        pixels = into if into is not None else np.zeros((48, 64, 3), np.uint8)
        return Frame(pixels, start, time.perf_counter_ns(), due_ns)

    def rewind(self) -> None:
        self._left = self._frames if self._loops else 0
        self._loops -= 1

    def interrupt(self) -> None: ...
    def close(self) -> None: ...


def slept(ms: float) -> float:
    """Sleep, and return how long it really was: a sleeper on a busy machine is woken late."""
    start = time.perf_counter_ns()
    if ms:
        time.sleep(ms / 1e3)
    return (time.perf_counter_ns() - start) / 1e6


@pytest.fixture(scope="module")
def loaded() -> runtime.Runtime:
    return runtime.load(find_model("nanodet-g"), SessionSpec("truth", "planted", "nanodet-g"), lambda text: None)


@pytest.fixture
def run(loaded: runtime.Runtime) -> Callable[..., tuple[Recorder, Summary, Pipeline]]:
    def run_one(source: Ticking, *, paced: bool = True) -> tuple[Recorder, Summary, Pipeline]:
        recorder = Recorder()
        pipeline = Pipeline(source, loaded, find_model("nanodet-g"), recorder, paced, loop=False)
        pipeline.start()
        while pipeline.alive():
            time.sleep(0.01)
        assert pipeline.join(20)
        assert pipeline.error is None
        summary = summarise(
            recorder.since(0),
            streams=1,
            completed=recorder.count,
            dropped=pipeline.dropped,
            source_fps=source.info.fps,
            saturated=pipeline.is_saturated,
        )
        return recorder, summary, pipeline

    return run_one


def test_a_planted_preprocess_time_is_reported(run, monkeypatch: pytest.MonkeyPatch) -> None:
    took, fill = [], Preprocessor.fill
    monkeypatch.setattr(Preprocessor, "fill", lambda self, pixels: (took.append(slept(PLANTED_MS)), fill(self, pixels))[1])
    recorder, _, _ = run(Ticking(20, 40))
    reported = stage_durations_ms(recorder.since(0))["preprocess"]
    assert np.median(reported - took[: reported.size]) < 1.0
    assert (reported >= took[: reported.size]).all()


def test_a_planted_postprocess_time_is_reported(run, monkeypatch: pytest.MonkeyPatch) -> None:
    took: list[float] = []

    def sleeping(card):
        names, _ = pipelines.DECODERS["real nanodet"](card)
        return names, lambda outputs, box: (took.append(slept(PLANTED_MS)), Findings())[1]

    monkeypatch.setitem(pipelines.DECODERS, "real nanodet", pipelines.DECODERS["nanodet"])
    monkeypatch.setitem(pipelines.DECODERS, "nanodet", sleeping)
    recorder, _, _ = run(Ticking(20, 40))
    reported = stage_durations_ms(recorder.since(0))["postprocess"]
    assert np.median(reported - took[: reported.size]) < 1.0
    assert (reported >= took[: reported.size]).all()


def test_a_planted_decode_time_is_reported(run) -> None:
    source = Ticking(20, 40, decode_ms=PLANTED_MS)
    recorder, _, _ = run(source)
    reported = stage_durations_ms(recorder.since(0))["decode"]
    assert np.median(np.abs(reported - source.took_ms[: reported.size])) < 1.0


@pytest.mark.parametrize("fps", [10.0, 24.0])
def test_the_rate_of_a_paced_source_is_reported_to_one_percent(run, fps: float) -> None:
    recorder, summary, pipeline = run(Ticking(fps, 50))
    # a busy machine loses frames and counts them: delivered and dropped together are the source's rate
    due = recorder.since(0)["due_ns"]
    rate = (due.size - 1 + pipeline.dropped) / ((due[-1] - due[0]) / 1e9)
    assert rate == pytest.approx(fps, rel=0.01)
    if pipeline.dropped == 0:
        kept = recorder.since(0)[summary.throughput.warmup_discarded :]
        late_ns = kept["complete_ns"].astype(float) - kept["due_ns"]
        # a first or last answer that a busy machine held up is no error of the rate
        held_up = abs(late_ns[-1] - late_ns[0]) / float(kept["complete_ns"][-1] - kept["complete_ns"][0])
        assert summary.throughput.fps == pytest.approx(fps, rel=0.01 + held_up)


def test_a_live_source_faster_than_the_model_drops_and_every_frame_is_accounted_for(run, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = Preprocessor.fill
    monkeypatch.setattr(Preprocessor, "fill", lambda self, pixels: (slept(30), fill(self, pixels))[1])
    recorder, summary, pipeline = run(Ticking(100, 100, live=True))
    assert pipeline.dropped > 30
    # the last posted frame is still served, so nothing is lost uncounted
    assert recorder.count + pipeline.dropped == 100
    assert summary.age is not None and summary.age.n > 0


def test_a_looped_source_keeps_its_rate_over_its_seams(loaded) -> None:
    recorder = Recorder()
    pipeline = Pipeline(Ticking(25, 5, loops=11), loaded, find_model("nanodet-g"), recorder, True, loop=True)
    pipeline.start()
    while pipeline.alive():  # to its end: a frame that a stop finds waiting is neither taken nor dropped
        time.sleep(0.01)
    assert pipeline.join(20)
    due = recorder.since(0)["due_ns"]
    # every due time is taken or counted as dropped, also where the source begins anew
    assert round((due[-1] - due[0]) * 25 / 1e9) == due.size - 1 + pipeline.dropped
    assert due.size <= 60 and pipeline.ended


def test_flat_out_a_frame_waits_for_the_model_and_not_in_a_queue_of_ours(run) -> None:
    recorder, _, _ = run(Ticking(25, 120), paced=False)
    durations = stage_durations_ms(recorder.since(0))
    # one frame is read ahead while one is computed, so it waits about as long as that takes, and never twice as long
    assert np.median(durations["queue"]) < 1.5 * np.median(durations["inference"]) + 1


def test_a_request_that_fails_without_calling_back_ends_the_run_with_a_sentence(loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "_SILENT_S", 0.2)
    monkeypatch.setattr(Pipeline, "_completed", lambda self, slot: None)  # the callback that never comes
    pipeline = Pipeline(Ticking(25, 1000), loaded, find_model("nanodet-g"), Recorder(), True, loop=False)
    pipeline.start()
    while pipeline.error is None:
        time.sleep(0.02)
        pipeline.find_failed_request()
    assert "failed to infer" in str(pipeline.error)
    assert pipeline.join(20)


def test_flat_out_loses_nothing(run) -> None:
    recorder, summary, pipeline = run(Ticking(25, 60), paced=False)
    assert (recorder.count, pipeline.dropped) == (60, 0)
    assert summary.age is None
    assert (recorder.since(0)["frame"] == np.arange(60)).all()


def test_stages_of_every_frame_add_up_to_its_whole_time(run) -> None:
    recorder, _, _ = run(Ticking(30, 40))
    records = recorder.since(0)
    durations = stage_durations_ms(records)
    total = sum(durations[name] for name in ("decode", "preprocess", "queue", "inference", "postprocess"))
    assert total == pytest.approx((records["postprocess_end_ns"] - records["due_ns"]) / 1e6)


@pytest.mark.parametrize("paced", [True, False])
def test_a_decoder_that_raises_ends_the_pipeline_with_its_error(loaded, monkeypatch: pytest.MonkeyPatch, paced: bool) -> None:
    def broken(card):
        def decode(outputs, box):
            raise ValueError("planted")

        return ("Identity",), decode

    monkeypatch.setitem(pipelines.DECODERS, "nanodet", broken)
    pipeline = Pipeline(Ticking(100, 1000), loaded, find_model("nanodet-g"), Recorder(), paced, loop=False)
    pipeline.start()
    while pipeline.alive():
        time.sleep(0.01)
    assert pipeline.join(20)
    assert isinstance(pipeline.error, ValueError)
    assert not any(thread.is_alive() for thread in pipeline._threads)
