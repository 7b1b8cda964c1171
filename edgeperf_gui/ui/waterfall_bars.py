"""The parts of a waterfall as bars: from where to where, in which colour, and what there is to say of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from edgeperf_gui.analysis.waterfall_words import EXPLAINED, REST, TITLES, WHOLE, between, signed
from edgeperf_gui.domain.interval import Interval
from edgeperf_gui.domain.waterfall import WaterfallResult, WaterfallStep
from edgeperf_gui.ui import theme

_COLOURS: Final = {
    "inference": (theme.STAGES["inference"], 0.84),
    "input fill": (theme.STAGES["preprocess"], 0.45),
    "preprocess": (theme.STAGES["preprocess"], 0.84),
    "queue": (theme.STAGES["queue"], 0.84),
    "postprocess": (theme.STAGES["postprocess"], 0.84),
    "decode": (theme.STAGES["decode"], 0.84),
    "window": (theme.STAGES["present"], 0.84),
}
"""The stage's colour and its opacity. Filling the input is a part of preprocessing, so it wears that colour, paler."""
_LOOP: Final = "benchmark_app loop"
"""Shorter than its title, to fit below its bar."""
_WIDTH: Final = 58
"""Letters of a line in the box that tells a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Milliseconds a frame; None where it was not measured."""

    name: str
    start: float | None
    end: float | None
    low: float | None
    """The 95 % interval of its end, its start being as it is."""
    high: float | None
    number: str
    colour: str
    opacity: float
    is_hatched: bool
    """It wins time back, or is what nobody can explain."""
    told: tuple[str, ...]


def bars_of(result: WaterfallResult) -> tuple[Bar, ...]:
    """A bar a part, what is left over, and the whole session."""
    bars = [_step_bar(step, before) for step, before in zip(result.steps, _totals_before(result), strict=True)]
    whole, rest, total = result.whole_ms, result.rest_ms, result.sum_ms
    if whole is None or rest is None or total is None:
        return tuple(bars)
    look = theme.tokens()
    left = _hung("left over", total, rest, look.faint, 1.0, ("left over", f"{signed(rest.value)} ms", between(rest), REST))
    session = ("the whole session", f"{whole.value:.2f} ms a frame, {1e3 / whole.value:.1f} FPS", _ends(whole), WHOLE)
    standing = Bar(
        "the whole session",
        0.0,
        whole.value,
        whole.low,
        whole.high,
        f"{whole.value:.2f}",
        look.quiet,
        0.84,
        False,
        _wrapped(session),
    )
    return (*bars, left, standing)


def _step_bar(step: WaterfallStep, before: float) -> Bar:
    colour, opacity = _COLOURS[step.part]
    # a sign stays with its word where a name takes two lines
    name, explained = TITLES[step.part].replace("+ ", "+\u00a0"), EXPLAINED[step.part]
    adds, total = step.adds_ms, step.total_ms
    if adds is None or total is None:
        return Bar(name, None, None, None, None, "", colour, opacity, False, _wrapped((name, step.sentence, explained)))
    sum_so_far = f"so far {total:.2f} ms a frame, {1e3 / total:.1f} FPS"
    if step.part == "inference":
        said = _wrapped((name, f"{total:.2f} ms a frame, {1e3 / total:.1f} FPS", _ends(adds), explained))
        return Bar(_LOOP, 0.0, total, adds.low, adds.high, f"{total:.2f}", colour, opacity, False, said)
    said = (name, f"{signed(adds.value)} ms a frame", between(adds), sum_so_far, explained)
    return _hung(name, before, adds, colour, opacity, said)


def _hung(name: str, before: float, adds: Interval, colour: str, opacity: float, said: tuple[str, ...]) -> Bar:
    """It begins where the last one ended."""
    low, high = (None if end is None else before + end for end in (adds.low, adds.high))
    end = before + adds.value
    return Bar(
        name, before, end, low, high, signed(adds.value), colour, opacity, adds.value < 0 or name == "left over", _wrapped(said)
    )


def _totals_before(result: WaterfallResult) -> list[float]:
    totals, last = [], 0.0
    for step in result.steps:
        totals.append(last)
        last = step.total_ms if step.total_ms is not None else last
    return totals


def _ends(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return ""
    return f"95 %: {interval.low:.2f} to {interval.high:.2f} ms"


def _wrapped(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines short enough for the box, the empty ones left out."""
    found: list[str] = []
    for line in filter(None, lines):
        text = ""
        for word in line.split():
            if text and len(text) + 1 + len(word) > _WIDTH:
                found.append(text)
                text = word
            else:
                text = f"{text} {word}".strip()
        found.append(text)
    return tuple(found)
