"""Paced and saturated side by side, in two lines of the Rate panel: how many frames it could do, and what pacing costs each."""

from __future__ import annotations

import time
from typing import Final

from edgeperf_gui.analysis.waterfall_words import why
from edgeperf_gui.domain.messages import Opened
from edgeperf_gui.domain.session import SessionSpec
from edgeperf_gui.live.paces import Pace, Paces
from edgeperf_gui.ui import definitions, figures
from edgeperf_gui.ui.words import Role, Run

_FRESH_S: Final = 90.0
_ALIKE: Final = 1.03
"""Medians of two runs this close are the same: each wanders by more from run to run."""
_TRY_FLAT_OUT: Final = "Set Feed to Flat out for a few seconds, or measure both in one run: Waterfall…, Ctrl+B."
_TRY_PACED: Final = "Set Feed to Paced for a few seconds, or measure both in one run: Waterfall…, Ctrl+B."


def can_differ(opened: Opened | None) -> bool:
    """Whether this source can be fed both ways: a live one comes as it comes, and one without a rate only flat out."""
    return opened is not None and opened.source is not None and not opened.source.live and opened.source.fps is not None


def capacity_runs(paces: Paces, asked: SessionSpec | None) -> list[Run]:
    """What a paced session could do at most, for the end of a line."""
    known = paces.of("saturated", asked)
    number = figures.UNKNOWN if known is None else figures.figure(known.fps)
    runs = [Run(" · capacity ", "faint_text"), Run(number, _role(known), 600)]
    return runs if known is None else [*runs, Run(" fps", "faint_text")]


def inference_runs(paces: Paces, asked: SessionSpec | None, *, is_saturated: bool) -> list[Run]:
    """One inference paced and flat out; what is going on stands first."""
    now, other = paces.of("paced", asked), paces.of("saturated", asked)
    word = "flat out"
    if is_saturated:
        now, other, word = other, now, "paced"
    return [
        Run("inference ", "faint_text"),
        Run(_inference(now), _role(now), 600),
        Run(" ms · ", "faint_text"),
        Run(_inference(other), _role(other), 600),
        Run(f" {word}", "faint_text"),
    ]


def explanation(paces: Paces, asked: SessionSpec | None, *, is_saturated: bool) -> str:
    """What both numbers mean, how far they are apart and why, where the other comes from, or how to know it."""
    paced, saturated = paces.of("paced", asked), paces.of("saturated", asked)
    other = paced if is_saturated else saturated
    parts = [definitions.PACES]
    if other is None:
        parts.append(_TRY_PACED if is_saturated else _TRY_FLAT_OUT)
    elif paced is not None and saturated is not None and paced.inference_ms and saturated.inference_ms:
        parts.append(_gap(paced.inference_ms / saturated.inference_ms))
    if other is not None:
        parts.append(_origin(other, "Paced" if is_saturated else "Flat out"))
    return " ".join(parts)


def _gap(ratio: float) -> str:
    if 1 / _ALIKE <= ratio <= _ALIKE:
        return "Here they are alike."
    return f"Here a paced inference takes × {ratio:.2f} the time. {why(ratio)}"


def _origin(pace: Pace, feed: str) -> str:
    where = "measured by the waterfall" if pace.is_from_waterfall else "from the last run with these settings"
    doubt = "" if pace.is_steady else "; it was not steady"
    return f"{feed}: {where}, {_ago(time.monotonic() - pace.at_s)}{doubt}."


def _ago(seconds: float) -> str:
    if seconds < _FRESH_S:
        return "just now"
    return f"{seconds / 60:.0f} min ago" if seconds < 5400 else f"{seconds / 3600:.1f} h ago"


def _inference(pace: Pace | None) -> str:
    return figures.UNKNOWN if pace is None else figures.milliseconds(pace.inference_ms)


def _role(pace: Pace | None) -> Role:
    return "text" if pace is not None and pace.is_steady else "quiet"
