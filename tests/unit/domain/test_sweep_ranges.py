"""Ranges as people write them."""

from __future__ import annotations

import msgspec
import pytest

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.sweep import SweepSpec
from edgeperf_gui.domain.sweep_ranges import counts_in, first_guess_s, is_settled, number_of_points
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
