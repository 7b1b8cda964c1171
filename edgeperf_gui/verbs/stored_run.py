"""A run that a verb is given by its file."""

from __future__ import annotations

from pathlib import Path

import click

from edgeperf_gui.domain.results import RunResult


def opened_run(name: str) -> RunResult:
    """The run in this file; what the file lacks of it is said on standard error. Raises BadInput."""
    from edgeperf_gui.store.run_json import open_result

    result, lacks = open_result(Path(name))
    if lacks:
        click.echo(lacks, err=True)
    return result
