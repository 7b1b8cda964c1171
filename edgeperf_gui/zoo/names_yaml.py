"""The class names of a YOLO data set: the `names` of its YAML file, as a list or as a map from number to name.

Reads the part of YAML that such files use, and refuses the rest with its line, rather than guessing.
"""

from __future__ import annotations

import re
from typing import Final

from edgeperf_gui.domain.errors import DatasetError
from edgeperf_gui.zoo.dataset import MOST_CLASSES

_REMEDY: Final = "Write the names as a list (- person) or as a map (0: person)."
_KEY: Final = re.compile(r"names[ \t]*:(?=[ \t]|$)")
_ITEM: Final = re.compile(r"-(?:[ \t]+|$)")
_NUMBER: Final = re.compile(r"([0-9]{1,6})[ \t]*:(?:[ \t]+|$)")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "0": "\0", "r": "\r", " ": " "}
_BLANK: Final = " \t\r\n"
_UNSUPPORTED: Final = "&*!|>@`%{}[],?"


def read_names(text: str, title: str) -> tuple[str, ...] | None:
    """Names by class number; None when the file has no `names`. Raises DatasetError (`title` is the file's name)."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)]
    if not starts:
        return None
    if len(starts) > 1:
        raise _refused(title, starts[1], "names is there twice")
    first = starts[0]
    match = _KEY.match(lines[first])
    rest = lines[first][match.end() if match else 0 :]
    if _bare(rest):
        offset = sum(len(line) + 1 for line in lines[:first]) + len(lines[first]) - len(rest)
        return _Flow(text, offset, title).names()
    return _block(lines, first + 1, title)


def _block(lines: list[str], first: int, title: str) -> tuple[str, ...]:
    """One name a line."""
    named: dict[int, str] = {}
    indent: int | None = None
    is_list: bool | None = None
    for number, line in enumerate(lines[first:], first):
        content = line.strip(_BLANK)
        if not content or content.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        item, key = _ITEM.match(content), _NUMBER.match(content)
        if depth == 0 and not item:
            break  # the next key of the file
        match = item or key
        if match is None or (indent is not None and depth != indent) or (is_list is not None and is_list != bool(item)):
            raise _refused(title, number, "this is neither a name of the list nor of the map before it")
        indent, is_list = depth, bool(item)
        at = len(named) if item else int(match[1])
        if at in named:
            raise _refused(title, number, f"class {at} is there twice")
        value, end = _scalar(content, match.end(), title, number, "")
        if _bare(content[end:]):
            raise _refused(title, number, "something follows the name")
        named[at] = value
    return _in_order(named, title, first - 1)


class _Flow:
    """`[a, b]` or `{0: a, 1: b}`, possibly over several lines."""

    def __init__(self, text: str, at: int, title: str) -> None:
        self._text, self._at, self._title = text, at, title
        self._first = self._line

    @property
    def _line(self) -> int:
        return self._text.count("\n", 0, self._at)

    def names(self) -> tuple[str, ...]:
        """All of them, up to the closing bracket and the end of its line."""
        opening = self._peek()
        if opening not in ("[", "{"):
            raise _refused(self._title, self._line, "names is neither a list nor a map")
        self._at += 1
        closing = "]" if opening == "[" else "}"
        named: dict[int, str] = {}
        while self._peek() != closing:
            at = len(named)
            if opening == "{":
                key = _NUMBER.match(self._text, self._at)
                if key is None:
                    raise _refused(self._title, self._line, "a class number with a colon and a space was expected")
                self._at, at = key.end(), int(key[1])
                self._peek()
            if at in named:
                raise _refused(self._title, self._line, f"class {at} is there twice")
            named[at], self._at = _scalar(self._text, self._at, self._title, self._line, ",]}\n")
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != closing:
                raise _refused(self._title, self._line, f"a comma or {closing} was expected")
        self._at += 1
        if _bare(self._text[self._at :].split("\n", 1)[0]):
            raise _refused(self._title, self._line, f"something follows the {closing}")
        return _in_order(named, self._title, self._first)

    def _peek(self) -> str:
        """The next character that is neither blank nor in a comment."""
        while self._at < len(self._text):
            here = self._text[self._at]
            if here == "#" and self._text[self._at - 1] in _BLANK:
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif here in _BLANK:
                self._at += 1
            else:
                return here
        raise _refused(self._title, self._line, "the names do not end")


def _scalar(text: str, at: int, title: str, line: int, stops: str) -> tuple[str, int]:
    """A quoted or plain name that begins at `at`, and where it ends."""
    quote = text[at : at + 1]
    if quote == "'":
        match = re.compile(r"'((?:[^'\n]|'')*)'").match(text, at)
        if match:
            return match[1].replace("''", "'"), match.end()
    elif quote == '"':
        match = re.compile(r'"((?:[^"\\\n]|\\.)*)"').match(text, at)
        if match:
            return _ESCAPE.sub(lambda found: _unescaped(found, title, line), match[1]), match.end()
    else:
        return _plain(text, at, title, line, stops)
    raise _refused(title, line, "a quote is not closed")


def _plain(text: str, at: int, title: str, line: int, stops: str) -> tuple[str, int]:
    end = at
    while end < len(text) and text[end] not in stops:
        if text[end] == "#" and text[end - 1] in _BLANK:
            break
        end += 1
    value = text[at:end].strip(_BLANK)
    if not value or value[0] in _UNSUPPORTED or ": " in value or value.endswith(":") or value.startswith("- "):
        raise _refused(title, line, f"{value[:40]!r} cannot be read as a name; put it in quotes")
    return value, end


def _unescaped(found: re.Match[str], title: str, line: int) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise _refused(title, line, f"{found[0]} is no character")
        return chr(number)
    if found[4] not in _LETTERS:
        raise _refused(title, line, f"{found[0]} is no escape")
    return _LETTERS[found[4]]


def _in_order(named: dict[int, str], title: str, line: int) -> tuple[str, ...]:
    if not named:
        raise _refused(title, line, "names is empty")
    if sorted(named) != list(range(len(named))) or len(named) > MOST_CLASSES:
        raise _refused(title, line, "the class numbers do not run from 0 without a gap")
    return tuple(named[number] for number in range(len(named)))


def _bare(rest: str) -> str:
    """The rest of a line without blanks and its comment."""
    return "" if rest.lstrip(_BLANK).startswith("#") else rest.strip(_BLANK)


def _refused(title: str, line: int, why: str) -> DatasetError:
    return DatasetError(f"Line {line + 1} of {title} cannot be used: {why}.", _REMEDY)
