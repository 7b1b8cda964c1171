"""The options that many verbs share, each written once: what is run, on what, and where the JSON goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import click

from edgeperf_gui import console
from edgeperf_gui.domain.session import LARGEST_COUNT
from edgeperf_gui.verbs.bounds import readable

C = TypeVar("C", bound=Callable[..., Any])


class Option(Protocol):
    """What adds an option to a command."""

    def __call__(self, command: C, /) -> C:
        """The same command."""


PRECISIONS: Final = click.Choice(["FP32", "FP16", "INT8"], case_sensitive=False)
_COUNT: Final = click.IntRange(1, LARGEST_COUNT)

model: Final = click.option(
    "--model", callback=readable, default="nanodet-g", show_default=True, help="A model's name, or the path of a model folder."
)
precision: Final = click.option("--precision", type=PRECISIONS, default="FP16", show_default=True)


def device(words: str = "A device of OpenVINO, such as CPU, GPU, NPU, AUTO.") -> Option:
    """--device; `words`: its help."""
    return click.option("--device", callback=readable, default="CPU", show_default=True, help=words)


def source(words: str = "A path, a URL, camera:N or scene:NAME.") -> Option:
    """--source, None for the bundled clip; `words`: what may be given."""
    return click.option("--source", callback=_source, help=f"{words}  [default: the bundled clip]")


def _source(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("No source was given.", context, parameter)
    return readable(context, parameter, value)


def hint(usual: str = "latency") -> Option:
    """--hint."""
    return click.option("--hint", type=click.Choice(["latency", "throughput", "none"]), default=usual, show_default=True)


def counts(command: C) -> C:
    """--streams, --requests and --threads; None leaves the choice to the runtime."""
    for name, words in (
        ("--threads", "Inference threads.  [default: the runtime's choice]"),
        ("--requests", "Infer requests in flight.  [default: the runtime's optimum]"),
        ("--streams", "Inference streams.  [default: the hint's choice]"),
    ):
        command = click.option(name, type=_COUNT, help=words)(command)
    return command


def json_file(words: str = "Write the result there as well; - prints it instead of the table.") -> Option:
    """--json FILE as `json_name`; `words`: its help."""
    return click.option("--json", "json_name", metavar="FILE", help=words)


json_option: Final = click.option(
    "--json",
    "json_name",
    metavar="[FILE]",
    is_flag=False,
    flag_value=console.STANDARD_OUTPUT,
    help="Write the result to FILE; without FILE, print it instead of the text.",
)
"""Alone it prints; followed by a name it writes there."""
