"""The measurement of accuracy with real children, and what is kept of it."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import msgspec
import pytest

from edgeperf_gui.analysis.scenario_quality import Figure, Quality
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain import places
from edgeperf_gui.domain.accuracy import Agreement, ClassificationAccuracy
from edgeperf_gui.domain.card import InputCard, ModelCard, VariantCard
from edgeperf_gui.domain.compare import Blocks, CompareResult
from edgeperf_gui.domain.jobs import CompareSpec
from edgeperf_gui.domain.results import Machine, StageStats
from edgeperf_gui.domain.session import FinishReason, SessionSpec
from edgeperf_gui.link.host import EngineHost
from edgeperf_gui.live.accuracy_measurement import AccuracyMeasurement
from edgeperf_gui.live.controller import Controller
from edgeperf_gui.live.measured_ledger import MeasuredLedger
from edgeperf_gui.live.scenario_ratios import ScenarioRatios

PATIENCE_MS = 30_000
MACHINE = Machine("host", "os", "3.11", "2026.4", "5.0", "cpu", 2, None, None)


@pytest.fixture
def controller(qapp):
    made = Controller(host=EngineHost("trial_compare:session"))
    yield made
    made.shutdown()


@pytest.fixture
def measurement(controller):
    made = AccuracyMeasurement(controller, "trial_accuracy:run")
    made.ends = []
    made.finished.connect(lambda: made.ends.append(controller.turn.name))
    yield made
    made.shutdown()


@pytest.fixture
def told():
    return []


@pytest.fixture
def ledger(qapp, told):
    return MeasuredLedger(lambda sentence, remedy: told.append(sentence))


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)


def test_all_variants_come_in_one_answer(measurement, controller, qtbot):
    assert measurement.start("quick", ("FP16", "INT8"), "/pictures", limit=4)
    assert not measurement.start("quick", ("FP16",), "/pictures")
    assert controller.turn.name == "A measurement of accuracy" and measurement.hindrance == ""
    wait(qtbot, lambda: measurement.ends)
    assert measurement.ends == [""]
    assert [one.precision for one in measurement.result.each()] == ["FP16", "INT8"]
    assert measurement.result.spec.limit == 4
    assert not measurement.is_running and measurement.failure is None and measurement.progress is None


def test_not_while_it_is_anothers_turn(measurement, controller):
    assert controller.turn.take("another", "A comparison")
    assert not measurement.start("quick", ("FP16",), "/pictures")
    assert measurement.hindrance.startswith("A comparison runs") and not measurement.is_running


def test_cancelled_it_keeps_what_it_saw(measurement, qtbot):
    measurement.start("patient", ("FP16",), "/pictures")
    wait(qtbot, lambda: measurement.progress is not None)
    measurement.cancel()
    measurement.cancel()
    assert measurement.is_stopping
    wait(qtbot, lambda: measurement.ends)
    assert measurement.is_cancelled and not measurement.result.complete and measurement.failure is None


@pytest.mark.parametrize(
    ("model", "reason", "words"),
    [
        ("refuses", FinishReason.FAILED, "no pictures"),
        ("dies", FinishReason.CRASHED, ""),
        ("mumbles", FinishReason.FAILED, "cannot be read"),
    ],
)
def test_every_bad_end_is_a_sentence(measurement, qtbot, model, reason, words):
    measurement.start(model, ("FP16",), "/pictures")
    wait(qtbot, lambda: measurement.ends)
    assert measurement.result is None and measurement.failure.reason is reason
    assert words in measurement.failure.sentence and measurement.failure.sentence


def test_the_session_waits_and_goes_on(measurement, controller, qtbot):
    controller.start()
    measurement.start("quick", ("FP16",), "/pictures")
    assert measurement.is_waiting
    wait(qtbot, lambda: measurement.ends)
    assert measurement.result is not None and controller.is_running


def test_cancelled_while_the_session_ends_nothing_begins(measurement, controller, qtbot):
    controller.start()
    measurement.start("quick", ("FP16",), "/pictures")
    measurement.cancel()
    wait(qtbot, lambda: measurement.ends)
    assert measurement.result is None and controller.turn.name == ""


def test_starting_the_session_cancels_it(measurement, controller, qtbot):
    measurement.start("patient", ("FP16",), "/pictures")
    wait(qtbot, lambda: measurement.progress is not None)
    controller.start()
    wait(qtbot, lambda: measurement.ends)
    assert measurement.is_cancelled and controller.is_running


def card(tmp_path) -> ModelCard:
    (tmp_path / "a.xml").write_text("<net/>")
    os.utime(tmp_path / "a.xml", (1e9, 1e9))
    variants = {"FP16": VariantCard("a.xml", "FP16"), "FP32": VariantCard("a.xml", "FP16")}
    return ModelCard(
        "quick", "Quick", "classification", "", "", "classification", InputCard(8, 8), variants, folder=str(tmp_path)
    )


def test_what_was_measured_is_known_the_next_time(measurement, ledger, told, qtbot, tmp_path):
    measurement.start("quick", ("FP16", "INT8"), "/pictures")
    wait(qtbot, lambda: measurement.ends)
    ledger.keep_accuracy(msgspec.structs.replace(measurement.result, machine=MACHINE))
    again = MeasuredLedger(lambda *_: None)
    (found,) = again.of(card(tmp_path))
    assert (found.kind, found.machine, found.device, found.data) == ("accuracy", "host · cpu", "CPU", "pictures")
    assert set(found.variants) == {"FP16"}  # the model has no INT8 any more
    one = found.variants["FP16"]
    assert (one.figure, one.value, one.images, one.boxes) == ("top1", 0.75, 4, None) and one.low < 0.75 < one.high
    os.utime(tmp_path / "a.xml", (time.time() + 60,) * 2)
    assert again.of(card_of_now(tmp_path)) == ()
    assert not told


def card_of_now(tmp_path) -> ModelCard:
    when = (tmp_path / "a.xml").stat().st_mtime
    made = card(tmp_path)
    os.utime(tmp_path / "a.xml", (when, when))
    return made


def test_a_comparison_is_kept_only_when_it_went_to_its_end(ledger, tmp_path):
    stats = StageStats(300, 8.0, 8.1, 9.0, 9.5, 10.0, 7.0, 12.0)
    agreed = Agreement(48, 90, 0.4, 0.97, 0.98, proportion(88, 90), None, None, None, ())
    variant = SimpleNamespace(inference=stats, fps=110.0, accuracy=None, agreement=agreed)
    spec = CompareSpec("s", "clip.mp4", "quick")
    result = CompareResult(spec, MACHINE, "FP32", {"FP16": variant}, {}, (), {}, Blocks(6, 0), 48, False)
    ledger.keep_comparison(result, "clip.mp4")
    assert ledger.of(card(tmp_path)) == ()
    ledger.keep_comparison(msgspec.structs.replace(result, complete=True), "clip.mp4")
    (found,) = ledger.of(card(tmp_path))
    assert (found.kind, found.data) == ("comparison", "clip.mp4")
    one = found.variants["FP16"]
    assert (one.latency_ms, one.fps, one.frames, one.value) == (8.1, 110.0, 300, None)
    assert one.agreement == Figure("AP", 0.97, None, None, 48, "clip.mp4")
    ledger.keep_comparison(msgspec.structs.replace(result, baseline="FP16", complete=True), "clip.mp4")
    assert ledger.of(card(tmp_path))[0].variants["FP16"].agreement is None, "it was held against another than FP32"


def test_scenarios_know_the_newest_of_what_ran(ledger, controller, tmp_path):
    known = ScenarioRatios(controller, ledger)
    controller._inventory = SimpleNamespace(models=(card(tmp_path),))
    run, other = (SimpleNamespace(spec=SessionSpec("s", "clip.mp4", "quick", device=name)) for name in ("CPU", "GPU"))
    assert known.quality(run) == Quality() and known(run) == {}
    pets = ClassificationAccuracy(4, proportion(3, 4), proportion(4, 4), (), ())
    agreed = Agreement(48, 90, 0.4, 0.97, 0.98, proportion(88, 90), None, None, None, ())
    stats = StageStats(300, 8.0, 8.0, 9.0, 9.5, 10.0, 7.0, 12.0)
    variants = {
        "FP16": SimpleNamespace(inference=stats, fps=110.0, accuracy=pets, agreement=agreed),
        "FP32": SimpleNamespace(
            inference=msgspec.structs.replace(stats, median_ms=16.0), fps=60.0, accuracy=None, agreement=None
        ),
    }
    spec = CompareSpec("s", "clip.mp4", "quick", labels="/sets/pets")
    ledger.keep_comparison(CompareResult(spec, MACHINE, "FP32", variants, {}, (), {}, Blocks(6, 0), 48, True), "clip.mp4")
    share = pets.top1
    accuracy = Figure("top-1", 0.75, share.low, share.high, 4, "pets")
    assert known.quality(run) == Quality(accuracy, Figure("AP", 0.97, None, None, 48, "clip.mp4"))
    assert known(run) == {"FP32": 0.5}
    folder = SimpleNamespace(
        precision="FP16", complete=True, accuracy=pets, agreement=msgspec.structs.replace(agreed, images=900)
    )
    asked = SimpleNamespace(model="quick", device="CPU", data="/sets/all")
    ledger.keep_accuracy(SimpleNamespace(each=lambda: (folder,), spec=asked, machine=MACHINE))
    variants["FP16"].accuracy = None
    ledger.keep_comparison(CompareResult(spec, MACHINE, "FP32", variants, {}, (), {}, Blocks(6, 0), 48, True), "clip.mp4")
    assert known.quality(run).agreement == Figure("AP", 0.97, None, None, 900, "all"), "the one on the most pictures"
    assert known.quality(other) == Quality() and known(other) == {}


def test_a_damaged_file_and_a_folder_that_cannot_be_written_are_told(measurement, ledger, told, qtbot, tmp_path):
    path = places.measured_results()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    assert ledger.of(card(tmp_path)) == () and "cannot be understood" in told[0]
    path.mkdir()
    measurement.start("quick", ("FP16",), "/pictures")
    wait(qtbot, lambda: measurement.ends)
    ledger.keep_accuracy(measurement.result)
    assert "could not be kept" in told[1] and len(ledger.of(card(tmp_path))) == 1
