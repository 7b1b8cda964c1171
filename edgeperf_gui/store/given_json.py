"""A result that somebody gives as JSON: read whole and bounded, or refused with a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from edgeperf_gui.domain.errors import BadInput
from edgeperf_gui.store.given_file import read_given

T = TypeVar("T")

_LARGEST: Final = 16_000_000


def read_given_json(path: Path, noun: str, kinds: Mapping[str, type[T]], remedy: str, again: str) -> T:
    """What stands in it, by its `schema`. Raises BadInput.

    `noun`: what it should be, in sentences ("a run"); `kinds`: types by their schema; `again`: how a new one is made
    ("record it").
    """
    data = read_given(path, noun, _LARGEST, remedy)
    try:
        schema = msgspec.json.decode(data, type=dict[str, Any]).get("schema")
        kind = kinds.get(schema) if isinstance(schema, str) else None
        if kind is None:
            raise _refusal(path, schema, kinds, remedy, again)
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise BadInput(f"{path} is not {noun}: {error}.", remedy) from error
    except RecursionError as error:
        raise BadInput(f"{path} is not {noun}: it is nested too deeply.", remedy) from error


def _refusal(path: Path, schema: object, kinds: Mapping[str, type[T]], remedy: str, again: str) -> BadInput:
    family, _, version = schema.rpartition("/") if isinstance(schema, str) else ("", "", "")
    if version.isdigit() and family in {name.rpartition("/")[0] for name in kinds}:
        return BadInput(
            f"{path} was written by another version of edgeperf-gui ({schema}).", f"Update edgeperf-gui, or {again} again."
        )
    return BadInput(f"{path} is of the kind {schema!r}, not {' or '.join(map(repr, kinds))}.", remedy)
