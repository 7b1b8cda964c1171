"""Rows about arrival patterns: planted service times against the exact answers of queueing theory."""

from __future__ import annotations

from rows import Row, Settings
from sides import queueing_figures

LEAST = {"p90": 64, "p99": 662}


def queueing(settings: Settings) -> list[Row]:
    """Closed loop, chance arrivals and the server search, driven in real time by the pipeline itself."""
    frames = 600 if settings.pairs > 2 else 80
    found = queueing_figures(frames)
    single, search = found["single"], found["search"]
    rows = [
        Row("single-stream p90 against the planted quantile", single["apart"], "≤ 3", " %", _both(single, "p90", " ms", frames)),
        Row(
            "its estimate at 99 % against the rule on the plan",
            single["estimate_apart"],
            "≤ 3",
            " %",
            f"foreign {single['foreign']:.0f} %",
        ),
    ]
    for name in ("M/D/1", "M/M/1", "M/lognormal/1"):
        foreign = found[name].pop("foreign")
        worst = max(figures := found[name], key=figures.__getitem__)
        words = ", ".join(f"{figure} {value:.1f} %" for figure, value in figures.items()) + f"; foreign {foreign:.0f} %"
        rows.append(Row(f"{name} at half load against Lindley on the same draws", figures[worst], "≤ 3", " %", words))
    least = max(abs(n - wanted) for n, wanted in zip(found["least"], LEAST.values(), strict=True))
    words = _both(search, "rate", " a second", search["steps"], "rates")
    return [
        *rows,
        Row("Lindley against M/D/1 and M/M/1 in closed form", found["closed_forms"], "≤ 1", " %", "four million arrivals"),
        Row("server search: rate found against the exact search", search["apart"], "≤ 3", " %", words),
        Row("early-stopping table: off 64 (p90) and 662 (p99) by", float(least), "≤ 0", "", f"{found['least']}"),
    ]


def _both(figures: dict, name: str, unit: str, number: int, of: str = "frames") -> str:
    return f"{figures[name]:.2f} / {figures['exact']:.2f}{unit}, {number} {of}"
