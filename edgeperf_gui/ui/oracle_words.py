"""Whose boxes a drawn scene shows, in words: the model's, or an oracle's."""

from __future__ import annotations

from typing import Final

OFFERED: Final = (None, 0.0, 10.0, 25.0, 50.0)
WHAT: Final = (
    "A drawn scene knows where every vehicle is. The model's own: what the model finds. Oracle: the model runs for its cost, but "
    "the boxes are the scene's truth, less so many percent by chance; they are called oracle in the picture and the truth label."
)


def rows(chosen: float | None) -> list[tuple[str, float | None, str]]:
    """(text, percent missed, tooltip) of each choice on offer and of the chosen one."""
    known = [percent for percent in {*OFFERED, chosen} if percent is not None]
    return [("The model's own", None, WHAT), *((_text(percent), percent, WHAT) for percent in sorted(known))]


def _text(percent: float) -> str:
    return f"Oracle, misses {percent:g} %"
