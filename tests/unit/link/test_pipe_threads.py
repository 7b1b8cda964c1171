"""The window's end of the pipe: the bell is heard at once and never queued, and no listener can stop the reading."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator

import pytest

from edgeperf_gui.link.pipe_threads import BELL, PipeThreads

Make = Callable[[Callable[[], None] | None], tuple[PipeThreads, "multiprocessing.connection.Connection"]]


@pytest.fixture
def pipe() -> Iterator[Make]:
    made: list[tuple[PipeThreads, multiprocessing.connection.Connection]] = []

    def make(on_bell: Callable[[], None] | None):
        ours, theirs = multiprocessing.Pipe(duplex=True)
        made.append((PipeThreads(ours, on_bell), theirs))
        return made[-1]

    yield make
    for threads, theirs in made:
        theirs.close()
        threads.close()


def test_the_bell_is_heard_and_is_no_message(pipe: Make) -> None:
    heard = threading.Event()
    threads, theirs = pipe(heard.set)
    theirs.send_bytes(BELL)
    theirs.send_bytes(b"word")
    assert heard.wait(5)
    messages: list[bytes] = []
    while not messages:
        messages += threads.received(10)
    assert messages == [b"word"]


def test_a_listener_that_is_being_taken_down_does_not_stop_the_reading(pipe: Make) -> None:
    def gone() -> None:
        raise RuntimeError("Signal source has been deleted")

    threads, theirs = pipe(gone)
    theirs.send_bytes(BELL)
    theirs.send_bytes(b"word")
    messages: list[bytes] = []
    while not messages:
        messages += threads.received(10)
    theirs.close()
    while not threads.at_end:
        pass


def test_without_a_listener_bells_are_nothing(pipe: Make) -> None:
    threads, theirs = pipe(None)
    for _ in range(3):
        theirs.send_bytes(BELL)
    theirs.close()
    while not threads.at_end:
        assert threads.received(10) == []
