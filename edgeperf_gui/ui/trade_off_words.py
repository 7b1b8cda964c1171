"""What the trade-off page says: definitions, a point on hover, what is known when it ends."""

from __future__ import annotations

from typing import Final

from edgeperf_gui.analysis.given_settings import given_alike, given_instead, hint_and_threads
from edgeperf_gui.analysis.trade_off import answer_ms, answer_percentile, words
from edgeperf_gui.domain.session import LARGEST_BATCH
from edgeperf_gui.domain.sweep import SweepPoint, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import first_guess_s, number_of_points
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.energy_words import joules
from edgeperf_gui.ui.job_words import WAITS, JobWords
from edgeperf_gui.ui.words import plain

WORDS: Final = JobWords(
    title="Trade-off: latency and throughput",
    invitation="How much does more at once buy, and what does it cost?",
    what=(
        "Every combination of variant, batch, hint, streams, requests and threads on the left is a point. All points are measured"
        " in turn, in short blocks and in random order, with all requests kept busy. They appear here while it runs: throughput"
        " against latency."
    ),
    meanwhile=WAITS,
    run="Run",
    cancel_tip="Stop; the points measured so far are kept",
    bar="Progress of the sweep",
    stopping="Stopping; the points measured are kept …",
    cancelled="The sweep was stopped. The points it had measured are kept; Go on measures the others.",
    failed="The sweep failed.",
)
TIPS: Final = {
    "model": "The model that is measured",
    "batches": "Frames answered together, as a list: 1,2,4 or 1-4",
    "streams": "Inference streams, as a list: 1,2 or 1-4. Empty: the runtime's own choice. They go with hint None alone",
    "requests": "Infer requests kept busy, as a list: 1,2,4 or 1-4. Empty: the runtime's optimum",
    "threads": "Processor threads for inference, as a list: 1,2 or 1-4. Empty: the runtime's own choice",
    "inputs": "What fills the inputs: noise, as benchmark_app does, or frames of the live session's source",
    "hint": "OpenVINO's performance hints to compare. With Latency or Throughput the runtime chooses the streams itself: such"
    " points take no number from the list of streams, which is for None",
    "deadline": "Latest answer in ms: the wait for the batch and the latency's p99 (p95 with too few samples). Empty: none."
    " Can also be dragged in the plot, during and after the sweep",
    "rate": "Frames a second that have to be served; also the rate at which a batch fills. Empty: none."
    " Can also be dragged in the plot, during and after the sweep",
    "rounds": "Blocks of half a second that each point gets. Blocks during which others used the machine are repeated",
    "adaptive": "Adaptive: after two rounds go on only with points that may be on the front; says how much time that saved",
}
COLUMNS: Final = (
    ("variant", "Stored precision of the weights"),
    ("batch", "Frames answered together"),
    ("streams", "Streams the runtime gave; → where fewer or more were asked"),
    ("requests", "Infer requests kept busy; → where others were asked"),
    ("threads", "Processor threads the runtime gave, for all streams together; → where others were asked"),
    ("hint", "OpenVINO's performance hint, as asked"),
    ("p50 ms", "Median latency of one request, that is of one batch, all requests being busy"),
    ("p90 ms", "90th percentile of the same"),
    ("p99 ms", "99th percentile of the same; empty with too few samples"),
    ("ms/frame", "Median latency ÷ batch"),
    ("FPS", "Throughput: frames per second, median over the blocks"),
    ("wait ms", "How long a batch's first frame waits for its last at the required rate λ: (b − 1) / λ"),
    ("answer ms", "What a deadline is held against: the wait and then the p99 (p95 with too few samples)"),
    ("MB", "What the process grew by when this point was loaded"),
    ("compile ms", "Time to compile this point"),
    ("blocks", "Clean blocks measured; after + the dirty ones that were repeated"),
)
NO_ENERGY: Final = "no energy was read: choose a meter in the Energy dock"
BATCH_LIVE: Final = f"The live session takes batches of up to {LARGEST_BATCH}. Choose a smaller one."


def size_words(spec: SweepSpec) -> str:
    """Number of points and about how long they take."""
    number = number_of_points(spec)
    points = "1 point" if number == 1 else f"{figures.thousands(number)} points"
    return f"{points}, about {duration(first_guess_s(spec))} or {'less' if spec.adaptive else 'more'}"


def duration(seconds: float) -> str:
    """45 s, 3 min, 1.5 h."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def told(point: SweepPoint) -> list[str]:
    """A point with all its values, a line each."""
    lines = [
        f"{point.variant}, batch {point.batch}, "
        + ", ".join((figures.count(point.streams, "stream"), figures.count(point.requests, "request"), *hint_and_threads(point)))
    ]
    if point.sentence:
        lines.append(point.sentence)
    latency = point.latency
    if latency is None:
        return lines
    lines.append(f"throughput {figures.figure(point.fps)} FPS")
    lines.append(
        f"latency p50 {figures.milliseconds(latency.median_ms)}, p90 {figures.milliseconds(latency.p90_ms)}, "
        f"p99 {figures.milliseconds(latency.p99_ms)} ms (n {latency.n})"
    )
    lines.append(f"{figures.figure(point.per_frame_ms)} ms per frame")
    if point.batch_wait_ms is not None:
        answer = f"with p{answer_percentile(point)} {_answer(point)} ms"
        lines.append(f"wait for the batch {figures.milliseconds(point.batch_wait_ms)} ms, {answer}")
    if point.joules_per_frame is not None:
        lines.append(f"{plain(joules(point.joules_per_frame))} a frame, {point.energy_kind}")
    lines.append(f"{figures.figure(point.rss_mb)} MB, compiled in {figures.figure(point.compile_ms)} ms")
    ran = figures.layers(point.executed_precision)
    lines.append(f"{blocks(point)} clean blocks; executed {ran}" if point.executed_precision else f"{blocks(point)} clean blocks")
    return lines


def blocks(point: SweepPoint) -> str:
    """5, or 5 + 2 with dirty ones."""
    return f"{point.clean_blocks} + {point.dirty_blocks}" if point.dirty_blocks else str(point.clean_blocks)


def summary(result: SweepResult) -> str:
    """How the sweep went: points, time, what was saved, what could not be measured."""
    measured = sum(point.fps is not None for point in result.points)
    parts = [f"{measured} of {len(result.points)} points measured in {duration(result.seconds)}"]
    if result.saved_seconds:
        parts.append(f"{duration(result.saved_seconds)} saved by leaving hopeless points out")
    marked = [point for point in result.points if point.sentence]
    if marked:
        parts.append(f"{len(marked)} marked: {words(marked[0]).partition(' (')[0]}: {marked[0].sentence.split('. ')[0]}")
    return "; ".join(parts) + "."


def given(result: SweepResult) -> str:
    """Where the runtime gave something else than was asked, or the same to several points, once; empty when nowhere."""
    instead = "; ".join(dict.fromkeys(told for point in result.points for told in given_instead(point)))
    return " ".join(filter(None, (instead and f"{instead}.", given_alike(result.points))))


def _answer(point: SweepPoint) -> str:
    return figures.milliseconds(answer_ms(point))
