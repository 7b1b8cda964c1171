"""Writing and editing cards, naming and removing models: always inside the user's own model folder."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import tomli_w

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo import staging
from edgeperf_gui.zoo.catalogue import CARD, find_model, list_models, load_card, model_from_text, read_text

_LONGEST_NAME: Final = 80
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
"""Names that one system keeps for itself; a model folder may be carried there."""


def safe_name(stem: str) -> str:
    """A model's name made from a file's stem: letters and digits of any script, `-`, `_`, `.` and `+`."""
    kept = "".join(c if c.isalnum() or c in "-_.+" else "-" for c in unicodedata.normalize("NFC", stem))
    name = re.sub(r"-{2,}", "-", kept).strip("-.")
    if _RESERVED.match(name):
        name = f"model-{name}"
    while len(name.encode()) > _LONGEST_NAME:
        name = name[:-1].rstrip("-.")
    return name or "model"


def check_name(name: str) -> str:
    """The name a user gave, if it can be a model's; raises ModelError."""
    if name != safe_name(name):
        raise ModelError(
            f"{name!r} cannot be a model's name.",
            f"Use letters, digits, '-', '_' and '.', at most {_LONGEST_NAME} of them, such as {safe_name(name)!r}.",
        )
    return name


def is_taken(name: str) -> bool:
    """True when a model of that name is known, or a folder of that name stands where it would go."""
    same = name.casefold()
    return os.path.lexists(places.model_folders()[0] / name) or any(card.name.casefold() == same for card in list_models()[0])


def write_card(folder: Path, card: ModelCard) -> ModelCard:
    """Write `card.toml` into a model's folder and read it back as any reader would; raises ModelError when it is not usable."""
    content = msgspec.to_builtins(card)
    content.pop("folder", None)
    return _write(folder, content)


def edit_card(folder: Path, changes: Mapping[str, Any]) -> ModelCard:
    """Change some of a card's values: tables are merged, None takes a value away. An unusable new card leaves the old one.

    Comments in the card are lost. Raises ModelError for a model outside the user's own folder.
    """
    own_folder(folder)
    load_card(folder)  # an unusable card says so, with its line, before anything is changed
    return _write(folder, _merged(tomllib.loads(read_text(folder / CARD)), changes))


def own_folder(folder: Path) -> Path:
    """The folder itself, if it stands directly in the user's model folder; raises ModelError for any other."""
    mine = places.model_folders()[0]
    if folder.is_symlink() or folder.resolve().parent != mine.resolve():
        raise ModelError(
            f"The model in {folder} is not among your own models.",
            f"Only models in {mine} can be changed; import the model to get a copy there.",
        )
    return folder


def remove_model(name: str) -> Path:
    """Remove a model of the user's own, by its name or its folder's; returns where it was. Raises ModelError."""
    mine = places.model_folders()[0]
    folder = _own_folder_of(name, mine)
    if folder is None:
        card = find_model(name)  # says so when there is no such model at all
        raise ModelError(f"{card.name} is none of your own models; it ships with the program and stays.", f"Yours are in {mine}.")
    own_folder(folder)
    gone = mine / f"{staging.PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        folder.rename(gone)  # at once for every reader; what follows may take its time, or be killed
        shutil.rmtree(gone)
    except OSError as error:
        raise staging.refusal(error, mine) from error
    return folder


def _own_folder_of(name: str, mine: Path) -> Path | None:
    if not mine.is_dir() or any(character in name for character in "/\\\0") or name in ("", ".", ".."):
        return None
    for card in list_models()[0]:
        if card.name == name and Path(card.folder).parent.resolve() == mine.resolve():
            return Path(card.folder)
    folder = mine / name  # a model whose card is broken is known by its folder only
    return folder if not name.startswith(".") and (folder / CARD).exists() else None


def _write(folder: Path, content: dict[str, Any]) -> ModelCard:
    try:
        text = tomli_w.dumps(_without_none(content))
    except (TypeError, ValueError) as error:
        remedy = "A card holds text, numbers and lists."
        raise ModelError(f"The card of {folder.name} cannot be written: {error}.", remedy) from error
    card = model_from_text(text, folder)  # before it replaces a good one
    staging.replace_text(folder / CARD, text)
    return card


def _merged(old: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in changes.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            before = merged.get(key)
            merged[key] = _merged(before if isinstance(before, Mapping) else {}, value)
        else:
            merged[key] = msgspec.to_builtins(value)
    return merged


def _without_none(content: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no word for None: the key is left out."""
    return {
        key: _without_none(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
        for key, value in content.items()
        if value is not None
    }
