"""From blocks to a waterfall: steps that add up, a pace that counts what had company, and sentences that claim no more."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.bootstrap import difference_interval
from edgeperf_gui.analysis.waterfall import is_certain, pace_ms, steps
from edgeperf_gui.analysis.waterfall_words import check, doubts, headline, pacing_ratio, pacing_sentence, sentences, signed
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.records import FRAME
from edgeperf_gui.domain.results import Effective, Machine
from edgeperf_gui.domain.waterfall import PARTS, Pacing, WaterfallResult, WaterfallSpec

TOTALS = {"inference": 8.0, "input fill": 8.1, "preprocess": 9.2, "queue": 9.0, "postprocess": 9.5, "decode": 10.1}
MACHINE = Machine("bench", "Linux", "3.11", "2026", "5", "a CPU", 2, None, 8_000_000_000)
EFFECTIVE = Effective("FP16", {"bf16": 34}, ("CPU",), 1, 1, 2, "latency", "bf16")


def result(rounds: int = 8, whole: float = 10.15, **fields) -> WaterfallResult:
    wobble = np.linspace(0.98, 1.02, rounds)
    loops = {part: list(total * wobble) for part, total in TOTALS.items()}
    own = list(whole * wobble[::-1])
    made = WaterfallResult(
        spec=WaterfallSpec("trial", "street.mp4", "nanodet-g"),
        machine=MACHINE,
        effective=EFFECTIVE,
        app_requests=1,
        command="benchmark_app -m model.xml",
        steps=steps(loops, {"window": "No window."}),
        whole_ms=difference_interval(own, np.zeros(rounds)),
        whole_fps=1e3 / float(np.median(own)),
        rest_ms=difference_interval(own, loops["decode"]),
        pacing=Pacing(25.0, 11.2, 8.3, Interval(1.35, 1.28, 1.41), 160),
        clean_rounds=rounds,
        dirty_rounds=0,
        only_dirty=False,
        seconds=40.0,
        complete=True,
    )
    return msgspec.structs.replace(made, **fields)


def records(stamps_ms: list[float]) -> np.ndarray:
    rows = np.zeros(len(stamps_ms), FRAME)
    rows["complete_ns"] = np.array(stamps_ms) * 1e6
    return rows


def test_the_pace_is_wall_time_over_frames_that_had_company() -> None:
    assert pace_ms(records([0, 50, 60, 70, 80, 90]), 2, int(80e6)) == pytest.approx(10.0)
    assert pace_ms(records([90, 60, 80, 70, 50, 0]), 2, int(80e6)) == pytest.approx(10.0), "in whatever order they were written"
    assert pace_ms(records([0, 10, 20]), 1, int(20e6)) is None, "two completions are no pace"


@given(st.lists(st.floats(1.0, 50.0), min_size=6, max_size=6), st.integers(1, 12))
def test_steps_add_up_to_the_last_loop(totals: list[float], rounds: int) -> None:
    loops = {part: [total * (1 + 0.01 * at) for at in range(rounds)] for part, total in zip(PARTS, totals, strict=False)}
    found = steps(loops, {})
    assert sum(step.adds_ms.value for step in found if step.adds_ms) == pytest.approx(found[5].total_ms)
    assert all((step.adds_ms.low is None) == (rounds < 6) for step in found if step.adds_ms)


def test_a_part_that_was_not_measured_says_why_and_the_next_hangs_on_the_one_before() -> None:
    found = steps({"inference": [8.0], "preprocess": [9.0]}, {"input fill": "Nobody filled."})
    assert found[1].adds_ms is None and found[1].sentence == "Nobody filled."
    assert found[2].adds_ms.value == pytest.approx(1.0)
    assert found[3].sentence == "It was not measured."


def test_a_difference_is_resampled_round_by_round() -> None:
    drift = np.linspace(10, 30, 12)
    alone = difference_interval(drift + 1, drift)
    assert (alone.value, alone.low, alone.high) == pytest.approx((1.0, 1.0, 1.0)), "a drifting machine moves both"
    assert difference_interval([2.0], [1.0]) == Interval(1.0)
    with pytest.raises(ValueError, match="as many"):
        difference_interval([1.0, 2.0], [1.0])


def test_it_is_certain_when_the_rest_is_known_to_two_percent() -> None:
    assert is_certain(Interval(10.0), Interval(0.1, -0.1, 0.3))
    assert not is_certain(Interval(10.0), Interval(0.1, -0.2, 0.4))
    assert not is_certain(Interval(10.0), Interval(0.1)) and not is_certain(None, None)


def test_the_headline_names_both_numbers_and_the_dearest_parts() -> None:
    assert headline(result()) == (
        "benchmark_app’s loop gives 125.0 FPS (8.00 ms a frame), the whole session 98.5 FPS (10.15 ms). "
        "Most of the difference: preprocess (+1.10 ms) and decode (+0.60 ms)."
    )
    same = result(steps=steps({part: [8.0] * 6 for part in TOTALS}, {}))
    assert headline(same).endswith("No part takes more than 1 % of a frame.")


def test_the_sum_is_held_against_the_whole_honestly() -> None:
    assert "no more than chance" in check(result())
    assert "the parts do not explain it" in check(result(whole=14.0))
    assert "too few rounds" in check(result(rounds=3))
    assert check(result(whole_ms=None)) == ""


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (Interval(1.35, 1.28, 1.41), "comes to rest"),
        (Interval(0.8, 0.75, 0.85), "shares the processor"),
        (Interval(1.02, 1.01, 1.03), "hardly a difference"),
        (Interval(1.1, 0.9, 1.3), "no difference shown"),
        (Interval(1.1), "too few rounds"),
    ],
)
def test_paced_against_saturated_in_words(interval: Interval, said: str) -> None:
    pacing = Pacing(25.0, 11.2, 8.3, interval, 40)
    assert said in pacing_ratio(pacing)
    assert pacing_sentence(pacing).startswith("One inference takes 11.20 ms at 25 FPS and 8.30 ms flat out: ")
    assert pacing_sentence(None) == ""


def test_doubts_are_told() -> None:
    assert doubts(result()) == "" and len(sentences(result())) == 3
    assert "measure again when it is quiet" in doubts(result(only_dirty=True))
    assert "more rounds" in doubts(result(complete=False))


def test_signs_are_true_and_nothing_has_none() -> None:
    assert [signed(value) for value in (0.1, -0.1, 0.001, -0.001)] == ["+0.10", "−0.10", "0.00", "0.00"]
