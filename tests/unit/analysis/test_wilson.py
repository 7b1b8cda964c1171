"""Wilson's interval against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeperf_gui.analysis.wilson import proportion
from edgeperf_gui.domain.accuracy import Proportion


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_values(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = proportion(hits, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_three_quarters_of_many() -> None:
    found = proportion(2775, 3700)
    assert found.low is not None and found.high is not None
    assert found.high - found.low == pytest.approx(2 * 0.014, abs=2e-3)


@given(st.integers(0, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_value_lies_inside_and_everything_is_a_share(numbers: tuple[int, int]) -> None:
    found = proportion(*numbers)
    if numbers[1] == 0:
        assert found == Proportion(0, 0, None, None, None)
    else:
        assert found.low is not None and found.value is not None and found.high is not None
        assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("numbers", [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_proportion(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        proportion(*numbers)
