"""When frames come: patterns after MLPerf's scenarios, and the words for them."""

from __future__ import annotations

import math
from typing import Final, Literal, cast

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import LARGEST_COUNT

PatternName = Literal["single", "multi", "poisson", "server", "offline", "paced", "recorded"]

_SLOWEST: Final = 0.001
"""Arrivals a second: one in a quarter of an hour. Moments of much slower ones are beyond the clock's numbers."""
FASTEST: Final = 10_000.0
"""Arrivals a second."""
EXAMPLE: Final = (
    "Write single, multi:B such as multi:8, poisson:RATE such as poisson:20, server, offline, paced, "
    "or a CSV file with a column arrival_s or interval_s."
)
_PLAIN: Final[dict[str, PatternName]] = {"single": "single", "server": "server", "offline": "offline", "paced": "paced"}
PATTERNS: Final[dict[PatternName, str]] = {
    "single": "the next frame comes when the last is answered",
    "multi": "the next frames come, all at once, when the last are answered",
    "poisson": "frames come by chance at a mean rate, and queue",
    "server": "the highest rate of frames that come by chance and are answered in time",
    "offline": "all frames are there at once",
    "paced": "frames come at the source's own rate, and the newest wins",
    "recorded": "frames come when a file says, and queue",
}
"""What each means, for a person."""
CLOSED: Final = ("single", "multi")
"""Closed loops: the next query waits for the answer to the last."""


class ArrivalPattern(msgspec.Struct, frozen=True):
    """A pattern after MLPerf's scenarios; what the others lack is None."""

    name: PatternName
    frames: int = 1
    """Frames that come at the same moment: one query."""
    rate: float | None = None
    """Arrivals a second in the mean; None of `paced` is the source's own."""
    file: str | None = None
    """A CSV of moments."""


def pattern_in(words: str) -> ArrivalPattern:
    """What a user wrote: `single`, `multi:B`, `poisson:RATE`, `server`, `offline`, `paced`, or a CSV file. Raises BadInput.

    A sweep, which has no source's own rate, writes `paced:RATE`.
    """
    if words in _PLAIN:
        return ArrivalPattern(_PLAIN[words])
    name, colon, value = words.partition(":")
    if colon and name == "multi":
        return ArrivalPattern("multi", frames=_frames(value))
    if colon and name in ("poisson", "paced"):
        return ArrivalPattern(cast("PatternName", name), rate=_rate(value))
    if words.lower().endswith(".csv"):
        return ArrivalPattern("recorded", file=words)
    raise BadInput(f"“{words[:80]}” is no arrival pattern.", EXAMPLE)


def _frames(text: str) -> int:
    try:
        frames = int(text)
    except ValueError:
        frames = 0
    if not 1 <= frames <= LARGEST_COUNT:
        raise BadInput(f"“{text[:40]}” is no number of frames that come at once.", f"It is 1 to {LARGEST_COUNT}.")
    return frames


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not _SLOWEST <= rate <= FASTEST:
        raise BadInput(f"“{text[:40]}” is no rate of arrivals.", f"It is {_SLOWEST:g} to {FASTEST:g} a second.")
    return rate
