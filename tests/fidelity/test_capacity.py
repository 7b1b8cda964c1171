"""Virtual cameras through the shipped model."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.domain import places
from edgeperf_gui.domain.capacity import CapacityResult, CapacitySpec
from edgeperf_gui.domain.errors import BadInput, SourceError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.cameras import Served
from edgeperf_gui.engine.jobs import capacity
from edgeperf_gui.engine.jobs.capacity import Capacity, run
from edgeperf_gui.engine.jobs.job_outbox import Teller

CLIP = str(places.shipped("resources/clips/street.mp4"))


class ListOutbox:
    def __init__(self) -> None:
        self.messages: list = []

    def send(self, message) -> None:
        self.messages.append(message)

    def of(self, kind: type) -> list:
        return [message for message in self.messages if isinstance(message, kind)]


def spec(**fields) -> CapacitySpec:
    easy = {
        "session_id": "trial",
        "source": CLIP,
        "model": "nanodet-g",
        "rate": 5.0,
        "max_miss_percent": 40.0,
        "most": 2,
        "seconds": 10.0,
    }
    return CapacitySpec(**(easy | fields))


@pytest.fixture(scope="module")
def found() -> tuple[CapacityResult, ListOutbox]:
    outbox = ListOutbox()
    return run(spec(), outbox, threading.Event()), outbox


def test_few_slow_cameras_are_served_and_counted(found) -> None:
    result, outbox = found
    assert [step.cameras for step in result.steps] == [1, 2]
    assert result.verdict == "PASS" and result.verified == 2 and result.complete
    for step in result.steps:
        # every frame due in the counted stretch was served, missed, or is the one under way
        assert step.fps_each == pytest.approx(5, rel=0.4) and step.frames >= step.cameras * 8
        assert step.cpu_ms_per_frame > 0.5
    assert result.predicted == pytest.approx(
        (result.machine.cpu_quota or result.machine.logical_cpus) * 1e3 / (result.steps[0].cpu_ms_per_frame * 5)
    )
    assert "2 cameras are served at 5 FPS" in result.sentence
    assert outbox.of(Progress) and outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_a_deadline_that_nothing_meets_fails_with_the_first_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    # other programs are no excuse here
    monkeypatch.setattr(capacity, "DIRTY_PERCENT", 101.0)
    result = run(spec(deadline_ms=0.001), ListOutbox(), threading.Event())
    assert result.verdict == "FAIL" and result.verified is None and len(result.steps) == 1
    assert result.steps[0].miss_percent == 100
    assert result.sentence.startswith("No camera is certain to be served at 5 FPS")


def judged(served: list[Served], foreign_percent: float | None = 0.0):
    job = Capacity(spec(), Teller("trial", ListOutbox()), threading.Event())
    job._deadline_ms = 100.0
    return job._judged(served, 10.0, 1.0, foreign_percent, 4)


def test_where_no_frame_was_due_nothing_is_decided() -> None:
    step = judged([Served(), Served()])
    assert (step.verdict, step.frames) == ("UNDECIDED", 0) and "--seconds" in step.note
    assert judged([Served(dropped=3), Served()]).verdict == "FAIL"


def test_a_failure_on_a_machine_that_others_used_is_none() -> None:
    late = [Served([500.0] * 100)]
    assert (judged(late).verdict, judged(late).note) == ("FAIL", "")
    assert judged(late, None).verdict == "FAIL"
    step = judged(late, 12.3)
    assert step.verdict == "UNDECIDED" and "other programs took 12 % of the CPU" in step.note
    # what passes in spite of them passes
    assert judged([Served([5.0] * 100)], 12.3).verdict == "PASS"


def test_slower_than_one_frame_a_run_is_undecided_and_the_place_is_quiet() -> None:
    sys.setswitchinterval(0.005)
    result = run(spec(rate=0.2, most=1, seconds=1.0), ListOutbox(), threading.Event())
    (step,) = result.steps
    assert step.verdict == "UNDECIDED" and step.frames <= 1
    assert sys.getswitchinterval() < 0.005


def test_finding_their_places_costs_the_cameras_nothing() -> None:
    """16 cameras up to 249 frames into the clip, at one frame a second: whoever counted the way there would miss every tenth."""
    job = Capacity(spec(rate=1.0, most=1, seconds=1.0), Teller("trial", ListOutbox()), threading.Event())
    assert job.run() is not None
    assert job._step(16).miss_percent < 10


def test_stopped_before_the_first_run_was_over_there_is_no_result() -> None:
    stop = threading.Event()
    stop.set()
    outbox = ListOutbox()
    assert run(spec(), outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED and not outbox.of(Answer)


def test_sources_that_cannot_stand_for_cameras_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        run(spec(source="nothing.mp4"), ListOutbox(), threading.Event())
    import cv2
    import numpy as np

    cv2.imwrite(str(tmp_path / "one.png"), np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(BadInput, match="no rate of its own"):
        run(spec(source=str(tmp_path), rate=None), ListOutbox(), threading.Event())


def test_the_command_writes_the_schema_and_its_exit_code_is_the_verdict(tmp_path: Path, capsys, home: Path) -> None:
    target = tmp_path / "capacity.json"
    words = ["capacity", "--source", CLIP, "--rate", "5", "--max-miss-percent", "40", "--most", "1", "--json", str(target)]
    assert main(words) == 0
    written = json.loads(target.read_text())
    assert written["schema"] == "edgeperf.capacity/1" and written["verdict"] == "PASS" and written["verified"] == 1
    assert {"cameras", "fps_each", "miss_percent", "age_p99_ms", "verdict"} <= written["steps"][0].keys()
    assert "1 camera is served at 5 FPS" in capsys.readouterr().out
    assert main([*words[:-2], "--deadline", "0.001", "--seconds", "2"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--rate", "0"],
        ["--rate", "1e-310"],
        ["--rate", "1e-15"],
        ["--deadline", "nan"],
        ["--max-miss-percent", "100"],
        ["--max-miss-percent", "1e-323"],
        ["--seconds", "nan"],
        ["--seconds", "inf"],
        ["--most", "0"],
    ],
)
def test_bad_words_on_the_command_line_are_a_sentence_and_exit_2(words: list[str], capsys) -> None:
    assert main(["capacity", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err
