"""Situations from lists, and those that cannot be run; the other refusals stand in the tests of the job and of the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.simulation import Situation
from edgeperf_gui.domain.situations import combined, numbers_in, refuse


def test_each_number_once_in_the_order_written() -> None:
    assert numbers_in("30, 60,30,12.5", 1000) == (30.0, 60.0, 12.5)
    assert numbers_in("4,1", 64, whole=True) == (4.0, 1.0)


@given(st.text(max_size=30))
def test_any_text_is_numbers_or_a_sentence(text: str) -> None:
    try:
        assert all(0.001 <= number <= 1000 for number in numbers_in(text, 1000))
    except BadInput as error:
        assert "is not" in error.sentence and error.remedy


def test_every_rate_goes_with_every_batch() -> None:
    shared = {"line": "all", "by_chance": False, "requests": 2, "streams": 1, "seconds": 5.0}
    made = combined((30, 60), (1, 4), (1,), **shared)
    assert [(one.rate_fps, one.batch) for one in made] == [(30, 1), (30, 4), (60, 1), (60, 4)]
    assert made[0] == Situation(30, "all", 1, 1, 2, 1, by_chance=False, seconds=5.0)


@pytest.mark.parametrize(
    ("situations", "source", "looks", "words"),
    [
        ((), "a.mp4", None, "nothing to simulate"),
        ((Situation(30),), "a.mp4", 3, "drawn scenes only"),
        ((Situation(60),), "scene:highway", 3, "own rate"),
        ((Situation(30, cameras=2),), "scene:highway", 3, "own rate"),
        ((Situation(30),), "scene:beach", None, "beach"),
        ((Situation(30, by_chance=True),), "a.mp4", None, "Let all frames queue, of one camera"),
        ((Situation(30, "all", cameras=2),), "a.mp4", None, "Keep the newest, with batch 1"),
    ],
)
def test_what_cannot_be_run_is_a_sentence(situations, source: str, looks: int | None, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        refuse(situations, source, looks)
    refuse((Situation(30),), "scene:highway", 3)
