"""The warm-up cut and the steadiness of windows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.steady import Window, judge, warmup_cut


def quiet(fps: float, latency_ms: float = 10.0, foreign: float | None = 0.5) -> Window:
    return Window(round(2 * fps), 2.0, latency_ms if fps else None, foreign)


class TestWarmupCut:
    """Series whose answer is known from their construction."""

    noise = np.random.default_rng(3).normal(0, 0.05, 600)

    def test_an_exponential_warm_up_is_cut_where_it_ends(self) -> None:
        n = np.arange(600)
        cut = warmup_cut(10 + np.where(n < 40, 20 * np.exp(-n / 8), 0) + self.noise)
        assert cut is not None and 30 <= cut <= 50

    def test_one_slow_first_frame_costs_one_batch(self) -> None:
        series = 10 + self.noise
        series[0] = 80
        assert warmup_cut(series) == 5

    def test_a_drift_all_along_has_no_steady_state(self) -> None:
        assert warmup_cut(10 + np.arange(600) * 0.05) is None

    def test_too_few_values_are_left_alone(self) -> None:
        assert warmup_cut(np.array([50.0, 10, 10, 10])) == 0

    @given(st.lists(st.floats(0, 1e5, allow_nan=False), max_size=300))
    def test_never_more_than_half(self, values: list[float]) -> None:
        cut = warmup_cut(np.array(values))
        assert cut is None or 0 <= cut <= len(values) / 2


@pytest.mark.parametrize(
    ("windows", "steady", "reason"),
    [
        ([quiet(50)], False, "not steady yet: 1 of 3 windows measured"),
        ([quiet(50), quiet(51), quiet(52)], True, "steady: 3 windows within 4 %"),
        ([quiet(10), quiet(50), quiet(51), quiet(52)], True, "steady: 3 windows within 4 %"),
        ([quiet(40), quiet(45), quiet(50)], False, "not steady: throughput still rising"),
        ([quiet(50), quiet(45), quiet(40)], False, "not steady: throughput still falling"),
        ([quiet(50), quiet(40), quiet(50)], False, "not steady: throughput varies by 25 %"),
        ([quiet(50, 10), quiet(50, 11), quiet(50, 13)], False, "not steady: latency still rising"),
        ([quiet(50), quiet(0), quiet(50)], False, "not steady: a window without a frame"),
        ([quiet(50, foreign=23)], False, "dirty: 23 % foreign CPU"),
        ([quiet(50), quiet(50, foreign=23), quiet(50)], False, "dirty: 23 % foreign CPU"),
        ([quiet(1), quiet(1.5), quiet(1)], True, "steady: 3 windows within 50 %"),
        ([quiet(50, foreign=None)] * 3, True, "steady: 3 windows within 1 %"),
    ],
)
def test_judge(windows: list[Window], steady: bool, reason: str) -> None:
    verdict = judge(windows)
    assert (verdict.is_steady, verdict.reason) == (steady, reason)
    assert verdict.is_dirty == reason.startswith("dirty")
