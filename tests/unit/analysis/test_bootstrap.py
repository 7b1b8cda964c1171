"""Intervals by resampling: coverage on planted answers, and what must hold exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from edgeperf_gui.analysis import bootstrap
from edgeperf_gui.analysis.bootstrap import LEAST_BLOCKS, paired_difference, ratio_interval
from edgeperf_gui.domain.interval import Interval

TRIALS = 150


def noise(kind: str, rounds: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two variants' block medians in the same rounds, equal but for noise."""
    if kind == "skewed":
        a, b = (1 + random.exponential(0.05, rounds) + random.normal(0, 0.005, rounds) for _ in "ab")
        return a, b
    common = {"quiet": np.zeros(rounds), "drifting": np.cumsum(random.normal(0, 0.03, rounds))}[kind]
    a, b = (np.exp(common + random.normal(0, 0.02, rounds)) for _ in "ab")
    return a, b


@pytest.mark.parametrize("planted", [1.0, 1.2])
@pytest.mark.parametrize("rounds", [6, 20])
@pytest.mark.parametrize("kind", ["quiet", "skewed", "drifting"])
def test_the_interval_covers_a_planted_ratio(kind: str, rounds: int, planted: float) -> None:
    random = np.random.default_rng(5)
    covered = 0
    for _ in range(TRIALS):
        a, b = noise(kind, rounds, random)
        covered += ratio_interval(a * planted, b).contains(planted)
    assert covered >= 0.93 * TRIALS


def test_a_drift_that_both_share_does_not_widen_the_interval() -> None:
    a, b = noise("drifting", 20, np.random.default_rng(3))
    together, alone = ratio_interval(a, b), ratio_interval(a, np.append(b, b[-1]))
    assert together.low and together.high and alone.low and alone.high
    assert together.high - together.low < 0.5 * (alone.high - alone.low)


def test_identical_blocks_are_exactly_one() -> None:
    blocks = np.random.default_rng(1).uniform(3, 9, 15)
    assert ratio_interval(blocks, blocks) == Interval(1.0, 1.0, 1.0)
    shuffled = ratio_interval(blocks, blocks[::-1])
    assert shuffled.value == 1.0
    assert shuffled.contains(1.0)


def test_the_ratio_is_a_over_b_and_the_same_each_time() -> None:
    a, b = np.linspace(11, 13, 9), np.linspace(9, 11, 9)
    found = ratio_interval(a, b)
    assert found.value == pytest.approx(1.2)
    assert found.low is not None and found.high is not None
    assert found.low <= found.value <= found.high
    assert not found.contains(1.0)
    assert ratio_interval(list(a), list(b)) == found


def test_too_few_blocks_have_no_interval() -> None:
    few = np.full(LEAST_BLOCKS - 1, 2.0)
    assert ratio_interval(few, few) == Interval(1.0, None, None)
    assert ratio_interval(few, few).contains(7.0)
    assert ratio_interval(np.full(LEAST_BLOCKS, 2.0), few).low is None


@pytest.mark.parametrize("bad", [[], [1.0, 0.0], [1.0, -1.0], [1.0, math.nan], [[1.0]]])
def test_blocks_that_are_none(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="blocks"):
        ratio_interval(bad, [1.0])
    with pytest.raises(ValueError, match="blocks"):
        ratio_interval([1.0], bad)


@pytest.mark.parametrize(("freedom", "published"), [(5, 2.571), (9, 2.262), (19, 2.093), (29, 2.045), (120, 1.980)])
def test_student_quantiles_are_those_of_the_tables(freedom: int, published: float) -> None:
    assert bootstrap._student(0.975, freedom) == pytest.approx(published, abs=2e-3)


def mean_of(values: np.ndarray):
    """A figure that is a mean over images, whose interval is known in closed form."""
    return lambda drawn: drawn @ values / drawn.sum(axis=1)


def test_a_paired_difference_covers_and_is_as_wide_as_theory() -> None:
    random = np.random.default_rng(11)
    covered = 0
    for _ in range(TRIALS):
        images = random.normal(0, 1, 60)  # hard and easy images, the same for both variants
        a, b = images + random.normal(0.1, 0.2, 60), images + random.normal(0, 0.2, 60)
        found = paired_difference(60, mean_of(a), mean_of(b))
        assert found.low is not None and found.high is not None
        covered += found.low <= 0.1 <= found.high
        # 2 · t · σ/√n with σ² = 2 · 0.2²; unpaired it would be five times as wide
        assert found.high - found.low == pytest.approx(2 * 2.0 * 0.2 * math.sqrt(2 / 60), rel=0.45)
    assert covered >= 0.91 * TRIALS


def test_a_variant_against_itself_differs_by_exactly_nothing() -> None:
    figure = mean_of(np.random.default_rng(2).random(30))
    assert paired_difference(30, figure, figure) == Interval(0.0, 0.0, 0.0)
    assert paired_difference(3, figure_of_three := mean_of(np.arange(3.0)), figure_of_three) == Interval(0.0, None, None)


def test_a_figure_that_some_resamples_leave_undefined() -> None:
    zero = lambda drawn: np.zeros(len(drawn))  # noqa: E731
    nowhere = paired_difference(10, lambda drawn: np.full(len(drawn), np.nan), zero)
    assert math.isnan(nowhere.value)
    assert (nowhere.low, nowhere.high) == (None, None)
    partly = paired_difference(10, lambda drawn: np.where(drawn[:, 0] > 0, 2.0, np.nan), zero)
    assert partly == Interval(2.0, 2.0, 2.0)
