"""A variant on its way into a model's folder: it appears whole or not at all, and only one process at a time makes it.

A model in the user's reach gets the files beside its others. What ships with the program is never written to: the model is copied
to the user's own models, with all its variants, where it hides the shipped one of the same name.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import tomli_w

from edgeperf_gui.domain import places
from edgeperf_gui.domain.card import ModelCard, Precision, VariantCard
from edgeperf_gui.domain.errors import ModelError
from edgeperf_gui.zoo import cards, staging
from edgeperf_gui.zoo.catalogue import CARD, load_card, read_text
from edgeperf_gui.zoo.model_lock import model_lock

_LEFT_OUT: Final = frozenset({".py", ".pyc"})
"""What tells how a shipped model was built need not be copied."""


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """Where the new variant is put together. `xml` is the file to write, its `.bin` beside it."""

    card: ModelCard
    precision: Precision
    xml: Path
    target: Path
    """The model's folder as it will be."""

    @property
    def files(self) -> tuple[Path, Path]:
        """Weights and graph, in the order in which they are moved."""
        return self.xml.with_suffix(".bin"), self.xml

    def publish(self) -> ModelCard:
        """Move the finished files to their place; the model's card as it is now."""
        try:
            for file in self.files:
                _sync(file)
            card = self._add() if self.target == Path(self.card.folder) else self._copy()
        except OSError as error:
            raise staging.refusal(error, self.target) from error
        return card

    def _add(self) -> ModelCard:
        """Beside the others; last the card, without which the files mean nothing."""
        for file in self.files:
            file.replace(self.target / file.name)
        card = self._put_card(self.target)
        with contextlib.suppress(OSError):  # a file that another process has open is left to the next time
            _sweep(card, self.precision)
        return card

    def _copy(self) -> ModelCard:
        """The whole folder in one rename."""
        whole = self.xml.parent / self.target.name
        whole.mkdir()
        replaced = self.card.variants.get(self.precision)
        stale = {Path(replaced.xml).stem} if replaced else set()
        for file in sorted(Path(self.card.folder).iterdir()):
            if file.is_file() and file.suffix not in _LEFT_OUT and file.stem not in stale:
                _sync(Path(shutil.copyfile(file, whole / file.name)))
        for file in self.files:
            file.replace(whole / file.name)
        self._put_card(whole)
        if not staging.publish(whole, self.target):
            raise _in_the_way(self.target)
        return load_card(self.target)

    def _put_card(self, folder: Path) -> ModelCard:
        """Name the variant in the card; one written by hand keeps its comments and order where that can be."""
        variant = VariantCard(xml=self.xml.name, stored=self.precision)
        old = self.card.variants.get(self.precision)
        variants = {**self.card.variants, self.precision: variant}
        expected = msgspec.structs.replace(self.card, variants=variants, folder=str(folder.absolute()))
        present = read_text(Path(self.card.folder) / CARD)
        if old is None:
            edited = f"{present.rstrip()}\n\n[variants.{self.precision}]\n{tomli_w.dumps(msgspec.to_builtins(variant))}"
        else:
            edited = present.replace(f'"{old.xml}"', f'"{variant.xml}"')
        if not _means(edited, expected):
            return cards.write_card(folder, expected)
        staging.replace_text(folder / CARD, edited)
        return load_card(folder)


@contextlib.contextmanager
def variant_draft(card: ModelCard, precision: Precision) -> Iterator[VariantDraft]:
    """A draft of that variant; whatever is not published is removed.

    Raises ModelError when the folder cannot be written to, and RunError when another process makes a variant of this model.
    """
    folder = Path(card.folder)
    own = places.model_folders()[0]
    ships = folder.resolve().is_relative_to(places.shipped("models").resolve())
    place, target = (own, own / folder.name) if ships else (folder, folder)
    with contextlib.ExitStack() as stack:
        try:
            place.mkdir(parents=True, exist_ok=True)
            stack.enter_context(model_lock(place, folder.name, card.title))
        except OSError as error:
            raise staging.refusal(error, place) from error
        if ships and target.exists():
            raise _in_the_way(target)
        draft = stack.enter_context(staging.staged_folder(place))
        yield VariantDraft(card, precision, draft / _file_name(card, precision, target), target)


def _in_the_way(target: Path) -> ModelError:
    return ModelError(
        f"{target} is in the way: the model that ships would be copied there.", "Remove that folder, or repair its card."
    )


def _means(text: str, expected: ModelCard) -> bool:
    try:
        return msgspec.convert({**tomllib.loads(text), "folder": expected.folder}, ModelCard) == expected
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        return False


def _file_name(card: ModelCard, precision: Precision, target: Path) -> str:
    """A name that no file of the folder has: an engine may be running the present one, and card and files change together."""
    stem = f"{card.name}-{precision.lower()}"
    taken = {path.stem for path in target.iterdir()} if target.exists() else set()
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken) + ".xml"


def _sweep(card: ModelCard, precision: Precision) -> None:
    """Remove what earlier variants of that precision left, once the card no longer names it."""
    named = {Path(variant.xml).stem for variant in card.variants.values()}
    ours = re.compile(rf"{re.escape(card.name)}-{precision.lower()}(-\d+)?")
    for file in Path(card.folder).iterdir():
        if file.suffix in (".xml", ".bin") and file.stem not in named and ours.fullmatch(file.stem):
            file.unlink()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
