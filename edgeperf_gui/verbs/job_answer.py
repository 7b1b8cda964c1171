"""A job of the command line from its start to its answer: progress while a person waits, then the text, the JSON, or both."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

from edgeperf_gui import console
from edgeperf_gui.domain.errors import RunError
from edgeperf_gui.verbs.in_child import Broke, run_in_child

T = TypeVar("T")
Target = console.JsonFile | console.JsonOutput


def follow(function: str, spec: Any, result_type: type[T]) -> T | None:
    """Run the job in a process of its own, ending it in order on Ctrl+C; None when it was stopped. Raises what it raises."""
    outbox = console.ConsoleOutbox(sys.stderr)
    with console.stop_on_signals() as stop:
        try:
            return run_in_child(function, spec, result_type, outbox.send, stop)
        finally:
            outbox.clear()


def tell(result: T, report: Callable[[T], str], json_name: str | None, target: Target | None) -> int:
    """Print the report, unless the JSON itself is printed; write the JSON, when asked for. The exit code."""
    if json_name != console.STANDARD_OUTPUT:
        click.echo(report(result))
    if target is not None:
        target.write(result)
    return 0


def answered(
    work: Callable[[], T | None],
    result_type: type[T],
    report: Callable[[T], str],
    json_name: str | None,
    nothing: str,
    *,
    holds: Callable[[T], bool] = lambda _result: True,
) -> T:
    """Do the work, mostly a `follow`, and tell its answer; also the last one of a job that broke, before Broke is raised.

    `holds`: whether an answer holds anything; one that does not must replace no earlier file. Raises RunError with `nothing`,
    a sentence, when it was stopped before there was any.
    """
    with console.json_target(json_name) as target:
        try:
            result = work()
        except Broke as end:
            so_far = msgspec.json.decode(end.answer, type=result_type) if end.answer is not None else None
            if so_far is not None and holds(so_far):  # what was measured before is still true
                tell(so_far, report, json_name, target)
            raise
        if result is None or not holds(result):
            raise RunError(nothing)
        tell(result, report, json_name, target)
    return result
