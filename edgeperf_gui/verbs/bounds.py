"""Numbers on the command line, refused in words that need no knowledge of the parser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import click

_LEAST: Final = 0.001
"""What is smaller is not meant, and a period or a logarithm of it no longer a number."""


def between(name: str, lowest: float, highest: float) -> Callable[..., float | None]:
    """Reads an option that is a number from `lowest` to `highest`."""

    def read(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
        if value is not None and not lowest <= value <= highest:  # nan is not, either
            raise click.BadParameter(f"{value:g} is no {name}; it is from {lowest:g} to {highest:g}.", context, parameter)
        return value

    return read


def above_zero(name: str, highest: float) -> Callable[..., float | None]:
    """Reads an option that is above 0, by a thousandth at least, and at most `highest`."""
    return between(name, _LEAST, highest)
