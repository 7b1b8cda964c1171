"""Rows about the scenario page."""

from __future__ import annotations

from rows import Row, Settings
from sides import slider


def sliders(settings: Settings) -> list[Row]:
    """A slider's move until its verdict is on the screen: p99 of the moves."""
    times_ms = slider(60 * settings.pairs)
    at = min(len(times_ms) - 1, int(0.99 * len(times_ms)))
    evidence = f"median {times_ms[len(times_ms) // 2]:.1f} ms, longest {times_ms[-1]:.1f} ms, {len(times_ms)} moves"
    return [Row("scenario: slider moved → verdict painted, p99", times_ms[at], "≤ 50", " ms", evidence)]
