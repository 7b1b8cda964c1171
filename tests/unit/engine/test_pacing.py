"""Due times, and the mailbox between two threads."""

from __future__ import annotations

import queue
import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.engine.pacing import Mailbox, Pacer, wait_until
from edgeperf_gui.engine.sources.source import Frame

MS = 1_000_000


def frame(number: int) -> Frame:
    return Frame(np.full((1, 1, 3), number % 256, np.uint8), number, number, 0)


def test_frames_are_due_at_t0_plus_n_over_fps() -> None:
    pacer = Pacer(25)
    pacer.start(1000)
    assert [pacer.next_due(1000 + n * 40 * MS) for n in range(4)] == [(1000 + n * 40 * MS, 0) for n in range(4)]


def test_rounding_does_not_add_up() -> None:
    pacer = Pacer(30)
    pacer.start(0)
    due = [pacer.next_due(0)[0] for _ in range(30 * 3600)]
    assert due[-1] == round((30 * 3600 - 1) * 1e9 / 30)


def test_a_late_reader_loses_the_frames_that_went_by() -> None:
    pacer = Pacer(100)
    pacer.start(0)
    assert pacer.next_due(0) == (0, 0)
    # 35 ms later: the frames of 10 and 20 ms are gone, the one of 30 ms is the newest there is
    assert pacer.next_due(35 * MS) == (30 * MS, 2)
    assert pacer.next_due(36 * MS) == (40 * MS, 0)


@given(st.floats(1, 240), st.lists(st.integers(0, 10**9), max_size=50))
def test_no_frame_is_due_twice_and_none_is_forgotten(fps: float, pauses: list[int]) -> None:
    pacer = Pacer(fps)
    pacer.start(0)
    now, lost, seen = 0, 0, []
    for pause in pauses:
        now += pause
        due, gone = pacer.next_due(now)
        now = max(now, due)
        lost += gone
        seen.append(due)
    assert seen == sorted(set(seen))
    if seen:
        assert lost + len(seen) == round(seen[-1] * fps / 1e9) + 1


def test_waiting_ends_at_once_when_stopped() -> None:
    stop = threading.Event()
    stop.set()
    assert not wait_until(2**62, stop)


def silent() -> None:
    """For a mailbox that nobody waits at."""


def test_the_newest_frame_wins_and_the_replaced_one_comes_back() -> None:
    mailbox = Mailbox(silent)
    assert mailbox.post(frame(1)) is None
    replaced = mailbox.post(frame(2))
    assert replaced is not None and replaced.decode_end_ns == 1
    taken = mailbox.take()
    assert taken is not None and taken.decode_end_ns == 2


def test_the_worker_is_rung_for_only_after_it_looked_in_vain() -> None:
    rings: list[int] = []
    mailbox = Mailbox(lambda: rings.append(1))
    mailbox.post(frame(1))
    assert mailbox.take() is not None and not rings
    assert mailbox.take() is None
    mailbox.post(frame(2))
    assert rings == [1]
    assert mailbox.take() is not None
    mailbox.close()
    assert mailbox.closed and rings == [1, 1]


def test_a_frame_that_lies_ready_outlives_the_closing() -> None:
    mailbox = Mailbox(silent)
    assert mailbox.wait_for_room()
    mailbox.hand_over(frame(1))
    mailbox.close()
    assert not mailbox.wait_for_room()
    assert mailbox.take() is not None
    assert mailbox.take() is None


def test_every_posted_frame_is_taken_or_given_back_exactly_once() -> None:
    bell: queue.SimpleQueue[None] = queue.SimpleQueue()
    mailbox, taken, replaced = Mailbox(lambda: bell.put(None)), [], []

    def take() -> None:
        while True:
            closed = mailbox.closed
            while (got := mailbox.take()) is not None:
                taken.append(got.decode_end_ns)
            if closed:
                return
            bell.get()

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(5000):
        if (old := mailbox.post(frame(number))) is not None:
            replaced.append(old.decode_end_ns)
    assert mailbox.wait_for_room()
    mailbox.hand_over(frame(5000))
    mailbox.close()
    taker.join(10)
    assert not taker.is_alive()
    assert sorted(taken + replaced) == list(range(5001))
    assert taken == sorted(taken)


def test_flat_out_no_more_than_one_frame_lies_ready() -> None:
    bell: queue.SimpleQueue[None] = queue.SimpleQueue()
    mailbox, handed = Mailbox(lambda: bell.put(None)), []

    def read() -> None:
        while mailbox.wait_for_room():
            handed.append(len(handed))
            mailbox.hand_over(frame(len(handed)))

    reader = threading.Thread(target=read)
    reader.start()
    for taken in range(1, 200):
        while mailbox.take() is None:
            bell.get(timeout=10)
        assert len(handed) <= taken + 1
    mailbox.close()
    reader.join(10)
    assert not reader.is_alive()
