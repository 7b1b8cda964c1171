"""A sweep as text: a row a point, the front marked, and the best in words."""

from __future__ import annotations

from collections.abc import Sequence

from edgeperf_gui.analysis.given_settings import given_alike, given_instead
from edgeperf_gui.analysis.trade_off import words
from edgeperf_gui.domain.arrival_pattern import PATTERNS, pattern_in
from edgeperf_gui.domain.sweep import SweepPoint, SweepResult
from edgeperf_gui.run_report import UNKNOWN, table

_HEAD = (
    "",
    "variant",
    "batch",
    "streams",
    "requests",
    "threads",
    "hint",
    "median",
    "p90",
    "p99",
    "ms/frame",
    "FPS",
    "wait",
    "MB",
    "compile",
    "blocks",
)


def report(result: SweepResult) -> str:
    """Everything in one text; * marks the front."""
    notes = [f"  {words(point)}: {point.sentence}" for point in result.points if point.sentence]
    given = ["; ".join(given_instead(point)) for point in result.points if given_instead(point)]
    saved = f", {result.saved_seconds:.0f} s saved by leaving hopeless points out" if result.saved_seconds is not None else ""
    blocks = [
        table(_asked_for([_HEAD, *map(_row, result.points)], result.points)),
        "milliseconds; * on the front: no other point answers sooner and does more; wait: of a batch's first frame for its last",
        _arrivals(result.spec.arrivals),
        result.best.sentence,
        "\n".join(dict.fromkeys(given)),
        given_alike(result.points),
        "\n".join(["Not measured", *notes]) if notes else "",
        f"{len(result.points)} points in {result.seconds:.0f} s{saved}{'' if result.complete else '; stopped before the end'}",
    ]
    return "\n\n".join(block for block in blocks if block)


def _asked_for(rows: Sequence[Sequence[str]], points: Sequence[SweepPoint]) -> list[tuple[str, ...]]:
    """The rows without the columns of threads and hint, where nobody asked for any."""
    left_out = set()
    if all(point.threads_asked is None for point in points):
        left_out.add(_HEAD.index("threads"))
    if all(point.hint == "none" for point in points):
        left_out.add(_HEAD.index("hint"))
    return [tuple(cell for at, cell in enumerate(row) if at not in left_out) for row in rows]


def _arrivals(words: str) -> str:
    """What the latency is of, where it is not of a request among others that are all kept busy."""
    name = pattern_in(words).name
    how = PATTERNS[name] if name != "paced" else "frames come at this rate, and the newest wins: what FPS lack of it was lost"
    meaning = "the latency is that of a query, from the moment it was meant to come"
    return "" if name == "offline" else f"{words}: {how}; {meaning}"


def _row(point: SweepPoint) -> tuple[str, ...]:
    latency = point.latency
    stats = (latency.median_ms, latency.p90_ms, latency.p99_ms) if latency else (None, None, None)
    return (
        "*" if point.on_front else " ",
        point.variant,
        str(point.batch),
        _count(point.streams),
        _count(point.requests),
        _count(point.threads),
        point.hint,
        *map(_number, stats),
        _number(point.per_frame_ms),
        _number(point.fps, ".1f"),
        _number(point.batch_wait_ms, ".0f"),
        _number(point.rss_mb, ".0f"),
        _number(point.compile_ms, ".0f"),
        f"{point.clean_blocks}" + (f" (+{point.dirty_blocks} dirty)" if point.dirty_blocks else ""),
    )


def _count(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)


def _number(value: float | None, form: str = ".2f") -> str:
    return UNKNOWN if value is None else format(value, form)
