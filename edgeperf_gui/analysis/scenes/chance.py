"""Numbers that look random and are a pure function of a seed and a place: no state, so any frame can be asked for at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_MASK: Final = 2**64 - 1
_STEP: Final = 0x9E3779B97F4A7C15


def mixed(*words: int) -> int:
    """64 bits from whole numbers (splitmix64's finaliser, applied to each in turn)."""
    state = 0
    for word in words:
        state = (state + (word & _MASK) + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


def share(*words: int) -> float:
    """Uniform in [0, 1)."""
    return (mixed(*words) >> 11) / 2**53


def order(length: int, *words: int) -> tuple[int, ...]:
    """The numbers 0 … length − 1 in an order of their own (Fisher–Yates)."""
    numbers = list(range(length))
    for last in range(length - 1, 0, -1):
        other = mixed(*words, last) % (last + 1)
        numbers[last], numbers[other] = numbers[other], numbers[last]
    return tuple(numbers)


def weighted(weights: Sequence[float], *words: int) -> int:
    """An index, as often as its weight says."""
    left = share(*words) * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return len(weights) - 1
