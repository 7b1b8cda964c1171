"""What the sender tells of each window."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.engine.recorder import Recorder
from edgeperf_gui.engine.sender import Sender
from edgeperf_gui.engine.telemetry import Load

S = 1_000_000_000


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def sender(told: list) -> Sender:
    """Of a session in batches of 64, on a quiet machine."""
    pipeline = SimpleNamespace(runtime=SimpleNamespace(effective=SimpleNamespace(batch=64)))
    meter = SimpleNamespace(lap=lambda: Load(0.0, 10.0))
    return Sender("trial", pipeline, Recorder(1024), SimpleNamespace(send=told.append), meter)


def answer(sender: Sender, at_s: float) -> None:
    """A batch is answered."""
    stamp = round(at_s * S)
    values = {"submit_ns": stamp - S, "decode_start_ns": stamp - S, "complete_ns": stamp, "postprocess_end_ns": stamp}
    count = sender._recorder.count
    names = [name for name in FRAME.names if name != "frame"]
    sender._recorder.append(*((count + row, *(values.get(name, 0) for name in names)) for row in range(64)))


def test_a_window_in_which_a_batch_only_fills_is_not_told_as_no_throughput(sender: Sender, told: list) -> None:
    answers_s = [2.6 * number for number in range(1, 9)]
    for end_s in range(2, 21, 2):
        for at_s in answers_s:
            if end_s - 2 < at_s <= end_s:
                answer(sender, at_s)
        sender._report((end_s - 2) * S, end_s * S)
    assert [one.fps for one in told[3:]].count(None) >= 1
    assert all(one.fps is None or one.fps == pytest.approx(64 / 2.6) for one in told[3:])
    assert told[-1].steady.is_steady
    for end_s in (22, 24, 26):
        sender._report((end_s - 2) * S, end_s * S)
    assert told[-1].fps == 0.0 and not told[-1].steady.is_steady, "that is a silence"
