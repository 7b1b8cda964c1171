"""Energy as the third axis of the trade-off plot: by size or by colour of a mark, and its legend."""

from __future__ import annotations

import math

from PySide6.QtGui import QColor

from edgeperf_gui.ui import theme
from edgeperf_gui.ui.energy_words import joules
from edgeperf_gui.ui.trade_off_marks import LEAST_RADIUS, MOST_RADIUS
from edgeperf_gui.ui.trade_off_view import TradeOffView
from edgeperf_gui.ui.trade_off_words import NO_ENERGY
from edgeperf_gui.ui.words import plain


def energy_radius(share: float | None) -> float:
    """Pixels by energy, 0…1: the area grows with it; the least where it is not known."""
    return LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * math.sqrt(share or 0.0)


def energy_ink(share: float | None) -> str:
    """From grey to the colour of energy; faint where it is not known."""
    if share is None:
        return theme.tokens().faint
    low, high = _parts(QColor(theme.tokens().line)), _parts(QColor(theme.ENERGY))
    reach = 0.15 + 0.85 * share
    return QColor.fromRgbF(*(start + reach * (end - start) for start, end in zip(low, high, strict=True))).name()


def _parts(ink: QColor) -> tuple[float, float, float]:
    return ink.redF(), ink.greenF(), ink.blueF()


def energy_items(view: TradeOffView) -> list[tuple[str, int, float, str]]:
    """Least and most energy for the legend, the kind named; a sentence where none was read."""
    known = [at for at in view.measured if view.points[at].joules_per_frame is not None]
    if not known:
        return [(NO_ENERGY, 0, 4.5, theme.tokens().faint)]
    ends = min(known, key=lambda at: view.joules[at]), max(known, key=lambda at: view.joules[at])
    kind = view.points[ends[0]].energy_kind
    found = []
    for at, after in zip(dict.fromkeys(ends), ("", f" a frame, {kind}"), strict=False):
        share = view.energy_share(at)
        is_size = view.third == "energy size"
        ink = theme.tokens().quiet if is_size else energy_ink(share)
        text = plain(joules(view.points[at].joules_per_frame)).partition(" (")[0]
        found.append((f"{text}{after}", 0, energy_radius(share) if is_size else 4.5, ink))
    return found
