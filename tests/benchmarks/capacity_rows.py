"""Rows about capacity."""

from __future__ import annotations

import statistics
import time

from rows import DIRTY_PERCENT, Row, Settings
from sides import CLIP, verb

LONGEST_S = 60.0
"""A search that others disturbed is run once more, unless it took longer."""


def cameras(settings: Settings) -> list[Row]:
    """How many cameras fit, predicted against verified, and what one of sixteen costs."""
    seconds = 15.0 if settings.pairs > 2 else 6.0
    found = _search("--rate", "10", "--seconds", f"{seconds:g}")
    error = found["predicted"] / found["verified"] if found["verified"] and found["predicted"] else None
    predicted = "–" if found["predicted"] is None else f"{found['predicted']:.1f}"
    words = f"{predicted} / {found['verified']} cameras at 10 FPS; {_steps(found)}"
    # 16 cameras, and one by itself, at half that rate: few enough that all are served
    slow = _search("--rate", "5", "--most", "16", "--seconds", f"{seconds:g}")
    costs = {number: _median_cost(slow, number) for number in (1, 16)}
    cost = costs[16] / costs[1] if costs[1] and costs[16] else None
    each = ", ".join(f"{number}: {value:.1f} CPU-ms" for number, value in costs.items() if value)
    return [
        Row("capacity: predicted ÷ verified, at most", error, "≤ 1.15", "", words),
        Row("the same, at least", error, "≥ 0.85", "", "the same search"),
        Row("16 virtual cameras: cost per camera ÷ one camera's", cost, "≤ 1.15", "", f"5 FPS each; {each}; {_steps(slow)}"),
    ]


def _search(*words: str) -> dict:
    """A search on the clip: the first that others left alone, or the one they disturbed least."""
    start_s = time.perf_counter()
    found = [verb("capacity", "--source", str(CLIP), *words)]
    if _worst(found[0]) > DIRTY_PERCENT and time.perf_counter() - start_s < LONGEST_S:
        found.append(verb("capacity", "--source", str(CLIP), *words))
    return min(found, key=_worst)


def _worst(found: dict) -> float:
    return max(step["foreign_cpu_percent"] or 0.0 for step in found["steps"])


def _median_cost(found: dict, cameras: int) -> float | None:
    costs = [step["cpu_ms_per_frame"] for step in found["steps"] if step["cameras"] == cameras]
    return statistics.median(costs) if costs and None not in costs else None


def _steps(found: dict) -> str:
    return f"{len(found['steps'])} steps, foreign up to {_worst(found):.0f} %"
