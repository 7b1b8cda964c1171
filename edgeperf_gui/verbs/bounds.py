"""Numbers on the command line, refused in words that need no knowledge of the parser."""

from __future__ import annotations

from collections.abc import Callable

import click


def above_zero(name: str, highest: float) -> Callable[..., float | None]:
    """Reads an option that is above 0 and at most `highest`."""

    def read(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
        if value is not None and not 0 < value <= highest:  # nan is not, either
            raise click.BadParameter(f"{value:g} is no {name}; it is above 0 and at most {highest:g}.", context, parameter)
        return value

    return read
