"""What the waterfall page says."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.waterfall_words import check, doubts, headline, pacing_ratio
from edgeperf_gui.domain.waterfall import WaterfallResult
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.job_words import JobWords

TITLE: Final = "Why is this not benchmark_app’s number?"
_WHAT: Final = (
    "benchmark_app infers one and the same input again and again. A live session also fills inputs, resizes frames, hands them"
    " from thread to thread, reads the outputs, decodes the video and shows pictures. Here each of these parts is added to the"
    " loop one by one, and all loops run in turn, in blocks of half a second in random order, flat out and on the same frames."
    " Each bar is what its part adds to a frame."
)
WORDS: Final = JobWords(
    title=TITLE,
    invitation=TITLE,
    what=_WHAT,
    meanwhile=_WHAT,
    run="Measure",
    cancel_tip="Stop; what is measured so far stays",
    bar="Progress of the waterfall",
    stopping="Stopping; what is measured stays …",
    cancelled="The waterfall was stopped. What it had measured stays.",
    failed="The waterfall failed.",
)
PICTURES: Final = "Pictures of the last step: scaled, sent and painted here, as in a live session"
PICTURES_LATER: Final = "Pictures appear here\nwhile “+ window” is measured"
_OLD: Final = "This was measured with other settings than are chosen now."
_WAITS: Final = "It takes about a minute; a running session waits meanwhile, and goes on afterwards."


def asked(settings: Settings) -> str:
    """What will be measured, and what it costs."""
    one = ", one frame a request" if settings.batch > 1 else ""
    return f"{settings.model} {settings.precision} on {settings.device}, hint {settings.hint}{one}. {_WAITS}"


def answer(result: WaterfallResult, *, is_old: bool) -> tuple[str, str]:
    """The answer, and below it what the sum leaves open and what speaks against believing it."""
    return headline(result), " ".join(filter(None, (check(result), doubts(result), _OLD if is_old else "")))


def rounds(result: WaterfallResult | None) -> str:
    """How it was measured; empty before it was."""
    if result is None:
        return ""
    spec, effective = result.spec, result.effective
    requests = figures.count(effective.requests, "request")
    if result.app_requests != effective.requests:
        requests = f"{requests} ({result.app_requests} in the loops of one thread)"
    measured = f"{figures.count(result.clean_rounds, 'clean round')}, {result.dirty_rounds} dirty, {result.seconds:.0f} s"
    streams = figures.count(effective.streams, "stream")
    return f"{spec.model} {spec.precision} on {spec.device}, {streams}, {requests}, flat out: {measured}."


def pacing_lines(result: WaterfallResult | None) -> tuple[str, str]:
    """Paced beside saturated: the numbers, and why they differ."""
    if result is None:
        return "", ""
    if result.pacing is None:
        return "Paced and saturated", "This source has no rate of its own to be paced at, or one below 1 FPS."
    pacing = result.pacing
    numbers = (
        f"One inference, at {figures.rate(pacing.rate)} FPS: {pacing.paced_ms:.2f} ms\n"
        f"One inference, flat out: {pacing.saturated_ms:.2f} ms"
    )
    ratio = pacing_ratio(pacing)
    return numbers, ratio[:1].upper() + ratio[1:]
