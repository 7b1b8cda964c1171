"""Rows about the waterfall: both its ends are what others measure in processes of their own."""

from __future__ import annotations

import statistics
from dataclasses import replace

from rows import Row, Settings, pairs, ratio
from sides import bench, benchmark_app, verb


def waterfall(settings: Settings) -> list[Row]:
    """Its first bar against benchmark_app, its sum against a session of its own, and what it leaves over.

    5 %: two runs of the same session in processes of their own differ by up to 3 %, and a sum is known to 2 % when it ends.
    """
    fewer = replace(settings, pairs=min(settings.pairs, 3))
    rows = []
    for hint in ("latency", "throughput"):
        rounds, dirty = pairs(
            fewer,
            lambda hint=hint: _steps(10 * settings.seconds, hint),
            lambda hint=hint: bench(settings.seconds, hint=hint),
            lambda hint=hint: benchmark_app(settings.seconds, hint=hint),
        )
        note = f"{len(rounds)} rounds, {dirty} dirty"
        for figure, side, name in (("sum", 1, "Σ steps against a session"), ("loop", 2, "first loop against benchmark_app")):
            value, words = ratio([[{"fps": one[0][figure]}, *one[1:]] for one in rounds], "fps", 0, side)
            rows.append(Row(f"waterfall: {name}, FPS, hint {hint}", 100 * abs(value - 1), "≤ 5", " %", f"{words}; {note}"))
        rest = [one[0]["rest"] for one in rounds]
        words = ", ".join(f"{value:+.1f}" for value in rest)
        rows.append(Row(f"the same: left over, of a frame, hint {hint}", abs(statistics.median(rest)), "≤ 3", " %", words))
    return rows


def _steps(seconds: float, hint: str) -> dict[str, float]:
    """`edgeperf waterfall`: FPS of its first loop and of its sum, and what is left over in percent of a frame."""
    found = verb("waterfall", "--hint", hint, "--seconds", str(seconds))
    totals = [step["fps"] for step in found["steps"] if step["fps"] is not None]
    rest = 100 * found["rest_ms"]["value"] / found["whole_ms"]["value"]
    return {"loop": totals[0], "sum": totals[-1], "rest": rest, "foreign": 100.0 if found["only_dirty"] else 0.0}
