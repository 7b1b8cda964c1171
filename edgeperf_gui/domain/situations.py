"""Situations to be predicted: from lists that somebody writes, and why some cannot be run."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.scene import is_scene, parse
from edgeperf_gui.domain.simulation import Line, Situation

MOST_SITUATIONS: Final = 64
FASTEST_FPS: Final = 1000.0
SLOWEST_FPS: Final = 0.001
_MOST_FRAMES: Final = 2_000_000
"""Of one situation: about a minute of simulating, and some hundred megabytes."""


def numbers_in(text: str, highest: float, *, whole: bool = False) -> tuple[float, ...]:
    """`30,60,150`, each once, in the order in which they are written. Raises BadInput about the part that is no such number."""
    numbers = []
    for part in text.split(","):
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not SLOWEST_FPS <= number <= highest or (whole and number != int(number)):
            kind = f"a whole number from 1 to {highest:g}" if whole else f"a number from {SLOWEST_FPS:g} to {highest:g}"
            several = "1,2,4" if whole else "30,60,150"
            raise BadInput(f"“{part.strip()[:20]}” is not {kind}.", f"Write one, or several such as {several}.")
        numbers.append(number)
    return tuple(dict.fromkeys(numbers))


def combined(
    rates: Sequence[float],
    batches: Sequence[float],
    cameras: Sequence[float],
    *,
    line: Line,
    by_chance: bool,
    requests: int,
    streams: int,
    seconds: float,
) -> tuple[Situation, ...]:
    """Every rate with every batch and number of cameras. Raises BadInput when they are too many."""
    number = len(rates) * len(batches) * len(cameras)
    if number > MOST_SITUATIONS:
        raise BadInput(f"{number} situations are too many; {MOST_SITUATIONS} go at once.", "Write shorter lists.")
    return tuple(
        Situation(rate, line, int(many), int(batch), requests, streams, by_chance, seconds)
        for rate, batch, many in itertools.product(rates, batches, cameras)
    )


def refuse(situations: Sequence[Situation], source: str, looks: int | None) -> None:
    """Raise BadInput for what the engine cannot run, and SourceError for a scene that does not exist."""
    if not situations:
        raise BadInput("There is nothing to simulate.", "Give a rate.")
    if looks is not None and not is_scene(source):
        raise BadInput("How often vehicles are seen is known of drawn scenes only.", "Choose one, such as scene:highway.")
    scene_fps = parse(source).fps if is_scene(source) else None
    for one in situations:
        if one.rate_fps * one.cameras * one.seconds > _MOST_FRAMES:
            raise BadInput(f"{named(one)} for {one.seconds:g} s are more than {_MOST_FRAMES} frames.", "Simulate fewer seconds.")
        if looks is not None and (one.cameras > 1 or one.rate_fps != scene_fps):
            raise BadInput("Looks are counted of one camera at the scene’s own rate.", f"That is {scene_fps:g} FPS.")
        if one.by_chance and (one.line == "newest" or one.cameras > 1):
            raise BadInput("Frames that come by chance queue, and come from one source.", "Let all frames queue, of one camera.")
        if one.cameras > 1 and (one.line == "all" or one.batch > 1):
            raise BadInput(
                "Several cameras keep their newest frame each, and are served one by one.",
                "Keep the newest, with batch 1.",
            )


def named(one: Situation) -> str:
    """In few words: “3 cameras at 30 FPS, batch 1, newest frames”."""
    cameras = f"{one.cameras} cameras at " if one.cameras > 1 else ""
    return f"{cameras}{one.rate_fps:g} FPS, batch {one.batch}, {one.line} frames"


def slower_words(slowdown: float) -> str:
    """How much longer a frame took than otherwise: “12.8 % slower”, “3.0 % faster”."""
    percent = 100 * (slowdown - 1)
    return f"{abs(percent):.1f} % {'slower' if percent >= 0 else 'faster'}"
