"""The owner of the waterfall, with real processes that load no model; and what is remembered of paced and saturated runs."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from trial_waterfall import EFFECTIVE, MACHINE, result_of

from edgeperf_gui.domain.messages import Opened, RecordBatch, Telemetry
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import ModelTimes, Steady
from edgeperf_gui.domain.session import FinishReason, RunState, SessionSpec, SourceInfo
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.paces import Paces
from edgeperf_gui.live.session_store import SessionStore
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.live.waterfall_run import WaterfallRun, spec_for

PATIENCE_MS = 30_000
SOURCE = SourceInfo("street.mp4", 640, 272, 25.0, live=False)


@pytest.fixture
def controller(qapp):
    made = Controller(host=EngineHost("trial_compare:session"))
    yield made
    made.shutdown()


@pytest.fixture
def waterfall(controller):
    made = WaterfallRun(controller, "trial_waterfall:run")
    made.ends = []
    made.finished.connect(lambda: made.ends.append(controller.is_running))
    yield made
    made.shutdown()


def start(waterfall: WaterfallRun, controller: Controller, model: str) -> bool:
    controller.change(model=model)
    return waterfall.start()


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def test_it_measures_the_settings_of_the_session(tmp_path) -> None:
    spec = spec_for(Settings(model="yolox-nano", precision="INT8", hint="throughput", streams=2, threads=1, paced=True))
    assert (spec.model, spec.precision, spec.hint, spec.streams, spec.threads) == ("yolox-nano", "INT8", "throughput", 2, 1)
    assert spec.source.endswith("street.mp4") and len(spec.companion_pids) == 1


def test_it_runs_to_its_end(waterfall, controller, qtbot):
    assert start(waterfall, controller, "quick") and not waterfall.start()
    assert controller.turn.name == "A waterfall"
    wait(qtbot, lambda: waterfall.ends)
    assert waterfall.result.complete and waterfall.failure is None and not controller.turn.name
    assert not waterfall.is_old
    controller.change(precision="INT8")
    assert waterfall.is_old


def test_cancelled_it_keeps_what_it_knows(waterfall, controller, qtbot):
    start(waterfall, controller, "patient")
    wait(qtbot, lambda: waterfall.progress is not None and waterfall.progress.activity.startswith("round 2"))
    waterfall.cancel()
    wait(qtbot, lambda: waterfall.ends)
    assert waterfall.is_cancelled and waterfall.result is not None and not waterfall.result.complete


def test_a_killed_child_is_a_failure_with_its_signal(waterfall, controller, qtbot):
    start(waterfall, controller, "dies")
    wait(qtbot, lambda: waterfall.ends)
    assert waterfall.failure.reason is FinishReason.CRASHED and "SIGKILL" in waterfall.failure.sentence
    assert waterfall.result is not None, "the round that was whole stays"


def test_a_refusal_is_a_sentence_with_a_remedy(waterfall, controller, qtbot):
    start(waterfall, controller, "refuses")
    wait(qtbot, lambda: waterfall.ends)
    assert (waterfall.failure.sentence, waterfall.failure.remedy) == ("There is no such model.", "Choose another.")


def test_the_session_waits_and_comes_back(waterfall, controller, qtbot):
    controller.start()
    wait(qtbot, lambda: controller.store.status.state is RunState.RUNNING)
    waterfall.start()
    assert waterfall.is_waiting
    wait(qtbot, lambda: waterfall.ends)
    assert waterfall.ends == [True]


# What is remembered -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(qapp):
    return SessionStore()


def session(store: SessionStore, *, saturated: bool, steady: bool = True, inference_ms: float = 8.0, **fields) -> SessionSpec:
    """A session that gave some frames and one window of telemetry."""
    asked = SessionSpec(f"{saturated}", "street.mp4", "nanodet-g", paced=not saturated, **fields)
    store.begin(asked.session_id, 1, asked=asked)
    source = msgspec.structs.replace(SOURCE, live=bool(fields.get("arrivals") == "live"))
    times = ModelTimes(1.0, 1.0, 1.0, 1, "off")
    store.ingest(Opened(asked.session_id, MACHINE, EFFECTIVE, times, source, is_saturated=saturated))
    rows = np.zeros(40, FRAME)
    rows["frame"] = np.arange(40)
    rows["submit_ns"] = 1 + np.arange(40) * 40_000_000
    rows["complete_ns"] = rows["submit_ns"] + int(inference_ms * 1e6)
    rows["postprocess_end_ns"] = rows["complete_ns"]
    store.ingest(RecordBatch(asked.session_id, rows.tobytes(), 0))
    store.ingest(Telemetry(asked.session_id, 0, 2_000_000_000, 0.0, 50.0, 1, 118.0 if saturated else 25.0, Steady(steady, "")))
    return asked


def test_both_feeds_of_the_same_settings_are_kept_side_by_side(store):
    paces = Paces(store)
    asked = session(store, saturated=True)
    session(store, saturated=False, inference_ms=11.0)
    assert paces.of("saturated", asked).fps == 118.0 and paces.of("saturated", asked).inference_ms == pytest.approx(8.0)
    assert paces.of("paced", asked).inference_ms == pytest.approx(11.0) and paces.of("paced", None) is None
    other = msgspec.structs.replace(asked, precision="INT8")
    assert paces.of("saturated", other) is None, "another variant is another machine"


def test_a_steady_number_is_not_replaced_by_one_that_is_not(store):
    paces = Paces(store)
    asked = session(store, saturated=True, inference_ms=8.0)
    session(store, saturated=True, steady=False, inference_ms=20.0)
    assert paces.of("saturated", asked).inference_ms == pytest.approx(8.0) and paces.of("saturated", asked).is_steady


def test_while_a_batch_fills_what_was_known_stays(store):
    paces = Paces(store)
    asked = session(store, saturated=False)
    store.ingest(Telemetry(asked.session_id, 2_000_000_000, 4_000_000_000, 0.0, 50.0, 1, None, Steady(True, "")))
    assert paces.of("paced", asked).fps == 25.0


def test_frames_that_come_by_a_timetable_are_neither(store):
    paces = Paces(store)
    asked = session(store, saturated=False, arrivals="poisson:20")
    assert paces.of("paced", asked) is None


def test_a_waterfall_gives_both_for_one_frame_a_request(store):
    paces = Paces(store)
    asked = SessionSpec("one", "street.mp4", "nanodet-g", batch=4)
    told = []
    paces.changed.connect(lambda: told.append(True))
    paces.keep_waterfall(asked, result_of(spec_for(Settings()), complete=True))
    one = msgspec.structs.replace(asked, batch=1)
    assert paces.of("saturated", asked) is None and paces.of("saturated", one).fps == 100.0 and told
    assert paces.of("paced", one).inference_ms == 11.0 and paces.of("paced", one).is_from_waterfall
