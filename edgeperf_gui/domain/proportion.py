"""A share of a count, with what it may really be."""

from __future__ import annotations

import msgspec


class Proportion(msgspec.Struct, frozen=True):
    """`hits` of `n`, with the 95 % interval of Wilson. All three numbers are None when n is 0."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None
