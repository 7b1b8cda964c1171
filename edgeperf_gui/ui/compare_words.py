"""What a comparison came to, in sentences."""

from __future__ import annotations

import html
import itertools
from typing import Final

from edgeperf_gui.analysis.reasons import speed
from edgeperf_gui.domain.compare import CompareResult
from edgeperf_gui.domain.jobs import Progress
from edgeperf_gui.domain.session import SessionStatus
from edgeperf_gui.live.comparison import Comparison
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.names import source_name

REASONS: Final = "reasons"
"""Address of the link from the verdict to the reasons."""


def verdict_html(result: CompareResult) -> str:
    """One paragraph a variant, what it says first being bold; how the last two stand to each other; the way to the reasons."""
    told = [_bold_first(sentence) for sentence in result.verdicts.values()] + _neighbours(result)
    if result.reasons and told:
        told[-1] += f" <a href='{REASONS}'>Why not faster?</a>"
    return "".join(f"<p style='margin:0 0 4px 0'>{text}</p>" for text in told)


def reasons_html(result: CompareResult) -> str:
    """Each reason with its evidence; one that holds for several pairs is said once. Empty when nothing needs a reason."""
    told: dict[tuple[str, str], list[str]] = {}
    for reason in result.reasons:
        told.setdefault((reason.sentence, reason.evidence), []).append(f"{reason.variant} against {reason.against}")
    return "".join(
        f"<p style='margin:0 0 4px 0'><b>{html.escape(', '.join(pairs))}</b>: {html.escape(sentence)}"
        f"{f' ({html.escape(evidence)}.)' if evidence else ''}</p>"
        for (sentence, evidence), pairs in told.items()
    )


def rounds_note(result: CompareResult | None) -> str:
    """How many rounds there were, and how many did not count."""
    if result is None:
        return ""
    clean, dirty = result.blocks.clean, result.blocks.dirty
    if result.blocks.only_dirty:
        return f"{figures.count(dirty, 'round')}, none quiet"
    return figures.count(clean, "round") + (f", {dirty} repeated" if dirty else "")


def failure_html(failure: SessionStatus) -> str:
    """What happened, and what to do; the numbers above it are those from before."""
    return f"<b>{html.escape(failure.sentence or 'The comparison failed.')}</b> {html.escape(failure.remedy)}"


def about(comparison: Comparison) -> str:
    """Which model, device and source the numbers are about, and whether it went to its end."""
    if comparison.result is None:
        return ""
    spec = comparison.result.spec
    words = f"{spec.model} · {spec.device} · {source_name(spec.source)}"
    if company := under_way(comparison.result):
        words = f"latency while {company} · {words}"
    if comparison.is_old:
        return f"Of other settings: {words}"
    if not comparison.result.complete:
        return f"{'Cancelled' if comparison.is_cancelled else 'Ended'} early · {words}"
    return words


def under_way(result: CompareResult) -> str:
    """How many requests were under way at once, when it was more than one; else empty."""
    counts = sorted({variant.requests for variant in result.variants.values()})
    if not counts or counts[-1] == 1:
        return ""
    return f"{'–'.join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))} requests are under way"


def activity(comparison: Comparison) -> str:
    """What it is doing."""
    if comparison.is_stopping:
        return "Stopping…"
    progress = comparison.progress
    if progress is None:
        return "Waiting for the session to end…" if comparison.is_waiting else "Starting the engine…"
    words = progress.activity
    if progress.total:
        # how far comes first: it must not be what a narrow panel cuts off
        return f"{_how_far(progress)} · {words}"
    return f"{words[:1].upper()}{words[1:]}…"


def _how_far(progress: Progress) -> str:
    if progress.activity.startswith("round"):
        return f"{progress.done} of at most {progress.total} s"
    return f"{progress.done} of {progress.total}"


def _bold_first(sentence: str) -> str:
    """The statement, up to its interval or its end, is what one should read first."""
    ends = [at for at in (sentence.find(" ("), sentence.find(": "), sentence.find(". ")) if at > 0]
    end = min(ends, default=len(sentence))
    return f"<b>{html.escape(sentence[:end])}</b>{html.escape(sentence[end:])}"


def _neighbours(result: CompareResult) -> list[str]:
    """A variant may beat the baseline and still lose to the one before it."""
    told = []
    for before, name in itertools.pairwise(list(result.variants)[1:]):
        ratio = result.ratios.get(f"{name}/{before}")
        if ratio is None or ratio.time.low is None:
            continue
        sentence = speed(name, before, ratio)
        told.append(_bold_first(sentence) if ratio.differs and ratio.time.value > 1 else html.escape(sentence))
    return told
