"""Numbers and names on the command line, refused in words that need no knowledge of the parser."""

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


def each_between(name: str, lowest: float, highest: float) -> Callable[..., tuple[float, ...]]:
    """The same of an option that may be given several times."""
    read = between(name, lowest, highest)

    def read_all(context: click.Context, parameter: click.Parameter, values: tuple[float, ...]) -> tuple[float, ...]:
        for value in values:
            read(context, parameter, value)
        return values

    return read_all


def above_zero(name: str, highest: float) -> Callable[..., float | None]:
    """Reads an option that is above 0, by a thousandth at least, and at most `highest`."""
    return between(name, _LEAST, highest)


def in_words(
    name: str, convert: Callable[[str], float], low: float, high: float, *, is_above: bool = False
) -> Callable[..., float | None]:
    """The same of an option that comes as text: what is no number is refused in words, too. `is_above`: `low` is none, either."""

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
        if value is None:
            return None
        try:
            number = convert(value)
        except ValueError:
            raise click.BadParameter(f"“{value}” is not a {name}.", context, parameter) from None
        if not low <= number <= high or (is_above and number == low):  # nan is not, either
            lowest = f"{'above ' * is_above}{low:g}"
            raise click.BadParameter(f"{value} is not from {lowest} to {high:g}.", context, parameter)
        return number

    return read


def readable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuse what is no name at all, and bytes that are no text: nothing further on could even print them."""
    if value is None:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("it is not valid UTF-8 text.", context, parameter) from None
    if not value.strip():
        raise click.BadParameter("it is empty.", context, parameter)
    return value
