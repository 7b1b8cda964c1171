"""Accuracy and agreement, measured apart from the run, against a scenario's limits."""

from __future__ import annotations

import numpy as np
import pytest
from run_samples import run_of

from edgeperf_gui.analysis.outlook import outlook
from edgeperf_gui.analysis.scenario_quality import Figure, Quality, accuracy_figure, agreement_figure
from edgeperf_gui.analysis.scenario_runs import evaluate_runs
from edgeperf_gui.analysis.scenario_verdict import OF_THE_DEVICE
from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import Agreement, ClassificationAccuracy
from edgeperf_gui.domain.scenario import Requirement, Scenario, ScenarioResult


def held(quality: Quality | None, **limits: float) -> ScenarioResult:
    scenario = Scenario(title="Trial", why="It tries. Nothing else.", **limits)
    return evaluate_runs("trial", scenario, [run_of(), run_of(saturated=False)], quality=quality)


def only(quality: Quality | None, **limits: float) -> Requirement:
    (one,) = held(quality, **limits).requirements
    return one


def top1(hits: int, n: int) -> Figure:
    share = proportion(hits, n)
    return Figure("top-1", share.value, share.low, share.high, n, "pets")


@pytest.mark.parametrize(("limit", "verdict"), [(0.6, "PASS"), (0.7, "UNDECIDED"), (0.8, "UNDECIDED"), (0.9, "FAIL")])
def test_a_share_is_held_by_its_own_interval(limit: float, verdict: str) -> None:
    one = only(Quality(accuracy=top1(75, 100)), min_accuracy=limit)
    assert (one.verdict, one.measured, one.n, one.value, one.limit) == (verdict, "0.750", 100, 0.75, limit)
    assert one.evidence.startswith("top-1 on 100 pictures of pets; 95 % interval 0.657 … 0.825")
    more = "more pictures would decide: edgeperf accuracy takes a folder of them"
    assert one.evidence.endswith(more) == (verdict == "UNDECIDED")


@pytest.mark.parametrize(
    ("n", "limit", "verdict"),
    [
        (128, 0.2, "PASS"),
        (128, 0.3, "UNDECIDED"),
        (128, 0.35, "UNDECIDED"),
        (128, 0.5, "FAIL"),
        (5000, 0.3, "PASS"),
        (1, 0.1, "UNDECIDED"),
    ],
)
def test_an_ap_has_no_interval_and_is_held_as_a_share_of_its_pictures(n: int, limit: float, verdict: str) -> None:
    one = only(Quality(accuracy=Figure("AP", 0.335, None, None, n, "coco128")), min_accuracy=limit)
    assert one.verdict == verdict and one.evidence.startswith(f"AP on {n} pictures of coco128; no interval was measured")


def test_a_mean_of_many_numbers_scatters_no_more_than_the_interval_that_stands_for_it() -> None:
    random, n, missed = np.random.default_rng(7), 128, 0
    for _ in range(500):
        value = float(random.beta(0.5, 1.0, n).mean())  # of pictures that are mostly missed or mostly found
        missed += only(Quality(accuracy=Figure("AP", value, None, None, n, "x")), min_accuracy=1 / 3).verdict != "UNDECIDED"
    assert missed < 0.05 * 500


def test_agreement_is_held_for_itself_and_both_decide_the_verdict() -> None:
    both = Quality(top1(95, 100), Figure("AP", 0.9, None, None, 64, "street.mp4"))
    found = held(both, min_accuracy=0.8, min_agreement=0.7)
    assert [(one.name, one.verdict) for one in found.requirements] == [("accuracy", "PASS"), ("agreement", "PASS")]
    assert found.verdict == "PASS" and held(both, min_agreement=0.99).verdict == "FAIL"
    assert {"accuracy", "agreement"} <= set(OF_THE_DEVICE)


def test_what_was_not_measured_is_undecided_and_says_how() -> None:
    for quality in (None, Quality()):
        accuracy, agreement = held(quality, min_accuracy=0.3, min_agreement=0.9).requirements
        assert accuracy.verdict == agreement.verdict == "UNDECIDED" and accuracy.value is None
        assert "--accuracy FILE" in accuracy.evidence and "--agreement FILE" in agreement.evidence
    assert held(Quality(top1(1, 2), top1(1, 2))).requirements == ()


def test_the_outlook_knows_it_too() -> None:
    scenario = Scenario(title="Trial", why="It tries. Nothing else.", min_accuracy=0.5)
    assert outlook("trial", scenario, [run_of()], quality=Quality(top1(95, 100))).result.verdict == "PASS"


def test_figures_are_taken_from_results_and_nothing_from_nothing() -> None:
    nothing = proportion(0, 0)
    agreed = Agreement(64, 0, 0.4, None, None, nothing, None, None, None, ())
    assert accuracy_figure(None, "x") is agreement_figure(None, "x") is agreement_figure(agreed, "x") is None
    assert accuracy_figure(ClassificationAccuracy(0, nothing, nothing, (), ()), "x") is None
    assert accuracy_figure(ClassificationAccuracy(4, proportion(3, 4), proportion(4, 4), (), ()), "pets").n == 4
    same = Agreement(64, 0, 0.4, None, None, nothing, proportion(60, 64), None, None, ())
    assert agreement_figure(same, "pets").name == "top-1"
    boxes = Agreement(64, 9, 0.4, 0.9, 0.9, proportion(8, 9), None, None, None, ())
    assert agreement_figure(boxes, "street.mp4") == Figure("AP", 0.9, None, None, 64, "street.mp4")
