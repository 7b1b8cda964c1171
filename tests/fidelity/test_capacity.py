"""Virtual cameras through the shipped model."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest
from list_outbox import ListOutbox

from edgeperf_gui.analysis import camera_verdict
from edgeperf_gui.cli import main
from edgeperf_gui.domain import places
from edgeperf_gui.domain.capacity import CameraKind, CapacityResult, CapacitySpec, KindFound
from edgeperf_gui.domain.errors import BadInput, SourceError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.engine.cameras import Served
from edgeperf_gui.engine.jobs.camera_account import CameraAccount
from edgeperf_gui.engine.jobs.camera_tiles import CameraTiles
from edgeperf_gui.engine.jobs.capacity import Capacity, run
from edgeperf_gui.engine.jobs.job_outbox import Teller
from edgeperf_gui.verbs.capacity import kinds

CLIP = str(places.shipped("resources/clips/street.mp4"))


def spec(source: str = CLIP, rate: float | None = 5.0, **fields) -> CapacitySpec:
    easy = {
        "session_id": "trial",
        "model": "nanodet-g",
        "kinds": (CameraKind(source, rate),),
        "max_miss_percent": 40.0,
        "most": 2,
        "seconds": 3.0,
    }
    return CapacitySpec(**(easy | fields))


def job(asked: CapacitySpec) -> Capacity:
    outbox = ListOutbox()
    return Capacity(asked, Teller("trial", outbox), threading.Event(), CameraTiles("trial", outbox))


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
    # cores that were kept busy ÷ (CPU seconds a frame × rate)
    (kind,) = result.kinds
    assert result.predicted == pytest.approx(result.cores_used * 1e3 / (kind.cpu_ms_per_frame * 5))
    assert 0 < result.cores_used <= (result.machine.cpu_quota or result.machine.logical_cpus)
    assert result.cost_of_many is not None and result.cost_of_many[0] == 2
    assert "2 cameras are served at 5 FPS" in result.sentence
    assert outbox.of(Progress) and outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_a_deadline_that_nothing_meets_fails_with_the_first_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    # other programs are no excuse here
    monkeypatch.setattr(camera_verdict, "DIRTY_PERCENT", 101.0)
    result = run(spec(deadline_ms=0.001, seconds=2.0), ListOutbox(), threading.Event())
    assert result.verdict == "FAIL" and result.verified is None and len(result.steps) == 1
    assert result.steps[0].miss_percent == 100
    assert result.sentence.startswith("No camera is certain to be served at 5 FPS")
    assert "one camera's answers take" in result.sentence, "the nearest that would be met"


def account(served: list[Served], foreign_percent: float | None = 0.0, cpu_s: float = 1.0, cheapest_ms: float | None = None):
    """Two seconds and a half, all in one stretch, held against 100 ms."""
    kind = KindFound("street.mp4", 640, 272, 5.0, 100.0, 1)
    made = CameraAccount([0] * len(served), (kind,), 0.4, 4)
    made.end_stretch(served, 2.5, foreign_percent)
    return made.step(served, cpu_s, cheapest_ms, 2)


def test_where_no_frame_was_due_nothing_is_decided() -> None:
    step = account([Served(), Served()])
    assert (step.verdict, step.frames) == ("UNDECIDED", 0) and "more seconds" in step.note
    assert account([Served(dropped=3), Served()]).verdict == "FAIL"


def test_a_failure_on_a_machine_that_others_used_is_none() -> None:
    late = [Served([500.0] * 100)]
    assert (account(late).verdict, account(late).note) == ("FAIL", "")
    assert account(late, None).verdict == "FAIL"
    step = account(late, 12.3, cpu_s=4.0)
    assert step.verdict == "UNDECIDED" and step.is_disturbed and "other programs took 12 % of the CPU" in step.note
    # with CPU to spare nobody waits for others
    assert account(late, 12.3, cpu_s=1.0).verdict == "FAIL"
    # what passes in spite of them passes
    assert account([Served([5.0] * 100)], 12.3).verdict == "PASS"


def test_a_machine_that_others_always_use_fails_where_all_cpu_time_would_not_have_done() -> None:
    # 5 s of CPU: 0.6 theirs, 4.4 ours; at 10 ms a frame 500 frames could have been served at most
    overload = [Served([50.0] * 300, dropped=700)]
    step = account(overload, 12.0, cpu_s=4.4, cheapest_ms=10.0)
    assert step.verdict == "FAIL" and "with that, too" in step.note and step.miss_percent == 70
    # at 5 ms a frame there would have been time enough
    assert account(overload, 12.0, cpu_s=4.4, cheapest_ms=5.0).verdict == "UNDECIDED"


def test_two_kinds_are_judged_by_their_own_deadlines_and_each_for_itself() -> None:
    kinds = (KindFound("a", 640, 272, 10.0, 200.0, 3), KindFound("b", 640, 272, 25.0, 80.0, 1))
    served = [Served([150.0] * 50), Served([150.0] * 50), Served([150.0] * 20, dropped=1), Served([100.0] * 25)]
    made = CameraAccount([0, 0, 0, 1], kinds, 0.4, 1)
    made.end_stretch(served, 2.5, 0.0)
    step = made.step(served, 1.0, None, 2)
    assert [part.miss_percent for part in step.kinds] == [pytest.approx(100 / 121), 100.0]
    assert step.verdict == "FAIL" and step.fps_each == 10.0, "of the camera that fell behind its own rate most"
    assert step.worst_camera_miss_percent == 100


def test_a_camera_whose_source_does_not_come_back_is_not_passed_among_the_others() -> None:
    """Nobody has counted its frames as dropped yet."""
    kind = KindFound("street.mp4", 640, 272, 25.0, 80.0, 1)
    served = [Served([5.0] * 250) for _ in range(8)]
    made = CameraAccount([0] * 9, (kind,), 0.05, 1)
    stuck = [*served, Served([5.0] * 20)]
    made.end_stretch(stuck, 10.0, 0.0)
    step = made.step(stuck, 1.0, None, 2)
    # 25 a second in the 9.92 s of which an answer could be in time: 248, of which one may be a matter of phase
    assert (step.verdict, step.frames) == ("UNDECIDED", 2020)
    assert step.note == "camera 9 gave only 20 of 247 frames: a source did not come back in time"
    whole = CameraAccount([0] * 9, (kind,), 0.05, 1)
    whole.end_stretch([*served, Served([5.0] * 247)], 10.0, 0.0)
    assert whole.step([*served, Served([5.0] * 247)], 1.0, None, 2).verdict == "PASS"


def test_slower_than_one_frame_a_run_is_undecided_and_the_place_is_quiet() -> None:
    sys.setswitchinterval(0.005)
    result = run(spec(rate=0.5, most=1, seconds=1.0), ListOutbox(), threading.Event())
    (step,) = result.steps
    assert step.verdict == "UNDECIDED" and step.frames <= 1
    assert sys.getswitchinterval() < 0.005


def test_finding_their_places_costs_the_cameras_nothing() -> None:
    """16 cameras up to 249 frames into the clip, at one frame a second: whoever counted the way there would miss every tenth."""
    search = job(spec(rate=1.0, most=1, seconds=1.0))
    assert search.run() is not None
    assert search._step(16).miss_percent < 10


def test_stopped_before_the_first_run_was_over_there_is_no_result() -> None:
    stop = threading.Event()
    stop.set()
    outbox = ListOutbox()
    assert run(spec(), outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED and not outbox.of(Answer)


@pytest.mark.parametrize("moment", ["reading", "what a frame of", "finding their places", "% missed"])
def test_stopped_at_any_moment_it_ends_in_order_with_what_is_known(moment: str) -> None:
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, Progress) and moment in message.activity and stop.set())
    result = run(spec(seconds=1.0), outbox, stop)
    assert result is None and stop.is_set()
    assert [one.reason for one in outbox.of(SessionStatus)] == [FinishReason.STOPPED]
    # the prediction is told as soon as it is known
    assert len(outbox.of(Answer)) == (moment in ("finding their places", "% missed"))
    assert not [thread for thread in threading.enumerate() if thread.name in ("camera", "work")]


def test_sources_that_cannot_stand_for_cameras_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        run(spec(source="nothing.mp4"), ListOutbox(), threading.Event())
    import cv2
    import numpy as np

    cv2.imwrite(str(tmp_path / "one.png"), np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(BadInput, match="no rate of its own"):
        run(spec(source=str(tmp_path), rate=None), ListOutbox(), threading.Event())


def test_a_rate_above_the_sources_own_is_refused_with_what_it_has() -> None:
    with pytest.raises(BadInput, match="gives 25 frames per second; a camera of 60 cannot be shown") as refused:
        run(spec(rate=60.0), ListOutbox(), threading.Event())
    assert "at most 25" in refused.value.remedy
    from edgeperf_gui.engine.jobs.camera_kinds import CameraKinds

    assert CameraKinds(spec(rate=25.04)).found[0].rate == 25.04, "29.97 may stand for 30"


def test_a_run_that_cannot_pass_in_its_time_ends_as_soon_as_a_frames_cost_is_known() -> None:
    outbox = ListOutbox()
    result = run(spec(rate=25.0, most=1, max_miss_percent=0.1, seconds=6.0), outbox, threading.Event())
    (step,) = result.steps
    if step.miss_percent == 0:  # nobody disturbed it
        assert step.verdict == "UNDECIDED" and "frames are due, and it takes" in step.note and step.seconds < 4


def test_the_command_writes_the_schema_and_its_exit_code_is_the_verdict(tmp_path: Path, capsys, home: Path) -> None:
    target = tmp_path / "capacity.json"
    words = ["capacity", "--source", CLIP, "--rate", "10", "--max-miss-percent", "40", "--most", "1", "--json", str(target)]
    words[1:1] = ["--seconds", "2"]
    assert main(words) == 0
    written = json.loads(target.read_text())
    assert written["schema"] == "edgeperf.capacity/1" and written["verdict"] == "PASS" and written["verified"] == 1
    assert {"cameras", "fps_each", "miss_percent", "age_p99_ms", "verdict"} <= written["steps"][0].keys()
    assert "1 camera is served at 10 FPS" in capsys.readouterr().out
    assert main([*words[:-2], "--deadline", "0.001", "--seconds", "1"]) == 1
    capsys.readouterr()
    assert main(["capacity", "--source", CLIP, "--rate", "60"]) == 2, "above the clip's own"
    assert "at most 25" in capsys.readouterr().err


def test_options_given_once_hold_for_all_kinds_and_otherwise_for_each_in_turn() -> None:
    assert kinds((), (), ()) == (CameraKind(CLIP),)
    assert kinds(("a", "b"), (10.0,), ()) == (CameraKind("a", 10.0), CameraKind("b", 10.0))
    assert kinds(("a",), (10.0, 25.0), (3, 1)) == (CameraKind("a", 10.0, 3), CameraKind("a", 25.0, 1))
    with pytest.raises(BadInput, match="--rate is given 2 times, another option 3 times"):
        kinds(("a", "b", "c"), (1.0, 2.0), ())
    with pytest.raises(BadInput, match="9 kinds"):
        kinds(tuple("abcdefghi"), (), ())


@pytest.mark.parametrize(
    "words",
    [
        ["--rate", "0"],
        ["--rate", "1e-310"],
        ["--rate", "1e-15"],
        ["--rate", "5", "--rate", "nan"],
        ["--count", "0"],
        ["--rate", "1", "--rate", "2", "--count", "1", "--count", "2", "--count", "3"],
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
