"""Words for arrival patterns, and all that is none."""

from __future__ import annotations

import contextlib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.arrival_pattern import PATTERNS, ArrivalPattern, PatternName, pattern_in
from edgeperf_gui.domain.errors import BadInput


@pytest.mark.parametrize("words", ["single", "server", "offline", "paced"])
def test_plain_words(words: str) -> None:
    assert pattern_in(words) == ArrivalPattern(words)


@given(st.integers(1, 1024))
def test_so_many_at_once(frames: int) -> None:
    assert pattern_in(f"multi:{frames}") == ArrivalPattern("multi", frames=frames)


@given(st.floats(0.001, 10_000))
def test_by_chance_at_a_rate(rate: float) -> None:
    assert pattern_in(f"poisson:{rate!r}") == ArrivalPattern("poisson", rate=rate)


def test_paced_at_a_rate_of_its_own() -> None:
    assert pattern_in("paced:29.97") == ArrivalPattern("paced", rate=29.97)


def test_a_file_of_moments() -> None:
    assert pattern_in("folder/TIMES.CSV") == ArrivalPattern("recorded", file="folder/TIMES.CSV")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("multi:0", "no number of frames that come at once"),
        ("multi:-1", "no number"),
        ("multi:", "no number"),
        ("multi:2.5", "no number"),
        ("multi:1025", "It is 1 to 1024"),
        ("multi", "no arrival pattern"),
        ("poisson:0", "no rate of arrivals"),
        ("poisson:nan", "no rate"),
        ("poisson", "no arrival pattern"),
        ("paced:0", "no rate of arrivals"),
        ("paced:", "no rate of arrivals"),
        ("SINGLE", "no arrival pattern"),
        ("single:3", "no arrival pattern"),
        ("times.txt", "or a CSV file"),
        ("", "no arrival pattern"),
    ],
)
def test_what_is_none_is_a_sentence_with_a_remedy(words: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as told:
        pattern_in(words)
    assert told.value.remedy


@given(st.text() | st.sampled_from(("multi:", "poisson:")).flatmap(lambda head: st.text().map(lambda tail: head + tail)))
def test_no_words_do_more_than_that(words: str) -> None:
    with contextlib.suppress(BadInput):
        assert pattern_in(words).name in get_args(PatternName)


def test_every_pattern_is_explained() -> None:
    assert set(PATTERNS) == set(get_args(PatternName))
