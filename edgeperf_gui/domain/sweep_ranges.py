"""Ranges as a person writes them, and how many points and seconds they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast, get_args

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import LARGEST_COUNT, Hint
from edgeperf_gui.domain.sweep import SweepPoint, SweepSpec

_LOADING_S: Final = 1.0
"""Compiling a point and filling its inputs, as a first guess."""
_AROUND_S: Final = 0.1
"""A block's own overhead: the requests fill up and run dry."""
_REMEDY: Final = "Write 1,2,4 or 1-4."
_HINTS: Final[tuple[str, ...]] = get_args(Hint)


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


def hints_in(text: str) -> tuple[Hint, ...]:
    """`latency,throughput,none` or some of them. Raises BadInput with a sentence about the part that is no hint."""
    names = [part.strip().lower() for part in text.split(",")]
    for name in names:
        if name not in _HINTS:
            raise BadInput(f"“{name[:40]}” is none of {', '.join(_HINTS)}.", "Write one, or several such as latency,throughput.")
    return tuple(cast("list[Hint]", names))


def hints_and_streams(spec: SweepSpec) -> list[tuple[Hint, int | None]]:
    """Which hint goes with which number of streams, each pair once.

    A number takes the decision away from a hint: with it all hints are the same. So only `none` goes with the numbers.
    """
    pairs = [(hint, streams) for hint in spec.hints for streams in (spec.streams if hint == "none" else (None,))]
    return list(dict.fromkeys(pairs))


def check_ranges(spec: SweepSpec) -> None:
    """Raise BadInput where ranges make no point, or several that cannot differ."""
    empty = [name for name in ("precisions", "batches", "streams", "requests", "threads", "hints") if not getattr(spec, name)]
    if empty:
        raise BadInput(f"A sweep without {empty[0]} has no points.", "Name one, or leave the choice to the runtime.")
    if "none" not in spec.hints and set(spec.streams) != {None}:
        raise BadInput(
            f"Under hint {' and '.join(dict.fromkeys(spec.hints))} the runtime chooses the streams itself.",
            "Add hint none, which the numbers of streams are for, or leave the streams out.",
        )
    if len(set(spec.threads)) > 1 and spec.device.partition(":")[0].partition(".")[0] != "CPU":
        raise BadInput(
            f"{spec.device} takes no number of threads: points that differ in it alone would be the same.",
            "Leave the threads out, or choose the device CPU.",
        )


def number_of_points(spec: SweepSpec) -> int:
    """Every combination once, those taken over included."""
    number = len(hints_and_streams(spec))
    ranges: tuple[Sequence[object], ...] = (spec.precisions, spec.batches, spec.requests, spec.threads)
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
