"""A job of the command line from its start to its answer: progress while a person waits, then the text, the JSON, or both."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from edgeperf_gui import console
from edgeperf_gui.verbs.in_child import run_in_child

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
