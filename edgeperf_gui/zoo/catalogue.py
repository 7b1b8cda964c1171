"""The catalogue: model folders, each with a `card.toml`, in the user's own folder and among what ships."""

from __future__ import annotations

import difflib
import math
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.domain.toml_lines import line_of

CARD: Final = "card.toml"
_LARGEST_CARD: Final = 256 * 1024
LARGEST_LABELS: Final = 4 * 1024 * 1024
_COMPARE: Final = "Compare it with the card of a model that ships."


def load_card(folder: Path) -> ModelCard:
    """The card of the model in `folder`, checked: every file it names is there, inside that folder."""
    return model_from_text(read_text(folder / CARD, _LARGEST_CARD), folder)


def model_from_text(text: str, folder: Path) -> ModelCard:
    """The same for a card that is at hand as text; its mistakes are told with their line."""
    place = folder / CARD
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"{place} is not valid TOML: {error}.", _COMPARE) from error
    except RecursionError as error:
        raise ModelError(f"{place} is nested too deeply.", _COMPARE) from error
    raw["folder"] = str(folder.absolute())
    card = _convert(raw, place, text)
    if not all(map(math.isfinite, (*card.input.mean, *card.input.scale))) or 0.0 in card.input.scale:
        raise ModelError(f"{place} cannot be used: input.mean and input.scale must be finite, scale not 0.", _COMPARE)
    if not card.variants:
        raise ModelError(f"{place} lists no variants.", "Add at least one, such as [variants.FP16].")
    for precision, variant in card.variants.items():
        _check_ir(card, variant.xml, f"variants.{precision}.xml")
    if card.labels is not None:
        _check_file(card, card.labels, "labels")
    return card


def read_labels(card: ModelCard) -> tuple[str, ...]:
    """The model's label list, in the order of its class numbers; empty when it has none."""
    if card.labels is None:
        return ()
    text = read_text(_check_file(card, card.labels, "labels"), LARGEST_LABELS)
    return tuple(line.strip() for line in text.rstrip().splitlines())


def variant_sizes(card: ModelCard) -> dict[str, int]:
    """Bytes of each variant's .xml and .bin together; a file that has gone counts nothing."""
    files = {precision: card.path(variant.xml) for precision, variant in card.variants.items()}
    return {
        precision: sum(path.stat().st_size for path in (xml, xml.with_suffix(".bin")) if path.is_file())
        for precision, xml in files.items()
    }


def list_models() -> tuple[tuple[ModelCard, ...], tuple[str, ...]]:
    """Every usable model, by name, and a sentence for each folder that cannot be used.

    A user's model hides one of the same name that ships.
    """
    cards: dict[str, ModelCard] = {}
    problems: list[str] = []
    for folder in _model_folders(problems):
        try:
            card = load_card(folder)
        except ModelError as error:
            problems.append(str(error))
        else:
            cards.setdefault(card.name, card)
    return tuple(sorted(cards.values(), key=lambda card: card.name)), tuple(problems)


def find_model(name_or_path: str) -> ModelCard:
    """The model of that name, or in that folder."""
    if any(character in name_or_path for character in "/\\~"):
        return load_card(Path(name_or_path).expanduser())
    cards, problems = list_models()
    known = [card.name for card in cards]
    for card in cards:
        if card.name == name_or_path:
            return card
    if folder := next((folder for folder in _model_folders([]) if folder.name == name_or_path), None):
        return load_card(folder)  # there, but unusable: its own error says why
    if name_or_path and (Path(name_or_path) / CARD).is_file():
        return load_card(Path(name_or_path))
    close = difflib.get_close_matches(name_or_path.lower(), known, n=1)
    listing = f"The known models are {', '.join(known)}." if known else " ".join(("There are no models.", *problems))
    remedy = f"Did you mean {close[0]}? {listing}" if close else listing
    raise ModelError(f"There is no model called {name_or_path!r}.", remedy)


def _model_folders(problems: list[str]) -> list[Path]:
    """Folders that hold a card, sorted within each place; a place that cannot be listed becomes a problem."""
    found: list[Path] = []
    for place in places.model_folders():
        try:
            # a hidden folder is one that is just being written
            found += sorted(at for at in place.iterdir() if not at.name.startswith(".") and (at / CARD).is_file())
        except FileNotFoundError:
            continue  # a user without models of their own is the usual case
        except OSError as error:
            problems.append(f"The model folder {place} cannot be listed: {_reason(error)}.")
    return found


def _convert(raw: dict[str, Any], place: Path, text: str) -> ModelCard:
    try:
        return msgspec.convert(raw, ModelCard)
    except msgspec.ValidationError as error:
        line = line_of(text, str(error))
        where = f"{place}, line {line}," if line else str(place)
        raise ModelError(f"{where} cannot be used: {error}.", _COMPARE) from error


def read_text(place: Path, largest: int = _LARGEST_CARD) -> str:
    """The whole of a small text file."""
    try:
        with place.open("rb") as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise ModelError(f"{place} is larger than {largest // 1024} KiB.", "It is probably not the file it should be.")
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ModelError(f"There is no {place}.", f"A model is a folder with a {CARD} and the files it names.") from error
    except OSError as error:
        raise ModelError(f"{place} cannot be read: {_reason(error)}.", "Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{place} is not UTF-8 text.", "Save it as UTF-8.") from error
    except ValueError as error:  # a null character in the path
        raise ModelError(f"{str(place)!r} is not a path.", "Give the path of a model folder.") from error


def _check_ir(card: ModelCard, name: str, field: str) -> None:
    xml = _check_file(card, name, field)
    if xml.suffix != ".xml":
        raise ModelError(f"{field} of {card.name} names {name!r}, which is not an .xml file.", "Name the IR's .xml file.")
    _check_file(card, xml.with_suffix(".bin").name, field)


def _check_file(card: ModelCard, name: str, field: str) -> Path:
    """The file `name` of the model's folder; a card from elsewhere must not reach outside it."""
    if name in ("", ".", "..") or len(name) > 200 or any(character in name for character in "/\\:\0"):
        raise ModelError(f"{field} of {card.name} is {name!r}, which is not a plain file name.", f"Put the file beside {CARD}.")
    path = card.path(name)
    try:
        inside = path.resolve().parent == Path(card.folder).resolve()
        there = path.is_file()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {_reason(error)}.", "Check its permissions.") from error
    if not there:
        raise ModelError(f"{card.name} lacks the file {name}, which its card names as {field}.", f"Put it into {card.folder}.")
    if not inside:
        raise ModelError(f"{field} of {card.name} leads outside the model's folder.", "Copy the file instead of linking it.")
    return path


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
