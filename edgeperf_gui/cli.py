"""`edgeperf VERB`: the same engine without a window. Exit codes: 0 done, 1 a check or a run failed, 2 bad input or usage."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from edgeperf_gui import __version__
from edgeperf_gui.domain import places
from edgeperf_gui.domain.errors import BadInput, EdgeperfError, RunError
from edgeperf_gui.domain.session import LARGEST_BATCH, LARGEST_COUNT, SessionSpec
from edgeperf_gui.link.child_process import end_at_once
from edgeperf_gui.verbs import (
    accuracy,
    capacity,
    compare,
    energy,
    models,
    options,
    scenario,
    scene,
    server,
    simulate,
    sweep,
    waterfall,
)
from edgeperf_gui.verbs.bounds import in_words
from edgeperf_gui.verbs.meter_options import idle_option, meter_options, usable_choice

DONE, FAILED, BAD_USAGE = 0, 1, 2
DEBUG = "--debug"
_MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edgeperf", message="%(prog)s %(version)s")
@click.option(DEBUG, is_flag=True, help="Show the whole traceback of an error.")
def edgeperf(debug: bool) -> None:
    """Where the time of a live inference pipeline goes, measured."""


@edgeperf.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def gui(arguments: tuple[str, ...]) -> int:
    """Open the window (arguments are those of edgeperf-gui)."""
    # By name: whoever measures without a window must not load Qt.
    return int(importlib.import_module("edgeperf_gui.app").main(list(arguments)) or DONE)


_COUNT = in_words("whole number", int, 1, LARGEST_COUNT)
_BATCH = in_words("whole number", int, 1, LARGEST_BATCH)
_SECONDS = in_words("number of seconds", float, 0.05, 86400)
_USUAL_S = 10.0


@edgeperf.command()
@options.model
@options.precision
@options.device()
@options.source("A path, a URL, camera:N or scene:WORLD?KEY=VALUE.")
@click.option("--seconds", metavar="SECONDS", callback=_SECONDS, help="[default: 10; a search of --arrivals server: no limit]")
@click.option("--paced", is_flag=True, help="Read at the source's own rate instead of flat out.")
@click.option(
    "--arrivals",
    default="",
    metavar="PATTERN",
    callback=server.pattern,
    help="single, multi:B, poisson:RATE, offline, paced, a CSV of moments, or server: search the highest rate within --deadline.",
)
@server.options
@click.option(
    "--inference-only", is_flag=True, help="Fill the inputs once and infer only, as benchmark_app does; no source is read."
)
@options.hint()
@click.option("--streams", metavar="N", callback=_COUNT, help="Inference streams.  [default: the hint's choice]")
@click.option("--requests", metavar="N", callback=_COUNT, help="Infer requests in flight.  [default: the runtime's optimum]")
@click.option("--threads", metavar="N", callback=_COUNT, help="Inference threads.  [default: the runtime's choice]")
@click.option(
    "--batch",
    metavar="N",
    callback=_BATCH,
    default="1",
    show_default=True,
    help="Frames that one request answers together; the first of them waits for the last.",
)
@scene.bench_options
@meter_options
@idle_option
@options.json_file("Write the result there as well; - prints it instead of the tables.")
def bench(json_name: str | None, **asked: Any) -> int:
    """Measure a model on a source, and print where the time went."""
    if asked["paced"] and asked["inference_only"]:
        raise click.UsageError(
            "--paced and --inference-only exclude each other: without a source there is nothing to keep pace with."
        )
    if asked["arrivals"] and (asked["paced"] or asked["inference_only"]):
        raise click.UsageError("--arrivals says itself when frames come: leave --paced and --inference-only out.")
    if asked["source"] is None:
        asked["source"] = str(places.shipped("resources/clips/street.mp4"))
    asked["paced"] = scene.keeps_pace(asked)
    asked["meter"] = usable_choice(asked)
    if server.is_asked(asked):
        return server.search(asked, json_name)
    asked["seconds"] = asked["seconds"] or _USUAL_S
    spec = SessionSpec(session_id=uuid.uuid4().hex, **asked)
    _quiet_libraries()

    from edgeperf_gui import console
    from edgeperf_gui.engine import runner
    from edgeperf_gui.run_report import report

    with console.json_target(json_name) as target, console.stop_on_signals() as stop:
        outbox = console.ConsoleOutbox(sys.stderr)
        try:
            result = runner.run(spec, outbox, stop)
        finally:
            outbox.clear()
        if not any(stats.n for stats in result.stages.values()):
            raise RunError("Stopped before a frame was measured.", "Let it run longer.")
        if json_name != console.STANDARD_OUTPUT:
            click.echo(report(result))
        if target is not None:
            target.write(result)
    return DONE


@edgeperf.command()
@options.json_file("Write the findings there as well; - prints them instead of the list.")
def doctor(json_name: str | None) -> int:
    """Check whether this machine is fit for the main job."""
    from edgeperf_gui import console
    from edgeperf_gui.doctor import Check, main_job_can_run, run_checks

    def line(check: Check) -> str:
        return f"{_MARKS[check.state]}  {check.name.ljust(width)}  {check.sentence}" + (
            f"\n{indent}{check.remedy}" if check.remedy else ""
        )

    with console.json_target(json_name) as target:
        checks = run_checks()
        width = max(len(check.name) for check in checks)
        indent = " " * (width + 8)
        fit = main_job_can_run(checks)
        if json_name != console.STANDARD_OUTPUT:
            click.echo(
                "\n".join([*map(line, checks), "", "The main job can run." if fit else "The main job cannot run here yet."])
            )
        if target is not None:
            target.write({"schema": "edgeperf.doctor/1", "main_job_can_run": fit, "checks": checks})
    return DONE if fit else FAILED


for _verb in (accuracy, capacity, compare, energy, models, scenario, scene, simulate, sweep, waterfall):
    edgeperf.add_command(_verb.command)


def _quiet_libraries() -> None:
    """An error is told in one sentence of ours; FFmpeg and OpenCV would add their own lines before it."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; every error becomes one sentence on standard error and an exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in given
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no × still gets its table
    try:
        code = edgeperf.main([word for word in given if word != DEBUG], prog_name="edgeperf", standalone_mode=False)
        sys.stdout.flush()
        return int(code or DONE)
    except BrokenPipeError:
        # Whoever read us has gone; the interpreter would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (Exception, KeyboardInterrupt) as error:
        if debug:
            traceback.print_exc()
        sentence, code = explain(error)
        click.echo(f"edgeperf: {' '.join(sentence.split())}", err=True)
        return code


def explain(error: BaseException) -> tuple[str, int]:
    """An error as one sentence and an exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            return "interrupted.", FAILED
        case scenario.NoVerdict() if error.__cause__ is not None:
            return explain(error.__cause__)[0], error.code
        case click.ClickException():
            return error.format_message(), BAD_USAGE
        case BadInput():
            return str(error), BAD_USAGE
        case EdgeperfError():
            return str(error), FAILED
    return f"unexpected {type(error).__name__}: {error}. Run `edgeperf doctor`, or repeat with --debug.", FAILED


def run() -> NoReturn:
    """The program. An ordinary exit would wait for a thread that hangs in a driver, or abort under one that is just ending."""
    end_at_once(main())


if __name__ == "__main__":
    run()
