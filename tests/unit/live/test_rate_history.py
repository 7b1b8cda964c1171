"""Throughput over time, from completions that come now sooner and now later after their frames were due."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.records import FRAME, Records
from edgeperf_gui.live.rate_history import RateHistory

S = 1_000_000_000
FPS = 25


def answered(slots: np.ndarray, batch: int, latencies_ms: np.ndarray) -> Records:
    """Frames of these numbers at the source, answered in whole batches, each so long after its last frame was due."""
    records = np.zeros(slots.size // batch * batch, FRAME)
    records["frame"] = np.arange(records.size)
    records["due_ns"] = S + slots[: records.size] * S // FPS
    records["dropped"] = slots[: records.size] - records["frame"]
    last = records["due_ns"][batch - 1 :: batch]
    order = np.arange(last.size)
    done = np.maximum.accumulate(last + (latencies_ms[: last.size] * 1e6).astype(np.int64) - order) + order
    records["complete_ns"] = np.repeat(done, batch)
    return records


def history_of(records: Records) -> RateHistory:
    """As the window gets them: what was completed together comes together."""
    history, held = RateHistory(), records[:0]
    for fresh in np.split(records, np.flatnonzero(np.diff(records["complete_ns"])) + 1):
        held = np.concatenate([held, fresh])
        held = held[history.add(held) :]
    return history


@given(
    batch=st.integers(1, 8),
    seed=st.integers(0, 2**32 - 1),
    jitter_ms=st.floats(0.0, 40.0),
    drop_share=st.sampled_from([0.0, 0.0, 0.1, 0.5]),
)
def test_no_interval_shows_more_than_the_source_gave(batch: int, seed: int, jitter_ms: float, drop_share: float) -> None:
    random = np.random.default_rng(seed)
    slots = np.flatnonzero(random.random(400) >= drop_share)
    records = answered(slots, batch, 30 + random.gamma(1.0, jitter_ms + 1e-3, 400))
    rows = history_of(records).all()
    assert len(rows) >= 5
    assert (rows["fps"] <= FPS * (1 + 1e-6)).all()
    if drop_share == 0.0:
        assert rows["fps"] == pytest.approx(FPS), "nothing was dropped: what comes in goes out"
    assert rows["source_fps"] == pytest.approx(FPS)
    assert (np.diff(rows["t_ns"]) >= S // 2).all()
    # no frame is lost between two intervals, nor counted twice
    widths = np.diff(np.concatenate([[records["due_ns"][batch - 1]], _ends(records, rows)]))
    counted = (records["complete_ns"] <= rows["t_ns"][-1]).sum() - batch
    assert (rows["fps"] * widths / S).sum() == pytest.approx(counted)


def _ends(records: Records, rows: np.ndarray) -> np.ndarray:
    """Due time of the frame that closed each interval."""
    return records["due_ns"][np.searchsorted(records["complete_ns"], rows["t_ns"], side="right") - 1]


def test_frames_that_nobody_waited_for_count_by_their_completions() -> None:
    records = answered(np.arange(100), 4, np.full(100, 30.0))
    records["due_ns"] = 0
    records["complete_ns"] = S + records["frame"] // 4 * S // 20
    assert history_of(records).all()["fps"] == pytest.approx(80.0)


def test_of_two_requests_the_later_may_be_done_first() -> None:
    records = answered(np.arange(400), 4, np.full(400, 30.0))
    for first in range(16, 392, 24):  # two neighbouring batches change places
        one, other = records[first : first + 4].copy(), records[first + 4 : first + 8].copy()
        one["complete_ns"], other["complete_ns"] = other["complete_ns"][0], one["complete_ns"][0]
        records[first : first + 4], records[first + 4 : first + 8] = other, one
    records["frame"] = np.arange(400)
    rows = history_of(records).all()
    assert (rows["fps"] <= FPS * (1 + 1e-6)).all() and np.median(rows["fps"]) == pytest.approx(FPS)


def test_after_a_stall_the_first_interval_is_as_long_as_it_was() -> None:
    records = answered(np.concatenate([np.arange(36), np.arange(136, 180)]), 4, np.full(80, 30.0))
    history = history_of(records[:36])
    before, now_ns = len(history.all()), int(records["complete_ns"][35])
    for ms in range(0, 3900, 100):
        history.stalled(now_ns + ms * 1_000_000)
    zeros = history.all()[before:]
    assert zeros["fps"].tolist() == [0.0] * 3
    assert history.add(records[36:40]) == 4, "the gap and the frames that ended it"
    assert history.all()["fps"][-1] == pytest.approx(4 / (104 / FPS))
    assert history.add(records[40:56]) == 16
    assert history.all()["fps"][-1] == pytest.approx(FPS)
    assert (np.diff(history.all()["t_ns"]) > 0).all()


def test_a_source_of_unknown_rate_that_is_slower_than_a_stall_has_its_own_rate() -> None:
    history = RateHistory()
    records = np.zeros(4, FRAME)
    records["frame"] = np.arange(4)
    records["due_ns"] = S + records["frame"] * 3 * S
    records["complete_ns"] = records["due_ns"] + S // 100
    for row in range(4):
        assert history.add(records[row : row + 1]) == 1
        for ms in range(0, 3000, 50):
            history.stalled(int(records["complete_ns"][row]) + ms * 1_000_000)
    rates = history.all()["fps"]
    assert rates[rates > 0] == pytest.approx(1 / 3)
