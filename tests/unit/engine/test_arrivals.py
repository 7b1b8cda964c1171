"""Moments at which frames come: by chance with a seed, from a CSV, and every way of getting one wrong."""

from __future__ import annotations

import itertools
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.cli import main
from edgeperf_gui.domain.arrival_pattern import pattern_in
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.engine.arrivals import AfterWarmUp, Arrivals, ClosedLoop, arrivals, poisson_s, recorded_s
from edgeperf_gui.engine.pacing import Pacer


def test_a_poisson_process_has_exponential_gaps_of_the_rate_asked() -> None:
    moments = np.array(list(itertools.islice(poisson_s(40.0), 40_000)))
    gaps = np.diff(moments)
    assert (gaps >= 0).all()
    assert gaps.mean() == pytest.approx(1 / 40, rel=0.02)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.03)  # of an exponential distribution both are the same
    # the number in a second is Poisson: its variance is its mean
    counts = np.bincount(moments.astype(int))[:-1]
    assert counts.var() == pytest.approx(counts.mean(), rel=0.15)


def test_the_same_seed_gives_the_same_moments() -> None:
    assert list(itertools.islice(poisson_s(10), 50)) == list(itertools.islice(poisson_s(10), 50))


def test_nothing_is_lost_by_a_late_reader() -> None:
    timetable = Arrivals(iter([0.0, 0.1, 0.2]))
    timetable.start(1000)
    late = 10**12
    assert [timetable.next_due(late) for _ in range(4)] == [(1000, 0), (100_001_000, 0), (200_001_000, 0), None]


def test_a_clock_starts_when_the_warm_up_is_done_and_nothing_lies_in_the_pipeline() -> None:
    answered = iter([1, 3, 4])
    timetable = AfterWarmUp(Pacer(10.0), 0.5, batch=4, answered=lambda: next(answered))
    timetable.start(1000)
    assert [timetable.next_due(now) for now in (1000, 1500, 400_000_000)] == [(1000, 0), (1500, 0), (400_000_000, 0)]
    assert timetable.next_due(900_000_000) == (900_000_000, 0), "its time is over, but a batch is filled"
    assert timetable.warm_up_frames == 4
    assert timetable.keeps_all, "of the warm-up no frame is lost"
    assert timetable.begins_ns is None
    before_ns = time.perf_counter_ns()
    due_ns, lost = timetable.next_due(900_000_001)
    assert next(answered, None) is None, "waited until all four were answered"
    assert due_ns == timetable.begins_ns >= before_ns
    assert lost == 0
    assert not timetable.keeps_all, "from here on it is the camera's"
    assert timetable.next_due(due_ns + 250_000_000) == (due_ns + 200_000_000, 1)
    assert timetable.warm_up_frames == 4


def test_who_waits_for_the_end_of_a_warm_up_is_woken_by_a_stop() -> None:
    timetable = AfterWarmUp(Pacer(10.0), 0.0, batch=1, answered=lambda: 0)
    timetable.start(0)
    timetable.warm_up_frames = 1
    threading.Timer(0.05, timetable.halt).start()
    assert timetable.next_due(1) is None
    assert timetable.begins_ns is None


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50))
def test_intervals_and_moments_say_the_same(tmp_path_factory: pytest.TempPathFactory, gaps: list[float]) -> None:
    folder = tmp_path_factory.mktemp("arrivals")
    (folder / "gaps.csv").write_text("interval_s\n" + "\n".join(map(repr, gaps)))
    moments = list(itertools.accumulate(gaps))
    (folder / "moments.csv").write_text("camera,arrival_s\n" + "\n".join(f"1,{moment!r}" for moment in moments))
    from_gaps = recorded_s(folder / "gaps.csv")
    assert from_gaps == pytest.approx(moments)
    assert recorded_s(folder / "moments.csv") == pytest.approx([moment - moments[0] for moment in moments])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("interval_s\n0.1\n-0.2\n", "line 3: “-0.2” is no time"),
        ("arrival_s\n1\n3\n2\n", "line 4: 2 s comes before the line above"),
        ("interval_s\nsoon\n", "line 2: “soon” is no time"),
        ("interval_s\nnan\n", "is no time"),
        ("interval_s\n", "holds no arrivals"),
        ("seconds\n1\n", "has no column arrival_s or interval_s"),
        ("", "has no column"),
    ],
)
def test_a_csv_with_a_slip_is_named_with_its_line(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text(content)
    with pytest.raises(BadInput, match=said):
        recorded_s(path)


def test_a_file_that_is_no_csv_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(BadInput, match="is not a CSV file"):
        recorded_s(tmp_path / "times.csv")
    with pytest.raises(BadInput, match="cannot be read"):
        recorded_s(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    "words", ["poisson:", "poisson:0", "poisson:-2", "poisson:nan", "poisson:1e9", "poisson:1e-300", "uniform:3", "times.txt"]
)
def test_what_is_no_pattern_is_a_sentence(words: str) -> None:
    with pytest.raises(BadInput):
        arrivals(pattern_in(words))


@pytest.mark.parametrize(
    "words",
    [["--arrivals", "poisson:0"], ["--arrivals", "poisson:5", "--paced"], ["--arrivals", "poisson:5", "--inference-only"]],
)
def test_the_command_line_refuses_with_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "1", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(BadInput, match="is not a file"):
            arrivals(pattern_in(str(tmp_path / name)))


def test_a_table_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "TIMES.CSV"
    path.write_text("arrival_s\r\n1\r\n2.5\r\n", "utf-8-sig")
    timetable = arrivals(pattern_in(str(path)))
    assert [timetable.next_due(0) for _ in range(3)] == [(0, 0), (1_500_000_000, 0), None]


def test_the_slowest_chance_has_moments() -> None:
    timetable = arrivals(pattern_in("poisson:0.001"))
    assert (timetable.next_due(0) or (0, 0))[0] > 0


def test_a_closed_loop_waits_for_every_frame_of_the_query_before() -> None:
    loop = ClosedLoop(3)
    loop.start(1000)
    assert [loop.next_due(0) for _ in range(3)] == [(1000, 0)] * 3
    loop.answered(2)
    loop.answered(1)
    second = [loop.next_due(0) for _ in range(3)]
    assert len(set(second)) == 1 and second[0] is not None and second[0][0] > 1000


def test_a_closed_loop_that_is_halted_lets_its_reader_go() -> None:
    loop = ClosedLoop(1)
    loop.start(0)
    assert loop.next_due(0) == (0, 0)
    got: list[object] = []
    reader = threading.Thread(target=lambda: got.append(loop.next_due(0)))
    reader.start()
    loop.halt()
    reader.join(5)
    assert got == [None]


def test_frames_that_were_due_are_counted_whether_they_were_taken_or_not() -> None:
    timetable = Arrivals(iter([0.0, 1.0, 2.0, 3.0, 9.0]))
    timetable.start(1_000_000_000)
    assert timetable.next_due(0) == (1_000_000_000, 0)
    assert timetable.due_until(4_000_000_000) == 4


def test_a_long_run_keeps_only_the_newest_moments_and_counts_them_all() -> None:
    timetable = Arrivals(number / 1000 for number in itertools.count())
    timetable.start(0)
    for _ in range(100_000):
        timetable.next_due(0)
    assert len(timetable._newest_ns) < 2000
    # some were handed out that are due later than the end, some are due that were not handed out
    assert timetable.due_until(99_990_000_000) == 99_991
    late = Arrivals(number / 1000 for number in itertools.count())
    late.start(0)
    for _ in range(5000):
        late.next_due(0)
    assert late.due_until(5_500_000_000) == 5501


@pytest.mark.parametrize("words", ["offline", "paced"])
def test_what_a_source_keeps_by_itself_needs_no_timetable(words: str) -> None:
    assert arrivals(pattern_in(words)) is None
