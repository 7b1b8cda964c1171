"""A mix of cameras is dealt so that every beginning of the row is close to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.domain.capacity import dealt


def test_three_to_one() -> None:
    assert dealt((3, 1), 8) == [0, 0, 1, 0, 0, 0, 1, 0]
    assert dealt((1,), 3) == [0, 0, 0]
    assert dealt((1, 1), 3) == [0, 1, 0]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8).map(tuple), st.integers(0, 256))
def test_every_beginning_is_close_to_the_mix(counts: tuple[int, ...], cameras: int) -> None:
    row = dealt(counts, cameras)
    for beginning in range(1, cameras + 1):
        for kind, count in enumerate(counts):
            assert abs(row[:beginning].count(kind) - beginning * count / sum(counts)) < len(counts)
    whole = dealt(counts, sum(counts))
    assert [whole.count(kind) for kind in range(len(counts))] == list(counts)
