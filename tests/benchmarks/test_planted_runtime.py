"""Arrival patterns and the server search on planted service times: order, waits and stops, by the real pipeline."""

from __future__ import annotations

import itertools
import threading

import msgspec
import numpy as np
import pytest
from planted_runtime import CARD, StillSource, exponential_ms, lindley_ms, lognormal_ms, measured, planted

from edgeperf_gui.analysis.server_search import Bound
from edgeperf_gui.domain.arrival_pattern import ArrivalPattern
from edgeperf_gui.domain.jobs import Answer, Progress
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.server import ServerResult, ServerSpec
from edgeperf_gui.engine.arrivals import Arrivals, ClosedLoop, arrivals
from edgeperf_gui.engine.jobs import server
from edgeperf_gui.engine.jobs.job_outbox import Teller
from edgeperf_gui.engine.jobs.server import ServerSearch
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.server_runs import InOrder, ServerRuns


class ListOutbox:
    def __init__(self, stop_after: int = 1000) -> None:
        self.messages: list = []
        self.stop = threading.Event()
        self._stop_after = stop_after

    def send(self, message) -> None:
        self.messages.append(message)
        if len(self.of(Answer)) >= self._stop_after:
            self.stop.set()

    def of(self, kind: type) -> list:
        return [message for message in self.messages if isinstance(message, kind)]


def searched(times_ms: list[float], deadline_ms: float, outbox: ListOutbox) -> ServerResult | None:
    """A search that does not last: few answers at each rate."""
    spec = ServerSpec("trial", "still", "planted", deadline_ms, 50)
    job = ServerSearch(spec, Teller("trial", outbox), outbox.stop, Bound(deadline_ms, 50, deadlines=10))
    return job.search(ServerRuns(planted(times_ms), CARD, StillSource, outbox.stop.is_set))


@pytest.fixture(autouse=True)
def _others_are_no_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DIRTY_PERCENT", 101.0)


def test_in_a_closed_loop_nobody_comes_before_the_last_is_answered() -> None:
    records = measured([2.0, 4.0], ClosedLoop(1), 20)
    assert (records["due_ns"][1:] >= records["postprocess_end_ns"][:-1]).all()
    took_ms = (records["complete_ns"] - records["submit_ns"]) / 1e6
    assert (took_ms >= [2.0, 4.0] * 10).all()


def test_frames_of_one_query_come_together() -> None:
    timetable = arrivals(ArrivalPattern("multi", frames=4))
    assert timetable is not None
    records = measured([1.0], timetable, 24)
    moments, counts = np.unique(records["due_ns"], return_counts=True)
    assert (counts == 4).all() and moments.size == 6
    for moment in moments[1:]:
        assert records["postprocess_end_ns"][records["due_ns"] < moment].max() <= moment


def test_by_chance_nobody_answers_sooner_than_theory() -> None:
    moments = np.cumsum(np.random.default_rng(4).exponential(0.006, 60))
    times_ms = exponential_ms(60, 4.0, 5)
    records = measured(times_ms, Arrivals(iter(moments.tolist())), 60)
    found = np.sort(records, order="due_ns")
    latency_ms = (found["postprocess_end_ns"] - found["due_ns"]) / 1e6
    assert (latency_ms >= lindley_ms(moments, times_ms) - 0.001).all()


def test_the_planted_times_have_the_quantiles_they_are_planted_for() -> None:
    assert np.median(lognormal_ms(2001, 25.0, 0.3, 1)) == pytest.approx(25.0)
    assert np.quantile(exponential_ms(100_000, 10.0, 1), 0.99) == pytest.approx(46.05, rel=1e-3)


def test_lindley_is_what_one_counts_by_hand() -> None:
    assert lindley_ms(np.array([0.0, 0.010, 0.012, 1.0]), np.array([15.0, 5.0, 4.0, 3.0])).tolist() == pytest.approx(
        [15, 10, 12, 3]
    )


def test_a_search_tells_every_rate_and_ends_between_two() -> None:
    outbox = ListOutbox()
    result = searched([2.0], 25.0, outbox)
    assert result is not None and result.complete and result.steps and result.alone is not None
    for step in result.steps:
        assert (
            step.late_percent == pytest.approx(100 * step.late / step.n) and step.latency is not None and step.latency.n == step.n
        )
    passed = [step.rate for step in result.steps if step.verdict == "PASS"]
    assert result.rate == max(passed, default=None)
    assert result.verdict == ("PASS" if passed else "FAIL")
    assert "a second" in result.sentence
    told = [msgspec.json.decode(answer.data, type=ServerResult) for answer in outbox.of(Answer)]
    assert [len(so_far.steps) for so_far in told] == list(range(1, len(result.steps) + 1)) and not any(
        one.complete for one in told
    )
    assert any(message.activity.endswith("s left") for message in outbox.of(Progress))


def test_a_deadline_that_nothing_meets_is_a_sentence() -> None:
    result = searched([20.0], 5.0, ListOutbox())
    assert result is not None and (result.verdict, result.rate, result.steps) == ("FAIL", None, ())
    assert result.sentence.startswith("Nothing meets 5 ms: even one frame alone takes 2")


def test_a_stop_keeps_what_was_measured_and_says_so() -> None:
    result = searched([2.0], 25.0, ListOutbox(stop_after=2))
    assert result is not None and len(result.steps) == 2 and not result.complete


def test_stopped_before_anything_was_known_there_is_no_result() -> None:
    outbox = ListOutbox()
    outbox.stop.set()
    assert searched([2.0], 25.0, outbox) is None


def test_a_failure_while_others_use_the_machine_is_tried_again_and_then_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DIRTY_PERCENT", -1.0)
    tried: list[float] = []

    class Late:
        def alone(self, frames: int) -> np.ndarray:
            return np.full(frames, 5.0)

        def at(self, rate: float, bound: Bound, tell) -> np.ndarray:
            tried.append(rate)
            return np.full(bound.looks(rate)[-1], 500.0)

    job = ServerSearch(ServerSpec("trial", "still", "planted", 50.0), Teller("trial", ListOutbox()), threading.Event())
    result = job.search(Late())
    assert result is not None and {step.verdict for step in result.steps} == {"UNDECIDED"} and result.verdict == "UNDECIDED"
    assert all("other programs took" in step.note for step in result.steps)
    assert [len(list(again)) for _, again in itertools.groupby(tried)] == [3] * len(result.steps)


def test_answers_behind_a_slow_one_do_not_stand_for_it() -> None:
    recorder, ordered = Recorder(10), InOrder([0.000_9, 0.001_9, 0.002_9])
    row = np.zeros(1, FRAME)
    for due_ns in (3_000_000, 1_000_000):  # the second has no answer yet
        row["due_ns"], row["postprocess_end_ns"] = due_ns, due_ns + 5_000_000
        recorder.append(row[0].item())
    assert ordered.with_answers(recorder, 100_000).tolist() == [5.0]
    row["due_ns"], row["postprocess_end_ns"] = 2_000_000, 9_000_000
    recorder.append(row[0].item())
    assert ordered.with_answers(recorder, 100_000).tolist() == [5.0, 7.0, 5.0]


def test_faster_than_what_can_be_held_within_so_many_deadlines_is_not_tried() -> None:
    """A rate that is tried for less than its 200 deadlines would pass before its queue had the time to grow."""
    bound = Bound(60_000.0, 90)
    outbox = ListOutbox()

    class Quick:
        def alone(self, frames: int) -> np.ndarray:
            return np.full(frames, 5.0)

        def at(self, rate: float, bound: Bound, tell) -> np.ndarray:
            return np.full(bound.looks(rate)[-1], 5.0)

    spec = ServerSpec("trial", "still", "planted", bound.deadline_ms, bound.percentile)
    job = ServerSearch(spec, Teller("trial", outbox), outbox.stop, bound)
    result = job.search(Quick())
    assert result is not None and result.rate == pytest.approx(bound.fastest) == pytest.approx(200_000 / 12_000)
    assert "faster ones are not tried, for 200 deadlines of them are more than the 200000 answers" in result.sentence
