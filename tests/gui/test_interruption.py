"""Ctrl+C closes the window from its loop, whatever the signal meets."""

from __future__ import annotations

import os
import queue
import signal

import pytest

from edgeperf_gui.ui.interruption import Interruption

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a process cannot send itself these signals there")


def test_a_signal_in_the_middle_of_a_put_closes_once_that_is_over(qapp, qtbot) -> None:
    pending: queue.Queue[int] = queue.Queue()
    was_free: list[bool] = []

    def close() -> None:
        was_free.append(pending.mutex.acquire(blocking=False))
        if was_free[-1]:
            pending.mutex.release()

    made = Interruption(close)
    try:
        with pending.mutex:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                pass  # here Python runs the handler
        assert was_free == []
        qtbot.waitUntil(lambda: was_free == [True])
    finally:
        made.end()


def test_another_signal_closes_nothing(qapp, qtbot) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))
    made = Interruption(lambda: heard.append(0))
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: 0 in heard)
        assert heard == [signal.SIGUSR1, 0]
        os.kill(os.getpid(), signal.SIGUSR1)
        qtbot.wait(50)
        assert heard == [signal.SIGUSR1, 0, signal.SIGUSR1]
    finally:
        made.end()
        signal.signal(signal.SIGUSR1, before)
