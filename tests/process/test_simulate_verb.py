from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from list_outbox import ListOutbox

from edgeperf_gui.analysis.service_times import Measured, ServiceTimes
from edgeperf_gui.cli import edgeperf
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.domain.simulation import SimulationSpec, Situation
from edgeperf_gui.engine.jobs import situation_runs
from edgeperf_gui.engine.jobs.simulate import run
from edgeperf_gui.engine.jobs.situation_runs import after_warm_up

pytestmark = pytest.mark.alone


def spec(*situations: Situation, **fields) -> SimulationSpec:
    clip = str(places.shipped("resources/clips/street.mp4"))
    given = {"session_id": uuid.uuid4().hex, "source": clip, "model": "nanodet-g", "calibration_s": 1.0} | fields
    return SimulationSpec(situations=situations, **given)


def test_a_prediction_stands_beside_its_run(tmp_path: Path) -> None:
    found = tmp_path / "simulation.json"
    words = ["simulate", "--rate", "20", "--batch", "1,2", "--seconds", "3.5", "--calibration", "1", "--verify"]
    result = CliRunner().invoke(edgeperf, [*words, "--json", str(found)])
    assert result.exit_code == 0, result.output
    answer = json.loads(found.read_text())
    assert answer["schema"] == "edgeperf.simulation/1"
    assert [one["situation"]["batch"] for one in answer["predictions"]] == [1, 2]
    for one in answer["predictions"]:
        assert one["samples"] >= 30
        for outcome in (one["predicted"], one["measured"], one["hindcast"]):
            assert 0 < outcome["completed"] <= outcome["due"] <= 71 + 1
            assert outcome["age"]["min_ms"] > 0
    # the first frame of two waits a period for the second
    slow = [one["measured"]["age"]["max_ms"] for one in answer["predictions"]]
    assert slow[1] > 45
    assert "predicted" in result.output
    assert "measured" in result.output
    assert answer["spec"]["calibration_s"] == 1.0
    assert "before and after each run" in result.output
    assert [line.split()[0] for line in result.output.splitlines() if line.startswith("  ")].count("hindcast") == 2
    for one in answer["predictions"]:
        assert one["spans"]["age_p99_ms"] is None, "70 frames know no p99"
        low, high = one["spans"]["age_median_ms"]
        assert low <= one["predicted"]["age"]["median_ms"] <= high
        assert 0.3 < one["slowdown"] < 3


@pytest.mark.parametrize("line", ["newest", "all"])
def test_an_overloaded_run_is_counted_from_its_first_frame_and_explained_by_its_own_times(line: str) -> None:
    """A queue that grows all the time has no steady part: cut as if it had, the ages of one half stood for the whole."""
    result = run(spec(Situation(rate_fps=900, line=line, seconds=2.0), verify=True), ListOutbox(), threading.Event())
    assert result is not None
    one = result.predictions[0]
    assert one.measured is not None and one.measured.age is not None
    assert one.hindcast is not None and one.hindcast.age is not None
    assert one.measured.age.n == one.measured.completed
    assert one.measured.age.min_ms < 0.2 * one.measured.age.max_ms or line == "newest", "the first frames were in time"
    assert one.hindcast.completed == pytest.approx(one.measured.completed, rel=0.1)
    assert one.hindcast.age.median_ms == pytest.approx(one.measured.age.median_ms, rel=0.1)


def test_a_run_its_hindcast_and_its_prediction_look_at_the_same_vehicles() -> None:
    """Of the scene they see what comes after the warm-up; each vehicle is in view for about twenty frames."""
    scene = "scene:highway?fps=60&size=640x360&view=20&speed=200&density=40"
    asked = spec(Situation(rate_fps=60, seconds=4.0), source=scene, looks=3, verify=True)
    result = run(asked, ListOutbox(), threading.Event())
    assert result is not None
    one = result.predictions[0]
    assert one.measured_looks is not None and one.hindcast_looks is not None and one.looks is not None
    assert one.measured_looks.vehicles >= 3
    assert one.hindcast_looks.vehicles == pytest.approx(one.measured_looks.vehicles, abs=1), "one more at the end, or less"
    assert one.looks.vehicles == one.hindcast_looks.vehicles
    assert one.hindcast_looks.mean == pytest.approx(one.measured_looks.mean, rel=0.1)


def test_several_cameras_are_run_as_well() -> None:
    outbox = ListOutbox()
    result = run(spec(Situation(rate_fps=10, cameras=3, seconds=1.0), verify=True), outbox, threading.Event())
    assert result is not None
    one = result.predictions[0]
    assert one.measured is not None
    # three cameras of ten frames a second each, whatever a busy machine served of them
    assert 27 <= one.measured.due <= 33
    assert 0 < one.measured.completed <= one.measured.due
    assert one.predicted.due == 30
    assert one.hindcast is None and one.slowdown is None, "which camera a frame came from is not recorded"
    assert isinstance(outbox.messages[-1], SessionStatus)
    assert outbox.messages[-1].reason is FinishReason.COMPLETED


def test_a_stop_ends_it() -> None:
    stop = threading.Event()
    outbox = ListOutbox()
    stop.set()
    assert run(spec(Situation(rate_fps=10)), outbox, stop) is None
    assert outbox.messages[-1].reason is FinishReason.STOPPED


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        (Situation(rate_fps=10, by_chance=True), "queue"),
        (Situation(rate_fps=10, cameras=2, line="all"), "Several cameras"),
        (Situation(rate_fps=10, cameras=2, batch=2), "Several cameras"),
        (Situation(rate_fps=1000, cameras=64, seconds=3600), "more than 2000000 frames"),
    ],
)
def test_what_the_engine_cannot_run_is_refused(situation: Situation, words: str) -> None:
    outbox = ListOutbox()
    with pytest.raises(BadInput, match=words):
        run(spec(situation), outbox, threading.Event())
    assert outbox.messages[-1].reason is FinishReason.FAILED


def test_each_run_is_predicted_from_the_rates_next_to_it_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_from: list[list[float]] = []
    genuine = situation_runs.service_times

    def listened(measured: Sequence[Measured], streams: int | None) -> ServiceTimes:
        drawn_from.append(sorted(one.rate_fps for one in measured))
        return genuine(measured, streams)

    monkeypatch.setattr(situation_runs, "service_times", listened)
    asked = [Situation(rate_fps=rate, seconds=1.0) for rate in (40, 70, 130)]
    run(spec(*asked, verify=True), ListOutbox(), threading.Event())
    for situation, (below, too_below, above, too_above) in zip(asked, drawn_from, strict=True):
        assert below == too_below < situation.rate_fps < above == too_above
        assert above / below == pytest.approx(2**0.25)


def test_a_model_too_slow_for_the_calibration_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = ListOutbox()
    monkeypatch.setattr(situation_runs, "after_warm_up", lambda records: records[:0])
    with pytest.raises(RunError, match="measured too briefly: no frame was done in time") as caught:
        run(spec(Situation(rate_fps=30, seconds=1)), outbox, threading.Event())
    assert caught.value.remedy == "Take a smaller batch, or a longer calibration."


def test_the_first_half_second_is_left_out() -> None:
    records = np.zeros(20, FRAME)
    records["decode_start_ns"] = 10**15 + np.arange(20) * 10**8
    assert after_warm_up(records)["decode_start_ns"].tolist() == records["decode_start_ns"][6:].tolist()
    assert after_warm_up(records[:0]).size == 0


def test_a_live_source_is_refused() -> None:
    with pytest.raises(BadInput):
        run(spec(Situation(rate_fps=10), source="camera:63"), ListOutbox(), threading.Event())


@pytest.mark.parametrize(
    "words",
    [
        ["--rate", "0"],
        ["--rate", "-3"],
        ["--rate", "ten"],
        ["--batch", "1.5"],
        ["--batch", "65"],
        ["--cameras", "0"],
        ["--rate", ""],
    ],
)
def test_numbers_that_mean_nothing_are_refused(words: list[str]) -> None:
    result = CliRunner().invoke(edgeperf, ["simulate", *words])
    assert result.exit_code == 2
    assert "is not" in result.output
