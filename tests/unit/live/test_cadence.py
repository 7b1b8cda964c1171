"""What is done in which tick of the window's timer."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.live.cadence import STEPPING_BACK, WATCHING, Cadence, Rota


def done(cadence: Cadence, pictures: list[bool]) -> list[list[str]]:
    rota = Rota(cadence)
    ticks = []
    for comes in pictures:
        ticks.append(rota.due())
        if comes:
            rota.picture_came()
    return ticks


def test_with_a_picture_every_33_ms_everything_is_done_in_the_pause_after_one() -> None:
    every = 5
    ticks = done(WATCHING, [tick % every == 0 for tick in range(2000)])
    for name, errand in WATCHING.errands.items():
        at = [tick for tick, names in enumerate(ticks) if name in names]
        assert len(at) > 10
        assert {tick % every for tick in at} == {errand.after_picture}
        assert max(b - a for a, b in itertools.pairwise(at)) <= errand.every + 2 * every


def test_without_pictures_nothing_waits_longer_than_its_patience() -> None:
    ticks = done(WATCHING, [False] * 2000)
    for name, errand in WATCHING.errands.items():
        at = [tick for tick, names in enumerate(ticks) if name in names]
        assert max(b - a for a, b in itertools.pairwise(at)) <= errand.every + WATCHING.patience + 1


@pytest.mark.parametrize("cadence", [WATCHING, STEPPING_BACK])
@given(pictures=st.lists(st.booleans(), max_size=400))
def test_plots_and_text_are_never_drawn_in_the_same_tick_and_nothing_starves(cadence: Cadence, pictures: list[bool]) -> None:
    ticks = done(cadence, pictures)
    assert not any({"plots", "text"} <= set(names) for names in ticks)
    for name, errand in cadence.errands.items():
        at = [-1, *(tick for tick, names in enumerate(ticks) if name in names), len(ticks)]
        assert max(b - a for a, b in itertools.pairwise(at)) <= errand.every + cadence.patience + 2


def test_pictures_that_come_faster_than_ticks_do_not_begin_the_timer_anew() -> None:
    rota = Rota(WATCHING)
    rota.due()
    assert rota.picture_came()
    assert not rota.picture_came() and not rota.picture_came()
    rota.due()
    assert rota.picture_came()
