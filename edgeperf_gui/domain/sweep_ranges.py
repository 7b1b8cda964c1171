"""Ranges as a person writes them, and how many points and seconds they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import LARGEST_COUNT
from edgeperf_gui.domain.sweep import SweepPoint, SweepSpec

_LOADING_S: Final = 1.0
"""Compiling a point and filling its inputs, as a first guess."""
_AROUND_S: Final = 0.1
"""A block's own overhead: the requests fill up and run dry."""
_REMEDY: Final = "Write 1,2,4 or 1-4."


def counts_in(text: str) -> tuple[int, ...]:
    """`1,2,4` or `1-4`, or both. Raises BadInput with a sentence about the part that is neither."""
    counts: list[int] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        try:
            first, last = int(low), int(high if dash else low)
        except ValueError:
            raise BadInput(f"“{part}” is neither a whole number nor a range such as 1-4.", _REMEDY) from None
        if not 1 <= first <= last <= LARGEST_COUNT:
            raise BadInput(f"“{part}” is not a range from 1 to {LARGEST_COUNT}.", _REMEDY)
        counts += range(first, last + 1)
    return tuple(counts)


def number_of_points(spec: SweepSpec) -> int:
    """Every combination once, those taken over included."""
    number = 1
    ranges: tuple[Sequence[object], ...] = (spec.precisions, spec.batches, spec.streams, spec.requests)
    for values in ranges:
        number *= len(set(values))
    return number


def is_settled(point: SweepPoint, rounds: int) -> bool:
    """It need not be measured again when a sweep of so many rounds goes on: measured whole, or known not to run."""
    return (point.clean_blocks >= rounds and point.fps is not None) or bool(point.sentence)


def first_guess_s(spec: SweepSpec) -> float:
    """About how long a sweep takes, before anything is known of the model; repeats and large batches make it longer."""
    left = number_of_points(spec) - sum(is_settled(point, spec.rounds) for point in spec.known)
    return max(left, 0) * (_LOADING_S + spec.rounds * (spec.block_seconds + _AROUND_S))
