"""The sweep on the shipped model: what was asked, what was given, what is resumed, and what stops it."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import msgspec
import pytest
from list_outbox import ListOutbox

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
from edgeperf_gui.verbs.sweep import going_on, surviving
from edgeperf_gui.verbs.sweep_report import report

CLIP = str(places.shipped("resources/clips/street.mp4"))


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
        assert point.batch_wait_mean_ms == pytest.approx((point.batch - 1) * 1000 / 60)
    assert any(point.on_front for point in result.points)
    assert result.complete and result.best.point in result.points


def test_the_streams_that_the_runtime_gave_are_told_and_not_those_asked(swept) -> None:
    result, _ = swept
    assert {point.streams for point in result.points if point.streams_asked == 1} == {1}
    assert all(point.streams < 500 for point in result.points if point.streams_asked == 500)


def test_a_request_that_is_alone_gets_all_the_cores_as_with_benchmark_app(swept) -> None:
    alone = [point for point in swept[0].points if point.requests_asked == 1]
    assert len(alone) == 4 and {point.streams for point in alone} == {1}


def test_the_report_has_no_columns_for_what_nobody_asked_for(swept) -> None:
    assert report(swept[0]).splitlines()[0].split()[:5] == ["variant", "batch", "streams", "requests", "median"]


def test_little_holds_while_all_requests_are_busy() -> None:
    result = run(spec(batches=(1, 2), streams=(1,), requests=(1, 2), rounds=3), ListOutbox(), threading.Event())
    # L = λ W: requests × batch frames are under way, each for its latency; medians, for a machine may stand still in one block
    for point in result.points:
        assert point.fps * point.latency.median_ms / 1e3 == pytest.approx(point.requests * point.batch, rel=0.35)


def test_it_tells_how_far_it_is_and_what_it_knows(swept) -> None:
    result, outbox = swept
    assert any("round 1 of 1" in message.activity for message in outbox.of(Progress))
    partial = [msgspec.json.decode(message.data, type=SweepResult) for message in outbox.of(Answer) if not message.is_final]
    assert len(partial) == len(result.points) and not partial[0].complete
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.COMPLETED


def test_a_sweep_that_was_cut_short_goes_on_with_its_points(swept) -> None:
    result, _ = swept
    # as if nobody had disturbed them: the others are measured once more
    known = tuple(msgspec.structs.replace(point, clean_blocks=1) for point in result.points)[:3]
    outbox = ListOutbox()
    again = run(spec(batches=(1, 2), streams=(1, 500), requests=(1, 2), known=known), outbox, threading.Event())
    for point in known:
        assert any(point.latency == other.latency and point.fps == other.fps for other in again.points)
    assert len(outbox.of(Answer)) == len(result.points) - len(known) + 1
    assert again.spec.known == ()


@pytest.fixture(scope="module")
def hinted() -> SweepResult:
    asked = spec(hints=("throughput", "none"), streams=(None, 2), threads=(1, 2))
    return run(asked, ListOutbox(), threading.Event())


def test_two_hints_and_two_numbers_of_threads_are_measured_each_with_each(hinted) -> None:
    assert [(point.hint, point.streams_asked, point.threads_asked) for point in hinted.points] == [
        (hint, streams, threads) for hint, streams in (("throughput", None), ("none", None), ("none", 2)) for threads in (1, 2)
    ]
    for point in hinted.points:
        assert point.fps > 1 and point.threads <= point.threads_asked and point.streams <= point.threads
        assert point.threads == 1 or multiprocessing.cpu_count() > 1
    # one thread leaves no hint a choice: the report says that such points are the same
    assert "the runtime gave the same streams, requests and threads to" in report(hinted)
    head, *rows = report(hinted).splitlines()
    assert head.split()[3:6] == ["requests", "threads", "hint"] and "throughput" in rows[0]


def test_a_sweep_over_hints_goes_on_with_the_points_of_one(hinted) -> None:
    known = tuple(msgspec.structs.replace(point, clean_blocks=1) for point in hinted.points if point.hint == "throughput")
    outbox = ListOutbox()
    again = run(spec(hints=("throughput", "latency"), threads=(2, 1), known=known), outbox, threading.Event())
    for point in again.points:
        if point.hint == "throughput":
            assert any(point.settings == other.settings and point.fps == other.fps for other in known)
        else:
            assert point.fps > 1
    assert len(outbox.of(Answer)) == 2 + 1


def test_hints_that_leave_no_use_for_streams_are_refused() -> None:
    with pytest.raises(BadInput, match="chooses the streams itself") as refused:
        run(spec(hints=("latency",), streams=(1, 2)), ListOutbox(), threading.Event())
    assert "Add hint none" in refused.value.remedy


def test_stopped_before_anything_was_measured_there_is_no_result() -> None:
    stop = threading.Event()
    stop.set()
    outbox = ListOutbox()
    assert run(spec(), outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED


def test_stopped_on_the_way_what_is_known_is_told() -> None:
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: len(outbox.of(Answer)) == 2 and stop.set())
    result = run(spec(batches=(1, 2, 3)), outbox, stop)
    assert not result.complete and sum(point.fps is not None for point in result.points) == 1


def test_stopped_before_it_is_measured_again_a_point_keeps_what_was_measured_in_part(swept) -> None:
    result, _ = swept
    known = tuple(msgspec.structs.replace(point, clean_blocks=1, on_front=False) for point in result.points)
    ranges = {"batches": (1, 2), "streams": (1, 500), "requests": (1, 2), "rounds": 2, "known": known}
    stop = threading.Event()
    outbox = ListOutbox(hears=lambda message: isinstance(message, Answer) and stop.set())
    again = run(spec(**ranges), outbox, stop)
    assert again is not None and not again.complete
    assert [(point.fps, point.latency) for point in again.points] == [(point.fps, point.latency) for point in known]
    assert all(point.batch_wait_ms is None for point in again.points), "no rate is asked this time"


def test_stopped_with_points_that_only_could_not_run_there_is_no_result() -> None:
    marked = [msgspec.structs.replace(point, sentence="It does not fit.") for point in asked_points(spec(batches=(1, 2)))]
    stop = threading.Event()
    stop.set()
    assert run(spec(batches=(1, 2), known=tuple(marked[:1])), ListOutbox(), stop) is None


def test_a_stop_ends_a_block_before_its_time() -> None:
    stop = threading.Event()

    def soon(message) -> None:
        """In the block, which lasts until the test's own time is over; one that is met while loading has to end it as well."""
        if isinstance(message, Progress) and timer.ident is None:
            timer.start()

    outbox, timer = ListOutbox(hears=soon), threading.Timer(1.0, stop.set)
    asked = spec(block_seconds=50.0)
    assert run(asked, outbox, stop) is None
    assert outbox.of(SessionStatus)[-1].reason is FinishReason.STOPPED


def test_what_the_process_pays_once_is_not_the_first_points() -> None:
    loads: list[int] = []
    entrant = sweep_entrant.Entrant

    class Counting(entrant):
        def load(self, *given) -> None:
            loads.append(self.asked.batch)
            super().load(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("edgeperf_gui.engine.jobs.sweep.Entrant", Counting)
        result = run(spec(batches=(2, 3)), ListOutbox(), threading.Event())
    assert loads[0] == 1 and sorted(loads[1:]) == [2, 3], "one is thrown away"
    assert all(point.rss_mb is None or point.rss_mb > 0 for point in result.points)


def test_a_device_that_is_not_here_is_refused_before_the_points() -> None:
    outbox = ListOutbox()
    with pytest.raises(BadInput, match=r"NPU\.7 is not on this machine") as refused:
        run(spec(device="NPU.7"), outbox, threading.Event())
    assert "Devices here" in refused.value.remedy and not outbox.of(Answer)


def test_a_point_that_does_not_fit_is_marked_and_the_sweep_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    really = sweep_entrant.runtime.load

    def load(card, asked, activity):
        if asked.batch == 64:
            raise MemoryError
        return really(card, asked, activity)

    monkeypatch.setattr(sweep_entrant.runtime, "load", load)
    result = run(spec(batches=(1, 64)), ListOutbox(), threading.Event())
    assert result.points[0].fps and result.points[1].fps is None
    assert "out of memory" in result.points[1].sentence
    with pytest.raises(RunError, match="No point of the sweep could run"):
        run(spec(batches=(64,)), ListOutbox(), threading.Event())


def test_an_adaptive_sweep_leaves_hopeless_points_out_and_says_what_that_saved() -> None:
    outbox = ListOutbox()
    result = run(spec(precisions=("FP32", "FP16"), rounds=4, adaptive=True), outbox, threading.Event())
    assert result.saved_seconds is not None and result.fps_spread_percent > 0
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
    ("other", "said"),
    [
        ({"model": "yolox-nano"}, "its model is nanodet-g, and now yolox-nano is asked"),
        ({"device": "AUTO"}, "its device is CPU, and now AUTO"),
        ({"source": "other.mp4"}, "its source is .*street.mp4, and now other.mp4"),
        ({"source": None}, "and now noise is asked"),
        ({"block_seconds": 0.5}, "its block seconds is 0.1, and now 0.5"),
    ],
)
def test_points_of_another_sweep_are_not_taken_over(swept, other, said) -> None:
    result, _ = swept
    same = {"source": CLIP}
    assert going_on(spec(**same, rounds=3, batches=(8,)), result, "sweep.json").known == result.points
    with pytest.raises(BadInput, match=said):
        going_on(spec(**(same | other)), result, "sweep.json")


def test_the_command_refuses_the_file_of_another_sweep(swept, capsys, tmp_path: Path) -> None:
    earlier = tmp_path / "sweep.json"
    earlier.write_bytes(msgspec.json.encode(swept[0]))
    assert main(["sweep", "--resume", str(earlier), "--threads", "1"]) == 2
    assert "cannot be resumed" in capsys.readouterr().err
