"""Frames that queue: none is lost, each is due at its own moment, and a wait behind others counts for every one of them."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.domain.findings import Findings
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.engine import pipeline as pipelines
from edgeperf_gui.engine import runtime
from edgeperf_gui.engine.arrivals import Arrivals
from edgeperf_gui.engine.pipeline import Pipeline
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.sources.scene import SceneSource
from edgeperf_gui.zoo.catalogue import find_model


def run(moments: list[float]) -> tuple[np.ndarray, Pipeline]:
    card = find_model("nanodet-g")
    loaded = runtime.load(card, SessionSpec("trial", "scene:road", "nanodet-g"), lambda text: None)
    recorder, source = Recorder(), SceneSource("scene:road")
    pipeline = Pipeline(source, loaded, card, recorder, True, loop=True, timetable=Arrivals(iter(moments)))
    pipeline.start()
    while pipeline.alive():
        time.sleep(0.01)
    assert pipeline.join(20) and pipeline.error is None
    return recorder.since(0), pipeline


def test_a_burst_queues_and_every_frame_of_it_waits_for_those_before() -> None:
    moments = [0.0] * 12 + [0.5, 0.55, 0.6, 0.65, 0.7, 0.75]
    records, pipeline = run(moments)
    assert (records.size, pipeline.dropped, pipeline.ended) == (18, 0, True)
    offsets = (records["due_ns"] - records["due_ns"][0]) / 1e9
    assert offsets == pytest.approx(moments, abs=1e-6)
    age_ms = (records["postprocess_end_ns"] - records["due_ns"]) / 1e6
    burst = age_ms[:12]
    # one request: each answer is after the one before, so ages of a burst rise by a whole service time each
    assert (np.diff(burst) > 0).all()
    service_ms = np.diff(records["postprocess_end_ns"][:12]) / 1e6
    assert burst[-1] == pytest.approx(burst[0] + service_ms.sum(), rel=1e-6)
    # frames that came when all was over did not wait for the burst; a busy machine may hold up one of them, not all
    assert age_ms[12:].min() < burst[-1] or burst[-1] > 500


def test_the_ages_obey_lindley() -> None:
    gaps = np.random.default_rng(5).exponential(0.012, 60)
    records, _ = run(np.cumsum(gaps).tolist())
    due, done = records["due_ns"], records["postprocess_end_ns"]
    # W' = max(0, W + S − A): nobody is served before the one in front, nor before it has come
    served_from = np.maximum(due[1:], done[:-1])
    assert (done[1:] > served_from).all()
    assert records.size == 60


def test_bench_takes_a_recording_of_arrivals_and_ends_with_it(tmp_path: Path) -> None:
    times, report = tmp_path / "times.csv", tmp_path / "run.json"
    times.write_text("interval_s\n" + "0.02\n" * 30)
    assert main(["bench", "--arrivals", str(times), "--seconds", "20", "--json", str(report)]) == 0
    run_made = json.loads(report.read_text())
    assert run_made["throughput"]["completed"] == 30 and run_made["throughput"]["dropped"] == 0
    assert run_made["ended"] == "source ended" and not run_made["throughput"]["saturated"]
    assert run_made["age"]["n"] > 0 and run_made["spec"]["arrivals"] == str(times)


def slow_decoder(seconds: float):
    def build(card):
        names, _ = pipelines.DECODERS["the real one"](card)
        return names, lambda outputs, box: (time.sleep(seconds), Findings())[1]

    return build


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pipelines.DECODERS["nanodet"]
    monkeypatch.setattr(pipelines, "DECODERS", {"the real one": real, "nanodet": slow_decoder(0.3)})


def test_the_last_frames_of_a_source_that_ended_are_waited_for(slowly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines, "_LAST_WAIT_MS", 1)
    records, pipeline = run([0.0, 0.0, 0.0])
    assert records.size == 3 and pipeline.ended


def test_what_only_lies_ready_does_not_begin_once_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    def waits_for_the_word(card):
        """The first frame is answered at once, the others once the word was given."""
        names, _ = pipelines.DECODERS["the real one"](card)
        return names, lambda outputs, box: (recorder.count and told.wait(20), Findings())[1]

    real = pipelines.DECODERS["nanodet"]
    monkeypatch.setattr(pipelines, "DECODERS", {"the real one": real, "nanodet": waits_for_the_word})
    card = find_model("nanodet-g")
    loaded = runtime.load(card, SessionSpec("trial", "scene:road", "nanodet-g"), lambda text: None)
    recorder = Recorder()
    burst = Arrivals(iter([0.0] * 40))
    pipeline = Pipeline(SceneSource("scene:road"), loaded, card, recorder, True, loop=True, timetable=burst)
    pipeline.start()
    while recorder.count == 0:
        time.sleep(0.01)
    pipeline.halt()
    told.set()
    assert pipeline.join(20)
    assert recorder.count <= 1 + loaded.effective.requests and pipeline.error is None
