"""A number with the range it may lie in."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """A value and its 95 % interval; `low` and `high` are None when there was too little to say."""

    value: float
    low: float | None = None
    high: float | None = None

    def inverse(self) -> Interval:
        """Of one over the number: what takes half the time is twice as fast."""
        return Interval(1 / self.value, self.high and 1 / self.high, self.low and 1 / self.low)

    def contains(self, number: float) -> bool:
        """Whether `number` cannot be ruled out; an unknown interval rules nothing out."""
        return self.low is None or self.high is None or self.low <= number <= self.high
