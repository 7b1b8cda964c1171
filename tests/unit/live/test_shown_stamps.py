"""Paintings and records, in whichever order they come."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.live.rate_history import RateHistory
from edgeperf_gui.live.recent_rows import RecentRows
from edgeperf_gui.live.shown_stamps import ShownStamps

S = 1_000_000_000


def answered(frames: int, batch: int) -> np.ndarray:
    records = np.zeros(frames, FRAME)
    records["frame"] = np.arange(frames)
    records["submit_ns"] = 1000 + np.arange(frames) // batch
    return records


@given(st.integers(1, 8), st.lists(st.integers(1, 11), max_size=12), st.lists(st.integers(0, 60), max_size=20), st.randoms())
def test_a_painting_reaches_its_whole_batch_whether_it_comes_before_or_after_its_records(batch, sizes, painted, random) -> None:
    """Records come in pieces that cut batches in two; paintings of any frame at any moment."""
    told = answered(sum(sizes), batch)
    rows, stamps, arrived = RecentRows(FRAME, 200), ShownStamps(), 0
    for size in sizes:
        for frame in [frame for frame in painted if random.random() < 0.3]:
            stamps.mark(rows.all(), frame, 5 + frame // batch)
        rows.extend(told[arrived : arrived + size])
        stamps.catch_up(rows.all(), size)
        arrived += size
    for frame in painted:
        stamps.mark(rows.all(), frame, 5 + frame // batch)
    known = {frame // batch for frame in painted if frame < arrived}
    assert rows.all()["shown_ns"].tolist() == [5 + n // batch if n // batch in known else 0 for n in range(arrived)]


def test_a_frames_first_painting_counts_and_a_new_session_knows_none() -> None:
    rows, stamps = answered(4, 2), ShownStamps()
    stamps.mark(rows, 1, 7)
    stamps.mark(rows, 0, 9)
    stamps.mark(rows, 9, 11)
    stamps.begin()
    stamps.catch_up(rows, 4)
    assert rows["shown_ns"].tolist() == [7, 7, 0, 0] and stamps.joined == 1


def batches(first: int, count: int, batch: int) -> np.ndarray:
    records = np.zeros(count * batch, FRAME)
    records["frame"] = np.arange(first, first + count * batch)
    records["complete_ns"] = S + (records["frame"] // batch) * batch * S // 25
    return records


def test_the_rate_of_batches_is_that_of_their_frames_from_the_first_on() -> None:
    history = RateHistory()
    assert history.add(batches(0, 1, 16)) == 16, "what came at once took no time"
    for number in range(1, 6):
        assert history.add(batches(16 * number, 1, 16)) == 16
    assert history.all()["fps"].tolist() == [25.0] * 5


def test_a_batch_that_fills_is_no_stall() -> None:
    history = RateHistory()
    history.add(batches(0, 1, 64))
    history.stalled(S + 3 * S, period_s=64 / 25)
    assert not len(history.all())
    history.stalled(S + 4 * S, period_s=64 / 25)
    assert history.all()["fps"].tolist() == [0.0]
