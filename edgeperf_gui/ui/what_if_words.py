"""What the page of simulations says: definitions, a prediction in a sentence, how far it is and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from edgeperf_gui.analysis.steady import DIRTY_PERCENT
from edgeperf_gui.domain.scene import is_scene
from edgeperf_gui.domain.simulation import Outcome, Prediction, SimulationResult, SimulationSpec, Situation, Spans
from edgeperf_gui.domain.situations import slower_words
from edgeperf_gui.domain.truth import TrueLooks
from edgeperf_gui.live.settings import Settings
from edgeperf_gui.live.simulation_run import SimulationRun
from edgeperf_gui.ui import figures
from edgeperf_gui.ui.job_words import WAITS, JobWords
from edgeperf_gui.ui.names import source_name
from edgeperf_gui.ui.trade_off_words import duration

_WHAT: Final = (
    "Short runs of the model, at rates next to the asked ones, measure what a frame takes to decode, to preprocess, in inference"
    " and to postprocess. From these times the pipeline is simulated event by event: what completes each second, what is dropped,"
    " and how old a frame is when its objects are known. With “Run each as well” the real run stands beside each"
    " prediction. Choose on the left and press Predict."
)
WORDS: Final = JobWords(
    title="What if: other rates, batches, cameras",
    invitation="What if frames came faster, together, or from more cameras?",
    what=_WHAT,
    meanwhile=f"{_WHAT}\n\n{WAITS}",
    run="Predict",
    cancel_tip="Stop; what is predicted so far is kept",
    bar="Progress of the simulation",
    stopping="Stopping; what is predicted is kept …",
    cancelled="The simulation was stopped. What was predicted is kept.",
    failed="The simulation failed.",
)
LIVE_SOURCE: Final = ("A live source gives one rate, its own.", "Choose a recording or a scene in the window.")
TIPS: Final = {
    "rates": "Frames per second of each camera; several with commas between them, such as 30,60,150",
    "batches": "Frames that one request answers together; several with commas between them, such as 1,4",
    "cameras": "How many cameras are served in turn, each with its newest frame; several with commas between them",
    "line": "What becomes of frames that nobody takes in time. Keep the newest: the others are dropped, as with a live camera."
    " Let them queue: none is lost, so a rate that is too high makes them older and older",
    "coming": "By chance: as requests reach a server (a Poisson process), at this rate on average. They queue",
    "requests": "Requests in flight at once",
    "streams": "Requests that run at the same moment; the others wait inside the runtime",
    "seconds": "Of each situation, simulated and run. p99 needs 299 frames",
    "looks": "Of this drawn scene: which share of its vehicles is seen at least so often while in view. Empty: not asked",
    "verify": "After each prediction the engine is run with the same settings for so many seconds",
}
_NO_SPANS: Final = Spans(None, None, None, None)
_WIDE: Final = 2.0
"""Times the lowest median: so far apart, it says little alone."""
_OTHER_PACE: Final = 0.02
_LOADING_S: Final = 2.0
_SETTLING_S: Final = 1.0
_AROUND: Final = 2
"""Rates that service times are measured at for one situation; others may share them."""


def about(settings: Settings) -> str:
    """Whose service times are measured, in one line."""
    return f"{settings.model} {settings.precision} on {settings.device}, {source_name(settings.source)}, hint {settings.hint}"


def is_live(settings: Settings) -> bool:
    """A camera or a stream, which cannot be given a rate."""
    source = settings.source
    return source.startswith("camera:") or ("://" in source and not is_scene(source))


def work_s(spec: SimulationSpec) -> float:
    """About how long it takes: each way to load the model and its run flat out, and the calibrations of each situation.

    With real runs, each is calibrated before it and after it.
    """
    loads = {(one.batch, one.streams, one.requests) for one in spec.situations}
    measuring = spec.calibration_s + _SETTLING_S
    calibration = _AROUND * measuring
    runs = sum(one.seconds + _SETTLING_S + calibration for one in spec.situations) if spec.verify else 0.0
    return len(loads) * (_LOADING_S + measuring) + len(spec.situations) * calibration + runs


def size_words(spec: SimulationSpec) -> str:
    """Number of situations and about how long they take."""
    real = ", each run for real as well" if spec.verify else ""
    return f"{figures.count(len(spec.situations), 'situation')}{real}: about {duration(work_s(spec))}"


def elapsed(run: SimulationRun, expected_s: float | None) -> str:
    """How long it has run, and of about how long; empty when nothing runs, or not much longer."""
    elapsed_s = run.elapsed_s
    if run.is_stopping or elapsed_s is None or elapsed_s < 1:
        return ""
    of = f" of about {duration(expected_s)}" if expected_s is not None and elapsed_s < expected_s else ""
    return f" · {duration(elapsed_s)}{of}"


def situation_words(one: Situation) -> str:
    """The situation as a phrase: “150 FPS with the newest kept”."""
    many = f"{figures.count(one.cameras, 'camera')} at " if one.cameras > 1 else ""
    batch = f" and batch {one.batch}" if one.batch > 1 else ""
    chance = " by chance" if one.by_chance else ""
    kept = "with the newest kept" if one.line == "newest" else "with all queued"
    return f"{many}{figures.rate(one.rate_fps)} FPS{chance} {kept}{batch}"


def short_words(one: Situation) -> str:
    """The same without what all situations share: “150 FPS, batch 4”."""
    many = f"{one.cameras} × " if one.cameras > 1 else ""
    return f"{many}{figures.rate(one.rate_fps)} FPS" + (f", batch {one.batch}" if one.batch > 1 else "")


def disturbance_percent(one: Prediction) -> float | None:
    """Of the CPU that other programs took in its real run, where that is too much for its numbers to count; else None."""
    percent = None if one.measured is None else one.measured.foreign_cpu_percent
    return percent if percent is not None and percent > DIRTY_PERCENT else None


def sentence(one: Prediction) -> str:
    """A prediction, and what the real run gave."""
    p99 = "" if one.spans is None else span_words(one.spans.age_p99_ms, figures.milliseconds)
    predicted = f"{_outcome_words(one.predicted)}{p99}{_looks_words(one.looks, first=True)}"
    said = f"{situation_words(one.situation)}: {predicted}"
    if one.measured is not None:
        said += f"; the run gave {_outcome_words(one.measured)}{_looks_words(one.measured_looks)}"
        if one.slowdown is not None and abs(one.slowdown - 1) >= _OTHER_PACE:
            said += f" on a machine {slower_words(one.slowdown)} than when it was measured"
        if (others := disturbance_percent(one)) is not None:
            said += f", while other programs took {others:.0f}\u00a0% of the CPU"
    return f"{said}. {_pace_words(one)}".rstrip()


def _pace_words(one: Prediction) -> str:
    """A warning where a queue stands or not by how fast the machine happens to be; else empty."""
    ends = None if one.spans is None else one.spans.age_median_ms
    if ends is None or ends[1] < _WIDE * ends[0]:
        return ""
    low, high = map(figures.milliseconds, ends)
    return f"The machine’s pace decides here: p50 {low} to {high}\u00a0ms."


def _outcome_words(outcome: Outcome) -> str:
    age = outcome.age
    parts = [f"{figures.figure(outcome.fps)}\u00a0FPS", f"{figures.percent(dropped_percent(outcome))}\u00a0% dropped"]
    if age is None:
        return ", ".join([*parts, "no age known"])
    if age.p99_ms is None:
        return ", ".join([*parts, f"p50 {figures.milliseconds(age.median_ms)}\u00a0ms, too few frames for p99"])
    return ", ".join([*parts, f"p99\u00a0{figures.milliseconds(age.p99_ms)}\u00a0ms"])


def span_words(ends: tuple[float, float] | None, words: Callable[[float], str]) -> str:
    """Behind a figure, in brackets; empty where it is one value, or not known."""
    low, high = ("", "") if ends is None else map(words, ends)
    return "" if low == high else f"\u00a0({low}–{high})"


def _looks_words(looks: TrueLooks | None, *, first: bool = False) -> str:
    if looks is None or looks.share is None:
        return ""
    times = f" at least {looks.k} times" if first else ""
    return f", {100 * looks.share:.1f}\u00a0% of {looks.vehicles} vehicles seen{times}"


def dropped_percent(outcome: Outcome) -> float | None:
    """Of due frames."""
    return 100 * outcome.dropped / outcome.due if outcome.due else None


def summary(result: SimulationResult) -> str:
    """What it rests on."""
    known, asked = len(result.predictions), len(result.spec.situations)
    samples = min((one.samples for one in result.predictions), default=0)
    so_far = figures.count(known, "situation") if known == asked else f"{known} of {figures.count(asked, 'situation')}"
    drawn = f"; times drawn from {figures.thousands(samples)} measured frames" if samples else ""
    return f"{so_far}{drawn}. {result.spec.model} {result.spec.precision} on {result.spec.device}."


def told(one: Prediction) -> list[str]:
    """A prediction with its values, a line each."""
    lines = [situation_words(one.situation)]
    for name, outcome, spans in (
        ("predicted", one.predicted, one.spans),
        ("run", one.measured, None),
        ("hindcast", one.hindcast, None),
    ):
        if outcome is not None:
            lines += _told(name, outcome, spans or _NO_SPANS)
    if one.slowdown is not None:
        lines.append(f"machine: {slower_words(one.slowdown)} in the run than when service times were measured")
    return lines


def _told(name: str, outcome: Outcome, spans: Spans) -> list[str]:
    fps = figures.figure(outcome.fps) + span_words(spans.fps, figures.figure)
    dropped = figures.percent(dropped_percent(outcome)) + span_words(spans.dropped_percent, figures.percent)
    lines = [f"{name}: {fps} FPS, {dropped} % dropped"]
    if (age := outcome.age) is not None:
        median = figures.milliseconds(age.median_ms) + span_words(spans.age_median_ms, figures.milliseconds)
        p99 = figures.milliseconds(age.p99_ms) + span_words(spans.age_p99_ms, figures.milliseconds)
        lines.append(f"    age p50 {median}, p99 {p99} ms")
    return lines
