"""`edgeperf sweep`: latency against throughput over batch, streams, requests, threads, hints and variants."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final, cast, get_args

import click
import msgspec

from edgeperf_gui.analysis.sweep_survival import spec_after_death
from edgeperf_gui.domain.arrival_pattern import pattern_in
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.domain.session import Hint
from edgeperf_gui.domain.sweep import LONGEST_BLOCK_S, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import counts_in, hints_in
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.bounds import above_zero, readable
from edgeperf_gui.verbs.in_child import Died
from edgeperf_gui.verbs.job_answer import answered, follow
from edgeperf_gui.verbs.sweep_file import read_sweep

_JOB: Final = "edgeperf_gui.engine.jobs.sweep:run"
_BLOCK_S: Final = 0.5
_RECORDED_BLOCK_S: Final = 2.0
"""Of arrivals from a file, from its beginning in every block."""
_FRAMES_A_BLOCK: Final = 60
"""That come at a rate: five blocks then make a p99."""
_MUST_AGREE: Final = {
    "model": "",
    "device": "",
    "arrivals": "",
    "source": "noise",
    "block_seconds": "",
}
"""What a point does not say of itself: points of two sweeps go together only where it is the same. With it, what None means."""


def _counts(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int | None, ...]:
    """`1,2,4` or `1-4`, or both; nothing leaves the choice to the runtime."""
    if value is None:
        return (None,)
    try:
        return counts_in(value)
    except BadInput as error:
        raise click.BadParameter(error.sentence, context, parameter) from None


def _hints(context: click.Context, parameter: click.Parameter, value: str) -> tuple[Hint, ...]:
    try:
        return hints_in(value)
    except BadInput as error:
        raise click.BadParameter(error.sentence, context, parameter) from None


def _precisions(context: click.Context, parameter: click.Parameter, value: str) -> tuple[Precision, ...]:
    names = [name.strip().upper() for name in value.split(",")]
    for name in names:
        if name not in get_args(Precision):
            raise click.BadParameter(f"“{name}” is none of {', '.join(get_args(Precision))}.", context, parameter)
    return tuple(cast("list[Precision]", names))


def _block_s(arrivals: str) -> float:
    """Seconds of a block; frames that come at a rate must be so many that their latency says something."""
    try:
        pattern = pattern_in(arrivals)
    except BadInput:  # told by the job, with all else that is wrong
        return _BLOCK_S
    if pattern.file is not None:
        return _RECORDED_BLOCK_S
    rate = pattern.rate
    return _BLOCK_S if rate is None else min(max(_BLOCK_S, _FRAMES_A_BLOCK / rate), LONGEST_BLOCK_S)


@click.command("sweep")
@options.model
@click.option(
    "--precision", "precisions", callback=_precisions, default="FP16", show_default=True, help="FP32,FP16,INT8 or some."
)
@options.device()
@click.option(
    "--source", callback=readable, default=None, help="Whose frames fill the inputs.  [default: noise, as benchmark_app does]"
)
@click.option(
    "--batch", "batches", metavar="LIST", callback=_counts, default="1", show_default=True, help="Such as 1,2,4 or 1-4."
)
@click.option(
    "--streams", metavar="LIST", callback=_counts, help="Inference streams, with hint none.  [default: the runtime's choice]"
)
@click.option("--requests", metavar="LIST", callback=_counts, help="Infer requests kept busy.  [default: the runtime's optimum]")
@click.option("--threads", metavar="LIST", callback=_counts, help="Inference threads.  [default: the runtime's choice]")
@click.option(
    "--hint", "hints", metavar="LIST", callback=_hints, default="none", show_default=True, help="latency,throughput,none or some."
)
@click.option(
    "--deadline",
    "deadline_ms",
    type=float,
    metavar="MS",
    callback=above_zero("deadline", 3_600_000),
    help="Held against the wait for the batch plus the p99.",
)
@click.option(
    "--rate", type=float, metavar="FPS", callback=above_zero("rate", 1000), help="Frames a second that have to be served."
)
@click.option(
    "--arrivals",
    default="offline",
    metavar="PATTERN",
    show_default=True,
    help="offline keeps all requests busy; single, multi:B, poisson:RATE and a CSV file as with bench; paced:RATE.",
)
@click.option("--adaptive", is_flag=True, help="After two rounds go on only with points that may be on the front.")
@click.option("--rounds", type=click.IntRange(1, 100), default=5, show_default=True, help="Blocks of half a second a point.")
@click.option("--resume", metavar="FILE", help="Take over the points of a sweep that was cut short (its --json file).")
@options.json_file()
def command(json_name: str | None, resume: str | None, **asked: Any) -> int:
    """Measure every combination of the ranges, in interleaved blocks, and name the best."""
    spec = SweepSpec(session_id=uuid.uuid4().hex, block_seconds=_block_s(asked["arrivals"]), **asked)
    if resume is not None:
        spec = going_on(spec, read_sweep(resume), resume)

    from edgeperf_gui.verbs.sweep_report import report

    def holds(result: SweepResult) -> bool:
        return any(point.fps is not None for point in result.points)

    def work() -> SweepResult | None:
        return surviving(spec, lambda again: follow(_JOB, again, SweepResult))

    answered(work, SweepResult, report, json_name, "Stopped before the first point was measured.", holds=holds)
    return 0


def surviving(spec: SweepSpec, run: Callable[[SweepSpec], SweepResult | None]) -> SweepResult | None:
    """Run a sweep whose process may die in native code: the point it died in is tried once more, then marked and left out.

    Raises Died when it dies outside a point, such as while reading frames.
    """
    died_in: list[int] = []
    while True:
        try:
            return run(spec)
        except Died as death:
            so_far = msgspec.json.decode(death.answer, type=SweepResult) if death.answer else None
            again = spec_after_death(spec, so_far, died_in, death.sentence)
            if again is None or so_far is None or so_far.under_way is None:
                raise
            died_in.append(so_far.under_way)
            spec = again


def going_on(spec: SweepSpec, earlier: SweepResult, name: str) -> SweepSpec:
    """The same with the points of an earlier sweep, from the file `name`. Raises BadInput when that measured something else."""
    for field, nothing in _MUST_AGREE.items():
        was, asked = getattr(earlier.spec, field), getattr(spec, field)
        if was != asked:
            words = [nothing if value is None else str(value) for value in (was, asked)]
            raise BadInput(
                f"{name} cannot be resumed: its {field.replace('_', ' ')} is {words[0]}, and now {words[1]} is asked.",
                "Ask for the same, or leave --resume out.",
            )
    return msgspec.structs.replace(spec, known=earlier.points)
