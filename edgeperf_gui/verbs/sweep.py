"""`edgeperf sweep`: latency against throughput over batch, streams, requests and variants."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast, get_args

import click
import msgspec

from edgeperf_gui.analysis.sweep_survival import spec_after_death
from edgeperf_gui.domain.arrival_pattern import pattern_in
from edgeperf_gui.domain.card import Precision
from edgeperf_gui.domain.errors import BadInput, RunError
from edgeperf_gui.domain.session import LARGEST_COUNT
from edgeperf_gui.domain.sweep import LONGEST_BLOCK_S, SweepResult, SweepSpec
from edgeperf_gui.domain.sweep_ranges import counts_in
from edgeperf_gui.verbs.bounds import above_zero, readable
from edgeperf_gui.verbs.in_child import Died, run_in_child

_JOB: Final = "edgeperf_gui.engine.jobs.sweep:run"
_LARGEST_FILE: Final = 64_000_000
_BLOCK_S: Final = 0.5
_RECORDED_BLOCK_S: Final = 2.0
"""Of arrivals from a file, from its beginning in every block."""
_FRAMES_A_BLOCK: Final = 60
"""That come by chance: five blocks then make a p99."""
_MUST_AGREE: Final = {
    "model": "",
    "device": "",
    "arrivals": "",
    "source": "noise",
    "threads": "the runtime's choice",
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


def _precisions(context: click.Context, parameter: click.Parameter, value: str) -> tuple[Precision, ...]:
    names = [name.strip().upper() for name in value.split(",")]
    for name in names:
        if name not in get_args(Precision):
            raise click.BadParameter(f"“{name}” is none of {', '.join(get_args(Precision))}.", context, parameter)
    return tuple(cast("list[Precision]", names))


def _block_s(arrivals: str) -> float:
    """Seconds of a block; frames that come by chance must be so many that their latency says something."""
    try:
        pattern = pattern_in(arrivals)
    except BadInput:  # told by the job, with all else that is wrong
        return _BLOCK_S
    if pattern.file is not None:
        return _RECORDED_BLOCK_S
    rate = pattern.rate
    return _BLOCK_S if rate is None else min(max(_BLOCK_S, _FRAMES_A_BLOCK / rate), LONGEST_BLOCK_S)


@click.command("sweep")
@click.option(
    "--model", callback=readable, default="nanodet-g", show_default=True, help="A model's name, or the path of a model folder."
)
@click.option(
    "--precision", "precisions", callback=_precisions, default="FP16", show_default=True, help="FP32,FP16,INT8 or some."
)
@click.option(
    "--device", callback=readable, default="CPU", show_default=True, help="A device of OpenVINO, such as CPU, GPU, NPU, AUTO."
)
@click.option(
    "--source", callback=readable, default=None, help="Whose frames fill the inputs.  [default: noise, as benchmark_app does]"
)
@click.option(
    "--batch", "batches", metavar="LIST", callback=_counts, default="1", show_default=True, help="Such as 1,2,4 or 1-4."
)
@click.option("--streams", metavar="LIST", callback=_counts, help="Inference streams.  [default: the runtime's choice]")
@click.option("--requests", metavar="LIST", callback=_counts, help="Infer requests kept busy.  [default: the runtime's optimum]")
@click.option("--threads", type=click.IntRange(1, LARGEST_COUNT), help="Inference threads.  [default: the runtime's choice]")
@click.option("--hint", type=click.Choice(["latency", "throughput", "none"]), default="none", show_default=True)
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
    help="offline keeps all requests busy; single, multi:B, poisson:RATE and a CSV file as with bench.",
)
@click.option("--adaptive", is_flag=True, help="After two rounds go on only with points that may be on the front.")
@click.option("--rounds", type=click.IntRange(1, 100), default=5, show_default=True, help="Blocks of half a second a point.")
@click.option("--resume", metavar="FILE", help="Take over the points of a sweep that was cut short (its --json file).")
@click.option("--json", "json_name", metavar="FILE", help="Write the result there as well; - prints it instead of the table.")
def command(json_name: str | None, resume: str | None, **asked: Any) -> int:
    """Measure every combination of the ranges, in interleaved blocks, and name the best."""
    spec = SweepSpec(session_id=uuid.uuid4().hex, block_seconds=_block_s(asked["arrivals"]), **asked)
    if resume is not None:
        spec = going_on(spec, _read(resume), resume)

    from edgeperf_gui import console
    from edgeperf_gui.verbs.sweep_report import report

    with console.json_target(json_name) as target, console.stop_on_signals() as stop:
        outbox = console.ConsoleOutbox(sys.stderr)
        try:
            result = surviving(spec, lambda again: run_in_child(_JOB, again, SweepResult, outbox.send, stop))
        finally:
            outbox.clear()
        # what was said before the first block has nothing to show, and must not replace an earlier file
        if result is None or all(point.fps is None for point in result.points):
            raise RunError("Stopped before the first point was measured.")
        if json_name != console.STANDARD_OUTPUT:
            click.echo(report(result))
        if target is not None:
            target.write(result)
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


def _read(resume: str) -> SweepResult:
    """An earlier sweep. Raises BadInput when there is none in that file."""
    path = Path(resume)
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BadInput(f"{resume} is too large for a sweep.", "Give the file that --json wrote.")
        return msgspec.json.decode(path.read_bytes(), type=SweepResult)
    except OSError as error:
        raise BadInput(f"{resume} cannot be read: {error.strerror or error}.", "Give the file that --json wrote.") from error
    except msgspec.MsgspecError as error:
        raise BadInput(f"{resume} is not the result of a sweep: {error}.", "Give the file that --json wrote.") from error
