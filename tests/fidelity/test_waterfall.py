"""The waterfall on the shipped model and clip, with a short budget; and what ends it early."""

from __future__ import annotations

import json
import multiprocessing
import threading
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from list_outbox import ListOutbox

from edgeperf_gui.cli import main
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, ModelError, SourceError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.messages import RecordBatch
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.domain.waterfall import PARTS, WaterfallResult, WaterfallSpec
from edgeperf_gui.engine.jobs.waterfall import run
from edgeperf_gui.verbs.in_child import Died, run_in_child

CLIP = str(places.shipped("resources/clips/street.mp4"))
JOB = "edgeperf_gui.engine.jobs.waterfall:run"


def spec(**fields) -> WaterfallSpec:
    quick = {"session_id": "trial", "source": CLIP, "model": "nanodet-g", "seconds": 1, "block_seconds": 0.1}
    return WaterfallSpec(**(quick | fields))


@pytest.fixture(scope="module")
def measured() -> tuple[WaterfallResult, ListOutbox]:
    outbox = ListOutbox()
    return run(spec(), outbox, threading.Event()), outbox


def test_every_part_is_measured_in_the_same_run_but_the_window(measured) -> None:
    result, _ = measured
    assert tuple(step.part for step in result.steps) == PARTS
    *parts, window = result.steps
    assert all(step.total_ms > 0 and step.fps == pytest.approx(1e3 / step.total_ms) for step in parts)
    assert window.adds_ms is None and window.sentence.startswith("No window takes the pictures")
    assert result.clean_rounds + result.dirty_rounds >= 1 and result.complete
    assert result.command.startswith("benchmark_app -m ") and "-hint latency" in result.command


def test_the_steps_add_up_to_the_last_loop_and_what_is_left_over_to_the_whole(measured) -> None:
    result, _ = measured
    assert sum(step.adds_ms.value for step in result.steps[:-1]) == pytest.approx(result.sum_ms)
    assert result.sum_ms + result.rest_ms.value == pytest.approx(result.whole_ms.value)
    assert result.whole_fps == pytest.approx(1e3 / result.whole_ms.value)


def test_paced_inferences_stand_beside_saturated_ones(measured) -> None:
    pacing = measured[0].pacing
    assert pacing.rate == 25.0 and pacing.paced_ms > 0 and pacing.saturated_ms > 0 and pacing.paced_frames >= 5
    assert pacing.ratio.value == pytest.approx(pacing.paced_ms / pacing.saturated_ms)


def test_it_tells_how_far_it_is_and_what_it_knows(measured) -> None:
    result, outbox = measured
    activities = [message.activity for message in outbox.of(Progress)]
    assert any("compiling" in words for words in activities) and any(words.startswith("round 1: ") for words in activities)
    answers = outbox.of(Answer)
    assert [answer.is_final for answer in answers] == [False] * (len(answers) - 1) + [True]
    assert msgspec.json.decode(answers[-1].data, type=WaterfallResult) == result
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED
    assert not outbox.of(RecordBatch), "nobody listens to records"


def test_with_somebody_looking_the_window_is_a_step_and_gets_pictures_and_records() -> None:
    outbox = ListOutbox(view=(480, 270), paints=False)
    result = run(spec(hint="throughput"), outbox, threading.Event())
    assert result.steps[-1].total_ms > 0 and not result.steps[-1].sentence
    assert outbox.pictures and outbox.of(RecordBatch)
    assert result.effective.requests == result.app_requests + 1, "a pipeline has one more under way"


def test_stopped_after_a_round_what_is_known_is_told_also_of_pictures_that_have_no_rate(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((120, 160, 3), 60 * number, np.uint8))
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, Answer) and stop.set())
    result = run(spec(source=str(tmp_path)), outbox, stop)
    assert result is not None and not result.complete
    assert result.clean_rounds + result.dirty_rounds == 1 and result.rest_ms.low is None
    assert result.pacing is None and result.steps[5].part == "decode" and result.steps[5].total_ms > 0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"model": "nanodet-gg"}, ModelError),
        ({"source": "missing.mp4"}, SourceError),
        ({"device": "NPU.7"}, BadInput),
        ({"streams": 0}, None),
    ],
)
def test_bad_input_is_told_with_a_remedy(fields, error) -> None:
    if error is None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(msgspec.to_builtins(spec()) | fields, WaterfallSpec)
        return
    outbox = ListOutbox()
    with pytest.raises(error) as caught:
        run(spec(**fields), outbox, threading.Event())
    assert caught.value.remedy and outbox.of(SessionStatus)[-1].reason is FinishReason.FAILED


@pytest.mark.parametrize("at", ["reading frames", "compiling", "warming up: queue", "round 1: "])
def test_cancelled_at_any_moment_it_ends_in_order(at: str) -> None:
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, Progress) and message.activity.startswith(at) and stop.set())
    assert run(spec(seconds=600, block_seconds=20.0), outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED and not outbox.of(Answer)


def test_a_process_that_is_killed_is_a_sentence(home: Path) -> None:
    def show(status: SessionStatus) -> None:
        if "round 1" in status.activity:
            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(Died, match=r"The process died while round 1.* \(SIGKILL"):
        run_in_child(JOB, spec(seconds=600), WaterfallResult, show, threading.Event())


def test_the_command_prints_the_answer_and_writes_json(home: Path, capsys, tmp_path: Path) -> None:
    target = tmp_path / "waterfall.json"
    assert main(["waterfall", "--seconds", "1", "--json", str(target)]) == 0
    printed = capsys.readouterr().out
    for words in ("benchmark_app’s loop", "+ decode", "the whole session", "left over", "add up to", "One inference takes"):
        assert words in printed
    assert json.loads(target.read_text())["schema"] == "edgeperf.waterfall/1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--streams", "0"], "0 is not in the range"),
        (["--model", "nothing"], "no model called"),
        (["--source", "missing.mp4"], "There is no file"),
        (["--device", "NPU.7"], "Devices here"),
        (["--seconds", "0"], "0 is no number of seconds; it is from 1 to 3600"),
        (["--seconds", "nan"], "nan is no number of seconds"),
        (["--device", ""], "it is empty"),
        (["--model", "\udcff"], "not valid UTF-8"),
        (["--source", "\udcff"], "not valid UTF-8"),
    ],
)
def test_bad_words_on_the_command_line_are_a_sentence_and_exit_2(words, said, capsys, home, monkeypatch) -> None:
    monkeypatch.chdir(home)
    assert main(["waterfall", *words]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
