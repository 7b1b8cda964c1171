"""Rows about comparing and making variants."""

from __future__ import annotations

from rows import Row, Settings
from sides import planted_runs, quantize


def planted(settings: Settings) -> list[Row]:
    """The comparison against a truth that is known: 20 % planted, and nothing planted."""
    runs = 20 if settings.pairs > 2 else 2
    found = planted_runs(runs, 12 if runs == 20 else 6)
    note = f"of {runs} runs, {found['dirty_rounds']} rounds dirty"
    return [
        Row("comparison: a planted 20 % reported as 1.20 ± 3 %", 20 * found["slowed_right"] / runs, "≥ 19", " of 20", note),
        Row("comparison: two equal variants, no difference shown", 20 * found["same_right"] / runs, "≥ 19", " of 20", note),
    ]


def quantization(settings: Settings) -> list[Row]:
    seconds, peak_mb = quantize(200)
    return [
        Row("quantising NanoDet-g with 200 frames", seconds, "≤ 60", " s", "one run"),
        Row("the same: peak memory of its process", peak_mb, "≤ 1000", " MB", "one run"),
    ]
