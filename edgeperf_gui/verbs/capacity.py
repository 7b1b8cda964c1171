"""`edgeperf capacity`: how many cameras one machine serves."""

from __future__ import annotations

import uuid
from typing import Any, Final

import click

from edgeperf_gui.domain import places
from edgeperf_gui.domain.capacity import (
    HIGHEST_PERCENT,
    HIGHEST_RATE,
    LEAST,
    LONGEST_MS,
    LONGEST_S,
    MOST_CAMERAS,
    MOST_KINDS,
    CameraKind,
    CapacityResult,
    CapacitySpec,
)
from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.run_report import UNKNOWN, table
from edgeperf_gui.verbs import options
from edgeperf_gui.verbs.bounds import between, each_between
from edgeperf_gui.verbs.job_answer import answered, follow

_JOB: Final = "edgeperf_gui.engine.jobs.capacity:run"
_HEAD: Final = ("cameras", "FPS each", "missed", "worst camera", "age p99", "frames", "CPU-ms/frame", "verdict")


@click.command("capacity")
@options.model
@options.precision
@options.device()
@click.option(
    "--source",
    "sources",
    multiple=True,
    help="A recording or a scene that the cameras show.  [default: the bundled clip]  Several, or several rates, are a mix.",
)
@options.hint("throughput")
@click.option(
    "--rate",
    "rates",
    type=float,
    multiple=True,
    metavar="FPS",
    callback=each_between("rate", LEAST, HIGHEST_RATE),
    help="Of each camera; in a mix one for all, or one for each kind in turn.  [default: the source's own]",
)
@click.option(
    "--count",
    "counts",
    type=click.IntRange(1, MOST_CAMERAS),
    multiple=True,
    metavar="N",
    help="In a mix, how many of a kind there are beside the others, for each kind in turn.  [default: 1]",
)
@click.option(
    "--deadline",
    "deadline_ms",
    type=float,
    metavar="MS",
    callback=between("deadline", LEAST, LONGEST_MS),
    help="Longest age of a frame when its objects are known.  [default: two periods of the rate]",
)
@click.option(
    "--max-miss-percent",
    type=float,
    metavar="X",
    default=1.0,
    show_default=True,
    callback=between("percentage", LEAST, HIGHEST_PERCENT),
    help="Share of due frames that may be dropped or late.",
)
@click.option(
    "--most", type=click.IntRange(1, MOST_CAMERAS), default=64, show_default=True, help="Try no more cameras than this."
)
@click.option(
    "--seconds",
    type=float,
    default=30.0,
    show_default=True,
    callback=between("number of seconds", 1, LONGEST_S),
    help="Longest run of one number of cameras.",
)
@options.json_file()
def command(
    json_name: str | None, sources: tuple[str, ...], rates: tuple[float, ...], counts: tuple[int, ...], **asked: Any
) -> int:
    """Predict from one camera how many fit, then verify with real runs.

    Mixed cameras: --source wide.mp4 --rate 10 --count 3 --source gate.mp4 --rate 25 is three of the first for one of the second.
    """
    spec = CapacitySpec(session_id=uuid.uuid4().hex, kinds=kinds(sources, rates, counts), **asked)

    work, nothing = lambda: follow(_JOB, spec, CapacityResult), "Stopped before the first camera was measured."
    result = answered(work, CapacityResult, _report, json_name, nothing, holds=lambda result: bool(result.steps))
    return 0 if result.verdict == "PASS" else 1


def kinds(sources: tuple[str, ...], rates: tuple[float, ...], counts: tuple[int, ...]) -> tuple[CameraKind, ...]:
    """The mix that these options, each in its order, ask for. Raises BadInput when they do not go together."""
    sources = sources or (str(places.shipped("resources/clips/street.mp4")),)
    number = max(len(sources), len(rates), len(counts))
    given: dict[str, tuple[Any, ...]] = {"--source": sources, "--rate": rates or (None,), "--count": counts or (1,)}
    for option, values in given.items():
        if len(values) not in (1, number):
            raise BadInput(
                f"{option} is given {len(values)} times, another option {number} times.",
                "Give each once for all kinds of cameras, or once for each kind.",
            )
    if number > MOST_KINDS:
        raise BadInput(f"These are {number} kinds of cameras.", f"Give {MOST_KINDS} at most.")
    columns = (values * number if len(values) == 1 else values for values in given.values())
    return tuple(CameraKind(source, rate, count) for source, rate, count in zip(*columns, strict=True))


def _report(result: CapacityResult) -> str:
    steps = sorted(result.steps, key=lambda step: step.cameras)
    rows = [
        (
            str(step.cameras),
            f"{step.fps_each:.2f}",
            *(f"{share:.2f} %" if step.frames else UNKNOWN for share in (step.miss_percent, step.worst_camera_miss_percent)),
            UNKNOWN if step.age_p99_ms is None else f"{step.age_p99_ms:.1f} ms",
            str(step.frames),
            UNKNOWN if step.cpu_ms_per_frame is None else f"{step.cpu_ms_per_frame:.2f}",
            step.verdict,
        )
        for step in steps
    ]
    predicted = UNKNOWN if result.predicted is None else f"{result.predicted:.1f}"
    error = f", {result.error:.2f} of what was verified" if result.error else ""
    if result.is_at_most:
        error = f"; more than {result.spec.most} were not tried"
    notes = [f"{step.cameras} camera{'s'[: step.cameras > 1]}: {step.note}" for step in result.noted]
    many = result.cost_of_many
    cost = [f"a frame of {many[0]} cameras costs {many[1]:.2f} times what one camera's costs"] if many else []
    parts = [table([_HEAD, *rows]), *_by_kind(result), *notes, f"predicted {predicted} cameras{error}", *cost, result.sentence]
    return "\n\n".join(parts)


def _by_kind(result: CapacityResult) -> list[str]:
    """Each kind of a mix in the largest step that passed, or else in the last."""
    passed = [step for step in result.steps if step.verdict == "PASS" and step.kinds]
    step = max(passed, key=lambda step: step.cameras, default=result.steps[-1])
    if not step.kinds:
        return []
    rows = [
        (
            f"{found.title} {found.width}×{found.height} at {found.rate:g} FPS, within {found.deadline_ms:g} ms",
            str(served.cameras),
            f"{served.fps_each:.2f}",
            f"{served.miss_percent:.2f} %",
            UNKNOWN if served.age_p99_ms is None else f"{served.age_p99_ms:.1f} ms",
        )
        for found, served in zip(result.kinds, step.kinds, strict=True)
    ]
    return [table([(f"of {step.cameras} cameras", "cameras", "FPS each", "missed", "age p99"), *rows])]
