"""Numbers as words: as many digits as they deserve, "–" for what is not known."""

from __future__ import annotations

import math
from typing import Final

UNKNOWN: Final = "–"


def figure(value: float | None) -> str:
    """Three digits that count, at most two decimals: 0.92, 9.04 → 9.0, 12.4, 103, 1 840."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if abs(value) >= 99.95:
        return thousands(round(value))
    if abs(value) >= 0.995 or value == 0:
        return f"{value:.1f}"
    return f"{value:.2f}"


def milliseconds(value: float | None) -> str:
    """One decimal below a hundred, so that columns of digits line up."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:.1f}" if value < 999.95 else thousands(round(value))


def percent(value: float | None) -> str:
    """One decimal."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value:.1f}"


def thousands(value: int) -> str:
    """Groups of three, set apart by a thin space."""
    return f"{value:,}".replace(",", "\u2009")


def megabytes(size_bytes: int | None) -> str:
    """Millions of bytes."""
    return UNKNOWN if size_bytes is None else figure(size_bytes / 1e6)


def rate(fps: float | None) -> str:
    """A source's own rate without needless decimals: 25, 29.97."""
    return UNKNOWN if fps is None else f"{fps:.2f}".rstrip("0").rstrip(".")


def count(number: int | None, word: str) -> str:
    """1 stream, 2 streams; an unknown count is said so."""
    if number is None:
        return f"{UNKNOWN} {word}s"
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def layers(executed: dict[str, int]) -> str:
    """What really ran: "bf16 33, f32 1 layers"."""
    if not executed:
        return UNKNOWN
    return ", ".join(f"{kind} {number}" for kind, number in executed.items()) + " layers"


def oracle(miss_percent: float | None) -> str:
    """Whose the boxes are, where they are not the model's."""
    return "" if miss_percent is None else f"oracle, {miss_percent:g} % missed"
