"""The sweep on the shipped model: what was asked, what was given, what is resumed, and what stops it."""

from __future__ import annotations

import json
import multiprocessing
import threading
from pathlib import Path

import msgspec
import pytest

from edgeperf_gui.cli import main
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, ModelError, RunError
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.session import FinishReason, SessionStatus
from edgeperf_gui.domain.sweep import Best, SweepResult, SweepSpec
from edgeperf_gui.engine.jobs import sweep_entrant
from edgeperf_gui.engine.jobs.sweep import asked_points, run
from edgeperf_gui.engine.machine import describe_machine
from edgeperf_gui.verbs.in_child import Died, run_in_child
from edgeperf_gui.verbs.sweep import surviving

CLIP = str(places.shipped("resources/clips/street.mp4"))


class ListOutbox:
    def __init__(self) -> None:
        self.messages: list = []

    def send(self, message) -> None:
        self.messages.append(message)

    def of(self, kind: type) -> list:
        return [message for message in self.messages if isinstance(message, kind)]


def spec(**fields) -> SweepSpec:
    quick = {"session_id": "trial", "model": "nanodet-g", "rounds": 1, "block_seconds": 0.1}
    return SweepSpec(**(quick | fields))


@pytest.fixture(scope="module")
def swept() -> tuple[SweepResult, ListOutbox]:
    outbox = ListOutbox()
    asked = spec(batches=(1, 2), streams=(1, 500), requests=(1, 2), source=CLIP, rate=30.0, deadline_ms=1000.0)
    return run(asked, outbox, threading.Event()), outbox


def test_every_combination_is_a_point_and_measured(swept) -> None:
    result, _ = swept
    assert [(p.batch, p.streams_asked, p.requests_asked) for p in result.points] == [
        (batch, streams, requests) for batch in (1, 2) for streams in (1, 500) for requests in (1, 2)
    ]
    for point in result.points:
        assert point.fps > 1 and point.latency.n >= 4 and point.executed_precision and point.compile_ms > 0
        assert point.per_frame_ms == pytest.approx(point.latency.median_ms / point.batch)
        assert point.batch_wait_ms == pytest.approx((point.batch - 1) * 1000 / 30)
    assert any(point.on_front for point in result.points)
    assert result.complete and result.best.point in result.points


def test_the_streams_that_the_runtime_gave_are_told_and_not_those_asked(swept) -> None:
    result, _ = swept
    assert {point.streams for point in result.points if point.streams_asked == 1} == {1}
    assert all(point.streams < 500 for point in result.points if point.streams_asked == 500)


def test_little_holds_while_all_requests_are_busy(swept) -> None:
    # L = λ W: requests × batch frames are under way, each for its latency
    for point in swept[0].points:
        assert point.fps * point.latency.mean_ms / 1e3 == pytest.approx(point.requests * point.batch, rel=0.35)


def test_it_tells_how_far_it_is_and_what_it_knows(swept) -> None:
    result, outbox = swept
    assert any("round 1 of 1" in message.activity for message in outbox.of(Progress))
    partial = [msgspec.json.decode(message.data, type=SweepResult) for message in outbox.of(Answer) if not message.is_final]
    assert len(partial) == len(result.points) and not partial[0].complete
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_a_sweep_that_was_cut_short_goes_on_with_its_points(swept) -> None:
    result, _ = swept
    known = tuple(point for point in result.points if point.clean_blocks)[:3]
    outbox = ListOutbox()
    again = run(spec(batches=(1, 2), streams=(1, 500), requests=(1, 2), known=known), outbox, threading.Event())
    for point in known:
        assert any(point.latency == other.latency and point.fps == other.fps for other in again.points)
    assert len(outbox.of(Answer)) == len(result.points) - len(known) + 1
    assert again.spec.known == ()


def test_stopped_before_anything_was_measured_there_is_no_result() -> None:
    stop = threading.Event()
    stop.set()
    outbox = ListOutbox()
    assert run(spec(), outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED


def test_stopped_on_the_way_what_is_known_is_told() -> None:
    stop, outbox = threading.Event(), ListOutbox()
    outbox.send = lambda message: (outbox.messages.append(message), len(outbox.of(Answer)) == 2 and stop.set())
    result = run(spec(batches=(1, 2, 3)), outbox, stop)
    assert not result.complete and sum(point.fps is not None for point in result.points) == 1


def test_a_point_that_does_not_fit_is_marked_and_the_sweep_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    really = sweep_entrant.runtime.load

    def load(card, asked, activity, *, batch):
        if batch == 64:
            raise MemoryError
        return really(card, asked, activity, batch=batch)

    monkeypatch.setattr(sweep_entrant.runtime, "load", load)
    result = run(spec(batches=(1, 64)), ListOutbox(), threading.Event())
    assert result.points[0].fps and result.points[1].fps is None
    assert "out of memory" in result.points[1].sentence
    with pytest.raises(RunError, match="No point of the sweep could run"):
        run(spec(batches=(64,)), ListOutbox(), threading.Event())


def test_an_adaptive_sweep_leaves_hopeless_points_out_and_says_what_that_saved() -> None:
    outbox = ListOutbox()
    result = run(spec(precisions=("FP32", "FP16"), rounds=4, adaptive=True), outbox, threading.Event())
    assert result.saved_seconds is not None
    figures = [(point.latency.median_ms, point.fps) for point in result.points]
    if figures[0][0] > 1.3 * figures[1][0]:  # not so on a machine that has nothing faster than f32
        assert result.saved_seconds > 0 and len(outbox.of(Answer)) == 2 + 2 + 1 + 1 + 1


def test_a_point_that_kills_its_process_is_tried_twice_then_marked_and_left_out() -> None:
    asked = spec(batches=(1, 2))
    outbox = ListOutbox()
    runs: list[SweepSpec] = []

    def in_a_mortal_process(again: SweepSpec) -> SweepResult | None:
        runs.append(again)
        if len(runs) > 2:
            return run(again, outbox, threading.Event())
        points = tuple(asked_points(asked))
        so_far = SweepResult(again, describe_machine(), points, Best(None, None, None, ""), 0.0, None, False, under_way=1)
        raise Died("The process died while measuring (SIGKILL).", "", msgspec.json.encode(so_far))

    result = surviving(asked, in_a_mortal_process)
    assert len(runs) == 3 and not any(point.sentence for point in runs[1].known)
    assert result.points[0].fps and result.points[1].fps is None
    assert result.points[1].sentence.startswith("Its process died twice. The process died while measuring (SIGKILL)")


def test_a_death_outside_a_point_is_not_survived() -> None:
    def dies_at_once(again: SweepSpec) -> SweepResult | None:
        raise Died("The process died while starting (SIGSEGV).", "", None)

    with pytest.raises(Died, match="SIGSEGV"):
        surviving(spec(), dies_at_once)


def test_a_real_process_that_is_killed_leaves_its_last_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaths: list[bytes | None] = []

    def show(status: SessionStatus) -> None:
        for child in multiprocessing.active_children():
            if "batch 2" in status.activity:
                child.kill()

    def run_once(again: SweepSpec) -> SweepResult | None:
        try:
            return run_in_child("edgeperf_gui.engine.jobs.sweep:run", again, SweepResult, show, threading.Event())
        except Died as death:
            deaths.append(death.answer)
            raise

    result = surviving(spec(batches=(1, 2)), run_once)
    assert len(deaths) == 2 and all(deaths)
    assert result is not None and result.points[0].fps
    assert "died twice" in result.points[1].sentence


def test_bad_ranges_are_sentences() -> None:
    with pytest.raises(ModelError, match="no model called"):
        run(spec(model="nothing"), ListOutbox(), threading.Event())
    with pytest.raises(BadInput, match="make 1000 points"):
        run(spec(batches=tuple(range(1, 1001))), ListOutbox(), threading.Event())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--streams", "0"], "not a range from 1"),
        (["--batch", ""], "neither a whole number"),
        (["--batch", "4-2"], "not a range"),
        (["--batch", "two"], "neither a whole number"),
        (["--precision", "FP8"], "none of FP32"),
        (["--deadline", "-1"], "is no deadline"),
        (["--rate", "nan"], "is no rate"),
        (["--resume", "nothing.json"], "cannot be read"),
    ],
)
def test_bad_words_on_the_command_line_are_a_sentence_and_exit_2(words, said, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *words]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


def test_a_file_that_is_no_sweep_is_a_sentence(capsys, tmp_path: Path) -> None:
    other = tmp_path / "run.json"
    other.write_text('{"schema": "edgeperf.run/1"}')
    assert main(["sweep", "--resume", str(other)]) == 2
    assert "is not the result of a sweep" in capsys.readouterr().err


def test_the_command_prints_a_table_and_writes_the_schema(capsys, tmp_path: Path, home: Path) -> None:
    target = tmp_path / "sweep.json"
    assert main(["sweep", "--batch", "1,2", "--rounds", "1", "--deadline", "0.001", "--json", str(target)]) == 0
    output = capsys.readouterr().out
    assert "Nothing meets 0.001 ms; the nearest is FP16 batch" in output
    written = json.loads(target.read_text())
    assert written["schema"] == "edgeperf.sweep/1" and written["best"]["point"] is None
    keys = {"variant", "batch", "streams_asked", "streams", "requests", "hint", "threads", "latency", "fps", "per_frame_ms"}
    keys |= {"rss_mb", "compile_ms", "clean_blocks", "dirty_blocks", "on_front"}
    assert len(written["points"]) == 2 and keys <= written["points"][0].keys()
