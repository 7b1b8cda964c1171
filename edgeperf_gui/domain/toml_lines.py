"""Where in a TOML text a mistake is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE = re.compile(r"^\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"""^\s*["']?([\w-]+)["']?\s*=""")
_ANY = "*"


def line_of(text: str, complaint: str) -> int | None:
    """Line (from 1) of the key that msgspec complains about; None when it names none, or it could be one of several.

    `complaint`: such as "Expected `int`, got `str` - at `$.input.width`" or "Object contains unknown field `x` - at `$.input`".
    """
    place = re.search(r"`\$\.?([^`]*)`$", complaint)
    keys = _keys(place.group(1)) if place else []
    value = re.search(r"[Ii]nvalid enum value '([^']*)'", complaint)
    if unknown := re.search(r"unknown field `([^`]+)`", complaint):
        keys.append(unknown.group(1))
    elif value and "at `key` in" in complaint:
        keys.append(value.group(1))
    for depth in range(len(keys), 0, -1):  # a key inside an inline table has no line of its own: then its parent's
        found = [(number, line) for number, path, line in _entries(text) if _fits(path, keys[:depth])]
        if value and len(found) > 1:
            found = [(number, line) for number, line in found if value.group(1) in line]
        if found:
            return found[0][0] if len(found) == 1 else None
    return None


def _keys(path: str) -> list[str]:
    """`variants[...].stored` → variants, any, stored; a list's index has no line of its own."""
    return [part for part in re.sub(r"\[\d+\]", "", path).replace("[...]", f".{_ANY}").split(".") if part]


def _entries(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, whole path and text of each table's head and each key."""
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if head := _TABLE.match(line):
            table = [part.strip(" \"'") for part in head.group(1).split(".")]
            yield number, table, line
        elif key := _KEY.match(line):
            yield number, [*table, key.group(1)], line


def _fits(path: list[str], wanted: list[str]) -> bool:
    return len(path) == len(wanted) and all(want in (_ANY, part) for part, want in zip(path, wanted, strict=True))
