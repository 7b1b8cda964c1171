"""Ranges as people write them."""

from __future__ import annotations

import msgspec
import pytest

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.sweep import SweepSpec
from edgeperf_gui.domain.sweep_ranges import check_ranges, counts_in, first_guess_s, hints_in, is_settled, number_of_points
from edgeperf_gui.engine.jobs.sweep import asked_points

SPEC = SweepSpec(session_id="trial", model="nanodet-g", precisions=("FP16", "INT8"), batches=(1, 2, 2), streams=(None, 1, 2))


@pytest.mark.parametrize(
    ("text", "counts"), [("1", (1,)), ("1,2,4", (1, 2, 4)), ("1-4", (1, 2, 3, 4)), (" 1 - 2 , 8", (1, 2, 8))]
)
def test_lists_and_ranges(text: str, counts: tuple[int, ...]) -> None:
    assert counts_in(text) == counts


@pytest.mark.parametrize("text", ["", "0", "two", "4-2", "1,,2", "-1", "1-", "1.5", "1-2000"])
def test_what_is_neither_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match=r"neither a whole number|not a range from 1 to") as refused:
        counts_in(text)
    assert refused.value.remedy


def test_hints_are_a_list() -> None:
    assert hints_in("none") == ("none",)
    assert hints_in("Latency, throughput,none") == ("latency", "throughput", "none")


@pytest.mark.parametrize("text", ["", "fast", "latency,", "latency;none", "none,1"])
def test_what_is_no_hint_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="is none of latency, throughput, none") as refused:
        hints_in(text)
    assert refused.value.remedy


def test_only_hint_none_goes_with_numbers_of_streams() -> None:
    spec = msgspec.structs.replace(SPEC, hints=("throughput", "none", "throughput"), threads=(1, 2), batches=(1,))
    points = asked_points(spec)
    pairs = [(point.hint, point.streams_asked) for point in points if point.variant == "FP16" and point.threads_asked == 1]
    assert pairs == [("throughput", None), ("none", None), ("none", 1), ("none", 2)]
    assert number_of_points(spec) == len(points) == 2 * 4 * 2
    assert len({point.settings for point in points}) == len(points)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"hints": ("latency", "throughput")}, "Under hint latency and throughput the runtime chooses the streams itself"),
        ({"hints": ()}, "without hints has no points"),
        ({"threads": ()}, "without threads has no points"),
        ({"device": "GPU.0", "threads": (1, 2)}, "GPU.0 takes no number of threads"),
        ({"device": "AUTO:GPU,CPU", "threads": (None, 2)}, "takes no number of threads"),
    ],
)
def test_ranges_that_do_not_go_together_are_a_sentence(ranges: dict, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        check_ranges(msgspec.structs.replace(SPEC, **ranges))
    assert refused.value.remedy


def test_ranges_that_go_together_are_let_through() -> None:
    check_ranges(SPEC)
    check_ranges(msgspec.structs.replace(SPEC, hints=("latency", "none"), threads=(None, 1, 2)))
    check_ranges(msgspec.structs.replace(SPEC, hints=("latency",), streams=(None,), device="AUTO", threads=(2,)))


def test_the_number_is_that_of_the_points_really_made() -> None:
    assert number_of_points(SPEC) == len(asked_points(SPEC)) == 12


def test_a_point_is_settled_by_figures_or_by_a_sentence_only() -> None:
    assert not is_settled(msgspec.structs.replace(asked_points(SPEC)[0], clean_blocks=5), 5)


def test_what_is_taken_over_takes_no_time() -> None:
    whole, marked, begun, *_ = asked_points(SPEC)
    known = (
        msgspec.structs.replace(whole, clean_blocks=5, fps=30.0),
        msgspec.structs.replace(marked, sentence="It does not fit."),
        msgspec.structs.replace(begun, clean_blocks=2),
    )
    assert [is_settled(point, 5) for point in known] == [True, True, False]
    again = msgspec.structs.replace(SPEC, known=known)
    assert first_guess_s(again) == pytest.approx(first_guess_s(SPEC) * 10 / 12)
