"""The ring of completed frames against a plain list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.engine.recorder import Recorder


def row(number: int) -> tuple[int, ...]:
    return tuple(number if name == "frame" else 0 for name in FRAME.names or ())


@given(st.integers(1, 20), st.integers(0, 70), st.integers(0, 80))
def test_holds_the_newest_in_order(capacity: int, n: int, start: int) -> None:
    recorder = Recorder(capacity)
    for number in range(n):
        recorder.append(row(number))
    expected = list(range(n))[max(start, n - capacity, 0) :]
    assert recorder.since(start)["frame"].tolist() == expected


def test_a_painted_frame_gets_its_stamp_and_a_forgotten_one_is_left_alone() -> None:
    recorder = Recorder(4)
    for number in range(6):
        recorder.append(row(number))
    for number in (1, 3, 6):
        recorder.mark_shown(number, 1000 + number)
    assert recorder.since(0)["shown_ns"].tolist() == [0, 1003, 0, 0]


def test_copies_do_not_change_under_the_reader() -> None:
    recorder = Recorder(4)
    recorder.append(row(0))
    copy = recorder.since(0)
    for number in range(1, 9):
        recorder.append(row(number))
    assert copy["frame"].tolist() == [0]


def test_a_painting_is_that_of_all_frames_answered_together() -> None:
    recorder = Recorder(8)
    for first in range(0, 12, 3):
        recorder.append(*(sent(number, 100 + first) for number in range(first, first + 3)))
    recorder.mark_shown(8, 77)
    recorder.mark_shown(4, 55)  # the oldest that is still held of its three
    assert recorder.since(0)["frame"].tolist() == list(range(4, 12))
    assert recorder.since(0)["shown_ns"].tolist() == [55, 55, 77, 77, 77, 0, 0, 0]


def sent(number: int, submit_ns: int) -> tuple[int, ...]:
    return tuple({"frame": number, "submit_ns": submit_ns}.get(name, 0) for name in FRAME.names or ())
