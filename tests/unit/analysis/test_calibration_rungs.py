"""At which rates service times are measured."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.calibration_rungs import Pace, rungs
from edgeperf_gui.domain.simulation import Situation

PACE = Pace(capacity_fps=100.0, reader_fps=1000.0)


def rates(situation: Situation, pace: Pace = PACE) -> list[float]:
    return [rung.rate_fps for rung in rungs(situation, pace, 5.0)]


def test_the_asked_rate_lies_between_two() -> None:
    assert rates(Situation(rate_fps=60)) == pytest.approx([59.46, 70.71], rel=1e-3)
    assert rates(Situation(rate_fps=30, cameras=2)) == pytest.approx([59.46, 70.71], rel=1e-3)
    assert rates(Situation(rate_fps=150)) == pytest.approx([141.42, 168.18], rel=1e-3), "the reader works for drops, too"
    assert rates(Situation(rate_fps=200)) == pytest.approx([200.0]), "it is one of them"


def test_faster_than_the_reader_decodes_only_a_rate_beyond_it_counts() -> None:
    assert rates(Situation(rate_fps=150), Pace(100.0, 140.0)) == pytest.approx([168.18], rel=1e-3)
    assert rates(Situation(rate_fps=150, line="all"), Pace(100.0, 140.0)) == [100.0]
    assert len(rates(Situation(rate_fps=150), Pace(100.0, 160.0))) == 2


def test_a_queue_never_comes_faster_than_flat_out() -> None:
    (most,) = rungs(Situation(rate_fps=150, line="all"), PACE, 5.0)
    assert (most.rate_fps, most.is_flat_out) == (100.0, True)
    near = rungs(Situation(rate_fps=90, line="all"), PACE, 5.0)
    assert [(round(rung.rate_fps, 1), rung.is_flat_out) for rung in near] == [(84.1, False), (100.0, True)]
    assert not any(rung.is_flat_out for rung in rungs(Situation(rate_fps=80), PACE, 5.0)), "newest frames are paced at it"


def test_what_would_take_minutes_is_left_out() -> None:
    (slow,) = rungs(Situation(rate_fps=1, batch=4), PACE, 5.0)
    assert (slow.rate_fps, slow.seconds) == pytest.approx((17.678, 160 / 17.678), rel=1e-3)
    (slowest,) = rungs(Situation(rate_fps=1, line="all"), Pace(2.0, 1000.0), 5.0)
    assert (slowest.rate_fps, slowest.seconds) == (2.0, 20.0), "the model's own pace is measured in any case"
    (overload,) = rungs(Situation(rate_fps=4), Pace(2.0, 1000.0), 5.0)
    assert overload.seconds == pytest.approx(20 / 0.6), "there it does less than it can"


@given(
    st.floats(0.1, 1000.0),
    st.integers(1, 64),
    st.floats(0.1, 2000.0),
    st.integers(1, 64),
    st.sampled_from(["newest", "all"]),
    st.floats(1.0, 60.0),
    st.floats(1.0, 5.0),
)
def test_no_rate_is_far_from_the_asked_one(
    rate: float, cameras: int, capacity: float, batch: int, line, seconds: float, readers: float
) -> None:
    situation = Situation(rate_fps=rate, cameras=cameras, batch=batch, line=line)
    found = rungs(situation, Pace(capacity, capacity * readers), seconds)
    assert 1 <= len(found) <= 2
    assert all(rung.seconds >= seconds for rung in found)
    assert all(fast.rate_fps == pytest.approx(slow.rate_fps * 2**0.25) for slow, fast in pairwise(found))
    asked, slowest, fastest = rate * cameras, found[0].rate_fps, found[-1].rate_fps
    if line == "all":
        assert fastest <= capacity * 1.001
    is_cut = asked < slowest or (line == "all" and asked > fastest)
    assert is_cut or slowest / 1.001 <= asked <= fastest * 1.001
    if asked < slowest and asked <= capacity * readers:
        assert 40 * batch / (slowest / 2**0.25) > 2 * seconds / 1.001 or slowest == capacity, (
            "the next slower one would last too long"
        )
