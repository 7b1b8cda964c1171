"""A sweep under patterns of arrivals, on the shipped model."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from list_outbox import ListOutbox

from edgeperf_gui.cli import main
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.sweep import SweepResult, SweepSpec
from edgeperf_gui.engine.jobs import sweep
from edgeperf_gui.engine.jobs.sweep import run
from edgeperf_gui.verbs.sweep import going_on
from edgeperf_gui.verbs.sweep_report import report


@pytest.fixture(autouse=True)
def _one_block_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_MOST_DIRTY", 1)


def swept(arrivals: str, **ranges) -> SweepResult:
    spec = SweepSpec(session_id="trial", model="nanodet-g", rounds=1, block_seconds=0.15, arrivals=arrivals, **ranges)
    result = run(spec, ListOutbox(), threading.Event())
    assert result is not None and result.spec.arrivals == arrivals
    return result


def test_one_after_the_other_is_one_at_a_time_however_many_requests_there_are() -> None:
    for point in swept("single", streams=(2,), requests=(2,)).points:
        assert point.requests == 2 and point.latency.n >= 4
        # one frame under way: throughput is the other side of latency, and what is around a query only adds to it
        assert point.fps * point.latency.mean_ms <= 1000.5
        assert point.per_frame_ms == point.latency.median_ms


def test_several_at_once_take_as_many_requests_as_their_batch_makes() -> None:
    result = swept("multi:4", batches=(1, 4))
    for point in result.points:
        assert point.per_frame_ms == pytest.approx(point.latency.median_ms / 4)
        assert point.fps * point.latency.mean_ms / 4 <= 1000.5
    assert "the latency is that of a query" in report(result)


def test_by_chance_a_frame_waits_for_its_batch() -> None:
    single, pair = swept("poisson:40", batches=(1, 2)).points
    assert single.per_frame_ms is None and pair.per_frame_ms is None
    assert pair.latency.n % 2 == 0
    # the first of two waits for the second: 25 ms in the mean, and at least what the model takes
    assert pair.latency.max_ms > pair.latency.min_ms


def test_recorded_arrivals_begin_anew_in_every_block(tmp_path: Path) -> None:
    moments = tmp_path / "moments.csv"
    moments.write_text("interval_s\n" + "0.02\n" * 12)
    single, triple = swept(str(moments), batches=(1, 3)).points
    assert single.latency.n >= 6
    assert triple.latency.n % 3 == 0
    # the first of three waits for two more
    assert triple.latency.max_ms > 40
    with pytest.raises(BadInput, match="holds 12 arrivals"):
        swept(str(moments), batches=(16,))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("interval_s\n0.02\n-1\n")
    with pytest.raises(BadInput, match="line 3"):
        swept(str(wrong))


def test_paced_frames_that_are_all_answered_are_as_many_as_came() -> None:
    result = swept("paced:10", batches=(1, 2), requests=(2,))
    single, pair = result.points
    assert single.per_frame_ms is None and (single.latency.n, pair.latency.n) == (4, 8)
    assert single.fps == pair.fps == 10.0
    # the first of two waits for the second
    assert pair.latency.max_ms > 100
    assert "the newest wins" in report(result)


def test_paced_frames_that_nobody_takes_are_lost_but_for_the_newest() -> None:
    (point,) = swept("paced:2000", requests=(1,)).points
    assert 1 <= point.latency.n < 300, "of so many that came"
    assert point.fps == pytest.approx(2000 * point.latency.n / 300, rel=0.01)


def test_a_stop_ends_a_block_of_any_pattern() -> None:
    stop = threading.Event()
    stop.set()
    for arrivals in ("offline", "single", "multi:2", "poisson:5", "paced:5"):
        assert run(SweepSpec("trial", "nanodet-g", arrivals=arrivals), ListOutbox(), stop) is None


@pytest.mark.parametrize(
    ("arrivals", "ranges", "said"),
    [
        ("paced", {}, "not measured under “paced”"),
        ("server", {}, "not measured under"),
        ("missing.csv", {}, "cannot be read"),
        ("sometimes", {}, "no arrival pattern"),
        ("single", {"batches": (1, 2)}, "never fills a batch of 2"),
        ("multi:3", {"batches": (2,)}, "never fills a batch of 2"),
        ("poisson:20", {"rate": 30.0}, "says already how fast frames come"),
        ("paced:20", {"rate": 30.0}, "says already how fast frames come"),
        ("paced:fast", {}, "no rate of arrivals"),
    ],
)
def test_what_does_not_fit_is_a_sentence(arrivals: str, ranges: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said) as told:
        swept(arrivals, **ranges)
    assert told.value.remedy


def test_points_of_another_pattern_are_not_taken_over() -> None:
    earlier = swept("single")
    with pytest.raises(BadInput, match="its arrivals is single, and now offline is asked"):
        going_on(SweepSpec("again", "nanodet-g", block_seconds=0.15), earlier, "sweep.json")


def test_the_command_line_refuses_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--arrivals", "multi:3", "--batch", "2"]) == 2
    assert "never fills a batch of 2" in capsys.readouterr().err
