"""Which points an adaptive sweep goes on with, against planted noise whose truth is known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.hopeful_points import chance, hopeful, spread
from edgeperf_gui.analysis.trade_off import pareto_front

ROUNDS = 5
BASE_MS = {"FP32": 22.0, "FP16": 11.8, "INT8": 10.9}
FIGURES = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=25)
NOISE = st.lists(st.floats(0.9, 1.1), min_size=ROUNDS, max_size=ROUNDS)


def planted() -> tuple[np.ndarray, np.ndarray]:
    """True latency and throughput of thirty points as one model on two cores gives them; the best few are nearly equal."""
    points = []
    for base, batch, requests in itertools.product(BASE_MS.values(), (1, 2, 3, 4, 5), (1, 2)):
        fps = 1e3 / base * (1 + 0.16 * (1 - 1 / batch)) * (1.9 if requests == 2 else 1.0)
        points.append((1e3 * batch * requests / fps, fps))
    latency, fps = np.array(points).T
    return latency, fps


def swept(random: np.random.Generator, sigma: float, outliers: float) -> tuple[list[list[float]], list[list[float]]]:
    """Blocks of an adaptive sweep with noise of `sigma`, some blocks disturbed by others."""
    true_latency, true_fps = planted()
    latency: list[list[float]] = [[] for _ in true_fps]
    fps: list[list[float]] = [[] for _ in true_fps]
    for number in range(ROUNDS):
        chosen = range(len(true_fps)) if number < 2 else np.flatnonzero(hopeful(latency, fps, ROUNDS))
        for at in chosen:
            slow = np.exp(random.normal(0, sigma)) * (random.uniform(1.2, 1.9) if random.random() < outliers else 1.0)
            latency[at].append(true_latency[at] * slow)
            fps[at].append(true_fps[at] / slow)
    return latency, fps


@pytest.mark.parametrize(("sigma", "outliers"), [(0.02, 0.0), (0.05, 0.0), (0.1, 0.0), (0.03, 0.05), (0.05, 0.1)])
def test_the_best_of_an_adaptive_sweep_is_the_true_best_or_within_chance_of_it(sigma: float, outliers: float) -> None:
    random = np.random.default_rng(20261123)
    _, true_fps = planted()
    allowed = 1 + chance(sigma, ROUNDS, sigma, ROUNDS)
    draws, right, blocks = 120, 0, 0
    for _ in range(draws):
        _, fps = swept(random, sigma, outliers)
        named = int(np.argmax([np.median(own) for own in fps]))
        right += true_fps[named] * allowed >= true_fps.max()
        blocks += sum(map(len, fps))
    assert right >= 0.95 * draws
    assert blocks < 0.7 * draws * ROUNDS * true_fps.size, "it saves time, too"


@pytest.mark.parametrize("sigma", [0.02, 0.05, 0.1])
def test_a_true_best_point_within_a_deadline_stays_in(sigma: float) -> None:
    random = np.random.default_rng(7)
    true_latency, true_fps = planted()
    in_time = np.flatnonzero(true_latency <= 40.0)
    best = int(in_time[np.argmax(true_fps[in_time])])
    as_good = np.flatnonzero((true_latency <= 40.0) & (true_fps * (1 + chance(sigma, ROUNDS, sigma, ROUNDS)) >= true_fps[best]))
    kept = [max(len(fps[at]) for at in as_good) == ROUNDS for _, fps in (swept(random, sigma, 0.0) for _ in range(120))]
    assert sum(kept) >= 0.95 * len(kept)


@given(FIGURES, NOISE)
def test_what_is_on_the_front_is_never_given_up(figures: list[tuple[int, int]], noise: list[float]) -> None:
    latency, fps = np.array(figures, float).T
    latency_blocks = [[value * factor for factor in noise] for value in latency]
    fps_blocks = [[value / factor for factor in noise] for value in fps]
    front = pareto_front(np.array([np.median(own) for own in latency_blocks]), np.array([np.median(own) for own in fps_blocks]))
    assert hopeful(latency_blocks, fps_blocks, ROUNDS)[front].all()


def test_a_point_that_is_surely_beaten_is_given_up_and_one_that_chance_may_have_beaten_is_not() -> None:
    latency = [[10.0, 10.2], [14.0, 14.3], [10.3, 10.5]]
    fps = [[100.0, 98.0], [60.0, 59.0], [97.5, 96.0]]
    assert hopeful(latency, fps, ROUNDS).tolist() == [True, False, True]


def test_a_point_with_a_disturbed_block_gets_another() -> None:
    latency = [[10.0, 10.2], [10.1, 20.0]]
    fps = [[100.0, 98.0], [99.0, 50.0]]
    assert hopeful(latency, fps, ROUNDS).tolist() == [True, True]


def test_unmeasured_points_are_hopeful() -> None:
    assert hopeful([[5.0, 5.1], []], [[100.0, 99.0], []], ROUNDS).tolist() == [True, True]
    assert hopeful([[5.0], [50.0]], [[100.0], [1.0]], ROUNDS).tolist() == [True, True], "one block says nothing of chance"
    assert hopeful([[], []], [[], []], ROUNDS).all()


def test_the_spread_is_that_of_blocks_and_not_of_points() -> None:
    random = np.random.default_rng(3)
    blocks = [list(value * np.exp(random.normal(0, 0.05, 5))) for value in (20.0, 80.0, 300.0) for _ in range(10)]
    assert spread(blocks) == pytest.approx(0.05, rel=0.2)
    assert spread([[1.0], [2.0], []]) is None
    assert chance(0.05, 20, 0.05, 20) < chance(0.05, 5, 0.05, 5)
